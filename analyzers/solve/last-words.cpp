// Last words: what a thread that ends by itself puts somewhere as the last thing that it does. Who has taken
// it out there, and has seen by a test that it is this, knows that the thread may have ended.
//
// Promise: a last word is a literal (a text, None, a number) behind which the thread is seen to do nothing
// that takes time: no call that could not be followed, and none of a row that takes a lock, makes or starts
// something.
#include "analyzers/solve/interpreter.h"

#include "llvm/ADT/STLExtras.h"

namespace forklint::solve {

namespace {
constexpr const char* said = "<said last>";     // of a thread: what it has put, and nothing since
constexpr const char* saidTo = "<said to>";     // ... and where
constexpr const char* lastWord = "<last word>"; // of where it was put: the literal, marked with its thread
} // namespace

void Interpreter::say(State& state, ObjectId where, ValueSet payload) {
  if (!state.thread) return;
  states.set(state, place(state.thread, said), payload);
  states.set(state, place(state.thread, saidTo), values.object(where));
}

void Interpreter::goesOnBehindWord(State& state) {
  if (state.thread && states.get(state, place(state.thread, said)) != Values::nothing)
    states.set(state, place(state.thread, said), Values::nothing);
}

/// The thread has come to its `end`: its starter finds the last word where it was put. Of two threads that
/// put theirs at one place, who takes one out does not know which has ended.
void Interpreter::leaveWord(State& state, const State& end) {
  ValueSet words = states.get(end, place(end.thread, said));
  std::vector<Alternative> marked = values.of(words).vec();
  for (Alternative& one : marked) {
    Atom word = values.atom(one.atom);
    if (word.kind != AtomKind::Literal || word.object) return;
    word.object = end.thread;
    one.atom = values.intern(word);
  }
  llvm::ArrayRef<Alternative> places = values.of(states.get(end, place(end.thread, saidTo)));
  if (marked.empty() || places.size() != 1) return;
  PlaceId where = place(values.atom(places[0].atom).object, lastWord);
  bool isOnly = states.get(state, where) == Values::nothing;
  states.set(state, where, isOnly ? values.set(std::move(marked)) : values.unknown("words of several"));
}

/// It is made anew.
void Interpreter::forgetWord(State& state, ObjectId where) {
  PlaceId word = place(where, lastWord);
  if (states.get(state, word) != Values::nothing) states.set(state, word, Values::nothing);
}

/// What may come out of there beside what is seen to be in it.
ValueSet Interpreter::wordsIn(const State& state, ObjectId where) {
  ValueSet words = states.get(state, place(where, lastWord));
  return values.isUnknown(words) ? Values::nothing : words;
}

/// A thing is, as this edge tells, equal to what is on the other side of a test.
void Interpreter::hear(State& state, ValueSet thing, llvm::function_ref<bool(const Atom&)> isOther) {
  for (const Alternative& one : values.of(thing)) {
    const Atom& word = values.atom(one.atom);
    if (word.kind == AtomKind::Literal && word.object && isOther(word) && states.isAlive(state, word.object))
      mayEnd(state, word.object);
  }
}

} // namespace forklint::solve
