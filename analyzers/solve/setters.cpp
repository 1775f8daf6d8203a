#include "analyzers/solve/setters.h"

#include "llvm/ADT/STLExtras.h"

namespace forklint::solve {

using facts::Instruction;
using facts::InstructionKind;
using facts::PlaceKind;

/// Is it a global, or a part of what one holds?
static bool isOfGlobal(const facts::Function& body, const facts::Place& where) {
  if (where.kind == PlaceKind::Global) return true;
  bool isPart = where.kind == PlaceKind::Item || where.kind == PlaceKind::Attribute;
  if (!isPart || where.base == facts::noValue) return false;
  const Instruction& base = body.instructions[where.base];
  return base.kind == InstructionKind::Load && isOfGlobal(body, base.place);
}

bool Setters::sets(const link::FunctionInfo& function, unsigned depth) {
  constexpr unsigned deepest = 3;
  auto [slot, isNew] = known.try_emplace(&function, false); // a recursion adds nothing
  if (!isNew) return slot->second;
  program.read(function, link::Asked::Entered);
  const facts::Function& body = *function.body;
  bool isSetter = llvm::any_of(body.instructions, [&](const Instruction& instruction) {
    if (instruction.kind == InstructionKind::Store) return isOfGlobal(body, instruction.place);
    if (instruction.kind != InstructionKind::Call || depth == deepest) return false;
    facts::ValueId callee = instruction.operands.empty() ? facts::noValue : instruction.operands[0].value;
    if (callee == facts::noValue) return false;
    const Instruction& load = body.instructions[callee];
    if (load.kind != InstructionKind::Load || load.place.kind != PlaceKind::Global) return false;
    const link::FunctionInfo* called = program.function(load.place.name.ref(), *function.unit);
    return called && sets(*called, depth + 1);
  });
  return known[&function] = isSetter;
}

} // namespace forklint::solve
