// Functions and blocks: configurations (a state and the values known there) flow along the edges, one for
// each side.
#include "analyzers/solve/interpreter.h"

#include "llvm/ADT/STLExtras.h"

namespace forklint::solve {

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
