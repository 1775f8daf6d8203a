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
  for (const Hop& here : other.exits)
    exit(here);
  addMet(other);
}

void Deeds::exit(const Hop& here) {
  exitsFull = true;
  if (!llvm::is_contained(exits, here)) exits.push_back(here);
}

void Deeds::addMet(const Deeds& other) {
  unseen |= other.unseen;
  calls |= other.calls;
  for (const auto& [lock, met] : other.meets)
    meet(lock, met);
}

void Deeds::meet(const std::string& lock, const Met& met) {
  auto [slot, fresh] = meets.try_emplace(lock, met);
  if (fresh) return;
  Met& known = slot->second;
  std::erase_if(known.under, [&](const std::string& held) { return !met.under.contains(held); });
  if (!known.isAtEnd || met.isAtEnd) return;
  known.at = met.at; // says more than the end
  known.isAtEnd = false;
}

bool Fork::keepsFrom(const Met& met) const {
  return llvm::any_of(held, [&](const Held& lock) { return met.under.contains(lock.name); });
}

bool Fork::isCertain() const {
  return !doubtful &&
         llvm::any_of(alive, [](const Living& thread) { return !thread.doubtful && !thread.promise; });
}

} // namespace forklint::solve
