// How the instructions of a function name places: variables, what their values lead to, and the objects that
// they make.
#include "analyzers/solve/interpreter.h"

#include "llvm/ADT/STLExtras.h"

namespace forklint::solve {

namespace {
constexpr unsigned callSitesToldApart = 8;
} // namespace

using facts::Instruction;
using facts::InstructionKind;

/// Objects are told apart by the place that made them and one call site of the function around it. Where many
/// call sites make what no row speaks of, the later ones share one object.
ObjectId Interpreter::object(const Frame& frame, uint32_t value, const std::string& model,
                             const std::string& role) {
  // A module's statement runs once, whoever imports the module.
  bool once = frame.function->body->kind == facts::FunctionKind::Statement;
  facts::Position from = once ? facts::Position{} : frame.at;
  ObjectKey key{frame.function, value, model, role, from.file, from.line, from.column};
  auto slot = objectIds.find(key);
  bool shared = false;
  // What a module makes by a call, as of each function that it decorates, it makes once too.
  bool isModules = frame.caller && frame.caller->function->body->kind == facts::FunctionKind::Statement;
  if (slot == objectIds.end() && (key.file || key.line) && !isModules &&
      (model.empty() || !program.models().find(model))) {
    ObjectKey anywhere = key;
    anywhere.file = anywhere.line = anywhere.column = 0;
    shared = ++callSites[anywhere] > callSitesToldApart;
    if (shared) slot = objectIds.find(key = anywhere);
  }
  frame.makesObjects |= !shared;
  if (slot != objectIds.end()) return slot->second;
  ObjectInfo info;
  info.isShared = shared;
  bool isHere = value < frame.function->body->instructions.size();
  info.isMadeOnce = once && !(isHere && loopsOf(*frame.function->body).repeats(value));
  info.model = model;
  info.made = wayTo(frame, isHere ? frame.function->body->instructions[value].position : facts::Position{});
  return objectIds[key] = newObject(std::move(info));
}

/// May it have been made several times by the place that made it?
bool Interpreter::isMadeInLoop(ObjectId object) {
  return llvm::any_of(witnesses[objects[object].made],
                      [&](const Hop& hop) { return loopsOf(*hop.function->body).repeats(hop.position); });
}

/// Where the variables of a function lie. Where a function's variables end with it (C, C++), all its
/// activations use the same places.
ObjectId Interpreter::localsOf(const Frame& frame) {
  if (!endsVariables(*frame.function)) return object(frame, UINT32_MAX, "", "locals");
  auto [slot, fresh] = objectIds.try_emplace(ObjectKey{frame.function, UINT32_MAX, {}, "locals", 0, 0, 0}, 0);
  if (fresh) slot->second = newObject({});
  return slot->second;
}

bool Interpreter::endsVariables(const link::FunctionInfo& function) {
  return function.unit->language != "python";
}

ValueSet Interpreter::valueOf(const Frame& frame, const Config& config, facts::ValueId id) {
  if (id == facts::noValue) return values.unknown("nothing");
  if (config.values[id] != Values::nothing) return config.values[id];
  const Instruction& leaf = frame.function->body->instructions[id];
  if (leaf.kind == InstructionKind::Parameter)
    return leaf.index < frame.parameters.size() ? frame.parameters[leaf.index] : values.unknown("parameter");
  if (leaf.kind == InstructionKind::Capture)
    return leaf.index < frame.captures.size() ? frame.captures[leaf.index] : values.unknown("capture");
  auto [slot, fresh] = leaves.try_emplace(&leaf, Values::nothing);
  if (!fresh) return slot->second;
  ValueSet value;
  if (leaf.kind == InstructionKind::Constant) {
    value = values.literal(leaf.literal);
  } else if (leaf.kind == InstructionKind::FunctionRef || leaf.kind == InstructionKind::ClassRef) {
    Atom atom;
    atom.function = program.function(leaf.name, *frame.function->unit);
    atom.kind = AtomKind::Function;
    atom.text = leaf.name;
    value = atom.function ? values.single(atom) : external(leaf.name);
  } else {
    value = values.unknown(leaf.kind == InstructionKind::Unknown ? leaf.name : "value");
  }
  return leaves[&leaf] = value;
}

std::vector<PlaceId> Interpreter::placesOf(const Frame& frame, const Config& config,
                                           const facts::Place& where) {
  if (where.kind == facts::PlaceKind::Global) return {globalPlace(where.name)};
  if (where.kind == facts::PlaceKind::Local) return {place(localsOf(frame), where.name)};
  std::vector<PlaceId> places;
  if (where.base == facts::noValue) return places;
  // A loop that counts comes to all elements, whatever number it is at.
  const facts::Function& body = *frame.function->body;
  bool isCounted = loopsOf(body).steps(where.index, where.index, false);
  auto element = [&](ObjectId owner) {
    bool known = false;
    for (const Alternative& index : values.of(valueOf(frame, config, where.index))) {
      const Atom& key = values.atom(index.atom);
      if (key.kind != AtomKind::Literal || (isCounted && integerOf(key))) continue;
      places.push_back(place(owner, "[" + literalText(key.literal)));
      known = true;
    }
    if (!known) places.push_back(place(owner, "[]"));
  };
  auto member = [&](ObjectId owner) {
    if (where.kind == facts::PlaceKind::Attribute)
      places.push_back(place(owner, where.name));
    else
      element(owner);
  };
  for (const Alternative& alternative : values.of(valueOf(frame, config, where.base))) {
    const Atom base = values.atom(alternative.atom);
    if (base.kind == AtomKind::Address && where.kind == facts::PlaceKind::Deref) {
      places.push_back(base.object);
    } else if (base.kind == AtomKind::Address) {
      // A field of what the address leads to: the objects stored there, else the place itself is the
      // aggregate.
      bool stored = false;
      for (const Alternative& inner : values.of(states.get(config.state, base.object))) {
        if (values.atom(inner.atom).kind != AtomKind::Object) continue;
        stored = true;
        // An array of objects is one object, where it is.
        if (where.kind == facts::PlaceKind::Item)
          places = {base.object};
        else
          member(values.atom(inner.atom).object);
      }
      if (!stored) member(aggregateAt(base.object));
    } else if (base.kind == AtomKind::Module && where.kind == facts::PlaceKind::Attribute) {
      places.push_back(globalPlace(base.text + "." + where.name));
    } else if (base.kind == AtomKind::Object && where.kind != facts::PlaceKind::Deref) {
      member(base.object);
    } else if (base.kind == AtomKind::Unknown && base.function) {
      ObjectId owner = objectOf(alternative.atom);
      if (where.kind == facts::PlaceKind::Deref)
        places.push_back(place(owner, "<self>"));
      else
        member(owner);
    }
  }
  return places;
}

/// An element: the one under a known key, else what any may be. A slice is the container, and never None.
ValueSet Interpreter::loadItem(const Frame& frame, Config& config, const facts::Place& where) {
  const Instruction& index = frame.function->body->instructions[where.index];
  bool isSlice = index.kind == InstructionKind::Operator && index.name == "slice";
  ValueSet base = valueOf(frame, config, where.base);
  ValueSet found = Values::nothing;
  Atom part;
  part.text = "part";
  part.isOther = part.mayBeEmpty = true;
  part.literal = facts::None{};
  for (const Alternative& alternative : values.of(base)) {
    const Atom& atom = values.atom(alternative.atom);
    // A part of a value whose size is known has another size.
    bool isSized = atom.kind == AtomKind::Object && objects[atom.object].bytes;
    if (isSlice && atom.kind == AtomKind::Unknown) {
      found = values.join(found, values.single(part, alternative.variants));
    } else if ((isSlice && !isSized) ||
               (atom.kind == AtomKind::Version && index.kind != InstructionKind::Constant)) {
      found = values.join(found, values.set({alternative}));
    } else if (atom.kind == AtomKind::Version && index.literal == facts::Literal(int64_t{0})) {
      found = values.join(found, values.literal(int64_t{3})); // all variants are of major version 3
    } else if (atom.kind == AtomKind::Object) {
      // A class is subscripted for its type arguments, which do not change it.
      if (objects[atom.object].isClass) found = values.join(found, values.set({alternative}));
    }
  }
  if (isSlice && found != Values::nothing) return found;
  ValueSet every = Values::nothing;
  for (PlaceId id : placesOf(frame, config, where)) {
    ValueSet one = states.get(config.state, id);
    if (one == Values::nothing) one = states.get(config.state, place(ownerOf(id), "[]"));
    every = values.join(every, one);
  }
  found = values.join(found, every);
  if (found != Values::nothing) return found;
  return isSlice ? values.single(part) : values.unknown("item");
}

/// Is the place a part of each of the things that a loop meets, or does the loop itself go from one to
/// another?
bool Interpreter::isOfEach(const Frame& frame, const Config& config, const facts::Place& where,
                           facts::ValueId use) {
  if (where.base == facts::noValue) return false;
  if (values.isEach(valueOf(frame, config, where.base))) return true;
  if (where.index != facts::noValue && values.isEach(valueOf(frame, config, where.index))) return true;
  const Loops& loops = loopsOf(*frame.function->body);
  return loops.steps(where.base, use, false) || loops.steps(where.index, use, true);
}

/// Numbers, texts and the like.
bool Interpreter::isPlainData(ValueSet value) const {
  return llvm::all_of(values.of(value), [&](const Alternative& one) {
    return values.atom(one.atom).kind == AtomKind::Literal;
  });
}

/// May another thread have stored something else where a number or text was found? Another one that lives and
/// was seen to store there; for a thread, whoever in the program stores there.
bool Interpreter::mayOthersStore(const Site& site, const Config& config, ValueSet found) {
  const link::FunctionInfo& function = *site.frame.function;
  const facts::Place& where = site.instruction.place;
  bool isShared = where.kind == facts::PlaceKind::Global || where.kind == facts::PlaceKind::Attribute;
  if (!isPlainData(found) || !isShared || !endsVariables(function) || where.name.ref().ends_with(">"))
    return false;
  for (PlaceId place : placesOf(site.frame, config, where)) {
    if (ownerOf(place) == localsOf(site.frame) ||
        ownerOf(objects[ownerOf(place)].lies) == localsOf(site.frame))
      continue;
    if (config.state.thread && stores.isStored(where.name)) return true;
    if (auto known = storedBy.find(place); known != storedBy.end())
      if (llvm::any_of(known->second, [&](ObjectId thread) {
            return thread != config.state.thread && states.isAlive(config.state, thread);
          }))
        return true;
  }
  return false;
}

ValueSet Interpreter::loadPlace(const Site& site, Config& config) {
  const facts::Place& where = site.instruction.place;
  ValueSet found = loadKnown(site.frame, config, where);
  if (mayOthersStore(site, config, found)) found = values.join(found, values.unknown("what a thread stores"));
  // A pointer that steps leads to each.
  bool steps = where.base == facts::noValue &&
               loopsOf(*site.frame.function->body).steps(site.id, site.id, false) &&
               llvm::any_of(values.of(found), [&](const Alternative& one) {
                 return values.atom(one.atom).kind == AtomKind::Object ||
                        values.atom(one.atom).kind == AtomKind::Address;
               });
  return steps || isOfEach(site.frame, config, where, site.id) ? values.each(found) : found;
}

ValueSet Interpreter::loadKnown(const Frame& frame, Config& config, const facts::Place& where) {
  if (where.kind == facts::PlaceKind::Attribute)
    return attributeOf(config.state, valueOf(frame, config, where.base), where.name);
  if (where.kind == facts::PlaceKind::Item) return loadItem(frame, config, where);
  ValueSet found = Values::nothing;
  for (PlaceId id : placesOf(frame, config, where))
    found = values.join(found, states.get(config.state, id));
  if (found != Values::nothing) return found;
  if (where.kind == facts::PlaceKind::Deref) {
    // A reference stands for the object itself where nothing else is known.
    ValueSet base = valueOf(frame, config, where.base);
    for (const Alternative& alternative : values.of(base)) {
      const Atom& atom = values.atom(alternative.atom);
      if (atom.kind != AtomKind::Object) continue;
      ValueSet stored = states.get(config.state, place(atom.object, "<self>"));
      found = values.join(found, stored != Values::nothing ? stored : values.set({alternative}));
    }
    if (found != Values::nothing) return found;
  }
  if (where.kind == facts::PlaceKind::Global) {
    // Not stored yet: a submodule, or a function that its unit defines without a store (C, C++).
    Atom atom;
    bool isModule = program.module(where.name, *frame.function->unit);
    atom.function = isModule ? nullptr : program.function(where.name, *frame.function->unit);
    if (!isModule && !atom.function && endsVariables(*frame.function)) return variableOfLibrary(where.name);
    if (!isModule && !atom.function) return starredName(config.state, where.name);
    atom.kind = isModule ? AtomKind::Module : AtomKind::Function;
    atom.text = where.name;
    return values.single(atom);
  }
  return values.unknown("load");
}

/// A variable of a C library, of which a row may say what it is.
ValueSet Interpreter::variableOfLibrary(llvm::StringRef name) {
  if (name.ends_with("::<initialized>")) return values.literal(false); // nobody has come to the declaration
  const link::Model* row = program.models().hasRow(name) ? program.models().find(name) : nullptr;
  llvm::StringRef thing = row ? llvm::StringRef(row->returns) : "";
  return thing.consume_front("one.") ? values.object(onlyObject(thing.str()))
                                     : values.unknown(("global " + name).str());
}

/// What a child opens anew takes the place of what it has inherited, in each of the many that an object may
/// stand for: a handler goes over all of them.
bool Interpreter::isRenewal(const State& state, ValueSet value) {
  return state.side && value != Values::nothing &&
         llvm::all_of(values.of(value), [&](const Alternative& one) {
           const Atom& atom = values.atom(one.atom);
           return atom.kind == AtomKind::Object && isOpenedHere(state, atom.object);
         });
}

/// What any element may be is known with each that is stored.
void Interpreter::storeAt(State& state, PlaceId place, ValueSet value, bool strong) {
  llvm::StringRef name = nameOf(place);
  strong &= name != "[]" && (!objects[ownerOf(place)].isShared || isRenewal(state, value));
  states.set(state, place, strong ? value : values.join(states.get(state, place), value));
  if (!name.starts_with("[") || name == "[]") return;
  PlaceId every = this->place(ownerOf(place), "[]");
  states.set(state, every, values.join(states.get(state, every), value));
}

/// False where what is stored is not surely found there again. A variable of another unit has held something
/// before its first store, which a way without that store still finds there.
bool Interpreter::storePlace(const Frame& frame, Config& config, const facts::Place& where, ValueSet value) {
  std::vector<PlaceId> places = placesOf(frame, config, where);
  bool strong = places.size() == 1 && nameOf(places[0]) != "[]" &&
                (!objects[ownerOf(places[0])].isShared || isRenewal(config.state, value));
  if (!strong) loseProcessId(value);
  // Only a variable of the loop itself holds each of what it meets.
  bool isVariable = where.kind == facts::PlaceKind::Local || where.kind == facts::PlaceKind::Global;
  if (!isVariable) value = values.one(value);
  if (where.kind == facts::PlaceKind::Global && endsVariables(*frame.function) && isPlainData(value) &&
      states.get(config.state, places[0]) == Values::nothing &&
      stores.isForeign(where.name, *frame.function->unit))
    value = values.join(value, values.unknown("what it is at first"));
  if (places.empty()) giveAway(config.state, value);
  for (PlaceId id : places) {
    storeAt(config.state, id, value, strong);
    if (config.state.thread && !llvm::is_contained(storedBy[id], config.state.thread))
      storedBy[id].push_back(config.state.thread);
    if (ownerOf(id) != 0) continue;
    auto [module, member] = nameOf(id).rsplit('.');
    moduleNames[module.str()].insert(member.str());
  }
  return strong;
}

} // namespace forklint::solve
