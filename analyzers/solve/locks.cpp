// Locks: what is held where, what a child or a thread takes, and what it holds when it does.
#include "analyzers/solve/interpreter.h"

#include "llvm/ADT/STLExtras.h"

namespace forklint::solve {

using link::Effect;
using link::EffectKind;

PlaceId Interpreter::lockAt(AtomId given) {
  const Atom atom = thing(given).value_or(values.atom(given));
  return atom.kind == AtomKind::Address  ? atom.object
         : atom.kind == AtomKind::Object ? place(atom.object, "<self>")
                                         : 0;
}

/// Who makes a lock anew has a free one, which on the side of a child nobody else has ever held.
void Interpreter::renews(const ModelCall& call, const Effect& effect, State& state) {
  for (const Alternative& one : values.of(asGiven(call, state, effect.subject)))
    if (PlaceId lock = lockAt(one.atom)) renewLock(state, lock);
}

void Interpreter::renewLock(State& state, PlaceId lock) {
  if (survey && !state.thread) ofRoot.freed.insert(spelledLock(lock));
  if (states.isHeld(state, lock)) {
    givesBack(state, lock);
    states.release(state, lock);
  }
  if (state.side || (state.contexts & bit(link::Context::AtFork)))
    states.set(state, place(aggregateAt(lock), openedOn), values.literal(int64_t{state.side}));
}

bool Interpreter::isLockMadeHere(const State& state, PlaceId lock) {
  return isOpenedHere(state, ownerOf(lock)) || isOpenedHere(state, aggregateAt(lock));
}

/// A lock is the place where it is: a mutex at an address, or the object that the call is made on. What a
/// function is only said to give may be another one each time.
void Interpreter::locks(ModelCall& call, const Effect& effect, State& state) {
  ValueSet subject = asGiven(call, state, effect.subject);
  for (const Alternative& alternative : values.of(subject)) {
    PlaceId lock = lockAt(alternative.atom);
    if (!lock || (objects[ownerOf(lock)].isGiven && objects[ownerOf(lock)].isShared)) continue;
    if (effect.kind == EffectKind::Releases) {
      if (survey && (state.contexts & bit(link::Context::AtFork))) ofRoot.freed.insert(spelledLock(lock));
      givesBack(state, lock);
      states.release(state, lock);
      continue;
    }
    takes(call, state, lock);
    states.acquire(state, lock, wayTo(call.site.frame, call.site.at()));
  }
}

void Interpreter::givesBack(const State& state, PlaceId lock) {
  if (!state.side || state.thread || state.doubtful) return;
  ForkRecord& record = forkRecords[state.side - 1];
  if (auto own = record.held.find(lock); own != record.held.end())
    record.fork.held[own->second].isGivenBack = true;
}

std::string Interpreter::nameOfLock(PlaceId lock) { return "lock " + std::to_string(lock); }

PlaceId Interpreter::lockNamed(llvm::StringRef name) {
  PlaceId lock = 0;
  name.consume_front("lock ");
  name.getAsInteger(10, lock);
  return lock;
}

/// The names of the locks that are held; what follows from them holds where they are held too.
std::set<std::string> Interpreter::heldIn(const State& state) {
  std::set<std::string> names;
  state.held.forEach([&](PlaceId lock, uint32_t) {
    if (states.isHeld(state, lock)) names.insert(nameOfLock(lock));
  });
  for (const Gate& gate : ofRoot.gates)
    if (values.isTrue(states.get(state, passedAt(gate)))) names.insert(nameOf(gate));
  return names;
}

/// What the thread that forked held nobody else holds, for whichever thread of the child; but the one that
/// goes on in the child cannot take it again.
void Interpreter::takes(const ModelCall& call, const State& state, PlaceId lock) {
  if (state.side) {
    ForkRecord& record = forkRecords[state.side - 1];
    if (auto own = record.held.find(lock); own != record.held.end()) {
      Path& taken = record.fork.held[own->second].takenInChild;
      bool isAgain = !state.thread && states.isHeld(state, lock);
      if (isAgain && taken.empty()) taken = pathTo(&call.site.frame, call.site.at());
      return;
    }
  }
  if (isLockMadeHere(state, lock)) return; // it was made, or made anew, here
  const ObjectInfo& owner = objects[ownerOf(lock)];
  Hop made = owner.made ? witnesses.last(owner.made) : Hop();
  Met met{{call.site.frame.function, call.site.at()}, made, {heldIn(state)}};
  deed(state, [&](Deeds& deeds) { deeds.meet(nameOfLock(lock), met); });
  takesInHandler(call, state, "takes a lock that another thread may have held at the fork");
}

void Interpreter::meets(const ModelCall& call, const State& state, const std::string& lock, bool isAtEnd) {
  Met met{{call.site.frame.function, call.site.at()}, {}, {heldIn(state)}, /*isNamed=*/true, isAtEnd};
  deed(state, [&](Deeds& deeds) { deeds.meet(lock, met); });
  takesInHandler(call, state, "takes the lock of " + lock);
}

} // namespace forklint::solve
