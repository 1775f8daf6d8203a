#include "analyzers/solve/solution.h"

#include "llvm/ADT/STLExtras.h"

namespace forklint::solve {

/// Of very many occasions it is kept that there is one at which nothing was held.
static void add(Occasions& known, const Occasions& other) {
  constexpr size_t most = 16;
  known.insert(other.begin(), other.end());
  if (known.size() > most) known = {std::set<std::string>()};
}

void Deeds::add(const Deeds& other) {
  execs |= other.execs;
  execReturns |= other.execReturns;
  exitsFast |= other.exitsFast;
  exitsFull |= other.exitsFull;
  returns |= other.returns;
  harmless |= other.harmless;
  for (const Path& here : other.exits)
    exit(here);
  addMet(other);
}

void Deeds::exit(const Path& here) {
  exitsFull = true;
  auto isSame = [&](const Path& known) { return known.back() == here.back(); };
  if (llvm::none_of(exits, isSame)) exits.push_back(here);
}

void Deeds::addMet(const Deeds& other) {
  unseen |= other.unseen;
  unseenOwn |= other.unseenOwn;
  solve::add(unseenUnder, other.unseenUnder);
  calls |= other.calls;
  for (const auto& [lock, met] : other.meets)
    meet(lock, met);
  for (const auto& [lock, under] : other.taken)
    take(lock, under);
}

void Deeds::take(const std::string& lock, const Occasions& under) { solve::add(taken[lock], under); }

void Deeds::forgetMet() {
  taken.clear();
  unseen = unseenOwn = calls = false;
  unseenUnder.clear();
  meets.clear();
}

void Deeds::forgetUnseen() {
  unseen = unseenOwn = calls = false;
  unseenUnder.clear();
}

void Deeds::noteUnseen(const std::set<std::string>& under, bool isGiven) {
  unseen = true;
  unseenOwn |= !isGiven;
  solve::add(unseenUnder, {under});
}

void Deeds::meet(const std::string& lock, const Met& met) {
  auto [slot, fresh] = meets.try_emplace(lock, met);
  if (fresh) return;
  Met& known = slot->second;
  solve::add(known.under, met.under);
  if (!known.isAtEnd || met.isAtEnd) return;
  known.at = met.at; // says more than the end
  known.isAtEnd = false;
}

bool Fork::keepsFrom(const Occasions& under) const {
  return llvm::all_of(under, [&](const std::set<std::string>& names) {
    return llvm::any_of(held, [&](const Held& lock) { return names.contains(lock.name); }) ||
           llvm::any_of(closed, [&](const std::string& gate) { return names.contains(gate); });
  });
}

bool Fork::mayHold(const Living& thread, const std::string& lock, bool unseenToo) const {
  if (unseenToo && thread.deeds.unseen && !keepsFrom(thread.deeds.unseenUnder)) return true;
  auto taken = thread.deeds.taken.find(lock);
  return taken != thread.deeds.taken.end() && !keepsFrom(taken->second);
}

bool Fork::isCertain() const {
  return !doubtful &&
         llvm::any_of(alive, [](const Living& thread) { return !thread.doubtful && !thread.promise; });
}

} // namespace forklint::solve
