#include "analyzers/solve/memory.h"

#include "llvm/ADT/STLExtras.h"

namespace forklint::solve {

Memory::Memory(const link::Program& program) : program(program), stores(program), states(values) {
  newObject({});            // object 0: globals
  placeInfo.emplace_back(); // place 0: none
}

/// A global is a place of object 0; the fields of an instance are places of the instance; an element is
/// "[KEY" where the key is known, "[]" holds what any element may be.
PlaceId Memory::place(ObjectId object, Text name) {
  auto isIt = [&](PlaceId id) { return placeInfo[id] == std::pair(object, name); };
  auto add = [&] {
    auto id = static_cast<PlaceId>(placeInfo.size());
    placeInfo.emplace_back(object, name);
    fields[object].push_back(id);
    if (isStoredOnce(object, name)) states.mayDefine(id);
    return id;
  };
  return placeIds.find(llvm::hash_combine(object, name.identity()), isIt, add);
}

/// Is it a name of a module, or a member of a class, that one place in the text stores; or a part of a
/// function that is made once?
bool Memory::isStoredOnce(ObjectId object, llvm::StringRef name) const {
  if (!object) return stores.isOnce(name);
  if (objects[object].isClass) return stores.isOnce((objects[object].symbol + "." + name).str());
  return objects[object].isMadeOnce && (name.starts_with("default:") || name.starts_with("capture:"));
}

ObjectId Memory::newObject(ObjectInfo info) {
  objects.push_back(std::move(info));
  fields.emplace_back();
  return static_cast<ObjectId>(objects.size() - 1);
}

/// What is made anew holds nothing of what it held before.
void Memory::clear(State& state, ObjectId object) {
  for (PlaceId old : List<PlaceId>(fieldsOf(object)))
    if (states.get(state, old) != Values::nothing) states.set(state, old, Values::nothing);
}

void Memory::forget(State& state, ObjectId aggregate) {
  for (PlaceId field : List<PlaceId>(fieldsOf(aggregate))) {
    if (States::peek(state, field) != Values::nothing) states.set(state, field, Values::nothing);
    if (auto inner = aggregates.find(field); inner != aggregates.end()) forget(state, inner->second);
  }
}

ObjectId Memory::onlyObject(const std::string& model) {
  auto [slot, fresh] = objectIds.try_emplace(ObjectKey{nullptr, 0, model, {}, 0, 0, 0}, 0);
  if (fresh) {
    ObjectInfo info;
    info.model = model;
    slot->second = newObject(std::move(info));
  }
  return slot->second;
}

/// The aggregate whose fields lie at a place that holds no object of its own (a C struct).
ObjectId Memory::aggregateAt(PlaceId place) {
  auto slot = aggregates.find(place);
  if (slot == aggregates.end()) {
    ObjectInfo info;
    info.lies = place;
    slot = aggregates.emplace(place, newObject(std::move(info))).first;
  }
  return slot->second;
}

/// A name outside the program, or what its model says it is.
ValueSet Memory::external(const std::string& name) {
  Atom atom;
  const link::Model* model = program.models().find(name);
  if (model && model->value) return values.literal(*model->value);
  atom.kind = model && model->role == link::Role::Version ? AtomKind::Version : AtomKind::External;
  atom.text = name;
  return values.single(atom);
}

/// A name that a library may have given to a module which imports all of its names.
ValueSet Memory::starredName(const State& state, llvm::StringRef global) {
  auto [module, name] = global.rsplit('.');
  for (const Alternative& library : values.of(states.get(state, globalPlace((module + starredMark).str()))))
    if (std::string whole = values.atom(library.atom).text + "." + name.str(); program.models().find(whole))
      return external(whole);
  return values.unknown(("global " + global).str());
}

/// What nobody has made in view is known by where it is.
ValueSet Memory::dereference(const State& state, ValueSet value) {
  ValueSet found = Values::nothing;
  for (const Alternative& alternative : values.of(value)) {
    const Atom& atom = values.atom(alternative.atom);
    bool isEach = atom.each;
    ValueSet inner = values.set({alternative});
    if (atom.kind == AtomKind::Address) {
      PlaceId where = atom.object;
      inner = states.get(state, where);
      if (inner == Values::nothing) inner = values.object(aggregateAt(where));
    }
    found = values.join(found, isEach ? values.each(inner) : inner);
  }
  return found;
}

ValueSet Memory::elements(const State& state, ValueSet container, unsigned depth) {
  ValueSet found = Values::nothing;
  for (const Alternative& alternative : values.of(container)) {
    const Atom& atom = values.atom(alternative.atom);
    if (atom.kind == AtomKind::Object) {
      ValueSet held = states.get(state, place(atom.object, "[]"));
      // Elements that nobody has told apart are one with what holds them.
      bool isOne = held == Values::nothing && states.isAlive(state, atom.object);
      found = values.join(found, isOne ? values.set({alternative}) : held);
    }
    if (atom.kind != AtomKind::Address || depth > deepestAddress) continue;
    if (ValueSet stored = states.get(state, atom.object); stored != Values::nothing) {
      ValueSet inner = elements(state, stored, depth + 1);
      found = values.join(found, values.isUnknown(inner) ? stored : inner); // an array of objects is one
      continue;
    }
    // An array lies at the place itself.
    ObjectId array = aggregateAt(atom.object);
    for (PlaceId field : List<PlaceId>(fieldsOf(array)))
      if (nameOf(field).starts_with("[")) found = values.join(found, states.get(state, field));
    if (states.isAlive(state, array)) found = values.join(found, values.object(array));
  }
  return found != Values::nothing ? found : values.unknown("element");
}

/// `array + i`: the address of an element.
std::optional<ValueSet> Memory::advance(ValueSet pointer, ValueSet by) {
  if (values.of(pointer).size() != 1 || values.of(by).size() != 1) return std::nullopt;
  Atom atom = values.atom(values.of(pointer)[0].atom);
  const Atom& index = values.atom(values.of(by)[0].atom);
  if (atom.kind != AtomKind::Address) return std::nullopt;
  // From one element to another.
  bool isElement = nameOf(atom.object).starts_with("[");
  bool isKnown = index.kind == AtomKind::Literal && !isElement;
  atom.object = place(isElement ? ownerOf(atom.object) : aggregateAt(atom.object),
                      isKnown ? "[" + literalText(index.literal) : "[]");
  return values.single(atom);
}

/// The elements under 0, 1, 2, … as far as they are known one by one.
std::vector<ValueSet> Memory::items(const State& state, ObjectId container) {
  std::vector<ValueSet> known;
  for (;;) {
    ValueSet element = states.get(state, place(container, "[" + std::to_string(known.size())));
    if (element == Values::nothing) return known;
    known.push_back(element);
  }
}

ValueSet Memory::moduleValue(Text name) {
  Atom atom;
  atom.kind = AtomKind::Module;
  atom.text = name;
  return values.single(atom);
}

bool Memory::isContainer(const Atom& atom) const {
  return atom.kind == AtomKind::Object &&
         llvm::StringRef(objects[atom.object].model).starts_with("container.");
}

/// Is it a thing that has a life, one of them?
bool Memory::mayLive(ValueSet value) const {
  return llvm::any_of(values.of(value), [&](const Alternative& one) {
    const Atom& atom = values.atom(one.atom);
    if (!atom.klass.empty()) return program.models().isLiving(atom.klass.ref());
    return atom.kind == AtomKind::Object && !objects[atom.object].isClass &&
           program.models().isLiving(modelOf(atom.object));
  });
}

} // namespace forklint::solve
