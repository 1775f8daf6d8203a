// Functions that are said to be async-signal-safe, which is what a child may call where threads may live, and
// a handler of a signal. Each is judged once, by itself, as if a child ran it; whoever calls it from there is
// told nothing of what it calls that cannot be followed, or of locks that the C library may make free.
#include "analyzers/solve/interpreter.h"

#include "llvm/Support/SaveAndRestore.h"

namespace forklint::solve {

/// Is this where a promise is relied on, and not inside of what gives one?
bool Interpreter::isJudgedByItself(const State& state) {
  constexpr link::Contexts inHandler = bit(link::Context::AtFork) | bit(link::Context::SignalHandler);
  return (state.side || (state.contexts & inHandler)) && !(state.contexts & bit(link::Context::Promised));
}

Outcomes Interpreter::callPromised(const link::FunctionInfo& callee, const Arguments& arguments,
                                   ObjectId closure, State state, const Frame* caller,
                                   const facts::Position& at) {
  link::Contexts around = state.contexts;
  state.contexts |= bit(link::Context::Promised);
  Outcomes outcomes = callFunction(callee, arguments, closure, std::move(state), caller, at);
  for (Outcome& outcome : outcomes)
    outcome.state.contexts = around;
  return outcomes;
}

void Interpreter::judgePromises() {
  for (const link::FunctionInfo* function : program.promisedFunctions())
    judgePromise(*function);
}

/// Runs it as a child that nobody has forked and of whose parent nothing is known.
void Interpreter::judgePromise(const link::FunctionInfo& function) {
  const link::ProgramRoot unit{facts::RootKind::StaticInitializer, function.unit->unit, function.unit, false};
  State state = start(unit);
  ForkRecord& child = forkRecords.emplace_back();
  child.promised = &function;
  child.fork.path = {{&function, function.body->position}};
  const auto side = static_cast<Side>(forkRecords.size());
  const llvm::SaveAndRestore<const facts::UnitFacts*> quiet(survey, function.unit);
  const llvm::SaveAndRestore<const link::FunctionInfo*> one(judged, &function);
  Arguments arguments;
  const List<facts::Parameter>& parameters = function.body->parameters;
  if (!parameters.empty() && parameters[0].name == "this") {
    ObjectInfo self;
    self.model = link::scopeOf(function.body->symbol);
    arguments.self = values.object(newObject(std::move(self)));
  }
  callFunction(function, arguments, 0, childOf(state, side), nullptr, {});
  root = nullptr;
  Fork& done = forkRecords[side - 1].fork;
  BrokenPromise broken{
      &function, program.promiseOf(function.body->symbol, *function.unit), std::move(done.unsafeCalls), {}};
  for (const auto& [name, met] : done.child.meets)
    if (!met.isAtEnd) broken.locks[name] = met;
  if (!broken.calls.empty() || !broken.locks.empty()) solution.brokenPromises.push_back(std::move(broken));
}

} // namespace forklint::solve
