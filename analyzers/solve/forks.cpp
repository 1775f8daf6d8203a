// Forks, threads, and what runs in them: sides, what is alive at a fork, deeds of children and threads.
#include "analyzers/solve/interpreter.h"

#include "llvm/ADT/STLExtras.h"

namespace forklint::solve {

using link::Effect;

std::map<std::string, ValueSet> ModelCall::ownKeywords() const {
  std::map<std::string, ValueSet> own = arguments;
  for (const std::string& parameter : model.parameters)
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
    arguments.keywords = call.ownKeywords();
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

/// Runs what a thread or child runs, for what it does; its state is its own. Gives one in which it may end,
/// if it is seen to.
std::optional<State> Interpreter::runEntry(const ModelCall& call, ValueSet entry, const Arguments& arguments,
                                           const State& state) {
  std::optional<State> end;
  for (const Alternative& alternative : values.of(entry))
    for (const Outcome& outcome : callAtom(call.site, alternative.atom, arguments, state)) {
      if (ObjectId generator = pendingOf(outcome.value)) // a coroutine, for a loop in the thread
        exhaust(&call.site.frame, call.site.at(), generator, outcome.state);
      else if (outcome.kind == Outcome::Kind::Returned && outcome.state.side == state.side)
        end = outcome.state;
    }
  return end;
}

void Interpreter::startsThread(ModelCall& call, const Effect& effect, State& state) {
  // An argument says where the thread that is made is to be known.
  bool isMade = llvm::StringRef(effect.subject).starts_with("arg.");
  ValueSet subject = effect.subject == "result" ? call.result
                     : isMade                   ? Values::nothing
                                                : evaluate(call, state, effect.subject);
  uint32_t begun = wayTo(call.site.frame, call.site.at());
  std::vector<Atom> started;
  for (const Alternative& alternative : values.of(subject))
    if (std::optional<Atom> thing = this->thing(alternative.atom)) started.push_back(*thing);
  if (started.empty()) {
    // Where nobody can name it, it lives for ever.
    ValueSet thread = fresh(call, call.model.name, "thread");
    started.push_back(values.atom(values.of(thread)[0].atom));
    renew(state, started[0].object);
    for (const Alternative& where : values.of(asGiven(call, state, effect.subject))) {
      const Atom& pointer = values.atom(where.atom);
      bool isAddress = pointer.kind == AtomKind::Address;
      if (isAddress || pointer.kind == AtomKind::Object)
        storeAt(state, isAddress ? pointer.object : place(pointer.object, "<self>"), thread, true);
    }
  }
  if (state.side) {
    std::vector<Hop>& starts = forkRecords[state.side - 1].fork.starts;
    if (Hop here{call.site.frame.function, call.site.at()}; !llvm::is_contained(starts, here))
      starts.push_back(here);
    noteRecord();
  }
  for (const Atom& thread : started) {
    begin(state, thread, begun);
    if (effect.entry.empty())
      threadDeed(thread.object, [&](Deeds& deeds) {
        effect.life == "harmless" ? void(deeds.harmless = true) : deeds.noteUnseen();
      });
  }
  if (effect.entry.empty()) return;
  // The entry starts with what was alive at its start, plus its starter.
  State inside = state;
  ObjectId starter = this->object(call.site.frame, call.site.id, "", "starter");
  threadDeed(starter, [](Deeds& deeds) { deeds.noteUnseen(); });
  states.begin(inside, starter, begun);
  for (const Atom& thread : started)
    states.end(inside, thread.object);
  inside.thread = started.front().object;
  inside.contexts = 0;
  ValueSet entry = evaluate(call, state, effect.entry);
  if (values.isUnknown(entry)) threadDeed(inside.thread, [](Deeds& deeds) { deeds.noteUnseen(); });
  if (std::optional<State> end = runEntry(call, entry, entryArguments(call, effect, state), inside)) {
    threadDeed(inside.thread, [](Deeds& deeds) { deeds.returns = true; });
    if (started.size() == 1) leaveWord(state, *end);
  }
}

/// For which variants `method` makes a fork, and for which a fresh interpreter: what it names, else the
/// global one, else the default.
Methods Interpreter::methodsOf(ValueSet method, const State& state) {
  auto given = [&](ValueSet set) {
    return llvm::any_of(values.of(set), [&](const Alternative& a) { return !isNone(values.atom(a.atom)); });
  };
  bool isGlobal = !given(method);
  if (isGlobal) method = states.get(state, globalPlace(startMethod));
  if (!given(method)) method = values.literal(facts::None{});
  Methods methods;
  for (const Alternative& alternative : values.of(method)) {
    const Atom& atom = values.atom(alternative.atom);
    Variants where = alternative.variants & state.variants;
    const Text* text = stringOf(atom);
    if (text) (*text == "fork" ? methods.forked : methods.spawned) |= where;
    if (text && *text == "forkserver") methods.served |= where;
    if (text && *text != "fork" && *text != "forkserver" && *text != "spawn") methods.otherName = *text;
    if (text && isGlobal)
      (*text == "fork"         ? methods.setGlobally.fork
       : *text == "forkserver" ? methods.setGlobally.forkserver
                               : methods.setGlobally.spawn) |= where;
    if (!text && !isNone(atom)) methods.unknown |= where;
    if (!isNone(atom)) continue;
    methods.served |= where & program.models().defaultStartMethod("forkserver");
    Variants forked = where & program.models().defaultStartMethod("fork");
    methods.forked |= forked;
    methods.spawned |= where & ~forked;
    methods.byDefault |= where;
  }
  return methods;
}

/// The start method of the whole program by its name, where nobody has set one that of the version.
ValueSet Interpreter::startMethodIn(const State& state) {
  std::vector<Alternative> named;
  for (const Alternative& set : values.of(states.get(state, globalPlace(startMethod)))) {
    if (!isNone(values.atom(set.atom))) {
      named.push_back(set);
      continue;
    }
    for (const char* method : {"fork", "forkserver", "spawn"})
      if (Variants those = set.variants & program.models().defaultStartMethod(method))
        named.push_back({values.of(values.literal(std::string(method)))[0].atom, those});
  }
  return values.set(std::move(named));
}

/// What a program has asked to be run at its forks.
State Interpreter::runHandlers(const ModelCall& call, State state, const char* when) {
  std::string name = std::string("<") + when + ">";
  for (const Alternative& handler : values.of(states.get(state, globalPlace(name))))
    for (const Outcome& outcome : callAtom(call.site, handler.atom, {}, state))
      if (outcome.kind == Outcome::Kind::Returned && outcome.state.side == state.side) {
        state = outcome.state;
        break;
      }
  return state;
}

/// A handler is judged where it is given: a library's forks are its users'.
void Interpreter::givesHandler(ModelCall& call, const Effect& effect, State& state) {
  PlaceId handlers = globalPlace("<" + effect.life + ">");
  ValueSet entry = evaluate(call, state, effect.entry);
  states.set(state, handlers, values.join(states.get(state, handlers), entry));
  noteHandlers(call, effect, entry, state);
  if (survey) return;
  for (const Alternative& one : values.of(entry)) {
    const Atom& atom = values.atom(one.atom);
    if (isNone(atom)) continue;
    const Atom& callee = atom.kind == AtomKind::Bound ? values.atom(atom.target) : atom;
    ForkHandler handler{{call.site.frame.function, call.site.at()}, effect.life, "", nullptr};
    if (callee.kind == AtomKind::External) handler.name = callee.text;
    if (callee.kind == AtomKind::Function) handler.function = callee.function;
    if (!llvm::is_contained(solution.handlers, handler)) solution.handlers.push_back(handler);
  }
  if (effect.life != "in child") return;
  State inside = state;
  inside.contexts |= bit(link::Context::AtFork);
  Path outer = std::exchange(handlerGiven, pathTo(&call.site.frame, call.site.at()));
  runEntry(call, entry, {}, inside);
  handlerGiven = std::move(outer);
}

/// The state in the child: nobody but the thread that forked lives there.
State Interpreter::childOf(State state, Side side) {
  state.side = side;
  state.thread = 0;
  state.contexts = 0;
  states.endAll(state);
  return state;
}

/// A server's own fork is what its entry point calls.
bool Interpreter::isServers(const ModelCall& call) const {
  return root->kind == facts::RootKind::Server && !call.site.frame.caller;
}

/// What nobody sees of a server's worker is its loop: there it runs what was registered for requests.
void Interpreter::serves(const Site& site, const State& state) {
  if (root->kind != facts::RootKind::Server || site.frame.caller || !state.side) return;
  for (const Alternative& work : values.of(states.get(state, globalPlace("<in request>"))))
    for (const Outcome& outcome : callAtom(site, work.atom, {}, state))
      if (ObjectId coroutine = pendingOf(outcome.value))
        exhaust(&site.frame, site.at(), coroutine, outcome.state);
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
  Methods methods{state.variants};
  if (!effect.method.empty()) methods = methodsOf(evaluate(call, state, effect.method), state);
  Outcome gone{Outcome::Kind::Returned, values.unknown("process"), state};
  if (isRehearsed || survey) return {gone};
  if (methods.spawned) spawns(call, effect, state, methods);
  if (methods.served) forksInServer(call, effect, state, methods);
  if (importsMain || !(methods.forked | methods.spawned)) return {gone};
  Path here = pathTo(&call.site.frame, call.site.at());
  if (comesRound(call, state, here)) return {};
  if (methods.forked) state = runHandlers(call, state, "before fork");
  if (isServers(call)) state = runHandlers(call, state, "before workers");
  uint32_t side = recordFork(call, effect, state, methods, here);
  if (!methods.forked) return {gone};
  State child = childOf(state, side);
  child.variants = methods.forked;
  child = runHandlers(call, child, "in child");
  if (isServers(call)) child = runHandlers(call, child, "in worker");
  state = runHandlers(call, state, "in parent");
  if (!effect.comesBack()) {
    ValueSet subject = effect.subject == "result" ? call.result : evaluate(call, state, effect.subject);
    for (ObjectId started : values.objectsIn(subject))
      states.set(state, place(started, "<side>"), values.literal(int64_t{side}));
    ForkRecord& record = forkRecords[side - 1];
    // Doubtful workers are those of another fork, where there are others.
    const bool isKept = child.doubtful && !record.fork.doubtful;
    if (!isKept) record.before = record.after = child;
    const Work begins =
        record.begins = {evaluate(call, child, effect.entry), entryArguments(call, effect, child)};
    auto others = std::exchange(forkRecords[side - 1].fills, {});
    Touched touched = touchedBy(child, [&] {
      State after = runEntry(call, begins.entry, begins.arguments, child).value_or(child);
      if (!isKept) forkRecords[side - 1].after = after;
    });
    keepFilled(state, side, std::move(others), subject);
    beginsAnew(call, child, side, begins, touched);
    // What the library does when such a child ends.
    if (!effect.lock.empty()) meets(call, child, effect.lock, /*isAtEnd=*/true);
    return {{Outcome::Kind::Returned, values.unknown("process"), state}};
  }
  ValueSet zero = values.literal(int64_t{0});
  // A fork that fails raises, or gives -1: there is no child then, and nothing says that it fails.
  State failed = state;
  failed.doubtful = true;
  states.put(state.parentOf, side, 0);
  Outcomes sides;
  if (effect.subject != "raises") {
    Atom error;
    error.kind = AtomKind::ForkError;
    error.object = side;
    sides.push_back({Outcome::Kind::Returned, values.single(error), failed});
  }
  if (effect.entry == "continues") { // the parent is gone
    sides.push_back({Outcome::Kind::Returned, zero, child});
    return sides;
  }
  Atom pid;
  pid.kind = AtomKind::ProcessId;
  pid.object = side;
  ValueSet parent = values.single(pid);
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
  if (isRehearsed || survey) return;
  ValueSet entry = evaluate(call, state, effect.entry);
  // A parameter that is handed on may be nothing: its callers are judged.
  bool isGiven = llvm::any_of(values.of(entry), [&](const Alternative& a) {
    const Atom& atom = values.atom(a.atom);
    return !isNone(atom) && atom.kind != AtomKind::Unknown;
  });
  if (!isGiven) return;
  std::vector<Alternative> functions = values.of(entry).vec();
  std::erase_if(functions, [&](const Alternative& one) { return isNone(values.atom(one.atom)); });
  entry = values.set(std::move(functions));
  Variants given = 0;
  for (const Alternative& run : values.of(entry))
    given |= run.variants & state.variants;
  uint32_t side = recordFork(call, effect, state, {given}, pathTo(&call.site.frame, call.site.at()));
  Fork& fork = forkRecords[side - 1].fork;
  fork.beforeExec = true;
  for (const Alternative& run : values.of(entry))
    fork.runsBeforeExec.insert(values.atom(run.atom).kind == AtomKind::External ? values.atom(run.atom).text
                                                                                : "");
  runEntry(call, entry, {}, childOf(state, side));
}

void Interpreter::unsafeInChild(ModelCall& call, const Effect& effect, const State& state) {
  if (state.thread && !state.side)
    threadDeed(state.thread, [&](Deeds& deeds) { deeds.take(effect.lock, {heldIn(state)}); });
  if (!state.side) return;
  // What a child has to make new is no affair of one that has failed to exec or may have done so, nor of one
  // that was made by who does it: the interpreter's own forks do.
  bool isRenewable = !program.models().renewerOf(effect.lock).empty();
  bool isOpen = state.doubtful || state.pastExec ||
                (!effect.when.empty() && !isSurelyIn(call, state, effect.subject, effect.when));
  if (isRenewable && isOpen) return;
  Path path = pathTo(&call.site.frame, call.site.at());
  bool isPromised = (state.contexts & bit(link::Context::Promised)) != 0;
  if (judged && (state.doubtful || isPromised)) return;
  // A child of the child has inherited the same.
  for (Side side = state.side; side; side = forkRecords[side - 1].parent) {
    if (isRenewable && (forkRecords[side - 1].fork.python || forkRecords[side - 1].fork.sharesMemory()))
      return;
    std::vector<UnsafeCall>& known = forkRecords[side - 1].fork.unsafeCalls;
    auto same = llvm::find_if(known, [&](const UnsafeCall& other) {
      return other.model == call.model.name && other.path.back().position == path.back().position;
    });
    if (same == known.end()) {
      known.push_back({call.model.name, effect.lock, path, isPromised, state.doubtful});
      continue;
    }
    same->isPromised &= isPromised;
    if (!same->doubtful || state.doubtful) continue;
    same->doubtful = false;
    same->path = path;
  }
}

} // namespace forklint::solve
