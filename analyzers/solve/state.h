// The abstract state at a point: memory, what is alive, what is held, which side of which fork, for which
// variants. States are persistent maps: a copy is a pointer, two equal states have equal roots.
//
// Everything that reads or changes a state goes through States, which notes what was touched: the answer of a
// call holds for every state that agrees on what the call touched (memo.h).
#pragma once

#include "analyzers/solve/solution.h"
#include "analyzers/solve/values.h"
#include "analyzers/support/persistent-map.h"

#include "llvm/ADT/DenseSet.h"

#include <map>
#include <set>

namespace forklint::solve {

/// 0: not in a child. Else the number of the fork event (from 1) in whose child this is.
using Side = uint32_t;

struct State {
  using Heap = PersistentMap;  // place -> value
  using Lives = PersistentMap; // object or place -> witness path
  Heap heap;
  Lives alive; // objects
  Lives held;  // locks: the place where one is, or the place `<self>` of its object
  Side side = 0;
  Lives parentOf;              // the forks that may have been passed on the side of the parent
  bool pastExec = false;       // an exec on this way has failed
  bool isPastRaise = false;    // an exception of this child has left a function
  ObjectId thread = 0;         // in whose entry this is; 0: the thread that the root began in
  link::Contexts contexts = 0; // around this
  bool doubtful = false;       // reached only where a call raises of which nothing says that it does
  Variants variants = allVariants;

  bool same(const State& other) const {
    return side == other.side && parentOf == other.parentOf && pastExec == other.pastExec &&
           isPastRaise == other.isPastRaise && thread == other.thread && contexts == other.contexts &&
           doubtful == other.doubtful && variants == other.variants && sameLives(other) && heap == other.heap;
  }
  bool sameLives(const State& other) const { return alive == other.alive && held == other.held; }
};

/// What a run read or changed, and what it noted beside the state.
struct Touched {
  llvm::DenseSet<PlaceId> places;
  llvm::DenseSet<ObjectId> lives;
  llvm::DenseSet<PlaceId> locks;
  std::map<ObjectId, Deeds> deeds;                // of threads
  std::set<const link::FunctionInfo*> recursions; // not followed deeper; ended by their outermost call
  bool allLives = false;                          // the whole of `alive` or `held` was asked for
  bool recorded = false;                          // a fork, a transfer or a bound was noted for this root

  void add(const Touched& other);
};

/// Owns the maps' nodes, joins states of one side.
class States {
public:
  explicit States(Values& values) : values(values) {}
  /// Forgets all states.
  void reset() { arena.Reset(); }

  ValueSet get(const State& state, PlaceId place) const {
    if (touched) touched->places.insert(place);
    return peek(state, place);
  }
  void set(State& state, PlaceId place, ValueSet value) {
    if (touched) touched->places.insert(place);
    put(state, place, value);
  }
  bool isAlive(const State& state, ObjectId object) const {
    if (touched) touched->lives.insert(object);
    return state.alive.contains(object);
  }
  void begin(State& state, ObjectId object, uint32_t witness) {
    if (!isAlive(state, object)) state.alive = state.alive.with(object, witness, arena);
  }
  void end(State& state, ObjectId object) {
    if (isAlive(state, object)) state.alive = state.alive.without(object, arena);
  }
  const State::Lives& allAlive(const State& state) const {
    if (touched) touched->allLives = true;
    return state.alive;
  }
  const State::Lives& allHeld(const State& state) const {
    if (touched) touched->allLives = true;
    return state.held;
  }
  void endAll(State& state) const {
    if (touched) touched->allLives = true;
    state.alive = {};
  }
  void acquire(State& state, PlaceId lock, uint32_t witness) {
    if (touched) touched->locks.insert(lock);
    if (!state.held.contains(lock)) state.held = state.held.with(lock, witness, arena);
  }
  bool isHeld(const State& state, PlaceId lock) const {
    if (touched) touched->locks.insert(lock);
    return state.held.contains(lock);
  }
  void release(State& state, PlaceId lock) {
    if (touched) touched->locks.insert(lock);
    state.held = state.held.without(lock, arena);
  }

  /// Joins `from` into `into` (same side): places keep both values, what may be alive is alive.
  State join(const State& into, const State& from);

  // Without noting: for the memo and for joins only.
  static ValueSet peek(const State& state, PlaceId place) {
    const ValueSet* found = state.heap.find(place);
    return found ? *found : Values::nothing;
  }
  void put(State& state, PlaceId place, ValueSet value) {
    state.heap =
        value == Values::nothing ? state.heap.without(place, arena) : state.heap.with(place, value, arena);
  }
  /// Places sorted, each once. One by one each would copy its own way through the map.
  void putAll(State& state, llvm::ArrayRef<std::pair<PlaceId, ValueSet>> sorted) {
    auto second = [](ValueSet, ValueSet value) { return value; };
    state.heap = state.heap.joined(PersistentMap::of(sorted, arena), arena, second);
  }
  void put(State::Lives& lives, uint32_t key, std::optional<uint32_t> witness) {
    lives = witness ? lives.with(key, *witness, arena) : lives.without(key, arena);
  }

  Touched* touched = nullptr; // of the innermost run

private:
  Values& values;
  PersistentMap::Arena arena;
};

} // namespace forklint::solve
