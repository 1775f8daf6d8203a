// Modules: initialised once in a program's run, in import order, packages before what they hold.
#include "analyzers/solve/interpreter.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>

namespace forklint::solve {

Outcomes Interpreter::initModule(llvm::StringRef name, State state, const Frame* caller,
                                 const facts::Position& at, const facts::UnitFacts& from) {
  Outcomes current{{Outcome::Kind::Returned, Values::nothing, state}};
  size_t parent = name.rfind('.');
  if (parent != llvm::StringRef::npos) current = initModule(name.take_front(parent), state, caller, at, from);
  const link::ModuleInfo* module = program.module(name, from);
  ValueSet value = module ? moduleValue(name) : external(name.str());
  Outcomes results;
  for (Outcome& outcome : current) {
    if (outcome.kind == Outcome::Kind::Raised) {
      results.push_back(outcome);
      continue;
    }
    outcome.value = value;
    if (!module) {
      results.push_back(outcome);
      continue;
    }
    for (Outcome& after : runModule(*module, outcome.state, caller, at)) {
      if (after.kind == Outcome::Kind::Returned) after.value = value;
      merge(results, after);
    }
  }
  return results;
}

/// What holds something once the module has been run. A file may be several modules.
PlaceId Interpreter::initialisedPlace(const facts::UnitFacts& unit) {
  return globalPlace("<initialised> " + unit.unit + " " + unit.module);
}

/// Is it the file that the root runs as its main module?
bool Interpreter::isMainUnit(const facts::UnitFacts& unit) const {
  return root && root->unit == &unit &&
         (root->kind == facts::RootKind::Script || root->kind == facts::RootKind::Notebook);
}

/// Runs the statements that matter. The others bind names that nobody asks for on the way to a fork.
Outcomes Interpreter::runModule(const link::ModuleInfo& module, State state, const Frame* caller,
                                const facts::Position& at) {
  const facts::UnitFacts& unit = *module.unit;
  PlaceId done = initialisedPlace(unit);
  if (states.get(state, done) != Values::nothing) return {{Outcome::Kind::Returned, Values::nothing, state}};
  bool isScript = isMainUnit(unit) && !importsMain;
  MemoKey key = keyOf(&module, state);
  key.push_back(isScript);
  auto way = [&] { return pathTo(caller, at); };
  imported.insert(&unit);
  return answer(std::move(key), state, way, [&](MemoKey&) {
    State begun = state;
    begun.decided = 0;
    decisions.enter(module);
    states.set(begun, done, values.literal(true));
    states.set(begun, globalPlace(unit.module + ".__name__"),
               values.literal(isScript ? std::string("__main__") : unit.module));
    Outcomes running{{Outcome::Kind::Returned, Values::nothing, begun}};
    for (const link::FunctionInfo* statement : module.statements) {
      Outcomes next;
      for (const Outcome& one : running)
        if (one.kind == Outcome::Kind::Raised)
          merge(next, one);
        else
          for (const Outcome& after : runStatement(*statement, one.state, caller, at))
            merge(next, after);
      running = std::move(next);
    }
    Outcomes results;
    for (Outcome& outcome : running) {
      outcome.state.decided = state.decided;
      merge(results, outcome);
    }
    return results;
  });
}

/// A module is run once, so that what its statements are themselves costs as much as the source is long: the
/// bound on work is for what they call and how often they go round.
Outcomes Interpreter::runStatementBody(Frame& frame, const State& state) {
  uint64_t own = frame.function->body->instructions.size() + frame.function->body->blocks.size() + 1;
  uint64_t before = budget.spent();
  if (budget.isSpent()) return runBody(frame, state); // the root has been ended
  budget.grant(own);
  Outcomes outcomes = runBody(frame, state);
  budget.settle(own, before);
  return outcomes;
}

/// Does nothing but bind: to run it again costs less than to remember what it did.
static bool onlyBinds(const facts::Function& statement) {
  using facts::InstructionKind;
  return statement.blocks.size() == 1 &&
         llvm::all_of(statement.instructions, [](const facts::Instruction& instruction) {
           bool isGlobal = instruction.place.kind == facts::PlaceKind::Global;
           return instruction.kind == InstructionKind::Constant ||
                  (instruction.kind == InstructionKind::Store && isGlobal) ||
                  (instruction.kind == InstructionKind::Load && isGlobal) ||
                  instruction.kind == InstructionKind::Return;
         });
}

/// A statement is answered by itself: what a module's import does depends on what has been imported before,
/// and with it all that follows, but most statements do not.
Outcomes Interpreter::runStatement(const link::FunctionInfo& statement, State state, const Frame* caller,
                                   const facts::Position& at) {
  log.entered.insert(&statement);
  Frame frame{&statement, caller, at, {}, {}, 0, caller ? caller->depth + 1 : 0};
  bool imports = llvm::any_of(statement.body->instructions, [](const facts::Instruction& instruction) {
    return instruction.kind == facts::InstructionKind::Import;
  });
  if (imports || onlyBinds(*statement.body)) return runStatementBody(frame, state);
  auto way = [&] { return pathTo(caller, at); };
  MemoKey key = keyOf(&statement, state);
  key.push_back(state.decided);
  return answer(std::move(key), state, way, [&](MemoKey&) { return runStatementBody(frame, state); });
}

} // namespace forklint::solve
