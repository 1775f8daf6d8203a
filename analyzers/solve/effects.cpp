// What a model row says, carried out on the state. Paths of a row ("self.target", "arg.NAME", "a|b") are
// evaluated here and nowhere else.
#include "analyzers/solve/interpreter.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/ScopeExit.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"

namespace forklint::solve {

using link::Effect;
using link::EffectKind;

/// Effects on what threads share. What the C library locks is told call by call, and exits, execs and forks
/// apart. What is called one's own belongs to whoever made it.
static bool meetsOthers(const Effect& effect) {
  EffectKind kind = effect.kind;
  return (kind == EffectKind::Creates && !llvm::StringRef(effect.life).starts_with("own ")) ||
         kind == EffectKind::StartsThread || kind == EffectKind::Acquires || kind == EffectKind::Meets ||
         kind == EffectKind::Submits;
}

Outcomes Interpreter::callModel(const Site& site, const link::Model& model, const Arguments& arguments,
                                State state) {
  // A row that calls what it stands for says nothing of it, nor does one of many that call each other.
  constexpr size_t mostRows = 8;
  const std::pair<const Frame*, const link::Model*> here{&site.frame, &model};
  size_t nested = 0;
  while (nested < rowsRun.size() && rowsRun[rowsRun.size() - 1 - nested].first == here.first)
    ++nested;
  if (nested >= mostRows || llvm::is_contained(rowsRun, here))
    return {{Outcome::Kind::Returned, values.unknown("a row that calls itself"), state}};
  rowsRun.push_back(here);
  auto left = llvm::make_scope_exit([&] { rowsRun.pop_back(); });
  log.modelledCalls.insert({site.frame.function, &model});
  ModelCall call{site, model, arguments.self, values.unknown("result of " + model.name), {}, {}};
  for (size_t i = 0; i < arguments.positional.size(); ++i)
    if (i < model.parameters.size())
      call.arguments[model.parameters[i]] = arguments.positional[i];
    else
      call.rest.push_back(arguments.positional[i]);
  for (const auto& [name, value] : arguments.keywords)
    call.arguments[name] = value;
  bool ends = llvm::any_of(model.effects, [](const Effect& effect) {
    return effect.kind == EffectKind::ExitsFast || effect.kind == EffectKind::ExitsFull ||
           effect.kind == EffectKind::Execs;
  });
  if (!ends) goesOn(site, state);
  if (llvm::any_of(model.effects, meetsOthers)) {
    deed(state, [](Deeds& deeds) { deeds.calls = true; });
    goesOnBehindWord(state);
  }
  if (model.value) call.result = values.literal(*model.value);
  std::optional<uint64_t> bytes = amountOf(call, state, model.size);
  std::optional<uint64_t> count; // a formula is about a call with no more than the row's parameters
  if (call.rest.empty()) count = amountOf(call, state, model.count);
  if (bytes || count) {
    ObjectId made = object(site.frame, site.id, model.name);
    objects[made].bytes = bytes.value_or(0);
    objects[made].elements = count.value_or(0);
    call.result = values.object(made);
  }
  if (!model.returns.empty())
    if (ValueSet result = evaluate(call, state, model.returns); result != Values::nothing)
      call.result = result;
  Outcomes outcomes{{Outcome::Kind::Returned, call.result, state}};
  for (const Effect& effect : model.effects)
    outcomes = apply(call, effect, outcomes);
  return outcomes;
}

/// "a|b": the first alternative that gives a known value, which is not None where another one follows; else
/// one that is not known. Nothing where the path leads nowhere.
ValueSet Interpreter::evaluate(const ModelCall& call, const State& state, llvm::StringRef path) {
  llvm::SmallVector<llvm::StringRef, 2> choices;
  path.split(choices, '|');
  ValueSet unknown = Values::nothing;
  for (llvm::StringRef& choice : choices) {
    if (choice.consume_front("'")) return values.literal(choice.drop_back().str()); // a text
    if (choice == "true") return values.literal(true);
    if (choice == "zero") return values.literal(int64_t{0});
    if (choice.consume_front("default ")) { // of what is said outside of the program
      ValueSet usual = evaluate(call, state, choice);
      return values.isLeftOpen(usual) ? values.join(usual, values.unknown("said outside")) : usual;
    }
    if (choice == "number") return values.unknown("a number", /*isLine=*/true);
    if (choice.consume_front("main ")) return ofMainProcess(state, choice);
    if (choice.consume_front("method unless ")) { // of the whole program, or none that was set
      ValueSet asksForNone = evaluate(call, state, choice);
      return asksForNone == Values::nothing ? startMethodIn(state)
                                            : states.get(state, globalPlace(startMethod));
    }
    if (choice == "process") { // the one that asks
      Atom own;
      own.kind = AtomKind::Process;
      own.object = state.side;
      return values.single(own);
    }
    llvm::SmallVector<llvm::StringRef, 4> parts;
    choice.split(parts, '.');
    ValueSet value = Values::nothing;
    size_t next = 1;
    if (parts[0] == "self")
      value = call.self;
    else if (parts[0] == "row") // the thing that the row is about
      value = external(call.model.name);
    else if (parts[0] == "result")
      value = call.result;
    else if (parts[0] == "rest" && !call.rest.empty())
      value = call.rest.front();
    else if (parts[0] == "name" && parts.size() > 1) // a name of the library itself
      return external(choice.substr(5).str());
    else if (parts[0] == "one" && parts.size() > 1) // the only one of its kind in a program
      return values.object(onlyObject(choice.substr(4).str()));
    else if (parts[0] == "arg" && parts.size() > 1) {
      auto given = call.arguments.find(parts[1].str());
      value = given == call.arguments.end() ? Values::nothing : given->second;
      next = 2;
    }
    value = dereference(state, value);
    for (; next < parts.size() && value != Values::nothing; ++next) {
      ValueSet member = Values::nothing;
      for (const Alternative& alternative : values.of(value))
        member = values.join(member, attribute(state, alternative.atom, parts[next].str()));
      value = member;
    }
    bool isPassedOver =
        &choice != &choices.back() &&
        llvm::all_of(values.of(value), [&](const Alternative& one) { return isNone(values.atom(one.atom)); });
    if (!values.isUnknown(value) && !isPassedOver) return value;
    if (unknown == Values::nothing) unknown = value;
  }
  return unknown;
}

/// The objects as they were met: one, or each.
std::vector<Atom> Interpreter::thingsAt(const ModelCall& call, const State& state, llvm::StringRef path) {
  std::vector<Atom> found;
  for (const Alternative& alternative : values.of(evaluate(call, state, path)))
    if (std::optional<Atom> thing = this->thing(alternative.atom)) found.push_back(*thing);
  if (!found.empty()) return found;
  // Where a number lies that a library keeps something in, the thing is the place.
  for (const Alternative& alternative : values.of(asGiven(call, state, path)))
    if (const Atom given = values.atom(alternative.atom); given.kind == AtomKind::Address)
      found.push_back(values.atom(values.of(values.object(aggregateAt(given.object)))[0].atom));
  return found;
}

std::vector<ObjectId> Interpreter::objectsAt(const ModelCall& call, const State& state,
                                             llvm::StringRef path) {
  std::vector<ObjectId> found;
  for (const Atom& thing : thingsAt(call, state, path))
    found.push_back(thing.object);
  return found;
}

Outcomes Interpreter::apply(ModelCall& call, const Effect& effect, const Outcomes& outcomes) {
  Outcomes after;
  for (const Outcome& outcome : outcomes) {
    if (outcome.kind != Outcome::Kind::Returned || !applies(call, effect, outcome.state)) {
      merge(after, outcome);
      continue;
    }
    for (Outcome& one : applyOne(call, effect, outcome)) {
      move(call, effect, one.state);
      merge(after, one);
    }
  }
  return after;
}

void Interpreter::move(ModelCall& call, const Effect& effect, State& state) {
  if (effect.to.empty()) return;
  // A function object has a state where it has a place.
  for (const Alternative& one : values.of(evaluate(call, state, effect.subject))) {
    const Atom subject = thing(one.atom).value_or(values.atom(one.atom));
    if ((subject.kind != AtomKind::Object && subject.kind != AtomKind::Function) || !subject.object) continue;
    states.set(state, place(subject.object, "<state>"), values.literal(effect.to));
    if (state.thread) movedByThread.insert({subject.object, effect.to});
    moved.try_emplace({subject.object, effect.to}, wayTo(call.site.frame, call.site.at()));
  }
}

/// Effects on where control goes; the others change the state, or say what the result is.
Outcomes Interpreter::applyOne(ModelCall& call, const Effect& effect, Outcome outcome) {
  switch (effect.kind) {
  case EffectKind::Forks: {
    Outcomes sides = forks(call, effect, outcome.state);
    if (!effect.comesBack())
      for (Outcome& side : sides)
        side.value = outcome.value;
    return sides;
  }
  case EffectKind::Execs:
    deed(outcome.state, [](Deeds& deeds) { deeds.execs = true; });
    // Gone, or back with its error.
    outcome.state.pastExec = true;
    outcome.value = values.literal(int64_t{-1});
    if (effect.subject == "raises") outcome = raised(call, effect, outcome.state);
    return {outcome};
  case EffectKind::Raises: return {outcome, raised(call, effect, outcome.state)};
  case EffectKind::ExitsFast: deed(outcome.state, [](Deeds& deeds) { deeds.exitsFast = true; }); return {};
  case EffectKind::ExitsFull:
    endsProgram(call.site.frame, call.site.at(), outcome.state);
    // An exit that is an exception can be caught.
    if (effect.subject != "raises") return {};
    return {raised(call, effect, outcome.state)};
  case EffectKind::Calls: return callsEntry(call, effect, outcome.state);
  case EffectKind::Enters:
    return enterManager(call.site, evaluate(call, outcome.state, effect.subject), outcome.state);
  case EffectKind::LoadsLibrary:
    return initModule(link::libraryModule, outcome.state, &call.site.frame, call.site.at(),
                      *call.site.frame.function->unit);
  case EffectKind::Leaves: return leavesManagers(call, effect, outcome.state);
  case EffectKind::BeginsIteration:
    return beginIteration(call.site, evaluate(call, outcome.state, effect.subject), outcome.state);
  case EffectKind::Steps: return steps(call, effect, outcome.state);
  case EffectKind::Violates: return violates(call, effect, outcome);
  case EffectKind::Constructs: return constructs(call, effect, outcome.state);
  case EffectKind::Destroys: return destroys(call, effect, outcome);
  case EffectKind::StartsThread: {
    if (!effect.fails) break;
    // Where it fails there is no thread, and nothing says that it fails.
    Outcome failed = outcome;
    failed.state.doubtful = true;
    failed.value = values.literal(*effect.fails);
    outcome.value = values.literal(int64_t{0});
    changeState(call, effect, outcome.state);
    return {outcome, failed};
  }
  default: break;
  }
  changeState(call, effect, outcome.state);
  if (std::optional<ValueSet> result = resultOf(call, effect, outcome.state))
    outcome.value = call.result = *result;
  return {outcome};
}

void Interpreter::changeState(ModelCall& call, const Effect& effect, State& state) {
  switch (effect.kind) {
  case EffectKind::Creates: creates(call, effect, state); break;
  case EffectKind::StartsThread: startsThread(call, effect, state); break;
  case EffectKind::Ends: ends(call, effect, state); break;
  case EffectKind::SetsStartMethod:
    states.set(state, globalPlace(startMethod), evaluate(call, state, effect.subject));
    break;
  case EffectKind::Preloads:
    states.set(state, globalPlace("<preloaded>"), evaluate(call, state, effect.subject));
    break;
  case EffectKind::RunsBeforeExec: runsBeforeExec(call, effect, state); break;
  case EffectKind::Submits: submits(call, effect, state); break;
  case EffectKind::UnsafeInChild: unsafeInChild(call, effect, state); break;
  case EffectKind::Acquires:
  case EffectKind::Releases: locks(call, effect, state); break;
  case EffectKind::Renews: renews(call, effect, state); break;
  case EffectKind::Meets: meets(call, state, effect.lock); break;
  case EffectKind::HandsOver: handsOver(call, effect, state); break;
  case EffectKind::Keeps: keeps(call, effect, state); break;
  case EffectKind::Collects: collects(call, effect, state); break;
  case EffectKind::Adds: adds(call, effect, state); break;
  case EffectKind::Pairs: pairs(call, effect, state); break;
  case EffectKind::Includes: includes(call, effect, state); break;
  case EffectKind::Writes: writes(call, effect, state); break;
  case EffectKind::Empties: empties(state, asGiven(call, state, effect.subject)); break;
  case EffectKind::AtFork: givesHandler(call, effect, state); break;
  case EffectKind::AtExit:
    if (effect.life.empty() || actsAtEnd(evaluate(call, state, effect.entry)))
      states.set(state, globalPlace(exitHandlers), values.literal(true));
    break;
  case EffectKind::Installs: {
    State inside = state;
    inside.contexts |= effect.context;
    runEntry(call, evaluate(call, state, effect.entry), entryArguments(call, effect, state), inside);
    break;
  }
  case EffectKind::Opens: opens(call, effect, state); break;
  case EffectKind::Uses: uses(call, effect, state); break;
  case EffectKind::Closes:
    closes(call, effect, state);
    closesEnd(call, effect, state);
    break;
  case EffectKind::WaitsFor: waitsFor(call, effect, state); break;
  case EffectKind::Fills: fills(call, effect, state); break;
  case EffectKind::Drains: drains(call, effect, state); break;
  case EffectKind::OpensPipe: opensPipe(call, effect, state); break;
  case EffectKind::ClosesAtExec: closesEnd(call, effect, state); break;
  case EffectKind::ClosesAll: closesAll(state); break;
  case EffectKind::Spawns: spawnsProgram(state); break;
  case EffectKind::Targets: targets(call, effect, state); break;
  default: break;
  }
}

/// What the call gives by this effect, if that says anything about it.
std::optional<ValueSet> Interpreter::resultOf(ModelCall& call, const Effect& effect, State& state) {
  switch (effect.kind) {
  case EffectKind::Creates:
  case EffectKind::Pairs:
  case EffectKind::Collects: return call.result;
  case EffectKind::Tells: {
    Atom atom;
    atom.kind = AtomKind::Liveness;
    atom.text = effect.life;
    if (!effect.life.empty()) return values.single(atom);
    std::vector<Atom> subjects = thingsAt(call, state, effect.subject);
    if (subjects.size() != 1) return std::nullopt;
    atom.object = subjects[0].object;
    atom.each = subjects[0].each;
    atom.text = llvm::StringRef(effect.entry).trim('\'').str(); // a state of the subject
    return values.single(atom);
  }
  case EffectKind::Binds: return bindArguments(call, effect, state);
  case EffectKind::Instantiates: return instantiates(call, effect, state);
  case EffectKind::Takes: return takes(call, effect, state);
  case EffectKind::Describes: return describe(call, effect, state);
  case EffectKind::ReadsAttribute: return readAttribute(call, effect, state);
  case EffectKind::Super: return superOf(call, effect, state);
  case EffectKind::HasAttribute: return hasAttribute(call, effect, state);
  case EffectKind::IsInstance: return isInstance(call, effect, state);
  case EffectKind::BeginsWith: return beginsWith(call, effect, state);
  case EffectKind::ListsAlive: return listAlive(call, effect, state);
  default: return std::nullopt;
  }
}

/// A new object that the call makes.
ValueSet Interpreter::fresh(ModelCall& call, const std::string& model, const std::string& role) {
  return values.object(object(call.site.frame, call.site.id, model, role));
}

void Interpreter::creates(ModelCall& call, const Effect& effect, State& state) {
  // A constructor run on an object of ours (a subclass) fills that object; else the call makes one.
  bool ours = llvm::any_of(values.of(call.self), [&](const Alternative& a) {
    const Atom& atom = values.atom(a.atom);
    return atom.kind == AtomKind::Object && !objects[atom.object].isClass &&
           modelOf(atom.object) == call.model.name;
  });
  ValueSet method = effect.method.empty() ? Values::nothing : evaluate(call, state, effect.method);
  ValueSet namers = namersOf(call, state, effect.method);
  ValueSet result = call.result;
  call.result = ours ? call.self : fresh(call, call.model.name);
  for (const Alternative& alternative : values.of(call.result)) {
    if (values.atom(alternative.atom).kind != AtomKind::Object) continue;
    ObjectId object = values.atom(alternative.atom).object;
    renew(state, object);
    states.set(state, place(object, "<state>"), Values::nothing);
    forgetWord(state, object);
    if (state.side || (state.contexts & bit(link::Context::AtFork))) open(call, state, object);
    for (const auto& [name, value] : call.arguments) // but for what has the name of a method
      if (!program.models().hasRow(call.model.name + "." + name))
        states.set(state, place(object, name), value);
    if (method != Values::nothing) states.set(state, place(object, "method"), method);
    if (namers != Values::nothing) states.set(state, place(object, namedBy), namers);
  }
  if (effect.subject.empty()) return;
  // Given through a pointer, and not as the result.
  for (const Alternative& where : values.of(asGiven(call, state, effect.subject)))
    if (const Atom pointer = values.atom(where.atom); pointer.kind == AtomKind::Address)
      storeAt(state, pointer.object, call.result, true);
  call.result = result;
}

/// A join ends what it waits for, where that is certain.
void Interpreter::ends(ModelCall& call, const Effect& effect, State& state) {
  ValueSet subjects = evaluate(call, state, effect.subject);
  bool isCertain = values.of(subjects).size() == 1;
  for (const Atom& subject : thingsAt(call, state, effect.subject))
    if (isCertain || subject.each) {
      if (survey && (state.contexts & bit(link::Context::BeforeFork)))
        ofRoot.joins.push_back(
            {pathTo(&call.site.frame, call.site.at()), subject.object, takenBefore(state)});
      noteEnd(call, state, subject);
      end(state, subject);
    }
  if (values.isUnknown(subjects)) mayEnd(state, link::lastComponent(call.model.name));
}

/// What a path means without following a pointer: the argument itself, or what was kept of one.
ValueSet Interpreter::asGiven(const ModelCall& call, const State& state, llvm::StringRef path) {
  if (path == "self") return call.self;
  if (path.consume_front("arg.")) {
    auto given = call.arguments.find(path.str());
    return given == call.arguments.end() ? Values::nothing : given->second;
  }
  ValueSet kept = Values::nothing;
  if (path.consume_front("self."))
    for (ObjectId self : objectsAt(call, state, "self"))
      kept = values.join(kept, states.get(state, place(self, path)));
  return kept;
}

/// What the member of a thing holds, else what is at its address; which holds nothing from here on.
ValueSet Interpreter::moveOut(State& state, ValueSet from, llvm::StringRef member) {
  ValueSet moved = Values::nothing, none = values.literal(facts::None{});
  for (const Alternative& alternative : values.of(from)) {
    const Atom thing = values.atom(alternative.atom);
    ValueSet held = dereference(state, values.set({alternative}));
    for (const Alternative& holder : values.of(held)) {
      const Atom& inner = values.atom(holder.atom);
      PlaceId where = inner.kind == AtomKind::Object ? place(inner.object, member) : 0;
      ValueSet pointer = where ? states.get(state, where) : Values::nothing;
      moved = values.join(moved, pointer != Values::nothing ? pointer : values.set({holder}));
      if (pointer != Values::nothing)
        states.set(state, where, none);
      else if (thing.kind == AtomKind::Address)
        states.set(state, thing.object, none);
    }
  }
  return moved;
}

void Interpreter::keeps(ModelCall& call, const Effect& effect, State& state) {
  auto [holder, member] = llvm::StringRef(effect.subject).rsplit('.');
  llvm::StringRef from = effect.from;
  bool isGiven = from.count('.') < 2 && (from.starts_with("self") || from.starts_with("arg."));
  ValueSet kept = isGiven ? asGiven(call, state, from) : evaluate(call, state, from);
  if (effect.life == "moved") kept = moveOut(state, kept, member);
  for (ObjectId keeper : objectsAt(call, state, holder))
    states.set(state, place(keeper, member), kept);
}

/// A move.
void Interpreter::handsOver(ModelCall& call, const Effect& effect, State& state) {
  std::vector<Atom> from = thingsAt(call, state, effect.from), to = thingsAt(call, state, effect.subject);
  if (from.size() != 1 || to.size() != 1) return;
  noteRecord();
  handOver(state, from[0], to[0]);
  threadDeeds[to[0].object].add(threadDeeds[from[0].object]);
}

} // namespace forklint::solve
