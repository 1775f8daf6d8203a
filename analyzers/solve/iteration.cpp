// Iteration, in a loop or by a library: over a container, a generator, or an object of the program whose
// class says what is gone over and what each step gives.
#include "analyzers/solve/interpreter.h"

#include "llvm/ADT/STLExtras.h"

namespace forklint::solve {

/// A place of what gives pairs: what gives their second parts by steps.
static constexpr const char* sourceOfPairs = "<source>";

/// `first[:2]`: some of what a container holds.
static bool isPart(const facts::Function& body, facts::ValueId iterated) {
  if (iterated == facts::noValue) return false;
  const facts::Instruction& load = body.instructions[iterated];
  if (load.kind != facts::InstructionKind::Load || load.place.kind != facts::PlaceKind::Item) return false;
  const facts::Instruction& slice = body.instructions[load.place.index];
  if (slice.kind != facts::InstructionKind::Operator || slice.name != "slice" || slice.operands.size() < 2)
    return false;
  const facts::Instruction& stop = body.instructions[slice.operands[1].value];
  return stop.kind == facts::InstructionKind::Constant && !std::holds_alternative<facts::None>(stop.literal);
}

/// Methods of a step: that of `for`, and that of `async for`, whose result is awaited.
static constexpr llvm::StringLiteral stepNames[] = {"__next__", "__anext__"};

/// The first of the methods that the thing has.
ValueSet Interpreter::stepMethod(const State& state, AtomId value,
                                 llvm::ArrayRef<llvm::StringLiteral> names) {
  for (llvm::StringLiteral name : names)
    if (ValueSet method = attribute(state, value, name.str()); method != Values::nothing) return method;
  return Values::nothing;
}

/// Do its steps run code of the program?
bool Interpreter::isStepped(AtomId value, const State& state) {
  const Atom atom = values.atom(value);
  if (atom.kind != AtomKind::Object || objects[atom.object].isClass) return false;
  return objects[atom.object].pending || stepMethod(state, value, stepNames) != Values::nothing ||
         states.get(state, place(atom.object, sourceOfPairs)) != Values::nothing;
}

/// What is gone over where somebody begins to go over `iterated`: the thing itself, or what its class gives.
Outcomes Interpreter::beginIteration(const Site& site, ValueSet iterated, const State& state) {
  if (iterated == Values::nothing) return {{Outcome::Kind::Returned, values.unknown("iterated"), state}};
  Outcomes begun;
  for (const Alternative& alternative : values.of(iterated)) {
    const Atom atom = values.atom(alternative.atom);
    bool isInstance = atom.kind == AtomKind::Object && !objects[atom.object].isClass;
    ValueSet begins =
        isInstance ? stepMethod(state, alternative.atom, link::beginsOfIteration) : Values::nothing;
    Outcome itself{Outcome::Kind::Returned, values.set({alternative}), state};
    if (begins == Values::nothing) merge(begun, itself);
    for (const Alternative& method : values.of(begins))
      for (Outcome& outcome : callAtom(site, method.atom, {}, state)) {
        // A library's thing is gone over itself.
        if (outcome.kind == Outcome::Kind::Returned && values.isUnknown(outcome.value))
          outcome.value = itself.value;
        merge(begun, outcome);
      }
  }
  return begun;
}

/// One step of what steps by code of the program: it yields an element, returns at its end, or raises.
Outcomes Interpreter::stepOn(const Site& site, AtomId iterator, const State& state) {
  const Atom atom = values.atom(iterator);
  if (objects[atom.object].pending) return resume(&site.frame, site.at(), atom.object, state);
  Outcomes taken;
  for (const Alternative& source : values.of(states.get(state, place(atom.object, sourceOfPairs))))
    if (isStepped(source.atom, state))
      for (Outcome& outcome : stepOn(site, source.atom, state)) {
        ValueSet pair = states.get(outcome.state, place(atom.object, "[]"));
        if (outcome.kind == Outcome::Kind::Yielded) {
          for (const Alternative& each : values.of(pair))
            states.set(outcome.state, place(values.atom(each.atom).object, "[1"), outcome.value);
          outcome.value = pair;
        }
        outcome.resume = 0;
        merge(taken, outcome);
      }
  Outcomes called;
  for (const Alternative& method : values.of(stepMethod(state, iterator, stepNames)))
    for (const Outcome& outcome : callAtom(site, method.atom, {}, state))
      if (ObjectId coroutine = pendingOf(outcome.value);
          coroutine &&
          values.atom(objects[coroutine].pending).function->body->kind == facts::FunctionKind::Coroutine)
        llvm::append_range(called, exhaust(&site.frame, site.at(), coroutine, outcome.state));
      else
        called.push_back(outcome);
  for (Outcome& outcome : called) {
    bool isEnd = outcome.kind == Outcome::Kind::Raised && isOfRole(outcome.value, link::Role::EndOfIteration);
    outcome.kind = isEnd                                     ? Outcome::Kind::Returned
                   : outcome.kind == Outcome::Kind::Returned ? Outcome::Kind::Yielded
                                                             : outcome.kind;
    merge(taken, outcome);
  }
  return taken;
}

/// A step over elements that are simply there.
void Interpreter::iterateOver(const Site& site, ValueSet container, bool first, Config config, Configs& out) {
  ValueSet element = elements(config.state, container);
  const facts::Function& body = *site.frame.function->body;
  bool isWhole = !isPart(body, site.instruction.operands[0].value);
  element = isWhole && loopsOf(body).meetsEach(site.id) ? values.each(element) : values.one(element);
  // A filled container is looped at least once.
  if (first && !values.isUnknown(element)) config.iteration = Iteration::More;
  config.values[site.id] = element;
  out.push_back(std::move(config));
}

void Interpreter::iterateBy(const Site& site, AtomId iterator, const Config& config, Configs& out,
                            Outcomes& raised) {
  Outcomes steps = stepOn(site, iterator, config.state);
  bool ends = llvm::any_of(steps, [](const Outcome& one) { return one.kind == Outcome::Kind::Returned; });
  for (const Outcome& outcome : steps) {
    if (outcome.kind == Outcome::Kind::Raised) {
      raised.push_back(outcome);
      continue;
    }
    bool more = outcome.kind == Outcome::Kind::Yielded;
    Config next = config;
    next.state = outcome.state;
    if (!more) outlast(site, next.state);
    // An end that is not seen may come at any step.
    next.iteration = !more ? Iteration::Done : ends ? Iteration::More : Iteration::Either;
    bool each = loopsOf(*site.frame.function->body).meetsEach(site.id);
    next.values[site.id] = !more ? values.unknown("end") : each ? values.each(outcome.value) : outcome.value;
    out.push_back(std::move(next));
  }
}

void Interpreter::iterate(const Site& site, Config config, Configs& out, Outcomes& raised) {
  auto known = config.iterators.find(site.id);
  bool first = known == config.iterators.end();
  Outcomes begun{{Outcome::Kind::Returned, first ? Values::nothing : known->second, config.state}};
  if (first)
    begun =
        beginIteration(site, valueOf(site.frame, config, site.instruction.operands[0].value), config.state);
  for (const Outcome& outcome : begun) {
    if (outcome.kind == Outcome::Kind::Raised) {
      raised.push_back(outcome);
      continue;
    }
    Config at = config;
    at.state = outcome.state;
    at.iterators[site.id] = outcome.value;
    if (first) fillsByLoop(site, at, outcome.value);
    std::vector<Alternative> plain;
    for (const Alternative& alternative : values.of(outcome.value))
      if (isStepped(alternative.atom, at.state))
        iterateBy(site, alternative.atom, at, out, raised);
      else
        plain.push_back(alternative);
    if (!plain.empty()) iterateOver(site, values.set(std::move(plain)), first, std::move(at), out);
  }
}

/// All that steps give until their end, with the state there.
ValueSet Interpreter::stepThrough(const Site& site, AtomId iterator, State& state) {
  constexpr unsigned most = 4; // states repeat after a few elements
  ValueSet every = Values::nothing;
  std::optional<State> ended;
  const Side side = state.side;
  for (unsigned step = 0; step < most; ++step) {
    const Outcomes steps = stepOn(site, iterator, state);
    bool goesOn = false;
    for (const Outcome& one : steps) {
      if (one.state.side != side || one.kind == Outcome::Kind::Raised) continue;
      if (one.kind == Outcome::Kind::Returned) {
        ended = ended ? states.join(*ended, one.state) : one.state;
        continue;
      }
      every = values.join(every, one.value);
      state = goesOn ? states.join(state, one.state) : one.state;
      goesOn = true;
    }
    if (!goesOn) break;
  }
  if (ended) state = *ended;
  outlast(site, state);
  return every;
}

/// Whoever gets something of the program that steps takes its steps.
void Interpreter::goOver(const Site& site, const Outcome& given) {
  for (const Outcome& begun : beginIteration(site, given.value, given.state))
    for (const Alternative& alternative : values.of(begun.value))
      if (State state = begun.state; isStepped(alternative.atom, state))
        stepThrough(site, alternative.atom, state);
}

/// What a library goes over at once: the elements of a container, or all that steps give, which run here.
ValueSet Interpreter::drawn(const ModelCall& call, ValueSet from, State& state) {
  if (from == Values::nothing) return from;
  Outcomes begun = beginIteration(call.site, from, state);
  auto goesOn = llvm::find_if(begun, [&](const Outcome& outcome) {
    return outcome.kind == Outcome::Kind::Returned && outcome.state.side == state.side;
  });
  if (goesOn == begun.end()) return elements(state, from);
  const State before = state = goesOn->state;
  ValueSet every = Values::nothing;
  std::vector<Alternative> plain;
  bool isFirst = true;
  for (const Alternative& alternative : values.of(goesOn->value)) {
    if (!isStepped(alternative.atom, before)) {
      plain.push_back(alternative);
      continue;
    }
    State after = before;
    every = values.join(every, stepThrough(call.site, alternative.atom, after));
    state = isFirst ? after : states.join(state, after);
    isFirst = false;
  }
  return plain.empty() ? every : values.join(every, elements(state, values.set(std::move(plain))));
}

/// What gives pairs: of elements of `entry`, if it is given, with elements of `payload`. Where these are made
/// step by step, so are the pairs.
void Interpreter::pairs(ModelCall& call, const link::Effect& effect, State& state) {
  ValueSet pair = fresh(call, "container.tuple", "pair");
  ObjectId made = values.atom(values.of(pair)[0].atom).object;
  ValueSet first =
      effect.entry.empty() ? values.unknown("key") : drawn(call, evaluate(call, state, effect.entry), state);
  ValueSet payload = evaluate(call, state, effect.payload), source = Values::nothing;
  for (const Outcome& begun : beginIteration(call.site, payload, state))
    if (begun.kind == Outcome::Kind::Returned && begun.state.side == state.side) {
      state = begun.state;
      source = begun.value;
      break;
    }
  bool isStepped = llvm::any_of(values.of(source),
                                [&](const Alternative& one) { return this->isStepped(one.atom, state); });
  ValueSet second = isStepped ? values.unknown("element") : elements(state, source);
  states.set(state, place(made, "[0"), first);
  states.set(state, place(made, "[1"), second);
  states.set(state, place(made, "[]"), values.join(first, second));
  call.result = fresh(call, effect.life);
  ObjectId all = values.atom(values.of(call.result)[0].atom).object;
  states.set(state, place(all, "[]"), pair);
  states.set(state, place(all, sourceOfPairs), isStepped ? source : Values::nothing);
}

/// A step that somebody asks for; its end is an exception, or the default that the call gives.
Outcomes Interpreter::steps(ModelCall& call, const link::Effect& effect, const State& state) {
  ValueSet subject = evaluate(call, state, effect.subject), usual = evaluate(call, state, effect.entry);
  Outcomes all;
  for (const Alternative& alternative : values.of(subject)) {
    if (!isStepped(alternative.atom, state)) {
      ValueSet element = elements(state, values.set({alternative}));
      bool isEach = loopsOf(*call.site.frame.function->body).meetsEach(call.site.id);
      merge(all, {Outcome::Kind::Returned, isEach ? values.each(element) : element, state});
      continue;
    }
    for (Outcome& outcome : stepOn(call.site, alternative.atom, state)) {
      if (outcome.kind == Outcome::Kind::Returned) {
        outlast(call.site, outcome.state);
        outcome.kind = usual == Values::nothing ? Outcome::Kind::Raised : outcome.kind;
        outcome.value = usual == Values::nothing ? ofRole(link::Role::EndOfIteration) : usual;
      } else if (outcome.kind == Outcome::Kind::Yielded) {
        outcome.kind = Outcome::Kind::Returned;
      }
      outcome.resume = 0;
      merge(all, outcome);
    }
  }
  return all.empty() ? Outcomes{{Outcome::Kind::Returned, values.unknown("element"), state}} : all;
}

} // namespace forklint::solve
