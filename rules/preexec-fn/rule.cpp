// preexec-fn: Python code that runs between fork and exec. Where the function does only what an argument of
// the call says as well, in every version that is supported, the finding carries that as a safe fix.
#include "analyzers/check/rule.h"
#include "analyzers/check/names.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace forklint;
using namespace forklint::check;

using facts::Instruction;
using facts::InstructionKind;
using facts::Operand;
using facts::Position;

namespace {

/// The argument of the call that takes the function; null where it is hidden, or others may be.
const Operand* callbackOf(const RuleContext& context, const solve::Fork& fork) {
  const link::Model* row = context.program.models().find(fork.model);
  if (!row || !fork.call) return nullptr;
  auto effect = llvm::find_if(
      row->effects, [](const link::Effect& each) { return each.kind == link::EffectKind::RunsBeforeExec; });
  if (effect == row->effects.end()) return nullptr;
  llvm::StringRef parameter = effect->entry;
  parameter.consume_front("arg.");
  const Operand* found = nullptr;
  for (const Operand& operand : fork.call->operands) {
    if (operand.spread == facts::Spread::Keywords) return nullptr;
    if (operand.keyword == parameter && operand.position != Position()) found = &operand;
  }
  return found;
}

/// A call with nothing but constants as arguments.
struct PlainCall {
  const link::Model* row = nullptr;
  std::vector<Instruction> arguments;
};

/// The only thing that a function does, if that is a call.
PlainCall onlyCall(const RuleContext& context, const link::FunctionInfo& function) {
  if (function.body->blocks.size() != 1 || !function.body->parameters.empty()) return {};
  PlainCall found;
  for (facts::ValueId id : function.body->blocks[0].instructions) {
    const Instruction& each = function.body->instructions[id];
    if (each.kind == InstructionKind::Load || each.kind == InstructionKind::Return) continue;
    if (each.kind != InstructionKind::Call || found.row) return {};
    found.row =
        context.program.models().find(spelledName(context.program, {&function, each.operands[0].value}));
    for (const Operand& operand : llvm::drop_begin(each.operands)) {
      const Instruction& argument = function.body->instructions[operand.value];
      if (argument.kind != InstructionKind::Constant || !operand.keyword.empty()) return {};
      found.arguments.push_back(argument);
    }
  }
  return found;
}

PlainCall callOf(const RuleContext& context, const link::FunctionInfo& around, facts::ValueId callback) {
  Origin given = originOf(context.program, {&around, callback});
  if (!given.function) return {};
  if (given.instruction().kind != InstructionKind::Closure)
    return {context.program.models().find(spelledName(context.program, given)), {}};
  const link::FunctionInfo* body = context.program.function(given.instruction().name, *given.function->unit);
  if (!body) return {};
  context.program.read(*body, link::Asked::Entered);
  return onlyCall(context, *body);
}

bool matches(const Instruction& argument, llvm::StringRef pattern) {
  int64_t number = 0;
  if (pattern == "*" || pattern.getAsInteger(10, number)) return pattern == "*";
  const auto* literal = std::get_if<int64_t>(&argument.literal);
  return literal && *literal == number;
}

bool isWithin(const Position& inner, const Position& outer) {
  auto begin = [](const Position& at) { return std::pair(at.line, at.column); };
  auto end = [](const Position& at) { return std::pair(at.endLine, at.endColumn); };
  return inner.file == outer.file && begin(outer) <= begin(inner) && end(inner) <= end(outer);
}

/// What is written instead of the argument. The constant behind "*" keeps its own text, so it must stand
/// inside.
std::vector<Edit> editsOf(const solve::Fork& fork, const Operand& callback, const link::BeforeExec& means,
                          const std::vector<Instruction>& arguments) {
  const link::FunctionInfo* function = fork.path.back().function;
  auto location = [&](Position at) { return locationOf({function, at}); };
  auto [before, after] = llvm::StringRef(means.write).split('*');
  if (!llvm::StringRef(means.write).contains('*')) return {{location(callback.position), means.write}};
  auto slot = llvm::find(means.arguments, "*");
  if (slot == means.arguments.end()) return {};
  const Position& kept = arguments[slot - means.arguments.begin()].position;
  Position head = callback.position, tail = callback.position;
  if (!isWithin(kept, callback.position)) return {};
  head.endLine = kept.line, head.endColumn = kept.column;
  tail.line = kept.endLine, tail.column = kept.endColumn;
  return {{location(head), before.str()}, {location(tail), after.str()}};
}

std::optional<Fix> fixOf(const RuleContext& context, const solve::Fork& fork) {
  const Operand* callback = callbackOf(context, fork);
  if (!callback) return std::nullopt;
  PlainCall call = callOf(context, *fork.path.back().function, callback->value);
  if (!call.row || !call.row->beforeExec) return std::nullopt;
  const link::BeforeExec& means = *call.row->beforeExec;
  if ((context.targets & ~means.versions) || call.arguments.size() != means.arguments.size())
    return std::nullopt;
  for (size_t i = 0; i < call.arguments.size(); ++i)
    if (!matches(call.arguments[i], means.arguments[i])) return std::nullopt;
  llvm::StringRef keyword = llvm::StringRef(means.write).split('=').first;
  if (llvm::any_of(fork.call->operands, [&](const Operand& each) { return each.keyword == keyword; }))
    return std::nullopt;
  std::vector<Edit> edits = editsOf(fork, *callback, means, call.arguments);
  if (edits.empty()) return std::nullopt;
  return Fix{FixSafety::Safe, "let the call do it by `" + keyword.str() + "=`", std::move(edits)};
}

/// Is it done only in versions in which no argument of the call does the same?
bool isOnlyWay(const RuleContext& context, const solve::Fork& fork, Variants variants) {
  return !fork.runsBeforeExec.empty() && llvm::all_of(fork.runsBeforeExec, [&](const std::string& name) {
    const link::Model* row = context.program.models().find(name);
    return row && row->beforeExec && !(row->beforeExec->versions & variants);
  });
}

/// Does the call fork in Python by itself, so that Python code runs before exec whatever it is given, and is
/// the function seen to take no lock? What the caller of a library may hand in is the caller's matter.
bool addsNothing(const RuleContext& context, const solve::Fork& fork) {
  const link::Model* row = context.program.models().find(fork.model);
  bool isInPython = row && llvm::any_of(row->effects, [](const link::Effect& each) {
                      return each.kind == link::EffectKind::Forks;
                    });
  return isInPython && !fork.child.unseenOwn && fork.child.meets.empty();
}

Finding describe(const RuleContext& context, const solve::Fork& fork, Variants variants) {
  Finding finding;
  finding.rule = "preexec-fn";
  finding.location = locationOf(fork.path.back());
  bool isMinor = isOnlyWay(context, fork, variants) || addsNothing(context, fork);
  finding.level = isMinor ? Level::Note : fork.alive.empty() ? Level::Warning : Level::Error;
  finding.message = fork.alive.empty()
                        ? "runs Python code between fork and exec, which can hang when a thread exists"
                        : "runs Python code between fork and exec while a thread may be alive";
  finding.python = versions(variants);
  finding.platform = "linux";
  for (const solve::Living& living : fork.alive)
    appendPath(finding.steps, living.begun, "thread-start", "`" + living.model + "` begins a thread here");
  appendFork(finding.steps, fork, "`" + fork.model + "` forks here and runs the function in the child");
  if (std::optional<Fix> fix = fixOf(context, fork)) finding.fixes.push_back(std::move(*fix));
  return finding;
}

} // namespace

FORKLINT_RULE("preexec-fn") {
  for (const solve::Fork& fork : context.solution.forks)
    if (Variants variants = fork.variants & context.targets; fork.beforeExec && variants)
      context.report(describe(context, fork, variants));
}
