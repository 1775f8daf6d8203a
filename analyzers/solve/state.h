// The abstract state at a point: memory, what is alive, which side of which fork, for which variants. States
// are persistent maps: a copy is a pointer, two equal states have equal roots.
#pragma once

#include "analyzers/solve/values.h"

#include "llvm/ADT/ImmutableMap.h"

namespace forklint::solve {

/// 0: not in a child. Else the number of the fork event (from 1) in whose child this is.
using Side = uint32_t;

struct State {
  using Heap = llvm::ImmutableMap<PlaceId, ValueSet>;
  using Alive = llvm::ImmutableMap<ObjectId, uint32_t>; // object -> witness path
  Heap heap;
  Alive alive;
  Side side = 0;
  Variants variants = allVariants;

  State(Heap heap, Alive alive) : heap(std::move(heap)), alive(std::move(alive)) {}
  bool same(const State& other) const {
    return side == other.side && variants == other.variants &&
           heap.getRootWithoutRetain() == other.heap.getRootWithoutRetain() &&
           alive.getRootWithoutRetain() == other.alive.getRootWithoutRetain();
  }
};

/// Owns the maps' nodes, joins states of one side.
class States {
public:
  explicit States(Values& values) : values(values) {}
  State initial() { return State(heaps.getEmptyMap(), lives.getEmptyMap()); }

  ValueSet get(const State& state, PlaceId place) const {
    const ValueSet* found = state.heap.lookup(place);
    return found ? *found : Values::nothing;
  }
  void set(State& state, PlaceId place, ValueSet value) { state.heap = heaps.add(state.heap, place, value); }
  void begin(State& state, ObjectId object, uint32_t witness) {
    if (!state.alive.contains(object)) state.alive = lives.add(state.alive, object, witness);
  }
  void end(State& state, ObjectId object) { state.alive = lives.remove(state.alive, object); }
  void endAll(State& state) { state.alive = lives.getEmptyMap(); }
  /// Joins `from` into `into` (same side): places keep both values, what may be alive is alive.
  State join(const State& into, const State& from);

private:
  Values& values;
  State::Heap::Factory heaps;
  State::Alive::Factory lives;
};

} // namespace forklint::solve
