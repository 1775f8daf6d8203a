// Attributes: of modules, instances, classes and what models say of library classes.
#include "analyzers/solve/memory.h"

#include "llvm/ADT/STLExtras.h"

namespace forklint::solve {

namespace {
constexpr size_t farthestMember = 3;
} // namespace

ValueSet Memory::attributeOf(const State& state, ValueSet base, const std::string& name, unsigned depth) {
  ValueSet found = Values::nothing;
  for (const Alternative& alternative : values.of(base))
    found = values.join(found,
                        values.within(attribute(state, alternative.atom, name, depth), alternative.variants));
  return found != Values::nothing ? found : values.unknown("attribute " + name);
}

ValueSet Memory::attribute(const State& state, AtomId baseId, const std::string& name, unsigned depth) {
  const Atom base = values.atom(baseId);
  if (base.each) return values.each(attribute(state, values.oneAtom(baseId), name, depth));
  switch (base.kind) {
  case AtomKind::External: {
    // A package without a file of its own (PEP 420) is nothing of the program, but what it holds may be.
    std::string whole = base.text + "." + name;
    return program.hasModule(whole) ? moduleValue(whole) : external(whole);
  }
  case AtomKind::Module: {
    std::string whole = base.text + "." + name;
    if (ValueSet stored = states.get(state, globalPlace(whole)); stored != Values::nothing) return stored;
    if (program.hasModule(whole)) return moduleValue(whole);
    return values.unknown("attribute " + name + " of module " + base.text);
  }
  case AtomKind::Object: {
    const ObjectInfo& info = objects[base.object];
    if (info.receiver) {
      ValueSet inherited = superAttribute(state, info, name);
      return name == "__new__" ? inherited : bound(info.receiver, inherited); // that one is static
    }
    ValueSet stored = states.get(state, place(base.object, name));
    if (stored != Values::nothing) return stored;
    if (info.isClass) return classAttribute(state, base.object, name);
    ValueSet inherited = info.of ? instanceAttribute(state, baseId, info.of, name) : Values::nothing;
    if (inherited != Values::nothing) return inherited;
    return modelMember(baseId, modelOf(base.object), name);
  }
  case AtomKind::Address: {
    ValueSet inner = states.get(state, base.object);
    if (inner != Values::nothing && !values.isUnknown(inner) && depth < deepestAddress)
      return attributeOf(state, inner, name, depth + 1);
    return states.get(state, place(aggregateAt(base.object), name));
  }
  case AtomKind::Literal:
    return stringOf(base) ? modelMember(baseId, "container.text", name) : Values::nothing;
  case AtomKind::Unknown: {
    if (!base.function) return Values::nothing;
    ValueSet stored = states.get(state, place(objectOf(baseId), name));
    if (stored == Values::nothing) stored = givenMember(baseId, name);
    // What it leads to is one thing too, but a list is not followed for ever.
    bool far = llvm::StringRef(base.text).count('.') >= farthestMember;
    return stored != Values::nothing || far ? stored : given(*base.function, base.text + "." + name);
  }
  default: return Values::nothing;
  }
}

/// What the class has under the name, bound to the instance.
ValueSet Memory::instanceAttribute(const State& state, AtomId base, ObjectId klass, const std::string& name) {
  return bound(base, classAttribute(state, klass, name));
}

bool Memory::isDescriptor(const Atom& member) const {
  return member.kind == AtomKind::Object && !objects[member.object].isClass &&
         !objects[member.object].symbol.empty();
}

ValueSet Memory::bound(AtomId receiver, ValueSet members) {
  std::vector<Alternative> all;
  for (const Alternative& alternative : values.of(members)) {
    const Atom& member = values.atom(alternative.atom);
    if (member.kind != AtomKind::Function && member.kind != AtomKind::External && !isDescriptor(member)) {
      all.push_back(alternative);
      continue;
    }
    Atom method;
    method.kind = AtomKind::Bound;
    method.target = alternative.atom;
    method.receiver = receiver;
    all.push_back({values.intern(method), alternative.variants});
  }
  return values.set(std::move(all));
}

/// A member of a library class: the row `CLASS.NAME`, of the class or of one that its row inherits from.
ValueSet Memory::modelMember(AtomId receiver, llvm::StringRef model, llvm::StringRef name, unsigned depth) {
  if (model.empty() || depth > deepestBase) return Values::nothing;
  const link::Model* row = program.models().find(model);
  if (!row) return Values::nothing;
  std::string target = (row->name + "." + name).str();
  for (const auto& [member, other] : row->members)
    if (member == name) target = other;
  if (program.models().find(target)) {
    ValueSet member = external(target);
    return receiver ? bound(receiver, member) : member;
  }
  for (const std::string& base : row->bases)
    if (ValueSet found = modelMember(receiver, base, name, depth + 1); found != Values::nothing) return found;
  return Values::nothing;
}

ValueSet Memory::classAttribute(const State& state, ObjectId klass, const std::string& name) {
  ValueSet own = states.get(state, place(klass, name));
  return own != Values::nothing ? own : firstAttribute(state, orderBehind(klass), name);
}

/// What the first of the classes that has the name has under it.
ValueSet Memory::firstAttribute(const State& state, llvm::ArrayRef<AtomId> classes, const std::string& name) {
  for (AtomId klass : classes) {
    const Atom atom = values.atom(klass);
    ValueSet found = Values::nothing;
    if (atom.kind == AtomKind::Object) found = states.get(state, place(atom.object, name));
    if (atom.kind == AtomKind::External) found = modelMember(0, atom.text, name);
    if (atom.kind == AtomKind::External && found == Values::nothing && name == "__init__")
      found = external(atom.text + ".__init__");
    if (found != Values::nothing) return found;
  }
  return Values::nothing;
}

/// Of a `super`: what comes behind its class in the order of the receiver's own class.
ValueSet Memory::superAttribute(const State& state, const ObjectInfo& super, const std::string& name) {
  const Atom receiver = values.atom(super.receiver);
  ObjectId own = super.of;
  if (receiver.kind == AtomKind::Object)
    own = objects[receiver.object].isClass ? receiver.object : objects[receiver.object].of;
  llvm::ArrayRef<AtomId> order = own ? orderBehind(own) : llvm::ArrayRef<AtomId>();
  auto isStatic = [&](AtomId klass) {
    const Atom& atom = values.atom(klass);
    return atom.kind == AtomKind::Object && atom.object == super.of;
  };
  auto from = llvm::find_if(order, isStatic);
  if (from != order.end())
    order = order.drop_front(static_cast<size_t>(from - order.begin()) + 1);
  else if (own != super.of)
    order = orderBehind(super.of);
  ValueSet found = firstAttribute(state, order, name);
  for (const std::string& root : program.models().named(link::Role::RootOfClasses))
    if (found == Values::nothing) found = modelMember(0, root, name);
  return found;
}

/// The library class of an instance: its own, or the first that its class inherits from.
std::string Memory::modelOf(ObjectId object, unsigned depth) const {
  const ObjectInfo& info = objects[object];
  if (!info.model.empty() || depth > deepestBase) return info.model;
  if (!info.isClass) return info.of ? modelOf(info.of, depth + 1) : std::string();
  for (ValueSet base : info.bases)
    for (const Alternative& alternative : values.of(base)) {
      const Atom& atom = values.atom(alternative.atom);
      if (atom.kind == AtomKind::External)
        if (const link::Model* row = program.models().find(atom.text)) return row->name;
      if (atom.kind == AtomKind::Object)
        if (std::string model = modelOf(atom.object, depth + 1); !model.empty()) return model;
    }
  return {};
}

} // namespace forklint::solve
