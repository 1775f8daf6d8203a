// Effects that call something here and now: constructors, destructors, callbacks.
#include "analyzers/solve/interpreter.h"

#include "llvm/ADT/STLExtras.h"

namespace forklint::solve {

using link::Effect;

/// Makes an object with the constructor `entry`, of the arguments that the row does not name.
Outcomes Interpreter::constructs(ModelCall& call, const Effect& effect, const State& state) {
  Outcomes outcomes;
  for (const Alternative& constructor : values.of(evaluate(call, state, effect.entry))) {
    const std::string name = values.atom(constructor.atom).text;
    Arguments arguments;
    arguments.self = call.result = fresh(call, link::scopeOf(name).str(), "element");
    // A library's constructor takes what is forwarded to it by value, most often: a pointer, not where it is.
    for (ValueSet given : call.rest)
      arguments.positional.push_back(
          values.atom(constructor.atom).kind == AtomKind::External ? dereference(state, given) : given);
    State before = state;
    renew(before, values.atom(values.of(arguments.self)[0].atom).object);
    for (Outcome& outcome : callAtom(call.site, constructor.atom, arguments, before)) {
      if (outcome.kind == Outcome::Kind::Returned) outcome.value = arguments.self;
      merge(outcomes, outcome);
    }
  }
  if (outcomes.empty()) outcomes.push_back({Outcome::Kind::Returned, call.result, state});
  return outcomes;
}

/// Runs the destructors of what the subject is: each that is met in a loop or held by a container.
Outcomes Interpreter::destroys(ModelCall& call, const Effect& effect, const Outcome& outcome) {
  ValueSet subject = dereference(outcome.state, evaluate(call, outcome.state, effect.subject));
  return oneByOne(values.of(subject), {outcome},
                  [&](const Alternative& destroyed, const State& state) -> Outcomes {
                    const Atom thing = values.atom(destroyed.atom);
                    std::optional<Atom> destructor =
                        thing.kind == AtomKind::Object ? destructorOf(call.site, objects[thing.object].model)
                                                       : std::nullopt;
                    if (!destructor || program.models().find(destructor->text) == &call.model)
                      return {{Outcome::Kind::Returned, outcome.value, state}};
                    Arguments arguments;
                    arguments.self = values.each(values.set({destroyed}));
                    Outcomes after = callAtom(call.site, values.intern(*destructor), arguments, state);
                    for (Outcome& one : after)
                      one.value = outcome.value;
                    return after;
                  });
}

/// A library function that calls what it is given: all that a container holds, or one of several. A coroutine
/// runs to its end.
Outcomes Interpreter::callsEntry(ModelCall& call, const Effect& effect, State state) {
  link::Contexts around = state.contexts;
  state.contexts |= effect.context;
  Outcomes outcomes;
  for (const Outcome& called : runCalled(call, effect, state)) {
    // What a loop calls it awaits.
    ObjectId coroutine = effect.context & bit(link::Context::EventLoop) ? pendingOf(called.value) : 0;
    if (coroutine && called.kind == Outcome::Kind::Returned)
      for (const Outcome& end : exhaust(&call.site.frame, call.site.at(), coroutine, called.state))
        merge(outcomes, end);
    else
      merge(outcomes, called);
  }
  for (Outcome& outcome : outcomes)
    outcome.state.contexts = around;
  return outcomes;
}

Outcomes Interpreter::runCalled(ModelCall& call, const Effect& effect, const State& state) {
  Arguments arguments = entryArguments(call, effect, state);
  ValueSet entry = evaluate(call, state, effect.entry);
  if (ObjectId coroutine = pendingOf(entry))
    return exhaust(&call.site.frame, call.site.at(), coroutine, state);
  Outcome uncalled{Outcome::Kind::Returned, call.result, state};
  if (llvm::StringRef(effect.entry).ends_with(".[]"))
    return oneByOne(values.of(values.each(entry)), {uncalled},
                    [&](const Alternative& element, const State& before) {
                      return callAtom(call.site, element.atom, arguments, before);
                    });
  Outcomes outcomes;
  for (const Alternative& alternative : values.of(entry))
    for (const Outcome& outcome : callAtom(call.site, alternative.atom, arguments, state))
      merge(outcomes, outcome);
  return outcomes.empty() ? Outcomes{uncalled} : outcomes;
}

} // namespace forklint::solve
