#include "analyzers/solve/state.h"

namespace forklint::solve {

void Touched::add(const Touched& other) {
  places.insert(other.places.begin(), other.places.end());
  lives.insert(other.lives.begin(), other.lives.end());
  locks.insert(other.locks.begin(), other.locks.end());
  for (const auto& [thread, noted] : other.deeds)
    deeds[thread].add(noted);
  recursions.insert(other.recursions.begin(), other.recursions.end());
  allLives |= other.allLives;
  recorded |= other.recorded;
}

State States::join(const State& into, const State& from) {
  State joined = into;
  joined.variants |= from.variants;
  joined.doubtful &= from.doubtful;
  joined.pastExec &= from.pastExec;
  if (into.doubtful == from.doubtful)
    joined.isPastRaise &= from.isPastRaise;
  else
    joined.isPastRaise = (into.doubtful ? from : into).isPastRaise;
  // A value that was stored for some variants only keeps them.
  bool masks = into.variants != from.variants;
  auto both = [&](ValueSet left, ValueSet right) {
    return masks ? values.join(values.within(left, into.variants), values.within(right, from.variants))
                 : values.join(left, right);
  };
  joined.heap = into.heap.joined(from.heap, arena, both);
  auto first = [](uint32_t left, uint32_t) { return left; };
  joined.alive = into.alive.joined(from.alive, arena, first);
  joined.parentOf = into.parentOf.joined(from.parentOf, arena, first);
  joined.held = into.held.joined(from.held, arena, first);
  return joined;
}

} // namespace forklint::solve
