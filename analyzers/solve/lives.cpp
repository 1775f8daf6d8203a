// What is alive. An object stands for the newest thing that its place has made; those that it made before and
// that still live, or have not begun yet, are one other object, its older one.
//
// A thing is ended by what is done to it, the older ones by what is done to each that a container holds. An
// end that finds the newest ended already is that of an older one.
#include "analyzers/solve/interpreter.h"

#include "llvm/ADT/STLExtras.h"

namespace forklint::solve {

namespace {
constexpr const char* waitingMark = "waiting"; // made, not begun
constexpr const char* begunMark = "begun";
constexpr const char* doubtMark = "<may have ended>";
constexpr const char* givenAway = "<given away>"; // a global place: the objects
} // namespace

ObjectId Interpreter::olderOf(ObjectId object) {
  if (!objects[object].older) {
    ObjectInfo info = objects[object];
    info.newest = object;
    ObjectId older = newObject(std::move(info));
    objects[object].older = older;
  }
  return objects[object].older;
}

bool Interpreter::hasMark(const State& state, ObjectId object, const char* mark) {
  return llvm::any_of(values.of(states.get(state, place(object, "<life>"))), [&](const Alternative& one) {
    const Text* text = stringOf(values.atom(one.atom));
    return text && *text == mark;
  });
}

bool Interpreter::mayHaveEnded(const State& state, ObjectId object) {
  return states.get(state, place(object, doubtMark)) != Values::nothing;
}

/// The place of the object makes another thing.
void Interpreter::renew(State& state, ObjectId object) {
  if (states.isAlive(state, object)) {
    states.begin(state, olderOf(object), *state.alive.find(object));
    states.end(state, object);
    if (mayHaveEnded(state, object)) {
      states.set(state, place(olderOf(object), doubtMark), values.literal(true));
      states.set(state, place(object, doubtMark), Values::nothing);
    }
  } else if (hasMark(state, object, waitingMark)) {
    states.set(state, place(olderOf(object), "<life>"), values.literal(std::string(waitingMark)));
  }
  states.set(state, place(object, "<life>"), values.literal(std::string(waitingMark)));
}

/// What is known of the call site that a way leads to: it begins things of the object's kind.
Beginning& Interpreter::beginningOf(uint32_t witness, ObjectId object) {
  const Hop& at = witnesses.last(witness);
  std::string model = modelOf(object);
  Beginning& known = log.beginnings[{at.function, at.position.line, at.position.column, model}];
  if (!known.at.function) known.at = at, known.model = std::move(model);
  return known;
}

void Interpreter::noteEnd(const ModelCall& call, const State& state, const Atom& subject) {
  Hop here{call.site.frame.function, call.site.at()};
  for (ObjectId object : {subject.object, objects[subject.object].older})
    if (object && states.isAlive(state, object)) {
      std::vector<Hop>& ends = beginningOf(*state.alive.find(object), subject.object).ends;
      if (!llvm::is_contained(ends, here)) ends.push_back(here);
    }
}

void Interpreter::begin(State& state, const Atom& subject, uint32_t witness) {
  beginningOf(witness, subject.object);
  objects[subject.object].hasBegun = true;
  states.begin(state, subject.object, witness);
  states.set(state, place(subject.object, "<life>"), values.literal(std::string(begunMark)));
  ObjectId older = objects[subject.object].older;
  if (!subject.each || !older || !hasMark(state, older, waitingMark)) return;
  states.begin(state, older, witness);
  states.set(state, place(older, "<life>"), values.literal(std::string(begunMark)));
}

void Interpreter::end(State& state, const Atom& subject) {
  ObjectId older = objects[subject.object].older;
  if (older && (subject.each || !states.isAlive(state, subject.object))) states.end(state, older);
  states.end(state, subject.object);
}

/// On the edge it is told that a thing lives no more, or that no other one of a class does.
void Interpreter::endAsTold(State& state, const Atom& liveness, const facts::Edge& edge) {
  if (liveness.object && !liveness.text.empty()) return passGate(state, liveness, edge);
  if (liveness.object) {
    if (edge.relation != facts::Relation::Falsy) return;
    end(state, liveness);
    if (PlaceId lock = place(liveness.object, "<self>"); states.isHeld(state, lock))
      states.release(state, lock);
    return;
  }
  const int64_t* number = std::get_if<int64_t>(&edge.literal);
  bool isOnly = number && ((edge.relation == facts::Relation::LessEqual && *number == 1) ||
                           (edge.relation == facts::Relation::Less && *number == 2) ||
                           (edge.relation == facts::Relation::Equal && *number == 1));
  if (!isOnly) return;
  std::vector<ObjectId> ended;
  states.allAlive(state).forEach([&](ObjectId object, uint32_t) {
    if (modelOf(object) == liveness.text) ended.push_back(object);
  });
  for (ObjectId object : ended)
    states.end(state, object);
}

/// A method of one of several classes is called: the object is of this class, so that those of the others,
/// and what they hold, have not been made on this way.
void Interpreter::excludeOtherClasses(State& state, ValueSet callees, AtomId chosen) {
  auto receiverOf = [&](AtomId method) {
    const Atom& bound = values.atom(method);
    bool isOurs = bound.kind == AtomKind::Bound && values.atom(bound.receiver).kind == AtomKind::Object;
    ObjectId receiver = isOurs ? values.atom(bound.receiver).object : 0;
    return objects[receiver].of ? receiver : 0;
  };
  auto heldBy = [&](ObjectId owner) {
    std::set<ObjectId> held;
    for (PlaceId field : List<PlaceId>(fieldsOf(owner)))
      for (const Alternative& one : values.of(states.get(state, field)))
        if (const Atom& atom = values.atom(one.atom);
            atom.kind == AtomKind::Object && objects[atom.object].hasBegun)
          held.insert(atom.object);
    return held;
  };
  if (values.of(callees).size() < 2) return;
  ObjectId receiver = receiverOf(chosen); // none where nothing is known of it
  std::set<ObjectId> own = receiver ? heldBy(receiver) : std::set<ObjectId>();
  for (const Alternative& other : values.of(callees)) {
    ObjectId excluded = receiverOf(other.atom);
    if (!excluded || excluded == receiver || objects[excluded].of == objects[receiver].of) continue;
    for (ObjectId held : heldBy(excluded))
      if (!own.contains(held)) states.end(state, held);
  }
}

/// What is given away to where nobody can follow it may be ended from there.
void Interpreter::giveAway(State& state, ValueSet given) {
  std::vector<Alternative> lives;
  for (const Alternative& alternative : values.of(given))
    if (std::optional<Atom> thing = this->thing(alternative.atom); thing && objects[thing->object].hasBegun)
      lives.push_back(alternative);
  if (lives.empty()) return;
  PlaceId away = globalPlace(givenAway);
  states.set(state, away, values.join(states.get(state, away), values.one(values.set(std::move(lives)))));
}

/// Something unknown is called by a name that ends things: those that were given away may be meant.
void Interpreter::mayEnd(State& state, llvm::StringRef member) {
  if (!program.models().isEnd(member)) return;
  for (const Alternative& alternative : values.of(states.get(state, globalPlace(givenAway))))
    if (std::optional<Atom> thing = this->thing(alternative.atom))
      for (ObjectId object : {thing->object, objects[thing->object].older})
        if (object && states.isAlive(state, object)) mayEnd(state, object);
}

void Interpreter::mayEnd(State& state, ObjectId living) {
  states.set(state, place(living, doubtMark), values.literal(true));
}

/// Does somebody hold the object when the function has returned: a place that is not one of its variables, or
/// of what it has made and nobody holds?
bool Interpreter::isHeldBy(const link::FunctionInfo& function, const Outcome& end, ObjectId object,
                           unsigned depth) {
  constexpr unsigned deepestHolder = 3;
  auto isIn = [&](ValueSet value) {
    return llvm::any_of(values.of(value), [&](const Alternative& one) {
      const Atom& atom = values.atom(one.atom);
      bool isReceiver = atom.kind == AtomKind::Bound && values.atom(atom.receiver).object == object &&
                        values.atom(atom.receiver).kind == AtomKind::Object;
      return isReceiver || (atom.kind == AtomKind::Object && atom.object == object);
    });
  };
  if (depth > deepestHolder || isIn(end.value)) return true;
  std::vector<ObjectId> holders;
  end.state.heap.forEach([&](PlaceId place, ValueSet value) {
    if (ownerOf(place) != object && isIn(value)) holders.push_back(ownerOf(place));
  });
  return llvm::any_of(holders, [&](ObjectId holder) {
    uint32_t made = objects[holder].made;
    // A pointer of C or C++ keeps no object of Python.
    if (holder && made && endsVariables(*witnesses.last(made).function)) return false;
    bool isOwn = holder && made && witnesses.last(made).function == &function;
    return !isOwn || isHeldBy(function, end, holder, depth + 1);
  });
}

/// An object that only a variable of the function held, and that holds something which it has begun, says
/// itself what ends with it.
void Interpreter::runFinalizers(const Frame& frame, const State& entry, Outcome& end) {
  constexpr const char* finalizer = "__del__";
  const link::FunctionInfo& function = *frame.function;
  std::vector<ObjectId> begun, dropped;
  end.state.alive.forEach([&](ObjectId object, uint32_t) {
    if (!entry.alive.contains(object)) begun.push_back(object);
  });
  if (begun.empty() || end.kind != Outcome::Kind::Returned) return;
  end.state.heap.forEach([&](PlaceId place, ValueSet value) {
    ObjectId owner = ownerOf(place);
    uint32_t made = owner && objects[owner].of ? objects[owner].made : 0;
    if (!made || witnesses.last(made).function != &function || llvm::is_contained(dropped, owner)) return;
    std::vector<ObjectId> held = values.objectsIn(value);
    if (llvm::any_of(held, [&](ObjectId each) { return llvm::is_contained(begun, each); }))
      dropped.push_back(owner);
  });
  for (ObjectId object : dropped) {
    ValueSet method = classAttribute(end.state, objects[object].of, finalizer);
    if (method == Values::nothing || isHeldBy(function, end, object, 0)) continue;
    facts::Instruction nowhere;
    nowhere.position = function.body->position;
    Site site{frame, nowhere, UINT32_MAX - 4};
    Arguments arguments;
    arguments.self = values.object(object);
    for (const Outcome& after : callEach(site, method, arguments, end.state))
      if (after.kind == Outcome::Kind::Returned && after.state.side == end.state.side) {
        end.state = after.state;
        break;
      }
  }
}

/// What only a variable of the function held is ended behind it, where its row says so.
void Interpreter::drop(const Frame& frame, const State& entry, Outcome& end) {
  const link::FunctionInfo& function = *frame.function;
  if (end.state.side != entry.side || function.unit->language != "python") return;
  runFinalizers(frame, entry, end);
  std::vector<ObjectId> begun;
  end.state.alive.forEach([&](ObjectId object, uint32_t) {
    if (entry.alive.contains(object) || objects[object].newest) return;
    uint32_t made = objects[object].made;
    const link::Model* row = program.models().find(modelOf(object));
    if (row && row->endsWhenDropped && made && witnesses.last(made).function == &function)
      begun.push_back(object);
  });
  for (ObjectId object : begun)
    if (!isHeldBy(function, end, object, 0)) states.end(end.state, object);
}

/// Who has gone over all that something gives has outlasted those who give it: a thread that its steps began,
/// and that returns by itself, may have ended.
void Interpreter::outlast(const Site& site, State& state) {
  std::vector<ObjectId> begun;
  state.alive.forEach([&](ObjectId object, uint32_t witness) {
    auto deeds = threadDeeds.find(object);
    if (deeds == threadDeeds.end() || !deeds->second.returns) return;
    if (llvm::any_of(witnesses[witness], [&](const Hop& hop) {
          return hop.function == site.frame.function && hop.position == site.at();
        }))
      begun.push_back(object);
  });
  for (ObjectId object : begun)
    states.set(state, place(object, doubtMark), values.literal(true));
}

/// The life of the one goes on as that of the other.
void Interpreter::handOver(State& state, const Atom& from, const Atom& to) {
  ObjectId older = objects[from.object].older;
  if (from.each && older && states.isAlive(state, older)) {
    states.begin(state, olderOf(to.object), *state.alive.find(older));
    states.end(state, older);
  }
  if (!states.isAlive(state, from.object)) return;
  uint32_t begun = *state.alive.find(from.object);
  states.end(state, from.object);
  renew(state, to.object);
  begin(state, to, begun);
}

} // namespace forklint::solve
