#include "analyzers/solve/solution.h"

#include "llvm/ADT/STLExtras.h"

namespace forklint::solve {

void Deeds::add(const Deeds& other) {
  execs |= other.execs;
  execReturns |= other.execReturns;
  exitsFast |= other.exitsFast;
  exitsFull |= other.exitsFull;
  returns |= other.returns;
  harmless |= other.harmless;
  addMet(other);
}

void Deeds::addMet(const Deeds& other) {
  unseen |= other.unseen;
  calls |= other.calls;
  meets.insert(other.meets.begin(), other.meets.end());
}

bool Fork::isCertain() const {
  return !doubtful && llvm::any_of(alive, [](const Living& thread) { return !thread.doubtful; });
}

} // namespace forklint::solve
