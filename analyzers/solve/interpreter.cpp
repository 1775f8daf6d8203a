// Functions and blocks: configurations (a state and the values known there) flow along the edges, one for
// each side.
#include "analyzers/solve/interpreter.h"

#include "llvm/ADT/STLExtras.h"

namespace forklint::solve {

using facts::Instruction;
using facts::InstructionKind;

namespace {
constexpr uint64_t workPerRoot = 400'000; // instructions
constexpr unsigned deepest = 60;
} // namespace

Interpreter::Interpreter(const link::Program& program) : program(program), states(values) {
  objects.emplace_back();    // object 0: globals
  placeNames.emplace_back(); // place 0: none
  witnesses.emplace_back();
}

bool Interpreter::spend() {
  if (++work <= workPerRoot) return true;
  if (work == workPerRoot + 1) solution.incomplete.push_back("work bound reached in root " + root->symbol);
  return false;
}

Path Interpreter::pathTo(const Frame* frame, const facts::Position& at) const {
  Path path{{frame->function, at}};
  for (const Frame* inner = frame; inner->caller; inner = inner->caller)
    path.push_back({inner->caller->function, inner->at});
  std::reverse(path.begin(), path.end());
  return path;
}

uint32_t Interpreter::witness(Path path) {
  witnesses.push_back(std::move(path));
  return static_cast<uint32_t>(witnesses.size() - 1);
}

Outcomes Interpreter::callFunction(const link::FunctionInfo& callee, const Arguments& arguments,
                                   std::vector<ValueSet> captures, State state, const Frame* caller,
                                   const facts::Position& at) {
  unsigned depth = caller ? caller->depth + 1 : 0;
  if (!callee.inCone) return {{Outcome::Kind::Returned, values.unknown("outside the cone"), state}};
  entered.insert(&callee);
  if (depth > deepest || !spend()) {
    deed(state, &ChildDeeds::unseen);
    return {{Outcome::Kind::Returned, values.unknown("bound"), state}};
  }
  Frame frame{&callee, caller, at, 0, {}, std::move(captures), depth};
  frame.locals = object(frame, 0, "", "locals");
  frame.parameters = bind(callee, arguments, 0, state);

  std::vector<uint64_t> key{reinterpret_cast<uintptr_t>(&callee), state.side, state.variants,
                            reinterpret_cast<uintptr_t>(state.heap.getRootWithoutRetain()),
                            reinterpret_cast<uintptr_t>(state.alive.getRootWithoutRetain())};
  llvm::append_range(key, frame.parameters);
  key.push_back(UINT64_MAX);
  llvm::append_range(key, frame.captures);
  if (auto known = memo.find(key); known != memo.end()) return known->second;
  // A recursive call with the very same entry adds nothing: it does not come back on its own.
  if (!running.insert(key).second) return {};
  Side before = state.side;
  Outcomes outcomes = runBody(frame, std::move(state));
  noteBothReturn(frame, before, outcomes);
  running.erase(key);
  memo.emplace(std::move(key), outcomes);
  return outcomes;
}

std::vector<ValueSet> Interpreter::bind(const link::FunctionInfo& callee, const Arguments& arguments,
                                        ObjectId, const State& state) {
  const std::vector<facts::Parameter>& declared = callee.body->parameters;
  std::vector<ValueSet> bound(declared.size(), Values::nothing);
  std::vector<ValueSet> given;
  if (arguments.self != Values::nothing) given.push_back(arguments.self);
  llvm::append_range(given, arguments.positional);
  size_t next = 0;
  for (size_t i = 0; i < declared.size(); ++i) {
    const facts::Parameter& parameter = declared[i];
    bool byPosition = parameter.kind == facts::ParameterKind::Positional ||
                      parameter.kind == facts::ParameterKind::PositionalOnly;
    if (byPosition && next < given.size())
      bound[i] = given[next++];
    else if (auto keyword = arguments.keywords.find(parameter.name); keyword != arguments.keywords.end())
      bound[i] = keyword->second;
    else if (parameter.hasDefault)
      bound[i] = states.get(state, globalPlace("default:" + callee.body->symbol + ":" + parameter.name));
    if (bound[i] == Values::nothing) bound[i] = values.unknown("parameter " + parameter.name);
  }
  return bound;
}

Outcomes Interpreter::runBody(Frame& frame, State state) {
  const facts::Function& body = *frame.function->body;
  Outcomes outcomes;
  auto leave = [&](Outcome::Kind kind, ValueSet value, const State& at) {
    for (Outcome& known : outcomes)
      if (known.kind == kind && known.state.side == at.side) {
        known.value = values.join(known.value, value);
        known.state = states.join(known.state, at);
        return;
      }
    outcomes.push_back({kind, value, at});
  };
  if (body.blocks.empty()) return {{Outcome::Kind::Returned, values.literal(facts::None{}), state}};

  std::map<std::pair<facts::BlockId, Side>, Config> entries;
  std::set<std::pair<facts::BlockId, Side>> work;
  auto flow = [&](facts::BlockId from, facts::BlockId to, Config config) {
    const facts::Block& target = body.blocks[to];
    size_t edge = llvm::find(target.predecessors, from) - target.predecessors.begin();
    for (facts::ValueId id : target.instructions) {
      const Instruction& merge = body.instructions[id];
      if (merge.kind != InstructionKind::Merge) break;
      if (edge < merge.operands.size())
        config.values[id] = valueOf(frame, config, merge.operands[edge].value);
    }
    auto [slot, fresh] = entries.try_emplace({to, config.state.side}, config);
    if (!fresh) {
      Config& known = slot->second;
      State joined = states.join(known.state, config.state);
      bool changed = !joined.same(known.state);
      known.state = std::move(joined);
      for (size_t i = 0; i < known.values.size(); ++i) {
        ValueSet both = values.join(known.values[i], config.values[i]);
        changed |= both != known.values[i];
        known.values[i] = both;
      }
      if (!changed) return;
    }
    work.insert({to, config.state.side});
  };

  entries.try_emplace({0, state.side}, Config{state, std::vector<ValueSet>(body.instructions.size(), 0)});
  work.insert({0, state.side});
  while (!work.empty()) {
    auto [blockId, side] = *work.begin();
    work.erase(work.begin());
    const facts::Block& block = body.blocks[blockId];
    std::vector<Config> configs{entries.at({blockId, side})};
    Outcomes raised;
    bool ended = false;
    for (facts::ValueId id : block.instructions) {
      const Instruction& instruction = body.instructions[id];
      if (!spend()) return outcomes;
      if (instruction.kind == InstructionKind::Return) {
        for (Config& config : configs)
          leave(Outcome::Kind::Returned,
                instruction.operands.empty() ? values.literal(facts::None{})
                                             : valueOf(frame, config, instruction.operands[0].value),
                config.state);
        ended = true;
      } else if (instruction.kind == InstructionKind::Raise) {
        for (Config& config : configs)
          raised.push_back({Outcome::Kind::Raised, values.unknown("exception"), config.state});
        ended = true;
      } else if (instruction.kind == InstructionKind::NoReturn) {
        ended = true;
      }
      if (ended) break;
      std::vector<Config> next;
      for (Config& config : configs)
        step(frame, instruction, id, std::move(config), next, raised);
      configs = std::move(next);
      if (configs.empty()) break;
    }
    bool handled =
        llvm::any_of(block.edges, [](const facts::Edge& e) { return e.kind == facts::EdgeKind::Exception; });
    for (Outcome& exception : raised) {
      if (!handled) {
        leave(Outcome::Kind::Raised, exception.value, exception.state);
        continue;
      }
      for (const facts::Edge& edge : block.edges)
        if (edge.kind == facts::EdgeKind::Exception) {
          Config config{exception.state, entries.at({blockId, side}).values};
          flow(blockId, edge.target, std::move(config));
        }
    }
    if (ended) {
      if (handled && raised.empty()) continue;
      continue;
    }
    for (Config& config : configs) {
      bool left = false;
      for (const facts::Edge& edge : block.edges) {
        if (edge.kind == facts::EdgeKind::Exception) {
          // Inside a try any call may raise: the handler is reached with the state after the call.
          flow(blockId, edge.target, config);
          continue;
        }
        left = true;
        if (edge.kind == facts::EdgeKind::Always) {
          flow(blockId, edge.target, config);
          break;
        }
        ValueSet value = valueOf(frame, config, edge.value);
        auto [taken, rest] = split(value, edge.relation, edge.literal);
        if (taken != Values::nothing) {
          Config onward = config;
          onward.values[edge.value] = taken;
          flow(blockId, edge.target, std::move(onward));
        }
        if (rest == Values::nothing) break;
        config.values[edge.value] = rest;
      }
      if (!left) leave(Outcome::Kind::Returned, values.literal(facts::None{}), config.state);
    }
  }
  return outcomes;
}

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
  case InstructionKind::AddressOf: {
    std::vector<Alternative> all;
    for (PlaceId target : placesOf(frame, config, instruction.place)) {
      Atom atom;
      atom.kind = AtomKind::Address;
      atom.object = target;
      all.push_back({values.intern(std::move(atom)), allVariants});
    }
    return give(all.empty() ? values.unknown("address") : values.set(std::move(all)));
  }
  case InstructionKind::Closure: {
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
    return give(atom.function ? values.single(std::move(atom)) : values.unknown("closure"));
  }
  case InstructionKind::MakeClass: {
    ObjectId klass = object(frame, id, "", "class");
    objects[klass].isClass = true;
    objects[klass].symbol = instruction.name;
    objects[klass].bases.clear();
    for (size_t i = 0; i < instruction.operands.size(); ++i)
      if (instruction.operands[i].keyword.empty()) {
        ValueSet base = operand(i);
        objects[klass].bases.push_back(base);
      }
    Atom atom;
    atom.kind = AtomKind::Object;
    atom.object = klass;
    return give(values.single(std::move(atom)));
  }
  case InstructionKind::Container: {
    ObjectId container = object(frame, id, "", "container");
    bool keyed = instruction.name == "dict";
    ValueSet every = Values::nothing;
    for (size_t i = 0; i < instruction.operands.size(); ++i) {
      ValueSet item = operand(i);
      if (instruction.operands[i].spread != facts::Spread::Single) {
        every = values.join(every, elements(config.state, item));
        continue;
      }
      if (keyed && i + 1 < instruction.operands.size()) {
        ValueSet value = operand(++i);
        for (const Alternative& key : values.of(item))
          if (values.atom(key.atom).kind == AtomKind::Literal)
            states.set(config.state, place(container, "[" + literalText(values.atom(key.atom).literal)),
                       value);
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
    return give(values.single(std::move(atom)));
  }
  case InstructionKind::Operator: {
    std::vector<ValueSet> operands;
    for (size_t i = 0; i < instruction.operands.size(); ++i)
      operands.push_back(operand(i));
    return give(operate(instruction, operands));
  }
  case InstructionKind::Import: {
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
  case InstructionKind::ImportStar: {
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
  case InstructionKind::Call:
  case InstructionKind::VirtualCall: {
    bool isVirtual = instruction.kind == InstructionKind::VirtualCall;
    ValueSet callee;
    if (isVirtual) {
      Atom atom;
      atom.function = program.function(instruction.name, *frame.function->unit);
      atom.kind = atom.function ? AtomKind::Function : AtomKind::External;
      atom.text = instruction.name;
      callee = values.single(std::move(atom));
    } else {
      callee = operand(0);
    }
    Arguments arguments = argumentsOf(frame, config, instruction, isVirtual ? 0 : 1);
    return call(frame, instruction, id, callee, arguments, std::move(config), out, raised);
  }
  case InstructionKind::Construct: {
    // The object is there before its constructor runs; the constructor is the first operand.
    ObjectId made = object(frame, id, instruction.name);
    objects[made].made = pathTo(&frame, instruction.position);
    Atom atom;
    atom.kind = AtomKind::Object;
    atom.object = made;
    ValueSet self = values.single(std::move(atom));
    storePlace(frame, config, instruction.place, self);
    if (instruction.operands.empty()) return give(self);
    Arguments arguments = argumentsOf(frame, config, instruction, 1);
    arguments.self = self;
    std::vector<Config> after;
    call(frame, instruction, id, operand(0), arguments, config, after, raised);
    for (Config& next : after) {
      next.values[id] = self;
      out.push_back(std::move(next));
    }
    return;
  }
  case InstructionKind::EnterScope:
  case InstructionKind::LeaveScope: {
    bool enter = instruction.kind == InstructionKind::EnterScope;
    ValueSet manager = operand(0);
    ValueSet method = attributeOf(config.state, manager, enter ? "__enter__" : "__exit__");
    if (values.of(method).empty() || values.atom(values.of(method)[0].atom).kind == AtomKind::Unknown)
      return give(enter ? manager
                        : Values::nothing); // library managers give themselves unless a model says more
    return call(frame, instruction, id, method, {}, std::move(config), out, raised);
  }
  case InstructionKind::Iterate: return give(elements(config.state, operand(0)));
  case InstructionKind::Await: {
    for (const Alternative& alternative : values.of(operand(0))) {
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
    return give(values.unknown("await"));
  }
  case InstructionKind::Destroy:
  case InstructionKind::Yield: return give(values.unknown("value"));
  default: return give(valueOf(frame, config, id));
  }
}

Outcomes Interpreter::initModule(llvm::StringRef name, State state, const Frame* caller,
                                 const facts::Position& at, const facts::UnitFacts& from) {
  Outcomes current{{Outcome::Kind::Returned, Values::nothing, state}};
  for (size_t end = name.find('.'); end != llvm::StringRef::npos; end = name.find('.', end + 1)) {
    Outcomes next;
    for (Outcome& outcome : current)
      llvm::append_range(next, outcome.kind == Outcome::Kind::Raised
                                   ? Outcomes{outcome}
                                   : initModule(name.take_front(end), outcome.state, caller, at, from));
    current = std::move(next);
    if (name.find('.', end + 1) == llvm::StringRef::npos) break;
  }
  const link::ModuleInfo* module = program.module(name, from);
  Atom atom;
  atom.kind = module ? AtomKind::Module : AtomKind::External;
  atom.text = name.str();
  ValueSet value = values.single(std::move(atom));
  for (Outcome& outcome : current)
    outcome.value = value;
  if (!module) return current;
  PlaceId done = globalPlace("<initialised> " + module->unit->unit);
  PlaceId nameOf = globalPlace(name.str() + ".__name__");
  bool isScript = root && root->unit == module->unit && root->kind == facts::RootKind::Script;
  Outcomes results;
  for (Outcome& outcome : current) {
    if (outcome.kind == Outcome::Kind::Raised || states.get(outcome.state, done) != Values::nothing) {
      results.push_back(outcome);
      continue;
    }
    states.set(outcome.state, done, values.literal(true));
    states.set(outcome.state, nameOf, values.literal(isScript ? std::string("__main__") : name.str()));
    Outcomes running{outcome};
    for (const link::FunctionInfo* statement : module->statements) {
      Outcomes next;
      for (Outcome& one : running) {
        if (one.kind == Outcome::Kind::Raised) {
          next.push_back(one);
          continue;
        }
        // A statement outside the cone still binds names: functions, classes, imports.
        Frame frame{statement, caller, at, 0, {}, {}, caller ? caller->depth + 1 : 0};
        frame.locals = object(frame, 0, "", "locals");
        llvm::append_range(next, runBody(frame, one.state));
      }
      running = std::move(next);
    }
    for (Outcome& one : running) {
      one.value = value;
      results.push_back(one);
    }
  }
  return results;
}

} // namespace forklint::solve
