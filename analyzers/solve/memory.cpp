// Places, attributes and classes. A global is a place of object 0; the fields of an instance are places of
// the instance; an element is "[KEY" where the key is known, "[]" holds what any element may be.
#include "analyzers/solve/interpreter.h"

#include "llvm/ADT/STLExtras.h"

namespace forklint::solve {

using facts::Instruction;
using facts::InstructionKind;

PlaceId Interpreter::place(ObjectId object, const std::string& name) {
  auto [slot, fresh] = placeIds.try_emplace({object, name}, static_cast<PlaceId>(placeNames.size()));
  if (fresh) placeNames.push_back({object, name});
  return slot->second;
}

/// Objects are told apart by the place that made them and one call site of the function around it.
ObjectId Interpreter::object(const Frame& frame, uint32_t value, const std::string& model,
                             const std::string& role) {
  std::string site = role + "@" + std::to_string(frame.at.file) + ":" + std::to_string(frame.at.line) + ":" +
                     std::to_string(frame.at.column);
  auto [slot, fresh] =
      objectIds.try_emplace({frame.function, value, site, model}, static_cast<ObjectId>(objects.size()));
  if (fresh) {
    ObjectInfo info;
    info.model = model;
    info.site = frame.function;
    info.value = value;
    objects.push_back(std::move(info));
  }
  return slot->second;
}

ValueSet Interpreter::valueOf(const Frame& frame, const Config& config, facts::ValueId id) {
  if (id == facts::noValue) return values.unknown("nothing");
  if (config.values[id] != Values::nothing) return config.values[id];
  const Instruction& leaf = frame.function->body->instructions[id];
  switch (leaf.kind) {
  case InstructionKind::Constant: return values.literal(leaf.literal);
  case InstructionKind::Parameter:
    return leaf.index < frame.parameters.size() ? frame.parameters[leaf.index] : values.unknown("parameter");
  case InstructionKind::Capture:
    return leaf.index < frame.captures.size() ? frame.captures[leaf.index] : values.unknown("capture");
  case InstructionKind::FunctionRef:
  case InstructionKind::ClassRef: {
    Atom atom;
    atom.function = program.function(leaf.name, *frame.function->unit);
    atom.kind = atom.function ? AtomKind::Function : AtomKind::External;
    atom.text = leaf.name;
    return values.single(std::move(atom));
  }
  case InstructionKind::Unknown: return values.unknown(leaf.name);
  default: return values.unknown("value");
  }
}

std::vector<PlaceId> Interpreter::placesOf(const Frame& frame, const Config& config,
                                           const facts::Place& where) {
  switch (where.kind) {
  case facts::PlaceKind::Local: return {place(frame.locals, where.name)};
  case facts::PlaceKind::Global: return {globalPlace(where.name)};
  default: break;
  }
  std::vector<PlaceId> places;
  if (where.base == facts::noValue) return places;
  for (const Alternative& alternative : values.of(valueOf(frame, config, where.base))) {
    const Atom& base = values.atom(alternative.atom);
    if (where.kind == facts::PlaceKind::Deref) {
      if (base.kind == AtomKind::Address) places.push_back(base.object);
      continue;
    }
    ObjectId owner = base.object;
    if (base.kind == AtomKind::Address) {
      // A field of what the address leads to.
      for (const Alternative& inner : values.of(states.get(config.state, base.object)))
        if (values.atom(inner.atom).kind == AtomKind::Object)
          places.push_back(place(values.atom(inner.atom).object, where.name));
      continue;
    }
    if (base.kind == AtomKind::Module) places.push_back(globalPlace(base.text + "." + where.name));
    if (base.kind != AtomKind::Object) continue;
    if (where.kind == facts::PlaceKind::Attribute) {
      places.push_back(place(owner, where.name));
      continue;
    }
    bool known = false;
    for (const Alternative& index : values.of(valueOf(frame, config, where.index)))
      if (values.atom(index.atom).kind == AtomKind::Literal) {
        places.push_back(place(owner, "[" + literalText(values.atom(index.atom).literal)));
        known = true;
      }
    if (!known) places.push_back(place(owner, "[]"));
  }
  return places;
}

ValueSet Interpreter::loadPlace(const Frame& frame, Config& config, const facts::Place& where) {
  if (where.kind == facts::PlaceKind::Attribute) {
    ValueSet base = valueOf(frame, config, where.base);
    return attributeOf(config.state, base, where.name);
  }
  if (where.kind == facts::PlaceKind::Item) {
    ValueSet found = Values::nothing;
    for (PlaceId id : placesOf(frame, config, where))
      found = values.join(found, states.get(config.state, id));
    return found != Values::nothing ? found : values.unknown("item");
  }
  ValueSet found = Values::nothing;
  for (PlaceId id : placesOf(frame, config, where))
    found = values.join(found, states.get(config.state, id));
  if (found != Values::nothing) return found;
  if (where.kind == facts::PlaceKind::Global) {
    // Not stored yet: a submodule, or a function that its unit defines without a store (C, C++).
    Atom atom;
    if (program.module(where.name, *frame.function->unit))
      atom.kind = AtomKind::Module;
    else if ((atom.function = program.function(where.name, *frame.function->unit)))
      atom.kind = AtomKind::Function;
    else
      return values.unknown("global " + where.name);
    atom.text = where.name;
    return values.single(std::move(atom));
  }
  return values.unknown("load");
}

void Interpreter::storePlace(const Frame& frame, Config& config, const facts::Place& where, ValueSet value) {
  std::vector<PlaceId> places = placesOf(frame, config, where);
  bool strong = places.size() == 1;
  for (PlaceId id : places) {
    states.set(config.state, id, strong ? value : values.join(states.get(config.state, id), value));
    const auto& [owner, name] = placeNames[id];
    if (owner == 0) {
      llvm::StringRef whole(name);
      auto [module, member] = whole.rsplit('.');
      moduleNames[module.str()].insert(member.str());
    } else if (where.kind == facts::PlaceKind::Item) {
      PlaceId every = place(owner, "[]");
      states.set(config.state, every, values.join(states.get(config.state, every), value));
    }
  }
}

ValueSet Interpreter::dereference(const State& state, ValueSet value) {
  ValueSet found = Values::nothing;
  for (const Alternative& alternative : values.of(value)) {
    const Atom& atom = values.atom(alternative.atom);
    found = values.join(found, atom.kind == AtomKind::Address ? states.get(state, atom.object)
                                                              : values.set({alternative}));
  }
  return found;
}

ValueSet Interpreter::elements(const State& state, ValueSet container) {
  ValueSet found = Values::nothing;
  for (const Alternative& alternative : values.of(container)) {
    const Atom& atom = values.atom(alternative.atom);
    if (atom.kind == AtomKind::Object)
      found = values.join(found, states.get(state, place(atom.object, "[]")));
  }
  return found != Values::nothing ? found : values.unknown("element");
}

ValueSet Interpreter::attributeOf(const State& state, ValueSet base, const std::string& name) {
  ValueSet found = Values::nothing;
  std::vector<Alternative> alternatives = values.of(base); // attribute() may grow the table
  for (const Alternative& alternative : alternatives)
    found = values.join(found, values.within(attribute(state, alternative.atom, name), alternative.variants));
  return found != Values::nothing ? found : values.unknown("attribute " + name);
}

ValueSet Interpreter::attribute(const State& state, AtomId baseId, const std::string& name) {
  const Atom base = values.atom(baseId);
  Atom atom;
  switch (base.kind) {
  case AtomKind::External:
    atom.kind = AtomKind::External;
    atom.text = base.text + "." + name;
    return values.single(std::move(atom));
  case AtomKind::Module: {
    ValueSet stored = states.get(state, globalPlace(base.text + "." + name));
    if (stored != Values::nothing) return stored;
    for (const facts::UnitFacts& unit : program.units())
      if (unit.module == base.text + "." + name) {
        atom.kind = AtomKind::Module;
        atom.text = unit.module;
        return values.single(std::move(atom));
      }
    return values.unknown("attribute " + name + " of module " + base.text);
  }
  case AtomKind::Object: {
    ValueSet stored = states.get(state, place(base.object, name));
    if (stored != Values::nothing) return stored;
    const ObjectInfo& info = objects[base.object];
    if (info.isClass) return classAttribute(state, base.object, name);
    ValueSet inherited = info.of ? classAttribute(state, info.of, name) : Values::nothing;
    std::vector<Alternative> bound;
    for (const Alternative& alternative : values.of(inherited)) {
      const Atom member = values.atom(alternative.atom);
      if (member.kind != AtomKind::Function && member.kind != AtomKind::External) {
        bound.push_back(alternative);
        continue;
      }
      Atom method;
      method.kind = AtomKind::Bound;
      method.target = alternative.atom;
      method.receiver = baseId;
      bound.push_back({values.intern(std::move(method)), alternative.variants});
    }
    if (!bound.empty()) return values.set(std::move(bound));
    std::string model = modelOf(base.object);
    if (const link::Model* row = model.empty() ? nullptr : program.models().find(model))
      for (const auto& [member, target] : row->members)
        if (member == name) {
          Atom external;
          external.kind = AtomKind::External;
          external.text = target;
          Atom method;
          method.kind = AtomKind::Bound;
          method.target = values.intern(std::move(external));
          method.receiver = baseId;
          return values.single(std::move(method));
        }
    return Values::nothing;
  }
  case AtomKind::Address: return attributeOf(state, states.get(state, base.object), name);
  default: return Values::nothing;
  }
}

ValueSet Interpreter::classAttribute(const State& state, ObjectId klass, const std::string& name,
                                     unsigned depth) {
  ValueSet own = states.get(state, place(klass, name));
  if (own != Values::nothing || depth > 20) return own;
  for (ValueSet base : objects[klass].bases)
    for (const Alternative& alternative : values.of(base)) {
      const Atom& atom = values.atom(alternative.atom);
      if (atom.kind != AtomKind::Object) continue;
      if (ValueSet inherited = classAttribute(state, atom.object, name, depth + 1);
          inherited != Values::nothing)
        return inherited;
    }
  return Values::nothing;
}

/// The library class of an instance: its own, or the first that its class inherits from.
std::string Interpreter::modelOf(ObjectId object, unsigned depth) const {
  const ObjectInfo& info = objects[object];
  if (!info.model.empty() || depth > 20) return info.model;
  if (!info.isClass) return info.of ? modelOf(info.of, depth + 1) : std::string();
  for (ValueSet base : info.bases)
    for (const Alternative& alternative : values.of(base)) {
      const Atom& atom = values.atom(alternative.atom);
      if (atom.kind == AtomKind::External && program.models().find(atom.text)) return atom.text;
      if (atom.kind == AtomKind::Object)
        if (std::string model = modelOf(atom.object, depth + 1); !model.empty()) return model;
    }
  return {};
}

} // namespace forklint::solve
