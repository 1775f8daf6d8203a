// Functions of C and C++ that never return: each way through them ends in what does not come back. It is told
// by what is written, so that it is known of a function that is not entered, too.
#include "analyzers/solve/interpreter.h"

#include "llvm/ADT/BitVector.h"

namespace forklint::solve {

using facts::InstructionKind;

/// Of a recursion it is taken that it comes back.
bool Interpreter::neverReturns(const link::FunctionInfo& function) {
  const facts::Function& body = *function.body;
  if (function.unit->language == "python" || body.blocks.empty()) return false;
  auto [known, isNew] = knownEnds.try_emplace(&body, false);
  if (!isNew) return known->second;
  auto called = [&](const facts::Instruction& call) -> const link::FunctionInfo* {
    if (call.kind != InstructionKind::Call || call.operands.empty()) return nullptr;
    const facts::Instruction& callee = body.instructions[call.operands[0].value];
    return callee.kind == InstructionKind::FunctionRef ? program.function(callee.name, *function.unit)
                                                       : nullptr;
  };
  llvm::BitVector reached(body.blocks.size());
  llvm::SmallVector<facts::BlockId> open{0};
  reached.set(0);
  bool returns = false;
  while (!open.empty() && !returns) {
    const facts::Block& block = body.blocks[open.pop_back_val()];
    bool ends = false, isOpen = true;
    const link::FunctionInfo* last = nullptr;
    for (facts::ValueId id : block.instructions) {
      const facts::Instruction& each = body.instructions[id];
      // What is said not to return and does not end itself comes out by an exception.
      bool isOut = each.kind == InstructionKind::Return || each.kind == InstructionKind::Raise ||
                   (each.kind == InstructionKind::NoReturn && last);
      returns |= !ends && isOut;
      if (each.kind == InstructionKind::Call) last = called(each);
      ends = ends || each.kind == InstructionKind::NoReturn || (last && neverReturns(*last));
    }
    for (const facts::Edge& edge : block.edges) {
      isOpen &= edge.kind == facts::EdgeKind::Exception;
      if ((ends && edge.kind != facts::EdgeKind::Exception) || reached.test(edge.target)) continue;
      reached.set(edge.target);
      open.push_back(edge.target);
    }
    returns |= !ends && isOpen; // its last block
  }
  return knownEnds[&body] = !returns;
}

} // namespace forklint::solve
