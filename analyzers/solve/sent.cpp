// What goes to another process: how much of it, and whether it can be pickled at all.
#include "analyzers/solve/interpreter.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

namespace forklint::solve {

using link::Effect;

/// What is sent is an object, and what a container of arguments holds, or one of several such.
void Interpreter::addSent(const State& state, ObjectId object, std::set<ObjectId>& sent) {
  constexpr size_t mostSent = 64;
  if (sent.size() > mostSent || !sent.insert(object).second) return;
  for (PlaceId field : List<PlaceId>(fieldsOf(object)))
    if (nameOf(field).starts_with("["))
      for (const Alternative& inner : values.of(states.get(state, field)))
        if (const Atom& atom = values.atom(inner.atom); atom.kind == AtomKind::Object)
          addSent(state, atom.object, sent);
}

namespace {

bool isLocalName(llvm::StringRef symbol) {
  return symbol.contains(".<locals>.") || symbol.contains("<lambda@");
}

/// A class is named by what it makes, a function by what it gives.
std::string nameOfThing(llvm::StringRef model) {
  if (model.consume_front("container.")) return "a " + model.str();
  bool isFunction = llvm::isLower(link::lastComponent(model).front());
  model.consume_front("builtins.");
  return (isFunction ? "what `" : "a `") + model.str() + (isFunction ? "` gives" : "`");
}

} // namespace

/// Why the value cannot be pickled, whatever it is of its alternatives; empty where it may.
Refusal Interpreter::refusalOf(const State& state, ValueSet value, unsigned depth) {
  constexpr unsigned deepest = 3; // a thing in a member of what is sent
  Refusal refusal;
  if (depth > deepest) return refusal;
  for (const Alternative& alternative : values.of(value)) {
    if (!(alternative.variants & state.variants)) continue;
    Refusal one = refusalOf(state, values.atom(alternative.atom), depth);
    if (one.why.empty()) return {};
    refusal = std::move(one);
  }
  return refusal;
}

bool Interpreter::saysHowToPickle(const State& state, ObjectId object) {
  ObjectId klass = objects[object].of;
  return klass &&
         llvm::any_of(llvm::ArrayRef{"__getstate__", "__reduce__", "__reduce_ex__"}, [&](const char* name) {
           return classAttribute(state, klass, name) != Values::nothing;
         });
}

/// An object that says how it is pickled is made anew in the worker: what it holds there has been opened
/// there.
void Interpreter::arrives(State& worker, ValueSet sent) {
  for (const Alternative& one : values.of(sent)) {
    const Atom& atom = values.atom(one.atom);
    const Atom thing = atom.kind == AtomKind::Bound ? values.atom(atom.receiver) : atom;
    if (thing.kind != AtomKind::Object || objects[thing.object].isClass ||
        !saysHowToPickle(worker, thing.object))
      continue;
    for (PlaceId field : List<PlaceId>(fieldsOf(thing.object)))
      for (const Alternative& part : values.of(states.get(worker, field))) {
        const Atom& held = values.atom(part.atom);
        if (isAttribute(nameOf(field)) && held.kind == AtomKind::Object &&
            states.get(worker, place(held.object, openedOn)) != Values::nothing)
          states.set(worker, place(held.object, openedOn), values.literal(int64_t{worker.side}));
      }
  }
}

Refusal Interpreter::refusalOf(const State& state, const Atom& atom, unsigned depth) {
  if (atom.kind == AtomKind::Function) {
    bool isRenamed = atom.object && states.get(state, place(atom.object, "<state>")) != Values::nothing;
    if (!isLocalName(atom.function->body->symbol) || isRenamed) return {};
    bool isLambda = atom.function->body->symbol.ref().ends_with(">");
    return {isLambda ? "a lambda" : "a function that is defined in a function"};
  }
  if (atom.kind == AtomKind::Bound)
    return refusalOf(state, values.set({{atom.receiver, allVariants}}), depth);
  if (atom.kind != AtomKind::Object || objects[atom.object].isClass) return {};
  if (AtomId pending = objects[atom.object].pending)
    return {values.atom(pending).function->body->kind == facts::FunctionKind::Generator ? "a generator"
                                                                                        : "a coroutine"};
  if (saysHowToPickle(state, atom.object)) return {};
  const std::string model = modelOf(atom.object);
  if (const link::Model* row = program.models().find(model); row && row->pickling != link::Pickling::Allowed)
    return {nameOfThing(model), row->pickling == link::Pickling::ByInheritance ? atom.object : 0};
  Refusal inherited; // told where no other part refuses more
  for (PlaceId field : List<PlaceId>(fieldsOf(atom.object))) {
    llvm::StringRef name = nameOf(field);
    bool isPart = isContainer(atom) || states.get(state, place(atom.object, "<callee>")) != Values::nothing
                      ? name.starts_with("[") || name == "<callee>"
                      : isAttribute(name) && objects[atom.object].of;
    ValueSet held = isPart ? states.get(state, field) : Values::nothing;
    if (held == Values::nothing) continue;
    Refusal inner = refusalOf(state, held, depth + 1);
    if (inner.why.empty()) continue;
    if (isAttribute(name)) inner.why = "an object that holds " + inner.why + " in `" + name.str() + "`";
    if (!inner.inherited) return inner;
    if (inherited.why.empty()) inherited = std::move(inner);
  }
  return inherited;
}

/// Sent to another process by pickling. What is given to a process when it starts may be inherited, unless it
/// was made for processes that are forked and this one, for `anew`, is not.
void Interpreter::pickle(const ModelCall& call, const State& state, ValueSet value, Sharing sharing,
                         Variants anew) {
  Refusal refusal = refusalOf(state, value, 0);
  if (refusal.why.empty()) return;
  Misuse misuse;
  misuse.kind = refusal.inherited ? primitiveKind : pickleKind;
  misuse.variants = state.variants;
  if (refusal.inherited && sharing == Sharing::Inherited) {
    auto hasContext = [](const Effect& effect) { return !effect.method.empty(); };
    const link::Model* row = program.models().find(modelOf(refusal.inherited));
    if (llvm::none_of(row->effects, hasContext)) return;
    misuse.kind = otherContextKind;
    ValueSet method = states.get(state, place(refusal.inherited, "method"));
    misuse.variants = methodsOf(method, state).surelyForked() & anew;
    if (!misuse.variants) return;
  }
  misuse.why = std::move(refusal.why);
  // Of a pool that only an annotation names, the workers may be threads.
  misuse.doubtful = llvm::any_of(objectsAt(call, state, "self"),
                                 [&](ObjectId receiver) { return objects[receiver].isGiven; });
  note(call, state, std::move(misuse));
}

/// The state of a worker when it gets a task: what its parent has now, but for what its initializer has
/// stored. Of the parent's own changes since the fork the task sees what it is sent.
State Interpreter::workerOf(const State& state, Side side) {
  State worker = childOf(state, side);
  const ForkRecord& record = forkRecords[side - 1];
  record.before.heap.forEachChange(record.after.heap, [&](PlaceId place, const ValueSet* now) {
    states.put(worker, place, now ? *now : Values::nothing);
  });
  return worker;
}

/// A global of the program that the parent has assigned since it made the workers is not theirs.
void Interpreter::readsStale(const ModelCall& call, const State& state, Side side, const Touched& touched) {
  const ForkRecord& record = forkRecords[side - 1];
  std::vector<PlaceId> places;
  for (const auto& [place, value] : touched.reads)
    places.push_back(place);
  llvm::sort(places);
  for (PlaceId place : places) {
    llvm::StringRef name = nameOf(place);
    if (ownerOf(place) || !isAttribute(name) || !name.contains('.')) continue;
    ValueSet then = States::peek(record.after, place), now = States::peek(state, place);
    bool wasEmpty =
        llvm::all_of(values.of(then), [&](const Alternative& one) { return isNone(values.atom(one.atom)); });
    if (then == now || !wasEmpty || !isKnownStore(now)) continue;
    Misuse misuse;
    misuse.kind = staleKind;
    misuse.why = name.str();
    misuse.earlier = record.fork.path;
    misuse.earlierModel = record.fork.model;
    misuse.variants = record.fork.variants & state.variants;
    note(call, state, std::move(misuse));
  }
}

/// What the parent has filled with many objects before it made the workers, and a task reads: reading counts
/// references, which are kept in the objects, so that each worker gets a copy of their memory.
void Interpreter::readsMany(const ModelCall& call, const State& state, Side side, const Touched& touched) {
  const ForkRecord& record = forkRecords[side - 1];
  std::set<ObjectId> read;
  for (const auto& [place, value] : touched.reads)
    if (ObjectId owner = ownerOf(place); owner && nameOf(place) == "[]" && objects[owner].elements)
      if (States::peek(record.before, place) != Values::nothing) read.insert(owner);
  for (ObjectId container : read) {
    Misuse misuse;
    misuse.kind = manyObjectsKind;
    misuse.count = objects[container].elements;
    misuse.earlier = witnesses[objects[container].made];
    misuse.earlierModel = modelOf(container);
    misuse.variants = record.fork.variants & state.variants;
    note(call, state, std::move(misuse));
  }
}

/// Something was stored, whatever it is.
bool Interpreter::isKnownStore(ValueSet value) const {
  return value != Values::nothing && llvm::none_of(values.of(value), [&](const Alternative& one) {
           return isNone(values.atom(one.atom));
         });
}

/// A task: it runs in the children of the pool's own fork, and what it is given is sent.
void Interpreter::submits(ModelCall& call, const Effect& effect, const State& state) {
  if (isRehearsed) return; // to another's workers
  ValueSet entry = evaluate(call, state, effect.entry);
  Arguments arguments = entryArguments(call, effect, state);
  for (ObjectId pool : objectsAt(call, state, effect.subject))
    for (const Alternative& alternative : values.of(states.get(state, place(pool, "<side>")))) {
      auto side = static_cast<Side>(integerOf(values.atom(alternative.atom)).value_or(0));
      if (!side) continue;
      State worker = workerOf(state, side);
      const State begun = worker;
      Touched touched = touchedBy(begun, [&] {
        arrives(worker, entry);
        for (ValueSet given : arguments.positional)
          arrives(worker, given);
        for (ValueSet given : llvm::make_second_range(arguments.keywords))
          arrives(worker, given);
        runEntry(call, entry, arguments, worker);
      });
      readsStale(call, state, side, touched);
      readsMany(call, state, side, touched);
      beginsAnew(call, begun, side, {entry, arguments}, touched);
    }
  pickle(call, state, entry, Sharing::Sent);
  for (ValueSet sent : arguments.positional)
    pickle(call, state, sent, Sharing::Sent);
  for (ValueSet sent : llvm::make_second_range(arguments.keywords))
    pickle(call, state, sent, Sharing::Sent);
  if (effect.payload.empty()) return;
  noteRecord();
  std::set<ObjectId> sent;
  for (ObjectId object : objectsAt(call, state, effect.payload))
    addSent(state, object, sent);
  // Of the rest the path gives the first; keywords of the call's own are sent with it.
  if (effect.payload == "rest") {
    std::vector<ValueSet> own = call.rest;
    llvm::append_range(own, llvm::make_second_range(call.ownKeywords()));
    for (ValueSet given : own)
      for (const Alternative& alternative : values.of(dereference(state, given)))
        if (const Atom& atom = values.atom(alternative.atom); atom.kind == AtomKind::Object)
          addSent(state, atom.object, sent);
  }
  noteTransfers(call, effect, state, sent, Sharing::Sent);
}

/// Of what is sent, what has a size that is known.
void Interpreter::noteTransfers(const ModelCall& call, const Effect& effect, const State& state,
                                const std::set<ObjectId>& sent, Sharing sharing) {
  for (ObjectId object : sent)
    if (objects[object].bytes)
      solution.transfers.push_back({call.model.name, effect.way, sharing == Sharing::Inherited,
                                    pathTo(&call.site.frame, call.site.at()), witnesses[objects[object].made],
                                    objects[object].bytes, static_cast<uint64_t>(effect.copies),
                                    state.variants});
}

/// The child begins in a fresh interpreter: what it is given is pickled, and it imports the main module
/// again.
void Interpreter::spawns(const ModelCall& call, const Effect& effect, const State& state,
                         const Methods& methods) {
  llvm::SmallVector<llvm::StringRef, 4> paths;
  llvm::StringRef(effect.pickles).split(paths, ',', -1, /*KeepEmpty=*/false);
  State there = state;
  there.variants = methods.spawned;
  std::set<ObjectId> sent;
  for (llvm::StringRef path : paths) {
    pickle(call, there, evaluate(call, state, path), Sharing::Inherited, methods.surelySpawned());
    for (ObjectId object : objectsAt(call, state, path))
      addSent(state, object, sent);
  }
  noteTransfers(call, effect, there, sent, Sharing::Inherited);
  const ValueSet refusal = ofRole(link::Role::StartAtImport);
  facts::Position at = call.site.at();
  bool isHandled = false;
  for (const Frame* frame = &call.site.frame; frame; at = frame->at, frame = frame->caller) {
    bool isStatement = frame->function->body->kind == facts::FunctionKind::Statement;
    isHandled |= !isStatement && handles(*frame, at, refusal);
    bool isRunAgain = isMainUnit(*frame->function->unit) || isImportedAgain(*root);
    if (!isStatement || (!importsMain && isRunAgain)) continue; // it is run as the child runs it, too
    Misuse misuse;
    misuse.doubtful = isHandled;
    misuse.kind = importKind;
    misuse.variants = methods.spawned;
    return note(call, state, std::move(misuse));
  }
}

} // namespace forklint::solve
