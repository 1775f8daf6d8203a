// Forks, threads, and what runs in them: sides, what is alive at a fork, deeds of children and threads.
#include "analyzers/solve/interpreter.h"

#include "llvm/ADT/STLExtras.h"

namespace forklint::solve {

using link::Effect;

/// The keywords that the row does not name.
std::map<std::string, ValueSet> Interpreter::ownKeywords(const ModelCall& call) {
  std::map<std::string, ValueSet> own = call.arguments;
  for (const std::string& parameter : call.model.parameters)
    own.erase(parameter);
  return own;
}

/// The arguments of what a thread, a child or a callback runs: a container of them, one value, or the rest of
/// the call's own.
Arguments Interpreter::entryArguments(const ModelCall& call, const Effect& effect, const State& state) {
  Arguments arguments;
  if (effect.arguments.empty()) return arguments;
  if (effect.arguments == "rest") {
    arguments.positional = call.rest;
    arguments.keywords = ownKeywords(call);
    return arguments;
  }
  if (llvm::StringRef path(effect.arguments); path.consume_front("elements ")) {
    arguments.positional.push_back(values.each(elements(state, evaluate(call, state, path))));
    return arguments;
  }
  ValueSet given = evaluate(call, state, effect.arguments);
  if (values.of(given).size() == 1) {
    const Atom& atom = values.atom(values.of(given)[0].atom);
    if (isContainer(atom)) {
      arguments.positional = items(state, atom.object);
      return arguments;
    }
  }
  // In C the one argument of an entry is passed as it is, not what it points to.
  llvm::StringRef name(effect.arguments);
  if (name.consume_front("arg."))
    if (auto raw = call.arguments.find(name.str()); raw != call.arguments.end())
      arguments.positional.push_back(raw->second);
  return arguments;
}

/// Runs what a thread or child runs, for what it does; its state is its own.
void Interpreter::runEntry(const ModelCall& call, ValueSet entry, const Arguments& arguments, State state) {
  for (const Alternative& alternative : std::vector<Alternative>(values.of(entry)))
    for (const Outcome& outcome : callAtom(call.site, alternative.atom, arguments, state))
      if (ObjectId generator = pendingOf(outcome.value)) // a coroutine, for a loop in the thread
        exhaust(&call.site.frame, call.site.at(), generator, outcome.state);
}

void Interpreter::startsThread(ModelCall& call, const Effect& effect, State& state) {
  // An argument says where the thread that is made is to be known.
  bool isMade = llvm::StringRef(effect.subject).starts_with("arg.");
  ValueSet subject = effect.subject == "result" ? call.result
                     : isMade                   ? Values::nothing
                                                : evaluate(call, state, effect.subject);
  uint32_t begun = witnesses.number(pathTo(&call.site.frame, call.site.at()));
  std::vector<Atom> started;
  for (const Alternative& alternative : values.of(subject))
    if (const Atom& atom = values.atom(alternative.atom); atom.kind == AtomKind::Object)
      started.push_back(atom);
  if (started.empty()) {
    // Where nobody can name it, it lives for ever.
    ValueSet thread = fresh(call, call.model.name, "thread");
    started.push_back(values.atom(values.of(thread)[0].atom));
    renew(state, started[0].object);
    for (const Alternative& where :
         std::vector<Alternative>(values.of(asGiven(call, state, effect.subject)))) {
      const Atom& pointer = values.atom(where.atom);
      bool isAddress = pointer.kind == AtomKind::Address;
      if (isAddress || pointer.kind == AtomKind::Object)
        storeAt(state, isAddress ? pointer.object : place(pointer.object, "<self>"), thread, true);
    }
  }
  for (const Atom& thread : started) {
    begin(state, thread, begun);
    if (effect.entry.empty())
      threadDeed(thread.object,
                 [&](Deeds& deeds) { (effect.life == "harmless" ? deeds.harmless : deeds.unseen) = true; });
  }
  if (effect.entry.empty()) return;
  // The entry starts with what was alive at its start, plus its starter.
  State inside = state;
  ObjectId starter = this->object(call.site.frame, call.site.id, "", "starter");
  threadDeed(starter, [](Deeds& deeds) { deeds.unseen = true; });
  states.begin(inside, starter, begun);
  for (const Atom& thread : started)
    states.end(inside, thread.object);
  inside.thread = started.front().object;
  ValueSet entry = evaluate(call, state, effect.entry);
  if (values.isUnknown(entry)) threadDeed(inside.thread, [](Deeds& deeds) { deeds.unseen = true; });
  runEntry(call, entry, entryArguments(call, effect, state), inside);
}

/// For which variants the method is fork: what the object carries, else the global one, else the default.
Variants Interpreter::forkVariants(const ModelCall& call, const Effect& effect, const State& state) {
  if (effect.method.empty()) return state.variants;
  auto given = [&](ValueSet set) {
    return llvm::any_of(values.of(set), [&](const Alternative& a) { return !isNone(values.atom(a.atom)); });
  };
  ValueSet method = evaluate(call, state, effect.method);
  if (!given(method)) method = states.get(state, globalPlace("<start-method>"));
  if (!given(method)) return state.variants & program.models().defaultStartMethod("fork");
  Variants forks = 0;
  for (const Alternative& alternative : values.of(method)) {
    const Atom& atom = values.atom(alternative.atom);
    if (const std::string* text = stringOf(atom); text && *text == "fork") forks |= alternative.variants;
    if (isNone(atom)) forks |= alternative.variants & program.models().defaultStartMethod("fork");
  }
  return state.variants & forks;
}

/// What a program has asked to be run at its forks.
State Interpreter::runHandlers(const ModelCall& call, State state, const char* when) {
  std::string name = std::string("<") + when + ">";
  for (const Alternative& handler : std::vector<Alternative>(values.of(states.get(state, globalPlace(name)))))
    for (const Outcome& outcome : callAtom(call.site, handler.atom, {}, state))
      if (outcome.kind == Outcome::Kind::Returned && outcome.state.side == state.side) {
        state = outcome.state;
        break;
      }
  return state;
}

/// The state in the child: nobody but the thread that forked lives there.
State Interpreter::childOf(State state, Side side) {
  state.side = side;
  state.thread = 0;
  states.endAll(state);
  return state;
}

uint32_t Interpreter::recordFork(const ModelCall& call, const Effect& effect, const State& state,
                                 Variants variants, const Path& here) {
  noteRecord();
  auto [slot, fresh] = forkIds.try_emplace(
      {call.site.frame.function, call.site.id, state.side, call.model.name + effect.given},
      static_cast<uint32_t>(forkRecords.size() + 1));
  if (fresh) {
    ForkRecord record;
    record.fork.primitive = effect.primitive;
    record.fork.model = call.model.name;
    record.fork.path = here;
    record.fork.call = &call.site.instruction;
    record.fork.python = call.site.frame.function->unit->language == "python";
    record.fork.root = root->symbol;
    record.fork.doubtful = true;
    record.made = here;
    record.parent = state.side;
    forkRecords.push_back(std::move(record));
  }
  uint32_t side = slot->second;
  ForkRecord& record = forkRecords[side - 1];
  record.fork.variants |= variants;
  if (record.fork.doubtful && !state.doubtful) record.fork.path = here;
  record.fork.doubtful &= state.doubtful;
  states.allAlive(state).forEach([&](ObjectId living, uint32_t begun) {
    ObjectId object = objects[living].newest ? objects[living].newest : living; // one of a place is told
    // What one call may start, a thread or a process, it decides once: in a loop the two never meet.
    const Hop& start = witnesses[begun].back();
    if (start.function == call.site.frame.function && start.position == call.site.at() &&
        !llvm::StringRef(call.model.name).starts_with(modelOf(object)))
      return;
    bool doubtful = state.doubtful || mayHaveEnded(state, living);
    auto [known, first] = record.alive.try_emplace(object, record.fork.alive.size());
    if (!first) {
      record.fork.alive[known->second].doubtful &= doubtful;
      return;
    }
    // The path that shows the hazard is the one to tell.
    if (record.fork.alive.empty()) record.fork.path = here;
    std::string model = modelOf(object);
    record.fork.alive.push_back(
        {model.empty() ? "starter" : "thread", model, witnesses[begun], objects[object].made, doubtful, {}});
  });
  states.allHeld(state).forEach([&](PlaceId lock, uint32_t acquired) {
    if (record.held.insert(lock).second)
      record.fork.held.push_back({modelOf(ownerOf(lock)), witnesses[acquired]});
  });
  return side;
}

/// Is this a child that has come round, on the very same way, to the fork that made it? It is not followed
/// further.
bool Interpreter::comesRound(const ModelCall& call, const State& state, const Path& here) {
  for (Side side = state.side; side; side = forkRecords[side - 1].parent) {
    ForkRecord& record = forkRecords[side - 1];
    if (record.made != here) continue;
    // It may mean to, or a call that could not be followed never comes back; after a failed exec it does not.
    bool doubtful = state.doubtful || !state.pastExec;
    Hop hop{call.site.frame.function, call.site.at()};
    if (!llvm::any_of(record.fork.bothReturn, [](const BothReturn& both) { return both.loops; }))
      record.fork.bothReturn.push_back(
          {.function = hop, .knownCaller = true, .doubtful = doubtful, .loops = true});
    return true;
  }
  return false;
}

Outcomes Interpreter::forks(ModelCall& call, const Effect& effect, State state) {
  Variants variants = forkVariants(call, effect, state);
  if (!variants) return {{Outcome::Kind::Returned, values.unknown("process"), state}};
  Path here = pathTo(&call.site.frame, call.site.at());
  state = runHandlers(call, state, "before fork");
  if (comesRound(call, state, here)) return {};
  uint32_t side = recordFork(call, effect, state, variants, here);
  State child = childOf(state, side);
  child.variants = variants;
  child = runHandlers(call, child, "in child");
  state = runHandlers(call, state, "in parent");
  if (!effect.comesBack()) {
    ValueSet subject = effect.subject == "result" ? call.result : evaluate(call, state, effect.subject);
    for (const Alternative& alternative : std::vector<Alternative>(values.of(subject)))
      if (values.atom(alternative.atom).kind == AtomKind::Object)
        states.set(state, place(values.atom(alternative.atom).object, "<side>"),
                   values.literal(int64_t{side}));
    // What the library does when such a child ends.
    if (!effect.lock.empty()) deed(child, [&](Deeds& deeds) { deeds.meets.insert(effect.lock); });
    runEntry(call, evaluate(call, child, effect.entry), entryArguments(call, effect, child), child);
    return {{Outcome::Kind::Returned, values.unknown("process"), state}};
  }
  ValueSet zero = values.literal(int64_t{0});
  // A fork that fails raises, or gives -1: there is no child then, and nothing says that it fails.
  State failed = state;
  failed.doubtful = true;
  states.put(state.parentOf, side, 0);
  Outcomes sides;
  if (effect.subject != "raises")
    sides.push_back({Outcome::Kind::Returned, values.literal(int64_t{-1}), failed});
  if (effect.entry == "continues") { // the parent is gone
    sides.push_back({Outcome::Kind::Returned, zero, child});
    return sides;
  }
  Atom pid;
  pid.kind = AtomKind::ProcessId;
  pid.object = side;
  ValueSet parent = values.single(std::move(pid));
  if (effect.life == "pair") { // of the process id and something else
    auto pair = [&](State& of, ValueSet first, const char* role) {
      ValueSet made = fresh(call, "container.tuple", role);
      ObjectId tuple = values.atom(values.of(made)[0].atom).object;
      states.set(of, place(tuple, "[0"), first);
      states.set(of, place(tuple, "[1"), values.unknown("descriptor"));
      states.set(of, place(tuple, "[]"), values.unknown("element"));
      return made;
    };
    parent = pair(state, parent, "parent");
    zero = pair(child, zero, "child");
  }
  sides.push_back({Outcome::Kind::Returned, parent, state});
  sides.push_back({Outcome::Kind::Returned, zero, child});
  return sides;
}

void Interpreter::runsBeforeExec(ModelCall& call, const Effect& effect, const State& state) {
  ValueSet entry = evaluate(call, state, effect.entry);
  // A parameter that is handed on may be nothing: its callers are judged.
  bool given = llvm::any_of(values.of(entry), [&](const Alternative& a) {
    const Atom& atom = values.atom(a.atom);
    return !isNone(atom) && atom.kind != AtomKind::Unknown;
  });
  if (!given) return;
  uint32_t side = recordFork(call, effect, state, state.variants, pathTo(&call.site.frame, call.site.at()));
  forkRecords[side - 1].fork.beforeExec = true;
  runEntry(call, entry, {}, childOf(state, side));
}

/// What is sent is an object, and what a container of arguments holds, or one of several such.
void Interpreter::addSent(const State& state, ObjectId object, std::set<ObjectId>& sent) {
  constexpr size_t mostSent = 64;
  if (sent.size() > mostSent || !sent.insert(object).second) return;
  for (PlaceId field : std::vector<PlaceId>(fieldsOf(object)))
    if (nameOf(field).starts_with("["))
      for (const Alternative& inner : values.of(states.get(state, field)))
        if (const Atom& atom = values.atom(inner.atom); atom.kind == AtomKind::Object)
          addSent(state, atom.object, sent);
}

/// A task: it runs in the children of the pool's own fork, and what it is given is sent.
void Interpreter::submits(ModelCall& call, const Effect& effect, const State& state) {
  for (ObjectId pool : objectsAt(call, state, effect.subject))
    for (const Alternative& alternative :
         std::vector<Alternative>(values.of(states.get(state, place(pool, "<side>"))))) {
      auto side = static_cast<Side>(integerOf(values.atom(alternative.atom)).value_or(0));
      runEntry(call, evaluate(call, state, effect.entry), entryArguments(call, effect, state),
               childOf(state, side));
    }
  if (effect.payload.empty()) return;
  noteRecord();
  std::set<ObjectId> sent;
  for (ObjectId object : objectsAt(call, state, effect.payload))
    addSent(state, object, sent);
  // Of the rest the path gives the first; keywords of the call's own are sent with it.
  if (effect.payload == "rest") {
    std::vector<ValueSet> own = call.rest;
    llvm::append_range(own, llvm::make_second_range(ownKeywords(call)));
    for (ValueSet given : own)
      for (const Alternative& alternative : values.of(dereference(state, given)))
        if (const Atom& atom = values.atom(alternative.atom); atom.kind == AtomKind::Object)
          addSent(state, atom.object, sent);
  }
  for (ObjectId object : sent)
    if (objects[object].bytes)
      solution.transfers.push_back({call.model.name, pathTo(&call.site.frame, call.site.at()),
                                    objects[object].made, objects[object].bytes,
                                    static_cast<uint64_t>(effect.copies), state.variants});
}

void Interpreter::unsafeInChild(ModelCall& call, const Effect& effect, const State& state) {
  if (!state.side) return;
  Path path = pathTo(&call.site.frame, call.site.at());
  // A child of the child has inherited the same.
  for (Side side = state.side; side; side = forkRecords[side - 1].parent) {
    std::vector<UnsafeCall>& known = forkRecords[side - 1].fork.unsafeCalls;
    bool isKnown = llvm::any_of(known, [&](const UnsafeCall& other) {
      return other.model == call.model.name && other.path.back().position == path.back().position;
    });
    if (!isKnown) known.push_back({call.model.name, effect.lock, path});
  }
}

/// The result of a fork is stored where it is not found again: what tests it later does not tell the sides
/// apart.
void Interpreter::loseProcessId(ValueSet stored) {
  for (const Alternative& alternative : values.of(stored))
    if (const Atom& atom = values.atom(alternative.atom); atom.kind == AtomKind::ProcessId)
      forkRecords[atom.object - 1].resultLost = true;
}

/// Is the fork's result in a place that outlives the function, where a caller can test it?
bool Interpreter::isResultKept(const Frame& frame, const State& parent, Side side) {
  bool kept = false;
  parent.heap.forEach([&](PlaceId place, ValueSet value) {
    for (const Alternative& alternative : values.of(value)) {
      const Atom& atom = values.atom(alternative.atom);
      kept |= atom.kind == AtomKind::ProcessId && atom.object == side && ownerOf(place) != localsOf(frame);
    }
  });
  return kept;
}

/// Both sides of a fork leave a function, with values that do not tell the sides apart.
void Interpreter::noteBothReturn(const Frame& frame, Side before, Outcomes& outcomes) {
  const Outcome* parent = nullptr;
  for (const Outcome& outcome : outcomes)
    if (outcome.state.side == before && outcome.kind == Outcome::Kind::Returned &&
        (!parent || parent->state.doubtful))
      parent = &outcome;
  if (!parent) return;
  auto overlap = [&](ValueSet left, ValueSet right) {
    return llvm::any_of(values.of(left), [&](const Alternative& a) {
      return llvm::any_of(values.of(right), [&](const Alternative& b) { return a.atom == b.atom; });
    });
  };
  for (Outcome& child : outcomes) {
    if (child.state.side == before || child.state.side == 0 || child.kind == Outcome::Kind::Yielded) continue;
    // What returns without having passed the fork is not its parent.
    if (!parent->state.parentOf.contains(child.state.side)) continue;
    bool byException = child.kind == Outcome::Kind::Raised;
    bool known = !values.isUnknown(parent->value) && !values.isUnknown(child.value);
    if (!byException && known && !overlap(parent->value, child.value)) continue;
    std::vector<BothReturn>& noted = forkRecords[child.state.side - 1].fork.bothReturn;
    if (forkRecords[child.state.side - 1].resultLost) continue;
    bool doubtful = child.state.doubtful || parent->state.doubtful || (!byException && !known);
    auto same = llvm::find_if(
        noted, [&](const BothReturn& other) { return other.function.function == frame.function; });
    // A caller that returns too has gone on, if not for another reason. One that the exception leaves has
    // not.
    for (BothReturn& inner : noted)
      inner.knownCaller |= !byException && inner.function.function != frame.function &&
                           (!inner.byException || child.state.isPastRaise);
    child.state.isPastRaise |= byException;
    // Out of `main` there is nobody to come back to.
    if (!frame.caller && root->kind == facts::RootKind::Main) continue;
    if (same != noted.end()) {
      same->doubtful &= doubtful;
      continue;
    }
    BothReturn both{{frame.function, frame.function->body->position}};
    both.byException = byException;
    both.afterExec = child.state.pastExec;
    both.kept = isResultKept(frame, parent->state, child.state.side);
    both.doubtful = doubtful;
    noted.push_back(both);
  }
}

/// The child does something after it has come back out of a function, in one that called it. Behind an
/// exception that may be a clean-up, behind a test of what was kept it may be the child's own work.
void Interpreter::goesOn(const Site& site, const State& state) {
  if (!state.side) return;
  for (BothReturn& noted : forkRecords[state.side - 1].fork.bothReturn) {
    if (noted.byException || noted.kept) continue;
    bool inside = false;
    for (const Frame* frame = &site.frame; frame; frame = frame->caller)
      inside |= frame->function == noted.function.function;
    noted.knownCaller |= !inside;
  }
}

} // namespace forklint::solve
