// Effects that only make or find values: containers, bound arguments, descriptors, attributes by name.
#include "analyzers/solve/interpreter.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"

namespace forklint::solve {

using link::Effect;

/// The function of `entry` with the call's own arguments bound to it.
ValueSet Interpreter::bindArguments(ModelCall& call, const Effect& effect, State& state) {
  ValueSet result = fresh(call, call.model.name, "bound");
  ObjectId made = values.atom(values.of(result)[0].atom).object;
  states.set(state, place(made, "<callee>"), evaluate(call, state, effect.entry));
  for (size_t i = 0; i < call.rest.size(); ++i)
    states.set(state, place(made, "[" + std::to_string(i)), call.rest[i]);
  for (const auto& [name, value] : call.ownKeywords())
    states.set(state, place(made, "[\"" + name), value);
  return result;
}

ValueSet Interpreter::readAttribute(const ModelCall& call, const Effect& effect, const State& state) {
  ValueSet found = Values::nothing;
  for (const Alternative& name : values.of(evaluate(call, state, effect.entry)))
    if (const Text* text = stringOf(values.atom(name.atom)))
      found = values.join(found, attributeOf(state, evaluate(call, state, effect.subject), *text));
  return found != Values::nothing ? found : values.unknown("attribute by name");
}

ValueSet Interpreter::hasAttribute(const ModelCall& call, const Effect& effect, const State& state) {
  ValueSet subject = evaluate(call, state, effect.subject), name = evaluate(call, state, effect.entry);
  const Text* text = values.of(name).size() == 1 ? stringOf(values.atom(values.of(name)[0].atom)) : nullptr;
  if (!text || subject == Values::nothing) return values.unknown("has attribute");
  bool asksForCall = *text == "__call__";
  auto has = [&](const Alternative& one) {
    const Atom& atom = values.atom(one.atom);
    if (asksForCall && (atom.kind == AtomKind::Function || atom.kind == AtomKind::Bound)) return true;
    if (atom.kind == AtomKind::External) { // a constant of the library
      const link::Model* row = program.models().find(atom.text + "." + *text);
      return row && row->value;
    }
    if (atom.kind != AtomKind::Object) return false;
    return (asksForCall && objects[atom.object].isClass) ||
           attribute(state, one.atom, *text) != Values::nothing;
  };
  auto isLiteral = [&](const Alternative& one) { return values.atom(one.atom).kind == AtomKind::Literal; };
  llvm::ArrayRef<Alternative> all = values.of(subject);
  if (llvm::all_of(all, has)) return values.literal(true);
  // A literal can not be called; what else it has is not said here.
  return asksForCall && llvm::all_of(all, isLiteral) ? values.literal(false)
                                                     : values.unknown("has attribute");
}

/// That something is no instance of a class with a library's class above it is not said: it may count others
/// as its own.
std::optional<ValueSet> Interpreter::isInstance(const ModelCall& call, const Effect& effect,
                                                const State& state) {
  ValueSet types = evaluate(call, state, effect.entry);
  std::optional<bool> is = areInstances(evaluate(call, state, effect.subject), types);
  bool areOurs = llvm::all_of(values.of(types), [&](const Alternative& type) {
    return values.atom(type.atom).kind == AtomKind::Object && isOnlyOurs(values.atom(type.atom).object);
  });
  return is && (*is || areOurs) ? std::optional(values.literal(*is)) : std::nullopt;
}

std::optional<ValueSet> Interpreter::beginsWith(const ModelCall& call, const Effect& effect,
                                                const State& state) {
  auto textOf = [&](const std::string& path) {
    ValueSet value = evaluate(call, state, path);
    return values.of(value).size() == 1 ? stringOf(values.atom(values.of(value)[0].atom)) : nullptr;
  };
  const Text *text = textOf(effect.subject), *beginning = textOf(effect.entry);
  if (!text || !beginning) return std::nullopt;
  return values.literal(llvm::StringRef(*text).starts_with(*beginning));
}

/// What is alive here and is of the library class `life`.
ValueSet Interpreter::listAlive(ModelCall& call, const Effect& effect, State& state) {
  ValueSet every = Values::nothing;
  states.allAlive(state).forEach([&](ObjectId object, uint32_t) {
    if (modelOf(object) == effect.life) every = values.join(every, values.object(object));
  });
  ValueSet list = fresh(call, effect.entry);
  states.set(state, place(values.atom(values.of(list)[0].atom).object, "[]"), every);
  return list;
}

/// Puts the payload into the subject: as its last element, whose number is kept where it is known and does
/// not grow in a loop, or somewhere.
void Interpreter::adds(ModelCall& call, const Effect& effect, State& state) {
  constexpr size_t mostNumbered = 8;
  ValueSet payload = values.one(evaluate(call, state, effect.payload));
  if (objectsAt(call, state, effect.subject).empty()) giveAway(state, payload);
  bool repeats = loopsOf(*call.site.frame.function->body).meetsEach(call.site.id);
  for (ObjectId container : objectsAt(call, state, effect.subject)) {
    say(state, container, payload);
    PlaceId every = place(container, "[]");
    ValueSet any = states.get(state, every), listed = Values::nothing;
    std::vector<ValueSet> known = items(state, container);
    for (ValueSet item : known)
      listed = values.join(listed, item);
    if (!effect.entry.empty())
      for (const Alternative& key : values.of(evaluate(call, state, effect.entry)))
        if (const Atom& atom = values.atom(key.atom); atom.kind == AtomKind::Literal)
          storeAt(state, place(container, "[" + literalText(atom.literal)), payload, false);
    bool isNumbered = effect.life == "last" && !repeats && listed == any && known.size() < mostNumbered;
    if (isNumbered) states.set(state, place(container, "[" + std::to_string(known.size())), payload);
    states.set(state, every, values.join(any, payload));
  }
}

/// Puts all that the payload holds into the subject, and what the call gives by keywords of its own.
void Interpreter::includes(ModelCall& call, const Effect& effect, State& state) {
  ValueSet payload = evaluate(call, state, effect.payload), every = Values::nothing;
  std::vector<std::pair<std::string, ValueSet>> keyed;
  if (pendingOf(payload)) every = drawn(call, payload, state);
  for (ObjectId from : objectsAt(call, state, effect.payload))
    for (PlaceId field : List<PlaceId>(fieldsOf(from)))
      if (ValueSet held = states.get(state, field); held != Values::nothing) {
        if (nameOf(field).starts_with("[\"")) keyed.emplace_back(nameOf(field).str(), held);
        if (nameOf(field) == "[]") every = values.join(every, held);
      }
  for (const auto& [name, value] : call.ownKeywords())
    keyed.emplace_back("[\"" + name, value);
  for (ObjectId container : objectsAt(call, state, effect.subject)) {
    for (const auto& [key, value] : keyed)
      storeAt(state, place(container, key), value, true);
    if (every != Values::nothing) storeAt(state, place(container, "[]"), values.one(every), false);
  }
}

/// A result through a pointer: the call says nothing of it, and may leave what is there.
void Interpreter::writes(const ModelCall& call, const Effect& effect, State& state) {
  std::vector<ValueSet> given = call.rest;
  if (effect.subject != "rest") given = {asGiven(call, state, effect.subject)};
  for (ValueSet each : given)
    for (const Alternative& one : values.of(each))
      if (const Atom& pointer = values.atom(one.atom); pointer.kind == AtomKind::Address)
        states.set(
            state, pointer.object,
            values.join(states.get(state, pointer.object), values.unknown("written by " + call.model.name)));
}

/// What is at an address is nothing from here on; the one container that it may be holds nothing.
void Interpreter::empties(State& state, ValueSet subjects) {
  for (const Alternative& one : values.of(subjects)) {
    const Atom& subject = values.atom(one.atom);
    if (subject.kind == AtomKind::Address) states.set(state, subject.object, values.literal(facts::None{}));
    if (subject.kind != AtomKind::Object || values.of(subjects).size() != 1) continue;
    for (PlaceId field : List<PlaceId>(fieldsOf(subject.object)))
      if (nameOf(field).starts_with("[") && states.get(state, field) != Values::nothing)
        states.set(state, field, Values::nothing);
  }
}

/// The elements of the payload in a new container.
void Interpreter::collects(ModelCall& call, const Effect& effect, State& state) {
  ValueSet payload = evaluate(call, state, effect.payload);
  ValueSet every = drawn(call, payload, state);
  call.result = fresh(call, effect.life);
  ObjectId made = values.atom(values.of(call.result)[0].atom).object;
  bool isOne = values.of(payload).size() == 1 && !pendingOf(payload);
  if (isOne && values.atom(values.of(payload)[0].atom).kind == AtomKind::Object) {
    std::vector<ValueSet> known = items(state, values.atom(values.of(payload)[0].atom).object);
    for (size_t i = 0; i < known.size(); ++i)
      states.set(state, place(made, "[" + std::to_string(i)), known[i]);
  }
  states.set(state, place(made, "[]"), every);
  for (ObjectId from : objectsAt(call, state, effect.payload))
    objects[made].elements = std::max(objects[made].elements, objects[from].elements);
}

/// An element of the subject: under the key of `entry` where that is known, else any; where none is known,
/// what the row says otherwise.
ValueSet Interpreter::takes(ModelCall& call, const Effect& effect, State& state) {
  ValueSet found = Values::nothing, words = Values::nothing;
  for (ObjectId container : objectsAt(call, state, effect.subject)) {
    words = values.join(words, wordsIn(state, container));
    if (!effect.entry.empty())
      for (const Alternative& key : values.of(evaluate(call, state, effect.entry)))
        if (values.atom(key.atom).kind == AtomKind::Literal)
          found = values.join(
              found, states.get(state, place(container, "[" + literalText(values.atom(key.atom).literal))));
    if (effect.life != "removed") continue;
    // The others are elsewhere now.
    for (size_t last = items(state, container).size(); last-- > 0;)
      states.set(state, place(container, "[" + std::to_string(last)), Values::nothing);
  }
  bool isEach = !effect.entry.empty() && values.isEach(evaluate(call, state, effect.entry));
  if (found != Values::nothing) return isEach ? values.each(found) : found;
  found = elements(state, evaluate(call, state, effect.subject));
  if (values.isUnknown(found) && !values.isUnknown(call.result)) found = call.result;
  isEach |= loopsOf(*call.site.frame.function->body).meetsEach(call.site.id);
  return values.join(isEach ? values.each(found) : found, words);
}

/// Wraps a function so that a class binds it in the way that `life` names: static, class or property.
ValueSet Interpreter::describe(ModelCall& call, const Effect& effect, State& state) {
  ValueSet result = fresh(call, call.model.name, "descriptor");
  ObjectId made = values.atom(values.of(result)[0].atom).object;
  objects[made].symbol = effect.life;
  states.set(state, place(made, "<function>"), evaluate(call, state, effect.entry));
  return result;
}

/// What comes behind the class `entry` in the order of the class of `subject`, seen from `subject`.
ValueSet Interpreter::superOf(ModelCall& call, const Effect& effect, const State& state) {
  std::vector<ObjectId> classes = objectsAt(call, state, effect.entry);
  ValueSet self = evaluate(call, state, effect.subject);
  if (classes.size() != 1 || values.of(self).size() != 1 || !objects[classes[0]].isClass)
    return values.unknown("super");
  AtomId receiver = values.of(self)[0].atom;
  std::string role = "super " + std::to_string(receiver) + " " + std::to_string(classes[0]);
  ObjectId made = object(call.site.frame, call.site.id, "", role);
  objects[made].of = classes[0];
  objects[made].receiver = receiver;
  return values.object(made);
}

/// What holds of the main process only: a text, or none. Elsewhere it is something else.
ValueSet Interpreter::ofMainProcess(const State& state, llvm::StringRef what) {
  facts::Literal here = facts::None{};
  if (what.consume_front("'")) here = what.drop_back().str();
  // What a fork server imports runs in the server; a bare fork tells its child nothing.
  bool isStarted = importsMain && !isFromServer;
  for (Side side = state.side; side; side = forkRecords[side - 1].parent)
    isStarted |= forkRecords[side - 1].startsProcess;
  if (!isStarted) return values.literal(here);
  Atom other;
  other.text = "another than " + literalText(here);
  other.literal = here;
  other.isOther = true;
  return values.single(other);
}

} // namespace forklint::solve
