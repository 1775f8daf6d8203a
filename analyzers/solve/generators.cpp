// Generators and coroutines. A call only makes an object, which holds its parameters; its body
// runs up to the next yield at each step, and what is open there stays open.
#include "analyzers/solve/interpreter.h"

#include "llvm/ADT/STLExtras.h"

namespace forklint::solve {

ObjectId Interpreter::pendingOf(ValueSet value) const {
  if (values.of(value).size() != 1) return 0;
  const Atom& atom = values.atom(values.of(value)[0].atom);
  return atom.kind == AtomKind::Object && objects[atom.object].pending ? atom.object : 0;
}

/// Where a generator that has stopped keeps a value of its body.
PlaceId Interpreter::valuePlace(ObjectId generator, facts::ValueId id) {
  return place(generator, "<value>" + std::to_string(id));
}

PlaceId Interpreter::iteratorPlace(ObjectId generator, facts::ValueId loop) {
  return place(generator, "<iterator>" + std::to_string(loop));
}

/// Runs the body up to its next yield or its end. Where it stands is a place of the object.
Outcomes Interpreter::resume(const Frame* caller, const facts::Position& at, ObjectId generator,
                             State state) {
  const Atom function = values.atom(objects[generator].pending);
  const link::FunctionInfo& callee = *function.function;
  if (!counts(callee, state) || tooLong.contains(&callee) || tooDeep(callee) || !spend())
    return {{Outcome::Kind::Returned, values.unknown("generator"), state}};
  log.entered.insert(&callee);
  MemoKey key = keyOf(&callee, state);
  llvm::append_range(
      key, std::initializer_list<uint64_t>{generator, uint64_t(at.file) << 32 | at.line, at.column,
                                           caller ? reinterpret_cast<uintptr_t>(caller->function) : 0});
  auto way = [&] { return pathTo(caller, at); };
  return answer(std::move(key), state, way, [&](MemoKey&) {
    Frame frame{&callee, caller, at, {}, {}, function.object, caller ? caller->depth + 1 : 0, generator};
    return runResumed(frame, state);
  });
}

Outcomes Interpreter::runResumed(Frame& frame, State state) {
  const link::FunctionInfo& callee = *frame.function;
  for (size_t i = 0; i < callee.body->parameters.size(); ++i)
    frame.parameters.push_back(states.get(state, place(frame.generator, "<parameter>" + std::to_string(i))));
  for (size_t i = 0; i < callee.body->captures.size(); ++i)
    frame.captures.push_back(states.get(state, place(frame.closure, "capture:" + std::to_string(i))));
  PlaceId where = place(frame.generator, "<resume>");
  ValueSet points = states.get(state, where);
  Outcomes outcomes;
  Side before = state.side;
  ++running[&callee];
  active.push_back({&callee, budget.spent()});
  bool inLoop = callee.body->kind != facts::FunctionKind::Generator;
  link::Contexts around = state.contexts;
  const State ended = state;
  if (inLoop) state.contexts |= bit(link::Context::EventLoop);
  auto runFrom = [&](facts::ValueId from) {
    for (Outcome& outcome : runBody(frame, state, from)) {
      outcome.state.contexts = around;
      bool over = outcome.kind != Outcome::Kind::Yielded;
      states.set(outcome.state, where, values.literal(over ? int64_t{-1} : int64_t{outcome.resume}));
      outcome.resume = 0;
      merge(outcomes, outcome);
    }
  };
  if (points == Values::nothing) runFrom(facts::noValue);
  for (const Alternative& alternative : values.of(points)) {
    int64_t point = integerOf(values.atom(alternative.atom)).value_or(-1);
    if (point < 0)
      merge(outcomes, {Outcome::Kind::Returned, values.literal(facts::None{}), ended});
    else
      runFrom(static_cast<facts::ValueId>(point));
  }
  leave(callee);
  noteBothReturn(frame, before, outcomes);
  endActivation(callee, ended, outcomes);
  summarise(callee, ended, outcomes);
  return outcomes;
}

/// Runs a generator to its end; `elements` gets what it gave.
Outcomes Interpreter::exhaust(const Frame* caller, const facts::Position& at, ObjectId generator, State state,
                              ValueSet* elements) {
  constexpr unsigned steps = 4; // states repeat after a few elements
  Outcomes ended;
  Outcomes open{{Outcome::Kind::Yielded, Values::nothing, state}};
  for (unsigned step = 0; step < steps && !open.empty(); ++step) {
    Outcomes next;
    for (const Outcome& one : open)
      for (const Outcome& outcome : resume(caller, at, generator, one.state)) {
        bool yielded = outcome.kind == Outcome::Kind::Yielded;
        if (yielded && elements) *elements = values.join(*elements, outcome.value);
        merge(yielded ? next : ended, outcome);
      }
    open = std::move(next);
  }
  for (const Outcome& one : open)
    merge(ended, {Outcome::Kind::Returned, values.literal(facts::None{}), one.state});
  return ended;
}

/// `await` and `yield from`: the other's body runs to its end here. What a library's manager gives is said
/// where it is entered.
void Interpreter::await(const Site& site, Config config, Configs& out, Outcomes& raised) {
  facts::ValueId from = site.instruction.operands[0].value;
  ValueSet awaited = valueOf(site.frame, config, from);
  if (ObjectId coroutine = pendingOf(awaited)) {
    Outcomes ends = exhaust(&site.frame, site.at(), coroutine, config.state);
    return settle(site, std::move(config), ends, out, raised);
  }
  bool isEntered = site.frame.function->body->instructions[from].kind == facts::InstructionKind::EnterScope;
  config.values[site.id] = isEntered ? awaited : values.unknown("await");
  out.push_back(std::move(config));
}

} // namespace forklint::solve
