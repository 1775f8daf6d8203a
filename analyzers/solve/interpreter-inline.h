// Bodies of the interpreter's templates: how calls are answered, and where deeds are noted.
#pragma once

#include "analyzers/solve/interpreter.h"

namespace forklint::solve {

/// What is remembered under the key, else what `run(key)` gives, which may change the key to remember it
/// under.
template <typename Run>
Outcomes Interpreter::answer(MemoKey key, const State& entry, Memo::Way way, Run run) {
  std::optional<Outcomes> known = memo.find(key, entry, way);
  budget.spendOn(memo.takeCost());
  if (known) return *known;
  Touched touched(entry, states.redefinitions());
  Touched* outer = std::exchange(states.touched, &touched);
  Outcomes outcomes = run(key);
  states.touched = outer;
  memo.remember(std::move(key), entry, touched, outcomes, way);
  budget.spendOn(memo.takeCost());
  return outcomes;
}

/// What `run()`, which begins in `entry`, touches. Whoever runs it depends on that, too.
template <typename Run> Touched Interpreter::touchedBy(const State& entry, Run run) {
  Touched touched(entry, states.redefinitions());
  Touched* outer = std::exchange(states.touched, &touched);
  run();
  states.touched = outer;
  if (!outer) return touched;
  outer->add(touched);
  for (const auto& [place, value] : touched.reads)
    states.meet(place, value);
  if (touched.isTooWide) outer->widen();
  return touched;
}

/// What `call(alternative, state)` makes of the states that are reached, one alternative after another. What
/// is raised on the way stays raised.
template <typename Call>
Outcomes Interpreter::oneByOne(llvm::ArrayRef<Alternative> callees, Outcomes reached, Call call) {
  for (const Alternative& callee : callees) {
    Outcomes next;
    for (const Outcome& before : reached)
      if (before.kind != Outcome::Kind::Returned)
        merge(next, before);
      else
        for (const Outcome& after : call(callee, before.state))
          merge(next, after);
    reached = std::move(next);
  }
  return reached;
}

inline void Interpreter::noteRecord() const {
  if (states.touched) states.touched->recorded = true;
}

template <typename Do> void Interpreter::threadDeed(ObjectId thread, Do act) {
  if (isRehearsed) return;
  act(threadDeeds[thread]);
  if (states.touched) act(states.touched->deeds[thread]);
}

/// Notes a deed for the child and the thread that the state is in. What a child of the child meets counts for
/// the child too: it has inherited the same. What is met in doubt is no witness; what a child meets after an
/// exception has carried it out of the function that forked follows from that, and is told as that.
template <typename Do> void Interpreter::deed(const State& state, Do act) {
  if (isRehearsed || (!state.side && !state.thread)) return;
  Deeds noted;
  act(noted);
  if (state.doubtful || state.isPastRaise) noted.forgetMet();
  // Of a promise that is judged, what others promise says nothing.
  if (state.contexts & bit(link::Context::Promised)) judged ? noted.forgetMet() : noted.forgetUnseen();
  if (state.side) {
    for (Side above = forkRecords[state.side - 1].parent; above; above = forkRecords[above - 1].parent)
      forkRecords[above - 1].fork.child.addMet(noted);
    forkRecords[state.side - 1].fork.child.add(noted);
  }
  if (state.thread) threadDeed(state.thread, [&](Deeds& deeds) { deeds.add(noted); });
}

} // namespace forklint::solve
