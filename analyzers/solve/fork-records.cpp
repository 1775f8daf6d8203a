// What is kept of a fork: where it is and who was alive and held there, how its method came to be, what its
// child is given.
#include "analyzers/solve/interpreter.h"

#include "llvm/ADT/STLExtras.h"

namespace forklint::solve {

using link::Effect;

namespace {

void addOnce(std::vector<Hop>& hops, const Hop& hop) {
  if (hop.function && !llvm::is_contained(hops, hop)) hops.push_back(hop);
}

} // namespace

/// What a comment says of a thread that begins on this way: at one of its calls, or of a function or class
/// that it goes through.
std::optional<std::string> Interpreter::promiseOn(const Path& begun) const {
  for (const Hop& hop : begun) {
    if (!hop.function) continue;
    const facts::UnitFacts& unit = *hop.function->unit;
    const link::ClassInfo* klass = program.classNamed(link::scopeOf(hop.function->body->symbol), unit);
    for (const facts::Suppression& said : unit.suppressions) {
      if (said.directive != "fork-safe") continue;
      bool isHere = said.line == hop.position.line || said.line == hop.function->body->position.line;
      if (isHere || (klass && klass->unit == &unit && said.line == klass->entity->position.line))
        return said.reason;
    }
  }
  return std::nullopt;
}

/// Where what forks was made: a process object, a pool.
std::optional<Hop> Interpreter::placeOfMaking(const ModelCall& call, const State& state,
                                              const Effect& effect) {
  std::vector<ObjectId> subjects = objectsAt(call, state, effect.subject);
  if (subjects.size() != 1 || !objects[subjects[0]].made) return std::nullopt;
  const Hop& made = witnesses.last(objects[subjects[0]].made);
  return made.function ? std::optional(made) : std::nullopt;
}

/// The way to where something was made, for whoever is at `here`: a thing that several roots make has the way
/// of the first of them, of which only its end holds for the others.
Path Interpreter::wayOf(uint32_t made, const Path& here) const {
  Path way = witnesses[made];
  if (way.empty() || here.empty()) return way;
  const link::FunctionInfo *first = way.front().function, *now = here.front().function;
  auto isStatement = [](const link::FunctionInfo& of) {
    return of.body->kind == facts::FunctionKind::Statement;
  };
  bool isOne = !first || !now || first == now ||
               (first->unit == now->unit && isStatement(*first) && isStatement(*now));
  if (!isOne) way.erase(way.begin(), way.end() - 1);
  return way;
}

/// What is known of a fork whichever way leads there.
ForkRecord Interpreter::newRecord(const ModelCall& call, const Effect& effect, const State& state,
                                  llvm::StringRef role) {
  ForkRecord record;
  record.fork.primitive = effect.primitive;
  record.fork.model = call.model.name;
  record.fork.call = &call.site.instruction;
  record.fork.python = call.site.frame.function->unit->language == "python";
  record.fork.root = root->symbol;
  record.fork.doubtful = true;
  record.fork.afterImports = isServers(call) || !role.empty();
  record.fork.made = placeOfMaking(call, state, effect);
  // Whoever has made it may wait for it.
  record.fork.isWaitedFor = llvm::any_of(objectsAt(call, state, effect.subject),
                                         [&](ObjectId process) { return objects[process].isGiven; });
  record.parent = state.side;
  record.thread = state.thread;
  record.firstOwn = static_cast<ObjectId>(objects.size());
  record.forkedIn = call.site.frame.function;
  record.fork.isRepeated = loopsOf(*call.site.frame.function->body).repeats(call.site.id);
  ofRoot.sharesMemory |= record.fork.sharesMemory();
  record.startsProcess = !effect.method.empty();
  record.isOfMain = root->kind == facts::RootKind::Main && !record.fork.python && !runsUncalled &&
                    !state.thread && !state.contexts;
  return record;
}

/// One call may fork for several reasons; `role` tells them apart.
uint32_t Interpreter::recordFork(const ModelCall& call, const Effect& effect, const State& state,
                                 const Methods& methods, const Path& here, llvm::StringRef role) {
  noteRecord();
  if (state.side && !effect.method.empty() && forkRecords[state.side - 1].fork.daemonic) {
    Misuse misuse;
    misuse.kind = daemonKind;
    misuse.variants = state.variants;
    note(call, state, std::move(misuse));
  }
  // A fork that happens in a loop over something is told where that was made.
  std::vector<ObjectId> makers =
      effect.place.empty() ? std::vector<ObjectId>() : objectsAt(call, state, effect.place);
  ObjectId maker = makers.empty() ? 0 : makers.front();
  const Path told = maker && objects[maker].made ? wayOf(objects[maker].made, here) : here;
  // Those of another thread are others: their way is another, and what is alive on it.
  auto [slot, fresh] =
      ofRoot.forkIds.try_emplace({call.site.frame.function, call.site.id, state.side,
                                  call.model.name + effect.given + role.str() + std::to_string(maker) + " " +
                                      std::to_string(state.thread)},
                                 static_cast<uint32_t>(forkRecords.size() + 1));
  if (fresh) {
    forkRecords.push_back(newRecord(call, effect, state, role));
    forkRecords.back().fork.path = told;
    forkRecords.back().made = here;
  }
  uint32_t side = slot->second;
  ForkRecord& record = forkRecords[side - 1];
  record.fork.variants |= methods.forked;
  record.fork.spawned |= methods.spawned;
  record.fork.byDefault |= methods.byDefault;
  record.fork.setGlobally |= methods.setGlobally;
  record.fork.served |= methods.served;
  if (!methods.otherName.empty()) record.fork.otherMethod = methods.otherName;
  record.fork.contexts |= state.contexts;
  record.fork.hasExitHandlers |= states.get(state, globalPlace(exitHandlers)) != Values::nothing;
  record.fork.comesBack |= effect.entry == "returns"; // where it continues, the parent is gone
  record.fork.manyChildren |= effect.copies > 1;
  bool isRepeated = effect.comesBack() && !record.fork.python &&
                    loopsOf(*call.site.frame.function->body).repeats(call.site.at());
  record.fork.inLoop |= isRepeated || values.isEach(evaluate(call, state, effect.subject));
  noteGiven(record.fork, call, effect, state, methods.spawned != 0);
  record.fork.daemonic |= !effect.daemon.empty() && values.isTrue(evaluate(call, state, effect.daemon));
  if (record.fork.doubtful && !state.doubtful) record.fork.path = told;
  record.fork.doubtful &= state.doubtful;
  states.allAlive(state).forEach([&](ObjectId living, uint32_t begun) {
    ObjectId object = objects[living].newest ? objects[living].newest : living; // one of a place is told
    // What one call may start, a thread or a process, it decides once: in a loop the two never meet.
    const Hop& start = witnesses.last(begun);
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
    if (record.fork.alive.empty()) record.fork.path = told;
    std::string model = modelOf(object);
    record.fork.alive.push_back({model.empty() ? "starter" : "thread",
                                 model,
                                 witnesses[begun],
                                 witnesses[objects[object].made],
                                 doubtful,
                                 {},
                                 promiseOn(witnesses[begun])});
  });
  std::set<Gate> closed = closedGates(state);
  if (record.closed)
    std::erase_if(*record.closed, [&](const Gate& gate) { return !closed.contains(gate); });
  else
    record.closed = std::move(closed);
  states.allHeld(state).forEach([&](PlaceId lock, uint32_t acquired) {
    bool isLock = nameOf(lock) != openEnd;
    if (!isLock || !record.held.try_emplace(lock, record.fork.held.size()).second) return;
    Held held{nameOfLock(lock),     modelOf(ownerOf(lock)), witnesses[acquired], {}, false,
              states.isUnsure(lock)};
    record.fork.held.push_back(std::move(held));
  });
  return side;
}

/// What names the method at the path: the context that made the thing, or the thing itself.
ValueSet Interpreter::namersOf(const ModelCall& call, const State& state, llvm::StringRef path) {
  ValueSet named = evaluate(call, state, path), namers = Values::nothing;
  bool isNamed =
      llvm::any_of(values.of(named), [&](const Alternative& one) { return !isNone(values.atom(one.atom)); });
  if (!isNamed || !path.contains('.')) return Values::nothing;
  for (ObjectId holder : objectsAt(call, state, path.rsplit('.').first)) {
    ValueSet from = states.get(state, place(holder, namedBy));
    namers = values.join(namers, from != Values::nothing ? from : values.object(holder));
  }
  return namers;
}

/// What has named how the child starts; where it begins anew, with what, and what it is given.
void Interpreter::noteGiven(Fork& fork, const ModelCall& call, const Effect& effect, const State& state,
                            bool anew) {
  for (ObjectId namer : values.objectsIn(namersOf(call, state, effect.method)))
    if (objects[namer].made) addOnce(fork.named, witnesses.last(objects[namer].made));
  if (!anew) return;
  for (const Alternative& entry : values.of(evaluate(call, state, effect.entry))) {
    const Atom& atom = values.atom(entry.atom);
    const Atom& callee = atom.kind == AtomKind::Bound ? values.atom(atom.target) : atom;
    if (callee.kind == AtomKind::Function && !llvm::is_contained(fork.entries, callee.function))
      fork.entries.push_back(callee.function);
  }
  for (ObjectId subject : objectsAt(call, state, effect.subject))
    fork.ofOwnClass |= objects[subject].of != 0;
  llvm::SmallVector<llvm::StringRef, 4> paths;
  llvm::StringRef(effect.pickles).split(paths, ',', -1, /*KeepEmpty=*/false);
  for (llvm::StringRef path : paths) {
    ValueSet given = evaluate(call, state, path);
    bool isThere = llvm::any_of(values.of(given),
                                [&](const Alternative& one) { return !isNone(values.atom(one.atom)); });
    if (!isThere || (path == "self" && !fork.ofOwnClass)) continue;
    fork.given.insert(link::lastComponent(path).str());
    fork.isGivenKnown &= isKnownWhole(state, given, 0);
    if (path == "self") break; // with all that it keeps
  }
}

/// Is it known what kind of thing each part of it is?
bool Interpreter::isKnownWhole(const State& state, ValueSet value, unsigned depth) {
  constexpr unsigned deepest = 3;
  return llvm::all_of(values.of(value), [&](const Alternative& one) {
    const Atom& atom = values.atom(one.atom);
    if (atom.kind == AtomKind::Unknown) return atom.isLine;
    if (atom.kind == AtomKind::Bound)
      return isKnownWhole(state, values.set({{atom.receiver, allVariants}}), depth);
    if (atom.kind != AtomKind::Object || objects[atom.object].isClass || depth > deepest) return true;
    bool isOwn = objects[atom.object].of != 0;
    return llvm::all_of(List<PlaceId>(fieldsOf(atom.object)), [&](PlaceId field) {
      llvm::StringRef name = nameOf(field);
      bool isPart = isOwn ? !name.starts_with("<") : isContainer(atom) && name.starts_with("[");
      return !isPart || isKnownWhole(state, states.get(state, field), depth + 1);
    });
  });
}

} // namespace forklint::solve
