// child-runs-exit-handlers: the child of a fork ends as a program ends, with the handlers of its parent.
// Where only the child comes to the call and it says no more than a number, the finding carries another call
// as a fix.
#include "analyzers/check/rule.h"
#include "analyzers/check/child-only.h"
#include "analyzers/check/names.h"

#include "llvm/ADT/STLExtras.h"

using namespace forklint;
using namespace forklint::check;

using facts::Instruction;
using facts::InstructionKind;

namespace {

std::optional<Edit> editOf(const RuleContext& context, const solve::Fork& fork, const solve::Hop& exit) {
  const link::FunctionInfo& function = *exit.function;
  for (facts::BlockId block = 0; block < function.body->blocks.size(); ++block)
    for (facts::ValueId id : function.body->blocks[block].instructions) {
      const Instruction& call = function.body->instructions[id];
      if (call.kind != InstructionKind::Call || !(call.position == exit.position) || call.operands.size() > 2)
        continue;
      const link::Model* row =
          context.program.models().find(spelledName(context.program, {&function, call.operands[0].value}));
      if (!row || row->inChild.empty() || !isOnlyOfChild(context, fork.call->position, function, block))
        return std::nullopt;
      llvm::StringRef module = llvm::StringRef(row->inChild).rsplit('.').first;
      if (!namesModule(context.program, *function.unit, module.str())) return std::nullopt;
      int64_t status = 0;
      if (call.operands.size() == 2) {
        const Instruction& given = function.body->instructions[call.operands[1].value];
        const auto* number = std::get_if<int64_t>(&given.literal);
        if (given.kind != InstructionKind::Constant || !number || !call.operands[1].keyword.empty())
          return std::nullopt;
        status = *number;
      }
      return Edit{locationOf(exit), row->inChild + "(" + std::to_string(status) + ")"};
    }
  return std::nullopt;
}

std::optional<Fix> fixOf(const RuleContext& context, const solve::Fork& fork) {
  Fix fix{FixSafety::Unsafe, "end the child without the handlers of its parent", {}};
  for (const solve::Path& exit : fork.child.exits) {
    std::optional<Edit> edit = editOf(context, fork, exit.back());
    if (!edit) return std::nullopt;
    fix.edits.push_back(std::move(*edit));
  }
  return fix.edits.empty() ? std::nullopt : std::optional(std::move(fix));
}

} // namespace

FORKLINT_RULE("child-runs-exit-handlers") {
  for (const solve::Fork& fork : context.solution.forks) {
    Variants variants = fork.variants & (fork.python ? context.targets : allVariants);
    if (!variants || !fork.comesBack || !fork.parentGoesOn || !fork.child.exitsFull || fork.sharesMemory())
      continue;
    Finding finding;
    finding.rule = "child-runs-exit-handlers";
    if (!fork.python) finding.cause = causeAt(fork.path);
    bool isWritten = fork.python && !fork.writtenTwice.empty(); // else another rule tells it
    // What handlers wait for threads that are not there, nobody sees; in C and C++ destructors are among
    // them.
    bool hasThreads = !fork.python && (fork.isCertain() || !fork.mayLive.empty());
    auto own = llvm::find_if(fork.child.exits,
                             [&](const solve::Path& exit) { return isOnlyOfChild(context, fork, exit); });
    bool isSeen =
        (fork.hasExitHandlers || isWritten || hasThreads) && (fork.python || own != fork.child.exits.end());
    finding.level = isSeen && !fork.doubtful ? Level::Warning : Level::Note;
    if (fork.doubtful) finding.confidence = Confidence::Low;
    finding.location = locationOf(fork.path.back());
    finding.message =
        isWritten ? "the child ends like a program: it writes out what its parent has left in the buffer "
                    "of a file, which the parent does too"
        : fork.hasExitHandlers || !hasThreads
            ? "the child ends like a program: it runs the exit handlers of its parent a second time"
            : "the child ends like a program while its parent has threads: destructors and exit handlers "
              "find what "
              "they left, and not them";
    if (fork.python) {
      finding.python = versions(variants);
      finding.platform = "linux";
    }
    if (isWritten)
      appendPath(finding.steps, fork.writtenTwice, "object", "this is written, and stays in the buffer");
    else if (hasThreads && !fork.hasExitHandlers)
      appendPath(finding.steps,
                 fork.alive.empty() ? solve::Path{fork.mayLive.front().begun} : fork.alive.front().begun,
                 "thread-start", "a thread begins here");
    appendFork(finding.steps, fork, "`" + fork.model + "` forks here");
    if (!fork.python && !fork.child.exits.empty())
      appendPath(finding.steps, own == fork.child.exits.end() ? fork.child.exits.front() : *own, "child",
                 "the child ends here");
    if (std::optional<Fix> fix = fixOf(context, fork)) finding.fixes.push_back(std::move(*fix));
    context.report(std::move(finding));
  }
}
