// The abstract state at a point: memory, what is alive, what is held, which side of which fork, for which
// variants. States are persistent maps: a copy is a pointer, two equal states have equal roots.
//
// Everything that reads or changes a state goes through States, which notes what was touched: the answer of a
// call holds for every state that agrees on what the call touched (memo.h).
#pragma once

#include "analyzers/solve/solution.h"
#include "analyzers/solve/values.h"
#include "analyzers/support/persistent-map.h"

#include "llvm/ADT/DenseMap.h"
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
  uint32_t decided = 0; // which answers to tests are known on this way (Decisions)

  bool same(const State& other) const {
    return side == other.side && parentOf == other.parentOf && pastExec == other.pastExec &&
           isPastRaise == other.isPastRaise && thread == other.thread && contexts == other.contexts &&
           doubtful == other.doubtful && variants == other.variants && decided == other.decided &&
           sameLives(other) && heap == other.heap;
  }
  bool sameLives(const State& other) const { return alive == other.alive && held == other.held; }
};

/// What a run asked for or noted beside places.
struct Noted {
  llvm::DenseSet<ObjectId> lives;
  llvm::DenseSet<PlaceId> locks;
  std::map<ObjectId, Deeds> deeds;                // of threads
  std::set<const link::FunctionInfo*> recursions; // not followed deeper; ended by their outermost call
  bool allLives = false;                          // the whole of `alive` or `held` was asked for
  bool recorded = false;                          // a fork, a transfer or a bound was noted for this root

  void add(const Noted& call);
};

/// What a run depends on of the state in which it began, and what it noted.
///
/// Promise: a place that is not in `reads` has, on every way, either the value with which the run began or
/// one that does not depend on it. A value that is the one of the begin may come from there: so the place is
/// read where such a value is asked for, is joined with another, or is stored.
struct Touched : Noted {
  /// The answer of a call that goes through half of the program is not worth its place.
  static constexpr size_t mostPlaces = 1 << 14;

  Touched(const State& entry, size_t redefinitions) : entry(entry.heap), redefinitions(redefinitions) {}

  State::Heap entry;
  size_t redefinitions;                    // of the states, when it began
  llvm::DenseMap<PlaceId, ValueSet> reads; // with what they hold at the begin
  bool isTooWide = false;                  // more than `mostPlaces` are read or changed: nobody asks which

  void read(PlaceId place, ValueSet atBegin) {
    reads.try_emplace(place, atBegin);
    if (reads.size() > mostPlaces) widen();
  }
  void widen() {
    isTooWide = true;
    reads = llvm::DenseMap<PlaceId, ValueSet>();
  }
};

/// Owns the maps' nodes, joins states of one side.
class States {
public:
  explicit States(Values& values) : values(values) {}
  /// Forgets all states.
  void reset() { arena.Reset(); }

  ValueSet get(const State& state, PlaceId place) const {
    ValueSet value = peek(state, place);
    meet(place, value);
    return value;
  }
  void set(State& state, PlaceId place, ValueSet value) {
    meet(place, value);
    define(place, value);
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

  /// A place has this value now: the innermost run depends on it where it comes from the run's begin.
  void meet(PlaceId place, ValueSet value) const {
    if (!touched || touched->isTooWide || (value != Values::nothing && value == definitionAt(place))) return;
    if (value == atEntry(place)) touched->read(place, value);
  }
  /// The values of a place that two ways have, as they come together.
  void meet(PlaceId place, ValueSet left, ValueSet right) const;

  /// The place may be one of a definition: as long as one function, class, module or constant is all that is
  /// stored there, it has that or is not bound yet, and an answer that read it does not depend on it.
  void mayDefine(PlaceId place);
  void noteClass(ObjectId klass) { classes.insert(klass); }
  /// How often a place that was one of a definition got another value. An answer that was begun before
  /// may have read it.
  size_t redefinitions() const { return redefined; }

  /// Joins `from` into `into` (same side): places keep both values, what may be alive is alive.
  State join(const State& into, const State& from);

  /// Has the lock been held on one of two ways that came together, and not on the other? Whether it is held
  /// behind that depends on what nobody remembers.
  bool isUnsure(PlaceId lock) const { return unsure.contains(lock); }

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
    auto second = [](PlaceId, ValueSet, ValueSet value) { return value; };
    state.heap = state.heap.joined(PersistentMap::of(sorted, arena), arena, second);
  }
  void put(State::Lives& lives, uint32_t key, std::optional<uint32_t> witness) {
    lives = witness ? lives.with(key, *witness, arena) : lives.without(key, arena);
  }

  Touched* touched = nullptr; // of the innermost run

private:
  static constexpr ValueSet varied = UINT32_MAX;
  ValueSet definitionAt(PlaceId place) const {
    return place < definitions.size() ? definitions[place] : varied;
  }
  ValueSet atEntry(PlaceId place) const {
    const ValueSet* found = touched->entry.find(place);
    return found ? *found : Values::nothing;
  }
  void define(PlaceId place, ValueSet value) {
    if (value != Values::nothing && definitionAt(place) != varied && definitions[place] != value)
      redefine(place, value);
  }
  void redefine(PlaceId place, ValueSet value);
  bool isDefinition(ValueSet value) const;

  Values& values;
  llvm::DenseSet<ObjectId> classes;
  PersistentMap::Arena arena;
  std::vector<ValueSet> definitions; // by place: the one value that was stored, nothing, or `varied`
  size_t redefined = 0;
  llvm::DenseSet<PlaceId> unsure;
};

} // namespace forklint::solve
