// What a model row says, carried out on the state. Paths of a row ("self.target", "arg.NAME", "a|b") are
// evaluated here and nowhere else.
#include "analyzers/solve/interpreter.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"

namespace forklint::solve {

using link::Effect;
using link::EffectKind;

namespace {

bool isNoneLiteral(const Atom& atom) {
  return atom.kind == AtomKind::Literal && std::holds_alternative<facts::None>(atom.literal);
}

} // namespace

void Interpreter::deed(const State& state, bool ChildDeeds::* flag) {
  if (state.side) forkRecords[state.side - 1].fork.child.*flag = true;
}

Outcomes Interpreter::callModel(const Frame& frame, const facts::Position& at, facts::ValueId id,
                                const link::Model& model, const Arguments& arguments, State state) {
  ModelCall call{frame, at, id, model, arguments.self, values.unknown("result of " + model.name), {}};
  for (size_t i = 0; i < arguments.positional.size() && i < model.parameters.size(); ++i)
    call.arguments[model.parameters[i]] = arguments.positional[i];
  for (const auto& [name, value] : arguments.keywords)
    call.arguments[name] = value;
  Outcomes outcomes{{Outcome::Kind::Returned, call.result, std::move(state)}};
  if (std::optional<uint64_t> bytes = sizeOf(call, outcomes[0].state)) {
    ObjectId made = object(frame, id, model.name);
    objects[made].made = pathTo(&frame, at);
    objects[made].bytes = *bytes;
    Atom atom;
    atom.kind = AtomKind::Object;
    atom.object = made;
    outcomes[0].value = call.result = values.single(std::move(atom));
  }
  if (!model.returns.empty())
    outcomes[0].value = call.result = evaluate(call, outcomes[0].state, model.returns);
  for (const Effect& effect : model.effects)
    outcomes = apply(call, effect, std::move(outcomes));
  return outcomes;
}

/// "a|b": the first alternative that gives a value. Nothing where the path leads nowhere.
ValueSet Interpreter::evaluate(const ModelCall& call, const State& state, llvm::StringRef path) {
  llvm::SmallVector<llvm::StringRef, 2> choices;
  path.split(choices, '|');
  for (llvm::StringRef choice : choices) {
    llvm::SmallVector<llvm::StringRef, 4> parts;
    choice.split(parts, '.');
    ValueSet value = Values::nothing;
    size_t next = 1;
    if (parts[0] == "self")
      value = call.self;
    else if (parts[0] == "result")
      value = call.result;
    else if (parts[0] == "arg" && parts.size() > 1) {
      auto given = call.arguments.find(parts[1].str());
      value = given == call.arguments.end() ? Values::nothing : given->second;
      next = 2;
    }
    value = dereference(state, value);
    for (; next < parts.size() && value != Values::nothing; ++next) {
      ValueSet member = Values::nothing;
      for (const Alternative& alternative : std::vector<Alternative>(values.of(value)))
        member = values.join(member, attribute(state, alternative.atom, parts[next].str()));
      value = member;
    }
    if (value != Values::nothing) return value;
  }
  return Values::nothing;
}

Outcomes Interpreter::apply(ModelCall& call, const Effect& effect, Outcomes outcomes) {
  Outcomes after;
  for (Outcome& outcome : outcomes) {
    switch (effect.kind) {
    case EffectKind::Creates:
      creates(call, effect, outcome.state);
      outcome.value = call.result;
      break;
    case EffectKind::StartsThread: startsThread(call, effect, outcome.state); break;
    case EffectKind::Ends: ends(call, effect, outcome.state); break;
    case EffectKind::Forks: {
      for (Outcome& side : forks(call, effect, outcome.state)) {
        if (effect.entry != "returns") side.value = outcome.value;
        after.push_back(std::move(side));
      }
      continue;
    }
    case EffectKind::Execs:
      deed(outcome.state, &ChildDeeds::execs);
      // Gone, or back with its error.
      outcome.kind = call.frame.function->unit->language == "python" ? Outcome::Kind::Raised : outcome.kind;
      outcome.value = values.literal(int64_t{-1});
      break;
    case EffectKind::ExitsFast: deed(outcome.state, &ChildDeeds::exitsFast); continue;
    case EffectKind::ExitsFull: deed(outcome.state, &ChildDeeds::exitsFull); continue;
    case EffectKind::SetsStartMethod:
      states.set(outcome.state, globalPlace("<start-method>"), evaluate(call, outcome.state, effect.subject));
      break;
    case EffectKind::RunsBeforeExec: runsBeforeExec(call, effect, outcome.state); break;
    case EffectKind::Submits: submits(call, effect, outcome.state); break;
    case EffectKind::UnsafeInChild: unsafeInChild(call, effect, outcome.state); break;
    case EffectKind::Acquires:
    case EffectKind::Releases: break;
    }
    after.push_back(std::move(outcome));
  }
  return after;
}

void Interpreter::creates(ModelCall& call, const Effect& effect, State& state) {
  ValueSet made = call.self;
  bool fresh = true;
  // A constructor run on an object of ours (a subclass) fills that object; else the call makes one.
  for (const Alternative& alternative : values.of(made))
    if (const Atom& atom = values.atom(alternative.atom);
        atom.kind == AtomKind::Object && modelOf(atom.object) == call.model.name)
      fresh = false;
  if (fresh) {
    ObjectId object = this->object(call.frame, call.id, call.model.name);
    objects[object].made = pathTo(&call.frame, call.at);
    Atom atom;
    atom.kind = AtomKind::Object;
    atom.object = object;
    made = values.single(std::move(atom));
  }
  ValueSet method = effect.method.empty() ? Values::nothing : evaluate(call, state, effect.method);
  call.result = made;
  for (const Alternative& alternative : std::vector<Alternative>(values.of(made))) {
    ObjectId object = values.atom(alternative.atom).object;
    for (const auto& [name, value] : call.arguments)
      states.set(state, place(object, name), value);
    if (method != Values::nothing) states.set(state, place(object, "method"), method);
  }
}

void Interpreter::startsThread(ModelCall& call, const Effect& effect, State& state) {
  ValueSet subject = effect.subject == "result" ? call.result : evaluate(call, state, effect.subject);
  uint32_t begun = witness(pathTo(&call.frame, call.at));
  bool known = false;
  for (const Alternative& alternative : values.of(subject))
    if (const Atom& atom = values.atom(alternative.atom); atom.kind == AtomKind::Object) {
      states.begin(state, atom.object, begun);
      known = true;
    }
  if (!known) {
    // Nobody can name it: it lives for ever, unless the call's own variable ends it.
    ObjectId object = this->object(call.frame, call.id, call.model.name, "thread");
    objects[object].made = pathTo(&call.frame, call.at);
    states.begin(state, object, begun);
    Atom atom;
    atom.kind = AtomKind::Object;
    atom.object = object;
    auto given = call.arguments.find(llvm::StringRef(effect.subject).drop_front(4).str());
    if (given != call.arguments.end())
      for (const Alternative& alternative : std::vector<Alternative>(values.of(given->second)))
        if (values.atom(alternative.atom).kind == AtomKind::Address)
          states.set(state, values.atom(alternative.atom).object, values.single(atom));
  }
  if (effect.entry.empty()) return;
  runEntry(call, evaluate(call, state, effect.entry),
           effect.arguments.empty() ? Values::nothing : evaluate(call, state, effect.arguments), state);
}

void Interpreter::ends(ModelCall& call, const Effect& effect, State& state) {
  if (!effect.unless.empty()) {
    auto given = call.arguments.find(effect.unless);
    if (given != call.arguments.end())
      for (const Alternative& alternative : values.of(given->second)) {
        const Atom& atom = values.atom(alternative.atom);
        bool isTrue = atom.kind == AtomKind::Literal && std::holds_alternative<bool>(atom.literal) &&
                      std::get<bool>(atom.literal);
        if (!isNoneLiteral(atom) && !isTrue) return; // a time-out, or wait=False
      }
  }
  std::vector<Alternative> subjects = values.of(evaluate(call, state, effect.subject));
  if (subjects.size() == 1 && values.atom(subjects[0].atom).kind == AtomKind::Object)
    states.end(state, values.atom(subjects[0].atom).object);
}

/// For which variants the method is fork: what the object carries, else the global one, else the default.
Variants Interpreter::forkVariants(const ModelCall& call, const Effect& effect, const State& state) {
  if (effect.method.empty()) return state.variants;
  ValueSet method = evaluate(call, state, effect.method);
  auto given = [&](ValueSet set) {
    return llvm::any_of(values.of(set),
                        [&](const Alternative& a) { return !isNoneLiteral(values.atom(a.atom)); });
  };
  if (!given(method)) method = states.get(state, globalPlace("<start-method>"));
  if (!given(method)) return state.variants & program.models().defaultStartMethod("fork");
  Variants forks = 0;
  for (const Alternative& alternative : values.of(method)) {
    const Atom& atom = values.atom(alternative.atom);
    if (atom.kind == AtomKind::Literal && std::holds_alternative<std::string>(atom.literal) &&
        std::get<std::string>(atom.literal) == "fork")
      forks |= alternative.variants;
  }
  return state.variants & forks;
}

uint32_t Interpreter::recordFork(const ModelCall& call, const Effect& effect, const State& state,
                                 Variants variants) {
  auto [slot, fresh] = forkIds.try_emplace({call.frame.function, call.id, state.side, call.model.name},
                                           static_cast<uint32_t>(forkRecords.size() + 1));
  if (fresh) {
    ForkRecord record;
    record.fork.primitive = effect.primitive;
    record.fork.model = call.model.name;
    record.fork.path = pathTo(&call.frame, call.at);
    record.fork.python = call.frame.function->unit->language == "python";
    record.fork.root = root->symbol;
    forkRecords.push_back(std::move(record));
  }
  ForkRecord& record = forkRecords[slot->second - 1];
  record.fork.variants |= variants;
  for (const auto& [object, begun] : state.alive)
    if (record.alive.insert(object).second) {
      // The path that shows the hazard is the one to tell.
      if (record.fork.alive.empty()) record.fork.path = pathTo(&call.frame, call.at);
      std::string model = modelOf(object);
      record.fork.alive.push_back({model, model, witnesses[begun], objects[object].made});
    }
  return slot->second;
}

Outcomes Interpreter::forks(ModelCall& call, const Effect& effect, State state) {
  Variants variants = forkVariants(call, effect, state);
  if (!variants) return {{Outcome::Kind::Returned, values.unknown("process"), state}};
  uint32_t side = recordFork(call, effect, state, variants);
  State child = state;
  child.side = side;
  child.variants = variants;
  states.endAll(child);
  if (effect.entry != "returns") {
    runEntry(call, evaluate(call, child, effect.entry),
             effect.arguments.empty() ? Values::nothing : evaluate(call, child, effect.arguments), child);
    return {{Outcome::Kind::Returned, values.unknown("process"), state}};
  }
  Atom pid;
  pid.kind = AtomKind::ProcessId;
  ValueSet parent = values.join(values.single(std::move(pid)), values.literal(int64_t{-1}));
  return {{Outcome::Kind::Returned, parent, state},
          {Outcome::Kind::Returned, values.literal(int64_t{0}), child}};
}

void Interpreter::runsBeforeExec(ModelCall& call, const Effect& effect, const State& state) {
  ValueSet entry = evaluate(call, state, effect.entry);
  bool given = llvm::any_of(values.of(entry),
                            [&](const Alternative& a) { return !isNoneLiteral(values.atom(a.atom)); });
  if (!given) return;
  uint32_t side = recordFork(call, effect, state, state.variants);
  Fork& fork = forkRecords[side - 1].fork;
  fork.beforeExec = true;
  for (const Alternative& alternative : values.of(entry))
    if (const Atom& atom = values.atom(alternative.atom); atom.kind == AtomKind::External)
      if (!llvm::is_contained(fork.entries, atom.text)) fork.entries.push_back(atom.text);
  State child = state;
  child.side = side;
  states.endAll(child);
  runEntry(call, entry, Values::nothing, std::move(child));
}

void Interpreter::submits(ModelCall& call, const Effect& effect, const State& state) {
  for (const Alternative& alternative :
       std::vector<Alternative>(values.of(evaluate(call, state, effect.payload)))) {
    const Atom atom = values.atom(alternative.atom);
    if (atom.kind != AtomKind::Object) continue;
    // What is sent is the object, or what a container of arguments holds.
    std::vector<ObjectId> sent{atom.object};
    for (const auto& [where, value] : state.heap)
      if (placeNames[where].first == atom.object &&
          llvm::StringRef(placeNames[where].second).starts_with("[") && placeNames[where].second != "[]")
        for (const Alternative& inner : values.of(value))
          if (values.atom(inner.atom).kind == AtomKind::Object)
            sent.push_back(values.atom(inner.atom).object);
    for (ObjectId object : sent)
      if (objects[object].bytes)
        solution.transfers.push_back({call.model.name, pathTo(&call.frame, call.at), objects[object].made,
                                      objects[object].bytes, static_cast<uint64_t>(effect.copies),
                                      state.variants});
  }
}

void Interpreter::unsafeInChild(ModelCall& call, const Effect& effect, const State& state) {
  if (!state.side) return;
  std::vector<UnsafeCall>& known = forkRecords[state.side - 1].fork.unsafeCalls;
  Path path = pathTo(&call.frame, call.at);
  for (const UnsafeCall& other : known)
    if (other.model == call.model.name && other.path.back().position == path.back().position) return;
  known.push_back({call.model.name, effect.lock, effect.tier, std::move(path)});
}

/// Both sides of a fork leave a function, with values that do not tell the sides apart.
void Interpreter::noteBothReturn(const Frame& frame, Side before, const Outcomes& outcomes) {
  const Outcome* parent = nullptr;
  for (const Outcome& outcome : outcomes)
    if (outcome.state.side == before && outcome.kind == Outcome::Kind::Returned) parent = &outcome;
  if (!parent) return;
  auto constant = [&](ValueSet set) {
    return !values.of(set).empty() && llvm::all_of(values.of(set), [&](const Alternative& a) {
      AtomKind kind = values.atom(a.atom).kind;
      return kind == AtomKind::Literal || kind == AtomKind::ProcessId;
    });
  };
  auto overlap = [&](ValueSet left, ValueSet right) {
    return llvm::any_of(values.of(left), [&](const Alternative& a) {
      return llvm::any_of(values.of(right), [&](const Alternative& b) { return a.atom == b.atom; });
    });
  };
  for (const Outcome& child : outcomes) {
    if (child.state.side == before || child.state.side == 0) continue;
    bool byException = child.kind == Outcome::Kind::Raised;
    bool toldApart = constant(parent->value) && constant(child.value) && !overlap(parent->value, child.value);
    if (!byException && toldApart) continue;
    std::vector<BothReturn>& known = forkRecords[child.state.side - 1].fork.bothReturn;
    if (llvm::any_of(known,
                     [&](const BothReturn& other) { return other.function.function == frame.function; }))
      continue;
    known.push_back({{frame.function, frame.function->body->position}, frame.caller != nullptr, byException});
  }
}

/// Runs what a thread or child runs, for what it does; its state is its own.
void Interpreter::runEntry(const ModelCall& call, ValueSet entry, ValueSet given, State state) {
  Arguments arguments;
  for (const Alternative& alternative : values.of(given)) {
    const Atom& atom = values.atom(alternative.atom);
    if (atom.kind != AtomKind::Object) continue;
    for (size_t item = 0;; ++item) {
      ValueSet element = states.get(state, place(atom.object, "[" + std::to_string(item)));
      if (element == Values::nothing) break;
      arguments.positional.push_back(element);
    }
  }
  for (const Alternative& alternative : std::vector<Alternative>(values.of(entry)))
    for (const Outcome& outcome : callAtom(call.frame, call.at, call.id, alternative.atom, arguments, state))
      (void)outcome;
}

} // namespace forklint::solve
