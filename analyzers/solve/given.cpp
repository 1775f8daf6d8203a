// What is given by callers that are not known. It is one thing each time; where an annotation names a class
// of a library that has rows, it is of this class: its members are those of the rows, and what they say of it
// holds. It was made elsewhere: nothing is known of what it holds, and it lives only where code here begins
// it. It stays an unknown value, which may be anything where its class is not asked for.
#include "analyzers/solve/memory.h"

#include "llvm/ADT/STLExtras.h"

namespace forklint::solve {

/// What callers outside of the program give to a function: not known, but the same thing each time. Of a
/// class where an annotation names one that has a row.
ValueSet Memory::given(const link::FunctionInfo& function, Text what, Text klass) {
  Atom atom;
  atom.text = what;
  atom.function = &function;
  if (program.models().hasRow(klass)) atom.klass = program.models().find(klass)->name;
  return values.single(atom);
}

/// The class that an annotation names: what the name stands for where another module hands a class of a
/// library on, whatever else it may be there.
Text Memory::classMeant(const State& state, Text named) {
  if (named.empty() || program.models().hasRow(named)) return named;
  Text meant;
  for (const Alternative& one : values.of(states.get(state, globalPlace(named)))) {
    const Atom& atom = values.atom(one.atom);
    if (isNone(atom)) continue;
    bool isOnly = atom.kind == AtomKind::External && (meant.empty() || meant == atom.text);
    if (!isOnly || !program.models().hasRow(atom.text)) return {};
    meant = atom.text;
  }
  return meant;
}

/// The value, but for what is not known of it: that is what the annotation says.
ValueSet Memory::annotated(ValueSet value, const link::FunctionInfo& function, Text what, Text klass) {
  auto isOpen = [&](const Alternative& one) {
    const Atom& atom = values.atom(one.atom);
    return atom.kind == AtomKind::Unknown && !atom.function && !atom.isOther && !atom.isLine;
  };
  if (klass.empty() || !program.models().hasRow(klass) || llvm::none_of(values.of(value), isOpen))
    return value;
  std::vector<Alternative> all = values.of(value).vec();
  AtomId known = values.of(given(function, what, klass))[0].atom;
  for (Alternative& one : all)
    if (isOpen(one)) one.atom = known;
  return values.set(std::move(all));
}

/// Where the members of a given thing are.
ObjectId Memory::objectOf(AtomId given) {
  given = values.oneAtom(given);
  auto slot = givenObjects.find(given);
  if (slot != givenObjects.end()) return slot->second;
  ObjectInfo info;
  info.model = values.atom(given).klass;
  info.isGiven = info.drainedElsewhere = !info.model.empty();
  info.isShared = values.atom(given).text == givenResult;
  return givenObjects[given] = newObject(std::move(info));
}

/// A member of a given thing that its class says: a row's, or the start method that all its objects have. Any
/// other one is chosen where the object is made, whatever the annotation says.
ValueSet Memory::givenMember(AtomId given, llvm::StringRef name) {
  const Atom& atom = values.atom(given);
  const link::Model* row = atom.klass.empty() ? nullptr : program.models().find(atom.klass);
  if (!row) return Values::nothing;
  if (name != "method") return modelMember(given, row->name, name);
  for (const link::Effect& effect : row->effects)
    if (llvm::StringRef method = effect.method; method.consume_front("'"))
      return values.literal(method.drop_back().str());
  return Values::nothing;
}

/// The thing that a value stands for: an object, also one that was given and is of a class.
std::optional<Atom> Memory::thing(AtomId id) {
  const Atom& atom = values.atom(id);
  if (atom.kind == AtomKind::Object) return atom;
  if (atom.kind != AtomKind::Unknown || atom.klass.empty()) return std::nullopt;
  Atom object;
  object.kind = AtomKind::Object;
  object.object = objectOf(id);
  object.each = atom.each;
  return object;
}

} // namespace forklint::solve
