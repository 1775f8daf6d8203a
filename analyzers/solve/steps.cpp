// What one instruction does to a configuration.
#include "analyzers/solve/interpreter.h"

#include "llvm/ADT/STLExtras.h"

namespace forklint::solve {

using facts::Instruction;
using facts::InstructionKind;

void Interpreter::step(const Site& site, Config config, Configs& out, Outcomes& raised) {
  facts::ValueId made = completedClass(site);
  if (made == facts::noValue) return carryOut(site, std::move(config), out, raised);
  Configs told;
  Outcomes ends = tellBases(site, made, config);
  settle(site, std::move(config), ends, told, raised);
  for (Config& each : told)
    carryOut(site, std::move(each), out, raised);
}

void Interpreter::carryOut(const Site& site, Config config, Configs& out, Outcomes& raised) {
  const Instruction& instruction = site.instruction;
  auto operand = [&](size_t i) { return valueOf(site.frame, config, instruction.operands[i].value); };
  auto give = [&](ValueSet value) {
    config.values[site.id] = value;
    out.push_back(std::move(config));
  };
  switch (instruction.kind) {
  case InstructionKind::Merge: out.push_back(std::move(config)); return;
  case InstructionKind::Load: return load(site, std::move(config), out, raised);
  case InstructionKind::Store: {
    ValueSet value = operand(0);
    storesInChild(site, config);
    bool isKept = storePlace(site.frame, config, instruction.place, value);
    // A child that cannot find its fork's result again is not seen to part from its parent.
    const Instruction* stored = &site.frame.function->body->instructions[instruction.operands[0].value];
    bool isResult = config.state.side && forkRecords[config.state.side - 1].fork.call == stored;
    bool isDoubt = isResult && !forkRecords[config.state.side - 1].fork.python;
    // Through what may be something else, too, another thing may be found there.
    config.state.doubtful |=
        isDoubt && !(isKept && loadKnown(site.frame, config, instruction.place) == values.one(value));
    return give(value);
  }
  case InstructionKind::Delete:
    storePlace(site.frame, config, instruction.place, values.unknown("deleted"));
    return give(Values::nothing);
  case InstructionKind::AddressOf: return give(addressOf(site, config));
  case InstructionKind::Closure: return give(makeClosure(site, config));
  case InstructionKind::MakeClass: return give(makeClass(site, config));
  case InstructionKind::Container: return give(makeContainer(site, config));
  case InstructionKind::Operator: {
    std::vector<ValueSet> operands;
    operands.reserve(instruction.operands.size());
    for (size_t i = 0; i < instruction.operands.size(); ++i)
      operands.push_back(operand(i));
    return give(operate(site, config.state, operands));
  }
  case InstructionKind::Import:
  case InstructionKind::ImportStar: return import(site, std::move(config), out, raised);
  case InstructionKind::Call:
  case InstructionKind::VirtualCall: return callInstruction(site, std::move(config), out, raised);
  case InstructionKind::Construct: return constructInPlace(site, std::move(config), out, raised);
  case InstructionKind::Destroy: return destroy(site, std::move(config), out, raised);
  case InstructionKind::EnterScope:
  case InstructionKind::LeaveScope: return scope(site, std::move(config), out, raised);
  case InstructionKind::Iterate: return iterate(site, std::move(config), out, raised);
  case InstructionKind::Await:
  case InstructionKind::Yield: return await(site, std::move(config), out, raised);
  default: return give(valueOf(site.frame, config, site.id));
  }
}

/// The ways out of a call as configurations, one for each side.
/// The last way on takes the values of `config`: a copy for each call is as long as the function, each time.
void Interpreter::settle(const Site& site, Config config, const Outcomes& outcomes, Configs& out,
                         Outcomes& raised) {
  Outcomes merged;
  for (const Outcome& outcome : outcomes)
    merge(merged, outcome);
  config.iteration = Iteration::Either;
  auto goOn = [&](Config next, const Outcome& outcome) {
    next.state = outcome.state;
    next.values[site.id] = outcome.value;
    out.push_back(std::move(next));
  };
  const Outcome* last = nullptr;
  for (const Outcome& outcome : merged) {
    if (outcome.kind == Outcome::Kind::Raised)
      raised.push_back(outcome);
    else if (const Outcome* before = std::exchange(last, &outcome))
      goOn(config, *before);
  }
  if (last) goOn(std::move(config), *last);
}

ValueSet Interpreter::addressOf(const Site& site, const Config& config) {
  std::vector<Alternative> all;
  for (PlaceId target : placesOf(site.frame, config, site.instruction.place)) {
    Atom atom;
    atom.kind = AtomKind::Address;
    atom.object = target;
    all.push_back({values.intern(atom), allVariants});
  }
  if (all.empty()) return values.unknown("address");
  ValueSet address = values.set(std::move(all));
  return isOfEach(site.frame, config, site.instruction.place, site.id) ? values.each(address) : address;
}

ValueSet Interpreter::makeClosure(const Site& site, Config& config) {
  const link::FunctionInfo* function = program.function(site.instruction.name, *site.frame.function->unit);
  if (!function) return values.unknown("closure");
  ObjectId closure = object(site.frame, site.id, "", "closure");
  size_t position = 0;
  for (const facts::Operand& item : site.instruction.operands) {
    std::string name = llvm::StringRef(item.keyword).starts_with("default:")
                           ? item.keyword.str()
                           : "capture:" + std::to_string(position++);
    states.set(config.state, place(closure, name), valueOf(site.frame, config, item.value));
  }
  Atom atom;
  atom.kind = AtomKind::Function;
  atom.text = site.instruction.name;
  atom.function = function;
  // Without captures and defaults all closures of a function are one.
  atom.object = site.instruction.operands.empty() ? 0 : closure;
  return values.single(atom);
}

/// The module of the program that is imported from a package.
std::optional<llvm::StringRef> Interpreter::submodule(const Site& site, ValueSet value) const {
  const facts::Place& place = site.instruction.place;
  bool isFrom = place.kind == facts::PlaceKind::Attribute && place.base != facts::noValue &&
                site.frame.function->body->instructions[place.base].kind == InstructionKind::Import;
  if (!isFrom || values.of(value).size() != 1) return std::nullopt;
  const Atom& atom = values.atom(values.of(value)[0].atom);
  bool isModule = atom.kind == AtomKind::Module && program.module(atom.text, *site.frame.function->unit);
  return isModule ? std::optional<llvm::StringRef>(atom.text) : std::nullopt;
}

/// What runs where an item of the value is asked for: nothing where it may be a plain container.
ValueSet Interpreter::subscription(const State& state, ValueSet base) {
  constexpr const char* method = "__getitem__";
  ValueSet methods = Values::nothing;
  for (const Alternative& one : values.of(base)) {
    const Atom atom = values.atom(one.atom);
    bool mayHave = atom.kind == AtomKind::External
                       ? program.models().hasRow(atom.text + "." + method)
                       : atom.kind == AtomKind::Object && !objects[atom.object].isClass;
    ValueSet own = mayHave ? attribute(state, one.atom, method) : Values::nothing;
    if (own == Values::nothing) return Values::nothing;
    methods = values.join(methods, own);
  }
  return methods;
}

/// Is it what a row says to be computed where it is read?
bool Interpreter::isPropertyOfLibrary(ValueSet member) const {
  return member != Values::nothing && llvm::all_of(values.of(member), [&](const Alternative& one) {
           const Atom& atom = values.atom(one.atom);
           if (atom.kind != AtomKind::Bound) return false;
           const Atom& target = values.atom(atom.target);
           const link::Model* row =
               target.kind == AtomKind::External ? program.models().find(target.text) : nullptr;
           return row && row->role == link::Role::Property;
         });
}

/// `from package import module` runs the module; what a class binds as a property calls its getter; an item
/// is what the class of its owner gives.
void Interpreter::load(const Site& site, Config config, Configs& out, Outcomes& raised) {
  const facts::Place& where = site.instruction.place;
  readsBehindFork(site, config);
  if (where.kind == facts::PlaceKind::Item)
    if (ValueSet base = valueOf(site.frame, config, where.base), run = subscription(config.state, base);
        run != Values::nothing) {
      Arguments arguments;
      arguments.positional = {valueOf(site.frame, config, where.index)};
      return call(site, run, arguments, std::move(config), out, raised);
    }
  ValueSet value = loadPlace(site, config);
  if (std::optional<llvm::StringRef> module = submodule(site, value)) {
    Outcomes run = initModule(*module, config.state, &site.frame, site.at(), *site.frame.function->unit);
    return settle(site, std::move(config), run, out, raised);
  }
  if (isPropertyOfLibrary(value)) return call(site, value, Arguments(), std::move(config), out, raised);
  for (const Alternative& alternative : values.of(value)) {
    const Atom atom = values.atom(alternative.atom);
    AtomId target = atom.kind == AtomKind::Bound ? atom.target : alternative.atom;
    const Atom descriptor = values.atom(target);
    if (!isDescriptor(descriptor)) continue;
    ValueSet function = states.get(config.state, place(descriptor.object, "<function>"));
    const std::string& binding = objects[descriptor.object].symbol;
    ValueSet base = atom.kind == AtomKind::Bound ? values.set({{atom.receiver, allVariants}})
                                                 : valueOf(site.frame, config, site.instruction.place.base);
    if (binding == "property" && atom.kind == AtomKind::Bound) {
      Arguments arguments;
      arguments.self = base;
      return call(site, function, arguments, std::move(config), out, raised);
    }
    value = function;
    if (binding != "class") continue;
    for (const Alternative& receiver : values.of(base)) {
      const Atom& owner = values.atom(receiver.atom);
      bool isInstance = owner.kind == AtomKind::Object && objects[owner.object].of;
      ValueSet klass = isInstance ? values.object(objects[owner.object].of) : values.set({receiver});
      value = bound(values.of(klass)[0].atom, function);
    }
  }
  config.values[site.id] = value;
  out.push_back(std::move(config));
}

void Interpreter::import(const Site& site, Config config, Configs& out, Outcomes& raised) {
  const std::string& name = site.instruction.name;
  const facts::UnitFacts& unit = *site.frame.function->unit;
  Outcomes outcomes = initModule(name, config.state, &site.frame, site.at(), unit);
  if (site.instruction.kind == InstructionKind::ImportStar)
    for (Outcome& outcome : outcomes) {
      PlaceId starred = globalPlace(unit.module + starredMark);
      states.set(outcome.state, starred, values.join(states.get(outcome.state, starred), external(name)));
      for (const std::string& member : std::set<std::string>(moduleNames[name])) {
        ValueSet value = states.get(outcome.state, globalPlace(name + "." + member));
        if (member.starts_with("_") || value == Values::nothing) continue;
        states.set(outcome.state, globalPlace(unit.module + "." + member), value);
        moduleNames[unit.module].insert(member);
      }
    }
  settle(site, std::move(config), outcomes, out, raised);
}

/// Does the call decorate a definition? What nobody knows of it is taken to give what it is given.
static bool isDecoration(const facts::Function& body, facts::ValueId call) {
  const Instruction& instruction = body.instructions[call];
  if (instruction.kind != InstructionKind::Call || instruction.operands.size() != 2) return false;
  const facts::Operand& given = instruction.operands[1];
  if (!given.keyword.empty() || given.spread != facts::Spread::Single || given.value == facts::noValue)
    return false;
  const Instruction& inner = body.instructions[given.value];
  bool isDefinition =
      inner.kind == InstructionKind::MakeClass ||
      (inner.kind == InstructionKind::Closure && !llvm::StringRef(inner.name).contains("<lambda@"));
  return isDefinition || isDecoration(body, given.value);
}

void Interpreter::callInstruction(const Site& site, Config config, Configs& out, Outcomes& raised) {
  const Instruction& instruction = site.instruction;
  if (instruction.kind == InstructionKind::Call) {
    ValueSet callee = valueOf(site.frame, config, instruction.operands[0].value);
    Arguments arguments = argumentsOf(site, config, 1);
    size_t before = out.size();
    call(site, callee, arguments, std::move(config), out, raised);
    if (!isDecoration(*site.frame.function->body, site.id)) return;
    for (Config& after : llvm::drop_begin(out, before))
      if (values.isUnknown(after.values[site.id]))
        after.values[site.id] = valueOf(site.frame, after, instruction.operands[1].value);
    return;
  }
  Arguments arguments = argumentsOf(site, config, 0);
  ValueSet callee = overriders(site, dereference(config.state, arguments.self));
  call(site, callee, arguments, std::move(config), out, raised);
}

/// What a virtual call calls: the method of each object's own class, where it has one, else the one that is
/// named.
ValueSet Interpreter::overriders(const Site& site, ValueSet self) {
  const facts::UnitFacts& unit = *site.frame.function->unit;
  auto method = [&](const std::string& name) {
    Atom atom;
    atom.function = program.function(name, unit);
    atom.kind = atom.function ? AtomKind::Function : AtomKind::External;
    atom.text = name;
    return atom;
  };
  llvm::StringRef name(site.instruction.name);
  llvm::StringRef scope = link::scopeOf(name);
  std::vector<Alternative> own;
  for (const Alternative& alternative : values.of(self)) {
    const Atom object = values.atom(alternative.atom);
    if (object.kind != AtomKind::Object || objects[object.object].model.empty()) continue;
    Atom target = method(objects[object.object].model + name.substr(scope.size()).str());
    if (!target.function) continue;
    Atom bound;
    bound.kind = AtomKind::Bound;
    bound.target = values.intern(target);
    bound.receiver = alternative.atom;
    own.push_back({values.intern(bound), alternative.variants});
  }
  return own.empty() ? values.single(method(site.instruction.name)) : values.set(std::move(own));
}

/// What a constructor makes, or a destructor destroys, where its own object is, is a part of it: its base.
static bool isBasePart(const Site& site) {
  const facts::Function& body = *site.frame.function->body;
  const facts::Place& where = site.instruction.place;
  bool isOwn = body.kind == facts::FunctionKind::Constructor || body.kind == facts::FunctionKind::Destructor;
  if (!isOwn || where.kind != facts::PlaceKind::Deref || where.base == facts::noValue) return false;
  const Instruction& self = body.instructions[where.base];
  return self.kind == InstructionKind::Parameter && self.index == 0;
}

/// The object is there before its constructor, the first operand, runs. A global is made once.
void Interpreter::constructInPlace(const Site& site, Config config, Configs& out, Outcomes& raised) {
  const facts::Place& where = site.instruction.place;
  bool isPart = isBasePart(site);
  ValueSet self = isPart ? valueOf(site.frame, config, where.base)
                         : values.object(object(site.frame, site.id, site.instruction.name));
  ValueSet known = where.kind == facts::PlaceKind::Global ? states.get(config.state, globalPlace(where.name))
                                                          : Values::nothing;
  if (known != Values::nothing) {
    config.values[site.id] = known;
    out.push_back(std::move(config));
    return;
  }
  if (!isPart) storePlace(site.frame, config, where, self);
  bool isInChild = config.state.side || (config.state.contexts & bit(link::Context::AtFork));
  if (isInChild && !isPart)
    for (PlaceId lock : placesOf(site.frame, config, where))
      renewLock(config.state, lock);
  if (site.instruction.operands.empty()) {
    config.values[site.id] = self;
    out.push_back(std::move(config));
    return;
  }
  Arguments arguments = argumentsOf(site, config, 1);
  arguments.self = self;
  ValueSet constructor = valueOf(site.frame, config, site.instruction.operands[0].value);
  for (const Alternative& made : values.of(constructor)) {
    const Atom& maker = values.atom(made.atom);
    if (maker.kind != AtomKind::External) continue;
    const link::Model* row = program.models().find(maker.text);
    if (const Atom& made = values.atom(values.of(self)[0].atom); row && made.kind == AtomKind::Object)
      renew(config.state, made.object);
    auto keeps = [](const link::Effect& effect) { return effect.kind == link::EffectKind::Keeps; };
    if (row && llvm::any_of(row->effects, keeps)) continue;
    for (ValueSet given : arguments.positional) // a library keeps it where it is not found again
      loseProcessId(dereference(config.state, given));
  }
  Configs after;
  call(site, constructor, arguments, std::move(config), after, raised);
  for (Config& next : after) {
    next.values[site.id] = self;
    out.push_back(std::move(next));
  }
}

/// The destructor of a class, if the program has it or a model speaks of it.
std::optional<Atom> Interpreter::destructorOf(const Site& site, const std::string& klass) {
  Atom atom;
  atom.text = link::destructorOf(klass);
  atom.function = program.function(atom.text, *site.frame.function->unit);
  atom.kind = atom.function ? AtomKind::Function : AtomKind::External;
  return atom.function || program.models().find(atom.text) ? std::optional(atom) : std::nullopt;
}

void Interpreter::destroy(const Site& site, Config config, Configs& out, Outcomes& raised) {
  std::optional<Atom> destructor = destructorOf(site, site.instruction.name);
  if (!destructor) {
    config.values[site.id] = values.unknown("destroyed");
    out.push_back(std::move(config));
    return;
  }
  Arguments arguments;
  arguments.self = loadPlace(site, config);
  // Through a pointer to a base the destructor of the object's own class runs.
  if (destructor->function && values.of(arguments.self).size() == 1 && !isBasePart(site))
    if (const Atom& thing = values.atom(values.of(arguments.self)[0].atom); thing.kind == AtomKind::Object)
      if (std::optional<Atom> own = destructorOf(site, objects[thing.object].model); own && own->function)
        destructor = own;
  call(site, values.single(*destructor), arguments, std::move(config), out, raised);
}

} // namespace forklint::solve
