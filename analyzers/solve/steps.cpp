// What one instruction does to a configuration.
#include "analyzers/solve/interpreter.h"

#include "llvm/ADT/STLExtras.h"

namespace forklint::solve {

using facts::Instruction;
using facts::InstructionKind;

void Interpreter::step(const Frame& frame, const Instruction& instruction, facts::ValueId id, Config config,
                       std::vector<Config>& out, Outcomes& raised) {
  auto operand = [&](size_t i) { return valueOf(frame, config, instruction.operands[i].value); };
  auto give = [&](ValueSet value) {
    config.values[id] = value;
    out.push_back(std::move(config));
  };
  switch (instruction.kind) {
  case InstructionKind::Merge: out.push_back(std::move(config)); return;
  case InstructionKind::Load: return give(loadPlace(frame, config, instruction.place));
  case InstructionKind::Store:
    storePlace(frame, config, instruction.place, operand(0));
    return give(operand(0));
  case InstructionKind::Delete:
    storePlace(frame, config, instruction.place, values.unknown("deleted"));
    return give(Values::nothing);
  case InstructionKind::AddressOf: return give(addressOf(frame, config, instruction.place));
  case InstructionKind::Closure: return give(makeClosure(frame, instruction, id, config));
  case InstructionKind::MakeClass: return give(makeClass(frame, instruction, id, config));
  case InstructionKind::Container: return give(makeContainer(frame, instruction, id, config));
  case InstructionKind::Operator: {
    std::vector<ValueSet> operands;
    for (size_t i = 0; i < instruction.operands.size(); ++i)
      operands.push_back(operand(i));
    return give(operate(instruction, operands));
  }
  case InstructionKind::Import: return import(frame, instruction, id, std::move(config), out, raised);
  case InstructionKind::ImportStar: return importStar(frame, instruction, id, std::move(config), out, raised);
  case InstructionKind::Call:
  case InstructionKind::VirtualCall:
    return callInstruction(frame, instruction, id, std::move(config), out, raised);
  case InstructionKind::Construct:
    return constructInPlace(frame, instruction, id, std::move(config), out, raised);
  case InstructionKind::EnterScope:
  case InstructionKind::LeaveScope: return scope(frame, instruction, id, std::move(config), out, raised);
  case InstructionKind::Iterate: return give(elements(config.state, operand(0)));
  case InstructionKind::Await: return await(frame, instruction, id, std::move(config), out, raised);
  case InstructionKind::Destroy:
  case InstructionKind::Yield: return give(values.unknown("value"));
  default: return give(valueOf(frame, config, id));
  }
}

ValueSet Interpreter::addressOf(const Frame& frame, const Config& config, const facts::Place& where) {
  std::vector<Alternative> all;
  for (PlaceId target : placesOf(frame, config, where)) {
    Atom atom;
    atom.kind = AtomKind::Address;
    atom.object = target;
    all.push_back({values.intern(std::move(atom)), allVariants});
  }
  return all.empty() ? values.unknown("address") : values.set(std::move(all));
}

ValueSet Interpreter::makeClosure(const Frame& frame, const Instruction& instruction, facts::ValueId id,
                                  Config& config) {
  ObjectId closure = object(frame, id, "", "closure");
  size_t position = 0;
  for (const facts::Operand& item : instruction.operands) {
    std::string name = llvm::StringRef(item.keyword).starts_with("default:")
                           ? "default:" + instruction.name + ":" + item.keyword.substr(8)
                           : "capture:" + std::to_string(position++);
    bool isDefault = llvm::StringRef(name).starts_with("default:");
    states.set(config.state, isDefault ? globalPlace(name) : place(closure, name),
               valueOf(frame, config, item.value));
  }
  Atom atom;
  atom.kind = AtomKind::Function;
  atom.text = instruction.name;
  atom.function = program.function(instruction.name, *frame.function->unit);
  atom.object = closure;
  return atom.function ? values.single(std::move(atom)) : values.unknown("closure");
}

ValueSet Interpreter::makeClass(const Frame& frame, const Instruction& instruction, facts::ValueId id,
                                Config& config) {
  ObjectId klass = object(frame, id, "", "class");
  objects[klass].isClass = true;
  objects[klass].symbol = instruction.name;
  objects[klass].bases.clear();
  for (size_t i = 0; i < instruction.operands.size(); ++i)
    if (instruction.operands[i].keyword.empty()) {
      ValueSet base = valueOf(frame, config, instruction.operands[i].value);
      objects[klass].bases.push_back(base);
    }
  Atom atom;
  atom.kind = AtomKind::Object;
  atom.object = klass;
  return values.single(std::move(atom));
}

ValueSet Interpreter::makeContainer(const Frame& frame, const Instruction& instruction, facts::ValueId id,
                                    Config& config) {
  ObjectId container = object(frame, id, "", "container");
  bool keyed = instruction.name == "dict";
  ValueSet every = Values::nothing;
  for (size_t i = 0; i < instruction.operands.size(); ++i) {
    ValueSet item = valueOf(frame, config, instruction.operands[i].value);
    if (instruction.operands[i].spread != facts::Spread::Single) {
      every = values.join(every, elements(config.state, item));
      continue;
    }
    if (keyed && i + 1 < instruction.operands.size()) {
      ValueSet value = valueOf(frame, config, instruction.operands[++i].value);
      for (const Alternative& key : values.of(item))
        if (values.atom(key.atom).kind == AtomKind::Literal)
          states.set(config.state, place(container, "[" + literalText(values.atom(key.atom).literal)), value);
      every = values.join(every, value);
      continue;
    }
    states.set(config.state, place(container, "[" + std::to_string(i)), item);
    every = values.join(every, item);
  }
  states.set(config.state, place(container, "[]"), every);
  Atom atom;
  atom.kind = AtomKind::Object;
  atom.object = container;
  return values.single(std::move(atom));
}

void Interpreter::import(const Frame& frame, const Instruction& instruction, facts::ValueId id, Config config,
                         std::vector<Config>& out, Outcomes& raised) {
  Outcomes outcomes =
      initModule(instruction.name, config.state, &frame, instruction.position, *frame.function->unit);
  for (Outcome& outcome : outcomes) {
    if (outcome.kind == Outcome::Kind::Raised) {
      raised.push_back(outcome);
      continue;
    }
    Config next{outcome.state, config.values};
    next.values[id] = outcome.value;
    out.push_back(std::move(next));
  }
  return;
}

void Interpreter::importStar(const Frame& frame, const Instruction& instruction, facts::ValueId id,
                             Config config, std::vector<Config>& out, Outcomes& raised) {
  Outcomes outcomes =
      initModule(instruction.name, config.state, &frame, instruction.position, *frame.function->unit);
  for (Outcome& outcome : outcomes) {
    if (outcome.kind == Outcome::Kind::Raised) continue;
    Config next{outcome.state, config.values};
    const std::string& here = frame.function->unit->module;
    for (const std::string& name : moduleNames[instruction.name]) {
      ValueSet value = states.get(next.state, globalPlace(instruction.name + "." + name));
      if (name.starts_with("_") || value == Values::nothing) continue;
      states.set(next.state, globalPlace(here + "." + name), value);
      moduleNames[here].insert(name);
    }
    out.push_back(std::move(next));
  }
  return;
}

void Interpreter::callInstruction(const Frame& frame, const Instruction& instruction, facts::ValueId id,
                                  Config config, std::vector<Config>& out, Outcomes& raised) {
  bool isVirtual = instruction.kind == InstructionKind::VirtualCall;
  ValueSet callee;
  if (isVirtual) {
    Atom atom;
    atom.function = program.function(instruction.name, *frame.function->unit);
    atom.kind = atom.function ? AtomKind::Function : AtomKind::External;
    atom.text = instruction.name;
    callee = values.single(std::move(atom));
  } else {
    callee = valueOf(frame, config, instruction.operands[0].value);
  }
  Arguments arguments = argumentsOf(frame, config, instruction, isVirtual ? 0 : 1);
  return call(frame, instruction, id, callee, arguments, std::move(config), out, raised);
}

void Interpreter::constructInPlace(const Frame& frame, const Instruction& instruction, facts::ValueId id,
                                   Config config, std::vector<Config>& out, Outcomes& raised) {
  // The object is there before its constructor runs; the constructor is the first operand.
  ObjectId made = object(frame, id, instruction.name);
  objects[made].made = pathTo(&frame, instruction.position);
  Atom atom;
  atom.kind = AtomKind::Object;
  atom.object = made;
  ValueSet self = values.single(std::move(atom));
  storePlace(frame, config, instruction.place, self);
  if (instruction.operands.empty()) {
    config.values[id] = self;
    out.push_back(std::move(config));
    return;
  }
  Arguments arguments = argumentsOf(frame, config, instruction, 1);
  arguments.self = self;
  std::vector<Config> after;
  call(frame, instruction, id, valueOf(frame, config, instruction.operands[0].value), arguments, config,
       after, raised);
  for (Config& next : after) {
    next.values[id] = self;
    out.push_back(std::move(next));
  }
  return;
}

void Interpreter::scope(const Frame& frame, const Instruction& instruction, facts::ValueId id, Config config,
                        std::vector<Config>& out, Outcomes& raised) {
  bool enter = instruction.kind == InstructionKind::EnterScope;
  ValueSet manager = valueOf(frame, config, instruction.operands[0].value);
  ValueSet method = attributeOf(config.state, manager, enter ? "__enter__" : "__exit__");
  if (values.of(method).empty() || values.atom(values.of(method)[0].atom).kind == AtomKind::Unknown) {
    // A library's manager gives itself unless a model says more.
    config.values[id] = enter ? manager : Values::nothing;
    out.push_back(std::move(config));
    return;
  }
  return call(frame, instruction, id, method, {}, std::move(config), out, raised);
}

void Interpreter::await(const Frame& frame, const Instruction& instruction, facts::ValueId id, Config config,
                        std::vector<Config>& out, Outcomes& raised) {
  for (const Alternative& alternative : values.of(valueOf(frame, config, instruction.operands[0].value))) {
    const Atom& atom = values.atom(alternative.atom);
    if (atom.kind != AtomKind::Object || !objects[atom.object].pending) continue;
    auto pending = pendingCalls.at(atom.object);
    const Atom& function = values.atom(pending.first);
    std::vector<ValueSet> captures;
    for (size_t i = 0; i < function.function->body->captures.size(); ++i)
      captures.push_back(states.get(config.state, place(function.object, "capture:" + std::to_string(i))));
    for (Outcome& outcome : callFunction(*function.function, pending.second, captures, config.state, &frame,
                                         instruction.position)) {
      if (outcome.kind == Outcome::Kind::Raised) {
        raised.push_back(outcome);
        continue;
      }
      Config next{outcome.state, config.values};
      next.values[id] = outcome.value;
      out.push_back(std::move(next));
    }
    return;
  }
  config.values[id] = values.unknown("await");
  out.push_back(std::move(config));
}

} // namespace forklint::solve
