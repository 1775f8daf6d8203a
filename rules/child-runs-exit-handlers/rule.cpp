// child-runs-exit-handlers: the child of a fork ends as a program ends, with the handlers of its parent.
// Where only the child comes to the call and it says no more than a number, the finding carries another call
// as a fix.
#include "analyzers/check/rule.h"
#include "analyzers/check/names.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallSet.h"

using namespace forklint;
using namespace forklint::check;

using facts::Instruction;
using facts::InstructionKind;
using facts::Relation;

namespace {

/// Is this the way of who got 0 from the fork?
bool isWayOfChild(const RuleContext& context, const solve::Fork& fork, const link::FunctionInfo& function,
                  const facts::Edge& edge) {
  const auto* zero = std::get_if<int64_t>(&edge.literal);
  bool isChild = edge.relation == Relation::Falsy || (edge.relation == Relation::Equal && zero && *zero == 0);
  if (!isChild || edge.value == facts::noValue) return false;
  Origin tested = originOf(context.program, {&function, edge.value});
  return tested.function && &tested.instruction() == fork.call;
}

/// Does nobody but the child come to the block, on any of the ways to it? `seen` has those that are asked
/// for.
bool isOnlyChilds(const RuleContext& context, const solve::Fork& fork, const link::FunctionInfo& function,
                  facts::BlockId block, llvm::SmallSet<facts::BlockId, 8>& seen) {
  if (!seen.insert(block).second) return true;
  const facts::Block& here = function.body->blocks[block];
  return !here.predecessors.empty() && llvm::all_of(here.predecessors, [&](facts::BlockId before) {
    bool isChilds = llvm::any_of(function.body->blocks[before].edges, [&](const facts::Edge& edge) {
      return edge.target == block && isWayOfChild(context, fork, function, edge);
    });
    return isChilds || isOnlyChilds(context, fork, function, before, seen);
  });
}

std::optional<Edit> editOf(const RuleContext& context, const solve::Fork& fork, const solve::Hop& exit) {
  const link::FunctionInfo& function = *exit.function;
  for (facts::BlockId block = 0; block < function.body->blocks.size(); ++block)
    for (facts::ValueId id : function.body->blocks[block].instructions) {
      const Instruction& call = function.body->instructions[id];
      if (call.kind != InstructionKind::Call || !(call.position == exit.position) || call.operands.size() > 2)
        continue;
      const link::Model* row =
          context.program.models().find(spelledName(context.program, {&function, call.operands[0].value}));
      llvm::SmallSet<facts::BlockId, 8> seen;
      if (!row || row->inChild.empty() || !isOnlyChilds(context, fork, function, block, seen))
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
  for (const solve::Hop& exit : fork.child.exits) {
    std::optional<Edit> edit = editOf(context, fork, exit);
    if (!edit) return std::nullopt;
    fix.edits.push_back(std::move(*edit));
  }
  return fix.edits.empty() ? std::nullopt : std::optional(std::move(fix));
}

} // namespace

FORKLINT_RULE("child-runs-exit-handlers") {
  for (const solve::Fork& fork : context.solution.forks) {
    Variants variants = fork.variants & context.targets;
    if (!fork.python || !variants || !fork.comesBack || !fork.parentGoesOn || !fork.child.exitsFull) continue;
    Finding finding;
    finding.rule = "child-runs-exit-handlers";
    bool isWritten = !fork.writtenTwice.empty();
    finding.level = (fork.hasExitHandlers || isWritten) && !fork.doubtful ? Level::Warning : Level::Note;
    if (fork.doubtful) finding.confidence = Confidence::Low;
    finding.location = locationOf(fork.path.back());
    finding.message =
        isWritten ? "the child ends like a program: it writes out what its parent has left in the buffer "
                    "of a file, which the parent does too"
                  : "the child ends like a program: it runs the exit handlers of its parent a second time";
    finding.python = versions(variants);
    finding.platform = "linux";
    if (isWritten)
      appendPath(finding.steps, fork.writtenTwice, "object", "this is written, and stays in the buffer");
    appendFork(finding.steps, fork, "`" + fork.model + "` forks here");
    if (std::optional<Fix> fix = fixOf(context, fork)) finding.fixes.push_back(std::move(*fix));
    context.report(std::move(finding));
  }
}
