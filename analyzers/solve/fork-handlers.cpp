// Handlers at forks, judged together when the root has been run: which locks those that run before a fork
// take and those in the child give back, and which others the unit that gives them has. In C and C++ a
// library is asked to keep all of its locks over a fork once it keeps one.
#include "analyzers/solve/interpreter.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/ScopeExit.h"

namespace forklint::solve {

using link::Effect;

/// The handlers of one call, as it is come to on one way. Who comes there again on the same way gives them
/// again: each fork runs them as often.
void Interpreter::noteHandlers(const ModelCall& call, const Effect& effect, ValueSet entry, State& state) {
  if (isRehearsed || survey || !endsVariables(*call.site.frame.function)) return;
  noteRecord();
  Path path = pathTo(&call.site.frame, call.site.at());
  if (path.empty()) return;
  auto isIt = [&](const HandlersGiven& known) { return known.path == path; };
  auto given = llvm::find_if(ofRoot.handlers, isIt);
  if (given == ofRoot.handlers.end()) {
    given = ofRoot.handlers.emplace(given);
    given->path = path;
    given->model = call.model.name;
    given->state = state;
  }
  if (effect.life == "before fork") given->before = entry;
  if (effect.life == "in child") given->inChild = entry;
  if (!state.doubtful) given->state = state;
  uint32_t way = wayTo(call.site.frame, call.site.at());
  PlaceId mark = globalPlace("<given " + effect.life + " by " + std::to_string(way) + ">");
  bool isAgain = values.isTrue(states.get(state, mark));
  states.set(state, mark, values.literal(true));
  bool isHandler =
      llvm::any_of(values.of(entry), [&](const Alternative& one) { return !isNone(values.atom(one.atom)); });
  if (!isAgain || !isHandler) return;
  Misuse misuse;
  misuse.kind = handlersKind;
  misuse.why =
      "the handlers are given again each time that the program comes here, and each fork runs them as often";
  misuse.earlier = path;
  misuse.variants = state.variants;
  note(call, state, std::move(misuse));
}

/// Where the program has come to an end that knows the handlers, their locks are what they are there.
void Interpreter::endsWithHandlers(const State& end) {
  if (end.doubtful || end.side) return;
  ValueSet all = states.get(end, globalPlace("<before fork>"));
  for (HandlersGiven& given : ofRoot.handlers) {
    bool isKnown =
        given.before != Values::nothing && llvm::all_of(values.of(given.before), [&](const Alternative& one) {
          return llvm::is_contained(values.of(all), one);
        });
    if (isKnown) given.state = end;
  }
}

/// A lock that there is one of: a global, a part of one, or a member of a class of which the handlers take
/// another. Empty for all others.
std::string Interpreter::spelledLock(PlaceId lock) {
  ObjectId owner = ownerOf(lock);
  llvm::StringRef name = nameOf(lock);
  if (!owner) return name.str();
  std::string around = objects[owner].lies ? spelledLock(objects[owner].lies) : objects[owner].model.str();
  if (around.empty() || name.starts_with("<")) return around;
  return name.starts_with("[") ? around : around + "::" + name.str();
}

bool Interpreter::isOfUnit(PlaceId lock, const facts::UnitFacts& unit) {
  while (ownerOf(lock) && objects[ownerOf(lock)].lies)
    lock = objects[ownerOf(lock)].lies;
  if (ownerOf(lock)) return true; // its class is asked for
  llvm::StringRef name = nameOf(lock);
  return program.function((name + "::<initializer>").str(), unit) ||
         llvm::any_of(unit.chunks, [&](const facts::Chunk& chunk) {
           return llvm::any_of(chunk.entities, [&](const facts::Entity& each) {
             return each.kind == facts::EntityKind::Global && each.symbol == name &&
                    each.linkage == facts::Linkage::Internal;
           });
         });
}

/// Runs a handler in the state, if it is one of the program's.
std::optional<State> Interpreter::runHandler(const HandlersGiven& given, ValueSet handler, State state) {
  for (const Alternative& one : values.of(handler)) {
    if (isNone(values.atom(one.atom))) continue;
    const Hop& at = given.path.back();
    facts::Instruction nowhere;
    nowhere.position = at.position;
    Frame frame{at.function, nullptr, {}, {}, {}, 0, 0};
    for (const Outcome& end : callAtom({frame, nowhere, UINT32_MAX - 4}, one.atom, {}, state))
      if (end.kind == Outcome::Kind::Returned && end.state.side == state.side) return end.state;
    return std::nullopt;
  }
  return state;
}

/// The locks that the handlers before a fork have taken, the first one first.
std::vector<PlaceId> Interpreter::takenBefore(const State& prepared) {
  std::vector<std::pair<uint32_t, PlaceId>> taken;
  prepared.held.forEach([&](PlaceId lock, uint32_t way) { taken.emplace_back(way, lock); });
  llvm::sort(taken);
  std::vector<PlaceId> locks;
  for (const auto& [way, lock] : taken)
    locks.push_back(lock);
  return locks;
}

void Interpreter::judgeHandlers() {
  std::vector<HandlersGiven> all = std::exchange(ofRoot.handlers, {});
  auto left = llvm::make_scope_exit([&] { survey = nullptr; });
  std::vector<std::vector<PlaceId>> taken(all.size());
  std::set<const facts::UnitFacts*> unseen;
  ofRoot.freed.clear();
  for (size_t i = 0; i < all.size(); ++i) {
    survey = all[i].path.back().function->unit;
    ofRoot.handlersAreUnseen = false;
    std::optional<State> prepared = runBefore(all[i]);
    if (prepared) {
      taken[i] = takenBefore(*prepared);
      prepared->contexts = bit(link::Context::AtFork);
      prepared = runHandler(all[i], all[i].inChild, *prepared);
    }
    if (!prepared || ofRoot.handlersAreUnseen) unseen.insert(survey);
    // What one call keeps, another one need not.
    for (PlaceId lock : taken[i])
      ofRoot.freed.insert(spelledLock(lock));
  }
  for (size_t i = 0; i < all.size(); ++i) {
    survey = all[i].path.back().function->unit;
    if (!taken[i].empty() && !unseen.contains(survey)) tellLeftOut(all[i], taken[i]);
  }
}

/// The state behind the handlers that run before a fork; what they wait for is told.
std::optional<State> Interpreter::runBefore(const HandlersGiven& given) {
  State state = given.state;
  state.held = {};
  state.thread = state.side = 0;
  state.contexts = bit(link::Context::BeforeFork);
  ofRoot.joins.clear();
  std::optional<State> prepared = runHandler(given, given.before, state);
  tellJoins(given);
  return prepared;
}

/// Notes what is wrong with the handlers, where `here` shows it.
void Interpreter::tellHandlers(const HandlersGiven& given, Path here, std::string why) {
  Misuse misuse;
  misuse.kind = handlersKind;
  misuse.model = given.model;
  misuse.why = std::move(why);
  misuse.path = std::move(here);
  misuse.earlier = given.path;
  misuse.variants = allVariants;
  misuse.root = root;
  solution.misuses.push_back(std::move(misuse));
}

/// What waits for a thread holds nothing that this thread takes.
void Interpreter::tellJoins(const HandlersGiven& given) {
  for (const JoinInHandler& join : ofRoot.joins)
    for (PlaceId lock : join.held) {
      const Deeds& deeds = threadDeeds[join.thread];
      if (!deeds.meets.contains(nameOfLock(lock))) continue;
      std::string name = spelledLock(lock);
      tellHandlers(given, join.path,
                   "a handler waits for a thread while it holds " +
                       (name.empty() ? "a lock" : "`" + name + "`") +
                       ", which that thread takes: neither goes on");
      return;
    }
}

/// Functions that others of the unit call by name: these are judged by their callers.
static std::set<const link::FunctionInfo*> calledInside(const link::Program& program,
                                                        const facts::UnitFacts& unit) {
  std::set<const link::FunctionInfo*> called;
  for (const link::FunctionInfo* info : program.functionsOf(unit))
    for (const facts::Instruction& each : info->body->instructions) {
      if (each.kind != facts::InstructionKind::Call || each.operands.empty()) continue;
      const facts::Instruction& callee = info->body->instructions[each.operands[0].value];
      if (callee.kind != facts::InstructionKind::FunctionRef) continue;
      if (const link::FunctionInfo* other = program.function(callee.name, unit); other && other != info)
        called.insert(other);
    }
  return called;
}

/// Calls what the unit offers, as a thread of its own, for the locks that are taken there and what is held
/// then.
const Deeds& Interpreter::surveyed(const HandlersGiven& given) {
  const facts::UnitFacts& unit = *given.path.back().function->unit;
  State state = given.state;
  state.held = state.alive = {};
  state.side = 0;
  state.contexts = 0;
  state.thread = newObject({});
  std::set<const link::FunctionInfo*> called = calledInside(program, unit);
  auto isHandler = [&](const link::FunctionInfo* info) {
    return llvm::any_of(solution.handlers, [&](const ForkHandler& each) { return each.function == info; });
  };
  for (const link::FunctionInfo* info : program.functionsOf(unit)) {
    if (info->body->kind != facts::FunctionKind::Plain || called.contains(info) || isHandler(info) ||
        !program.isInCone(*info))
      continue;
    Arguments arguments;
    const List<facts::Parameter>& parameters = info->body->parameters;
    if (!parameters.empty() && parameters[0].name == "this") {
      ObjectInfo self;
      self.model = link::scopeOf(info->body->symbol);
      arguments.self = values.object(newObject(std::move(self)));
    }
    callFunction(*info, arguments, 0, state, nullptr, {});
  }
  return threadDeeds[state.thread];
}

/// Locks of the unit that the handlers leave as they are, and two that they take in another order.
void Interpreter::tellLeftOut(const HandlersGiven& given, llvm::ArrayRef<PlaceId> taken) {
  const facts::UnitFacts& unit = *given.path.back().function->unit;
  std::vector<std::string> names;
  std::set<std::string> classes;
  for (PlaceId lock : taken) {
    names.push_back(spelledLock(lock));
    if (ObjectId owner = ownerOf(lock); owner && !objects[owner].lies)
      classes.insert(objects[owner].model.str());
  }
  std::map<std::string, std::string> spelled; // of what the program has taken, by the names that deeds use
  const Deeds deeds = surveyed(given);
  for (const auto& [key, met] : deeds.meets)
    if (!met.isNamed) spelled[key] = spelledLock(lockNamed(key));
  auto isKept = [&](const std::string& name) { return name.empty() || ofRoot.freed.contains(name); };
  for (const auto& [key, met] : deeds.meets) {
    if (met.isNamed) continue;
    const std::string& name = spelled[key];
    PlaceId lock = lockNamed(key);
    ObjectId owner = ownerOf(lock);
    bool isMember = owner && !objects[owner].lies;
    // Whoever takes it only under a lock that the handlers have is not there while they have it.
    bool isUnderKept = llvm::all_of(met.under, [&](const std::set<std::string>& held) {
      return llvm::any_of(held, [&](const std::string& other) {
        return spelled.contains(other) && llvm::is_contained(names, spelled[other]);
      });
    });
    if (isMember ? !classes.contains(objects[owner].model.str()) : !isOfUnit(lock, unit)) continue;
    if (!isKept(name) && !isUnderKept)
      tellHandlers(given, {met.at},
                   "the handlers leave out `" + name +
                       "`: a child finds it as a thread of its parent has left it");
    auto own = llvm::find(names, name);
    for (const std::set<std::string>& held : met.under)
      for (const std::string& other : held) {
        auto first = spelled.contains(other) ? llvm::find(names, spelled[other]) : names.end();
        if (own == names.end() || first == names.end() || first <= own) continue;
        return tellHandlers(given, {met.at},
                            "a handler takes `" + *first + "` while it holds `" + name +
                                "`, and others take them the other way round: then neither goes on");
      }
  }
}

} // namespace forklint::solve
