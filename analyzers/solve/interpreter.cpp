// Calls of functions: arguments are bound, the body is run, the answer is remembered.
#include "analyzers/solve/interpreter.h"

#include "llvm/ADT/STLExtras.h"

namespace forklint::solve {

namespace {
constexpr unsigned deepest = 60, deepestContainer = 2;

} // namespace

Interpreter::Interpreter(const link::Program& program, Questions asked)
    : Memory(program), asked(asked), setters(program), memo(states, witnesses, threadDeeds),
      budget(program.length(), program.roots().size() + program.libraries().size()) {
  stores.update();
  if (llvm::any_of(program.units(), [](const facts::UnitFacts& unit) { return unit.language != "python"; }))
    images.emplace(program);
}

/// A body is read when it is first run; what it stores is counted before.
void Interpreter::read(const link::FunctionInfo& function) {
  program.read(function, link::Asked::Entered);
  stores.update();
}

bool Interpreter::spend() {
  budget.spend(1);
  if (!budget.isSpent()) return true;
  noteRecord();
  if (budget.meetBound()) cut();
  return false;
}

/// At the bound on work: the innermost call that took most of it ends, and its function is not entered again
/// by any root. Where the work is spread over many calls, the root ends.
void Interpreter::cut() {
  if (isRehearsed || survey) return;
  for (size_t i = active.size(); i-- > 0;)
    if (budget.isMost(active[i].since)) {
      cutActivation = i;
      tooLong.insert(active[i].function);
      solution.cutFunctions.push_back(active[i].function);
      return;
    }
  solution.cutRoots.push_back(root);
}

uint32_t Interpreter::wayTo(const Frame& frame, const facts::Position& at) {
  if (!frame.way && frame.caller) frame.way = wayTo(*frame.caller, frame.at);
  return witnesses.extend(frame.way, {frame.function, at});
}

Path Interpreter::pathTo(const Frame* frame, const facts::Position& at) {
  return frame ? witnesses[wayTo(*frame, at)] : Path();
}

/// Is one surely true and the other surely false?
bool Interpreter::areToldApart(ValueSet one, ValueSet other) const {
  auto truthOf = [&](ValueSet given) {
    std::optional<bool> all;
    for (const Alternative& each : values.of(given)) {
      std::optional<bool> truth = decide(values.atom(each.atom), facts::Relation::Truthy, {});
      if (!truth || (all && *all != *truth)) return std::optional<bool>();
      all = truth;
    }
    return all;
  };
  std::optional<bool> first = truthOf(one), second = truthOf(other);
  return first && second && *first != *second;
}

/// Ways out of the same kind and side are one, but where the result tells the caller which of them it was and
/// other things are alive or held: a function that starts threads, or takes a lock, and says whether it has.
/// A doubtful one with nothing else alive or held than the certain one adds nothing to it.
void Interpreter::merge(Outcomes& outcomes, const Outcome& outcome) {
  for (Outcome& known : outcomes) {
    if (known.kind != outcome.kind || known.state.side != outcome.state.side ||
        known.resume != outcome.resume || known.state.decided != outcome.state.decided)
      continue;
    bool adds = known.state.parentOf != outcome.state.parentOf || !known.state.sameLives(outcome.state);
    if (known.state.doubtful != outcome.state.doubtful && adds) continue;
    if (!known.state.sameLives(outcome.state) && areToldApart(known.value, outcome.value)) continue;
    known.value = values.join(known.value, outcome.value);
    known.state = states.join(known.state, outcome.state);
    return;
  }
  outcomes.push_back(outcome);
}

/// In a child or a thread all counts: what it does decides how bad it is. So does what runs in each child, or
/// behind a signal, which may say that a child has ended. In doubt only what leads to a fork counts: all that
/// could be told there is a note.
bool Interpreter::counts(const link::FunctionInfo& callee, const State& state) const {
  constexpr link::Contexts inHandler =
      bit(link::Context::AtFork) | bit(link::Context::BeforeFork) | bit(link::Context::SignalHandler);
  // Of a unit whose locks are asked for its own functions say all.
  if (survey && state.thread) return callee.unit == survey;
  if (state.thread || (state.contexts & inHandler)) return true;
  if (state.side) return !isQuietChild(state) || program.isInCone(callee);
  return state.doubtful ? callee.leadsToFork : program.isInCone(callee);
}

/// A child that is a program of its own, all its parents too: what it may do is what any program may.
bool Interpreter::isQuietChild(const State& state) const {
  for (Side side = state.side; side; side = forkRecords[side - 1].parent)
    if (!forkRecords[side - 1].isQuiet()) return false;
  return state.side;
}

/// Is it a fork's result, or a function that leads to a fork?
bool Interpreter::leadsToFork(ValueSet given) const {
  return llvm::any_of(values.of(given), [&](const Alternative& one) {
    const Atom& atom = values.atom(one.atom);
    const Atom& target = atom.kind == AtomKind::Bound ? values.atom(atom.target) : atom;
    return atom.kind == AtomKind::ProcessId || atom.kind == AtomKind::ForkError ||
           (target.kind == AtomKind::Function && target.function->leadsToFork);
  });
}

/// Is it such a thing, or a container that holds one?
bool Interpreter::hasLife(const State& state, ValueSet given, unsigned depth) {
  return mayLive(given) || llvm::any_of(values.of(given), [&](const Alternative& one) {
           const Atom& atom = values.atom(one.atom);
           return atom.kind == AtomKind::Object && depth < deepestContainer && isContainer(atom) &&
                  llvm::any_of(
                      List<PlaceId>(fieldsOf(atom.object)),
                      [&](PlaceId element) { return hasLife(state, states.get(state, element), depth + 1); });
         });
}

/// A function outside the cone is entered for what it is given.
bool Interpreter::isEnteredFor(const link::FunctionInfo& callee, const State& state,
                               const Arguments& arguments) {
  auto any = [&](auto counts) {
    return counts(arguments.self) || llvm::any_of(arguments.positional, counts) ||
           llvm::any_of(llvm::make_second_range(arguments.keywords), counts);
  };
  auto isPipe = [&](ValueSet given) {
    return llvm::any_of(values.objectsIn(given),
                        [&](ObjectId each) { return objects[each].model.ref() == endOfPipe; });
  };
  return any([&](ValueSet given) { return leadsToFork(given) || isPipe(given); }) ||
         (any([&](ValueSet given) { return hasLife(state, given); }) && program.mayConcern(callee));
}

Outcomes Interpreter::callFunction(const link::FunctionInfo& callee, const Arguments& arguments,
                                   ObjectId closure, State state, const Frame* caller,
                                   const facts::Position& at) {
  if (callee.isPromised && &callee != judged && isJudgedByItself(state))
    return callPromised(callee, arguments, closure, std::move(state), caller, at);
  unsigned depth = caller ? caller->depth + 1 : 0;
  if (!counts(callee, state) && !isEnteredFor(callee, state, arguments) &&
      !(asked.lostGlobals && setters.sets(callee))) {
    const List<facts::Parameter>& declared = callee.body->parameters;
    size_t first = !declared.empty() && declared[0].name == "this" ? 1 : 0;
    for (size_t i = 0; endsVariables(callee) && i < arguments.positional.size(); ++i)
      if (i + first < declared.size() && !declared[i + first].type.ref().starts_with("const "))
        mayStoreThrough(state, arguments.positional[i]);
    return {{Outcome::Kind::Returned, values.unknown("given by a function that leads to no effect"), state}};
  }
  // Where little of the bound is left, what is far from any fork of a program in C or C++ is not entered.
  // In a child or a thread all counts. Whoever calls what ends the program does not go on: that is entered.
  bool isFar = callee.unit->language != "python" && callee.callsToFork > budget.farthest() && !state.side &&
               !state.thread && !state.contexts;
  if (isFar && !neverReturns(callee) && !isEnteredFor(callee, state, arguments)) {
    noteRecord();
    deed(state, [&](Deeds& deeds) { deeds.noteUnseen(heldIn(state)); });
    return {{Outcome::Kind::Returned, values.unknown("bound"), state}};
  }
  log.entered.insert(&callee);
  if (caller) log.calls.insert({caller->function, &callee});
  if (depth > deepest || tooLong.contains(&callee) || tooDeep(callee) || !spend()) {
    if (depth > deepest) noteRecord();
    deed(state, [&](Deeds& deeds) { deeds.noteUnseen(heldIn(state)); });
    return leftOut(callee, state);
  }
  Frame frame{&callee, caller, at, {}, {}, closure, depth};
  frame.parameters = bind(frame, arguments, state);

  MemoKey key = keyOf(&callee, state);
  key.push_back(closure);
  llvm::append_range(key, frame.parameters);
  MemoKey here = key; // the answer for this call site alone
  here.push_back(uint64_t(at.file) << 32 | at.line);
  here.push_back(at.column);
  here.push_back(caller ? reinterpret_cast<uintptr_t>(caller->function) : 0);
  auto way = [&] { return pathTo(caller, at); };
  if (std::optional<Outcomes> known = memo.find(here, state, way)) return *known;
  Often* often = runsOf(callee, state);
  bool isKnown = often && often->isEnough() && !isEnteredFor(callee, state, arguments);
  return answer(std::move(key), state, way, [&](MemoKey& rememberedAs) {
    if (isKnown) return asOften(callee, *often, frame.parameters, state);
    uint64_t begun = budget.spent();
    ++running[&callee];
    active.push_back({&callee, budget.spent()});
    for (size_t i = 0; i < callee.body->captures.size(); ++i)
      frame.captures.push_back(states.get(state, place(closure, "capture:" + std::to_string(i))));
    Outcomes outcomes = runBody(frame, state);
    noteBothReturn(frame, state.side, outcomes);
    leave(callee);
    for (Outcome& outcome : outcomes)
      drop(frame, state, outcome);
    if (endsVariables(callee) && !running[&callee])
      for (Outcome& outcome : outcomes)
        forget(outcome.state, localsOf(frame));
    endActivation(callee, state, outcomes);
    summarise(callee, state, outcomes);
    if (often) noteRun(*often, budget.spent() - std::min(begun, budget.spent()), state, outcomes);
    if (frame.makesObjects) rememberedAs = std::move(here);
    return outcomes;
  });
}

/// The way on behind a call that the bound leaves out.
Outcomes Interpreter::leftOut(const link::FunctionInfo& callee, const State& state) {
  if (neverReturns(callee)) return {};
  return {{Outcome::Kind::Returned, values.unknown("bound"), state}};
}

/// Where the bound on work has ended this call, its caller goes on with an unknown result.
void Interpreter::endActivation(const link::FunctionInfo& callee, const State& entry, Outcomes& outcomes) {
  uint64_t since = active.pop_back_val().since;
  if (cutActivation != active.size()) return;
  cutActivation.reset();
  budget.giveBack(since);
  for (const Outcome& end : leftOut(callee, entry))
    merge(outcomes, end);
}

void Interpreter::summarise(const link::FunctionInfo& callee, const State& entry, const Outcomes& outcomes) {
  Summary& summary = log.summaries[&callee];
  ++summary.answers;
  for (const Outcome& outcome : outcomes) {
    summary.returns |= outcome.kind == Outcome::Kind::Returned;
    summary.raises |= outcome.kind == Outcome::Kind::Raised;
    summary.yields |= outcome.kind == Outcome::Kind::Yielded;
    summary.forks |= outcome.state.side != entry.side;
    if (outcome.state.side != entry.side) continue;
    outcome.state.alive.forEach(
        [&](ObjectId object, uint32_t) { summary.begins |= !entry.alive.contains(object); });
    entry.alive.forEach(
        [&](ObjectId object, uint32_t) { summary.ends |= !outcome.state.alive.contains(object); });
  }
  summary.cut |= !states.touched->recursions.empty();
}

/// Where the main module is imported, processes are not started: that is another answer.
MemoKey Interpreter::keyOf(const void* callee, const State& state) const {
  return {reinterpret_cast<uintptr_t>(callee),
          state.side,
          state.thread,
          state.contexts,
          uint64_t{state.doubtful} | uint64_t{state.isPastRaise} << 1,
          state.variants,
          uint64_t{importsMain} | uint64_t{isFromServer} << 1 | uint64_t{isRehearsed} << 2 |
              uint64_t{survey != nullptr} << 3 | uint64_t{isQuietChild(state)} << 4};
}

/// A recursion goes no deeper than this. What that made of an answer depends on who is active.
bool Interpreter::tooDeep(const link::FunctionInfo& callee) {
  auto active = running.find(&callee);
  if (active == running.end() || active->second < activations) return false;
  if (states.touched) states.touched->recursions.insert(&callee);
  return true;
}

/// Behind its outermost activation the answer depends on it no more.
void Interpreter::leave(const link::FunctionInfo& callee) {
  if (--running[&callee] == 0 && states.touched) states.touched->recursions.erase(&callee);
}

/// What `*rest` or `**more` holds: elements under their index or their keyword.
ValueSet Interpreter::gathered(const Frame& frame, const char* kind,
                               const std::vector<std::pair<std::string, ValueSet>>& given, State& state) {
  // What holds nothing is the same for all calls, so that their answers stay one.
  Frame anywhere{frame.function, nullptr, {}, {}, {}, 0, 0};
  ObjectId container = object(given.empty() ? anywhere : frame, UINT32_MAX - 3,
                              std::string("container.") + kind, given.empty() ? "nothing" : "gathered");
  clear(state, container);
  ValueSet every = Values::nothing;
  for (const auto& [key, value] : given) {
    states.set(state, place(container, "[" + key), value);
    every = values.join(every, value);
  }
  states.set(state, place(container, "[]"), every);
  return values.object(container);
}

/// Who calls from outside may give something where the default leaves it open.
ValueSet Interpreter::defaultOf(const Frame& frame, const facts::Parameter& parameter, const State& state) {
  ValueSet usual = states.get(state, place(frame.closure, "default:" + parameter.name));
  bool isFromOutside = !frame.caller || frame.caller->isOutside;
  if (!isFromOutside || !values.isLeftOpen(usual)) return usual;
  return values.join(
      usual, given(*frame.function, "parameter " + parameter.name, classMeant(state, parameter.klass)));
}

std::vector<ValueSet> Interpreter::bind(const Frame& frame, const Arguments& arguments, State& state) {
  const List<facts::Parameter>& declared = frame.function->body->parameters;
  std::vector<ValueSet> bound(declared.size(), Values::nothing);
  std::vector<ValueSet> given;
  if (arguments.self != Values::nothing) given.push_back(arguments.self);
  llvm::append_range(given, arguments.positional);
  size_t next = 0;
  std::set<std::string> taken;
  for (size_t i = 0; i < declared.size(); ++i) {
    const facts::Parameter& parameter = declared[i];
    if (parameter.kind == facts::ParameterKind::VariadicPositional ||
        parameter.kind == facts::ParameterKind::VariadicKeywords) {
      std::vector<std::pair<std::string, ValueSet>> rest;
      bool keyed = parameter.kind == facts::ParameterKind::VariadicKeywords;
      for (const auto& [name, value] : arguments.keywords)
        if (keyed && !taken.contains(name)) rest.emplace_back("\"" + name, value);
      for (; !keyed && next < given.size(); ++next)
        rest.emplace_back(std::to_string(rest.size()), given[next]);
      bound[i] = gathered(frame, keyed ? "dict" : "tuple", rest, state);
      continue;
    }
    bool byPosition = parameter.kind == facts::ParameterKind::Positional ||
                      parameter.kind == facts::ParameterKind::PositionalOnly;
    if (byPosition && next < given.size())
      bound[i] = given[next++];
    else if (auto keyword = arguments.keywords.find(parameter.name); keyword != arguments.keywords.end())
      bound[i] = keyword->second;
    else if (parameter.hasDefault)
      bound[i] = defaultOf(frame, parameter, state);
    taken.insert(parameter.name);
    if (bound[i] != Values::nothing && parameter.klass.empty()) continue;
    Text what = "parameter " + parameter.name;
    Text klass = classMeant(state, parameter.klass);
    if (bound[i] == Values::nothing) bound[i] = this->given(*frame.function, what, klass);
    bound[i] = annotated(bound[i], *frame.function, what, klass);
  }
  return bound;
}

} // namespace forklint::solve
