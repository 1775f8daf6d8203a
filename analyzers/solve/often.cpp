// Functions of C and C++ that a program runs again and again in memory that differs only: a server's child
// meets the same report, parser or table a thousand times. What such a run has to tell is told by the first
// ones.
#include "analyzers/solve/interpreter.h"

#include "llvm/ADT/STLExtras.h"

namespace forklint::solve {

/// May it be an object or a function, or lead to one?
static bool isThing(const Values& values, ValueSet given) {
  return llvm::any_of(values.of(given), [&](const Alternative& one) {
    AtomKind kind = values.atom(one.atom).kind;
    return kind != AtomKind::Literal && kind != AtomKind::Unknown && kind != AtomKind::External;
  });
}

/// The runs of the function with what is alive and held here; null where that differs too much. Those with
/// nothing alive or held are of all roots but `main`, which is a program of its own.
Often* Interpreter::runsOf(const link::FunctionInfo& callee, const State& state) {
  constexpr size_t mostLives = 8;
  if (callee.unit->language == "python") return nullptr;
  bool isIdle = state.alive.empty() && state.held.empty();
  std::deque<Often>& known = (isIdle ? often : ofRoot.often)[keyOf(&callee, state)];
  for (Often& one : known)
    if (one.alive == state.alive && one.held == state.held) return &one;
  return known.size() < mostLives ? &known.emplace_back(Often{state.alive, state.held}) : nullptr;
}

void Interpreter::noteRun(Often& often, uint64_t spent, const State& entry, const Outcomes& outcomes) {
  often.changes |=
      llvm::none_of(outcomes, [&](const Outcome& end) { return end.state.doubtful == entry.doubtful; });
  for (const Outcome& end : outcomes) {
    often.changes |=
        end.kind != Outcome::Kind::Returned || end.state.side != entry.side || !end.state.sameLives(entry);
    often.result = values.join(often.result, isThing(values, end.value)
                                                 ? values.unknown("given by a function that is run often")
                                                 : end.value);
  }
  ++often.runs;
  often.spent += spent;
}

/// What the function does to memory once more is not seen.
Outcomes Interpreter::asOften(const link::FunctionInfo& callee, const Often& often,
                              const std::vector<ValueSet>& given, State state) {
  if (!often.alive.empty() || !often.held.empty()) noteRecord();
  for (size_t i = 0; endsVariables(callee) && i < given.size(); ++i)
    if (!callee.body->parameters[i].type.ref().starts_with("const ")) mayStoreThrough(state, given[i]);
  return {{Outcome::Kind::Returned, often.result, state}};
}

} // namespace forklint::solve
