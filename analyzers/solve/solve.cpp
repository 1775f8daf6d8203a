// Solves every root on its own, then what no root called, and puts the forks in an order that depends on the
// program only.
#include "analyzers/solve/interpreter.h"

#include "analyzers/support/paths.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/SaveAndRestore.h"

#include <algorithm>
#include <tuple>

namespace forklint::solve {

State Interpreter::start(const link::ProgramRoot& at, std::optional<unsigned> target) {
  root = &at;
  if (program.runAs(target)) { // in which names may mean other functions
    leaves.clear();
    memo.forget();
  }
  budget.beginRoot(at.kind == facts::RootKind::Main ? Budget::Of::Main
                   : at.unit->language == "python"  ? Budget::Of::Python
                                                    : Budget::Of::Cpp);
  ofRoot = {};
  if (at.kind == facts::RootKind::Main) often.clear();
  memo.forgetRoot();
  threadDeeds.clear();
  states.reset();
  State state;
  states.set(state, globalPlace(startMethod), values.literal(facts::None{})); // nobody has set one
  for (const std::string& thing : program.models().onlyThings())
    states.set(state, place(onlyObject(thing), "<state>"), values.literal(std::string("new")));
  return state;
}

/// What the unit's static objects have done before `main`, those of other units have no order to it; and what
/// functions do that the linker runs before `main`, in whatever unit.
State Interpreter::initialised(const facts::UnitFacts& unit, State state) {
  for (const link::ProgramRoot& other : program.roots()) {
    bool isBefore = other.kind == facts::RootKind::StaticInitializer && other.unit->language != "python";
    bool isObject = llvm::StringRef(other.symbol).ends_with("::<initializer>");
    bool isOwn =
        isBefore && (other.unit == &unit || (!isObject && images && images->areLinked(unit, *other.unit)));
    const link::FunctionInfo* initializer = isOwn ? program.function(other.symbol, *other.unit) : nullptr;
    if (!initializer) continue;
    Outcomes ends = callFunction(*initializer, {}, 0, state, nullptr, {});
    auto goesOn = llvm::find_if(ends, [&](const Outcome& end) {
      return end.kind == Outcome::Kind::Returned && end.state.side == state.side;
    });
    if (goesOn != ends.end()) state = goesOn->state;
  }
  return state;
}

/// Who returns from `main` ends as the program does.
void Interpreter::returnsFromMain(const link::ProgramRoot& at, const State& state) {
  const link::FunctionInfo* entry = program.function(at.symbol, *at.unit);
  if (!entry || !state.side) return;
  Frame frame{entry, nullptr, {}, {}, {}, 0, 0};
  facts::Position end = entry->body->position;
  for (const facts::Instruction& each : entry->body->instructions)
    if (each.kind == facts::InstructionKind::Return) end = each.position;
  endsProgram(frame, end, state);
}

void Interpreter::run(const link::ProgramRoot& at, std::optional<unsigned> target) {
  // A module with known importers is judged by them.
  if (at.kind == facts::RootKind::Module && imported.contains(at.unit)) return;
  State state = start(at, target);
  size_t first = forkRecords.size();
  Outcomes ends;
  bool isModule = at.kind == facts::RootKind::Module || at.kind == facts::RootKind::Script;
  if (!isModule) {
    if (at.kind == facts::RootKind::Main) state = initialised(*at.unit, state);
    if (const link::FunctionInfo* entry = program.function(at.symbol, *at.unit))
      ends = callFunction(*entry, {}, 0, state, nullptr, {});
  } else {
    ends = initModule(at.symbol, state, nullptr, {}, *at.unit);
  }
  for (const Outcome& end : ends) {
    if (end.kind == Outcome::Kind::Returned) endsWithHandlers(end.state);
    if (!end.state.doubtful) deed(end.state, [](Deeds& deeds) { deeds.returns = true; });
    if (at.kind == facts::RootKind::Main && end.kind == Outcome::Kind::Returned)
      returnsFromMain(at, end.state);
    if (end.kind != Outcome::Kind::Returned || !end.state.side || !end.state.isPastRaise) continue;
    // Somebody has caught the exception.
    for (BothReturn& both : forkRecords[end.state.side - 1].fork.bothReturn)
      both.knownCaller |= both.byException;
  }
  finish(first);
  if (isImportedAgain(at) && spawnsAnew(first)) runAsImported(at);
}

/// A child that begins anew imports the main module again, but not the `__main__` of a package, which runs
/// without a guard (Lib/multiprocessing/spawn.py, _fixup_main_from_name).
bool Interpreter::isImportedAgain(const link::ProgramRoot& at) {
  bool isModule = at.kind == facts::RootKind::Script || at.kind == facts::RootKind::Module;
  return isModule && llvm::sys::path::filename(at.unit->unit) != "__main__.py";
}

/// Does the script, or what it imports, start a process anew in some version?
bool Interpreter::spawnsAnew(size_t first) const {
  return llvm::any_of(llvm::drop_begin(forkRecords, first),
                      [&](const ForkRecord& record) { return record.fork.spawned != 0; });
}

/// As the child of such a start runs its main module: what is started then is not guarded.
void Interpreter::runAsImported(const link::ProgramRoot& at) {
  State state = start(at);
  importsMain = true;
  initModule(at.symbol, state, nullptr, {}, *at.unit);
  importsMain = false;
  ofRoot.misuseIds.clear();
}

/// The deeds of threads are known when the root has been run.
void Interpreter::finish(size_t first) {
  judgeHandlers();
  tellPipes(first);
  dropDrained();
  for (ForkRecord& record : llvm::drop_begin(forkRecords, first))
    record.fork.isWaitedFor |= ofRoot.waitsForAny;
  for (ForkRecord& record : llvm::drop_begin(forkRecords, first))
    llvm::erase_if(record.fork.bothReturn,
                   [](const BothReturn& both) { return both.endsProgram && !both.knownCaller; });
  for (ForkRecord& record : llvm::drop_begin(forkRecords, first)) {
    tellStores(record);
    // Whose result nobody finds again is not seen to tell its child from its parent.
    record.fork.doubtful |= record.resultLost && !record.resultIsTested;
    for (const auto& [object, index] : record.alive)
      record.fork.alive[index].deeds = threadDeeds[object];
    for (const Gate& gate : record.closed.value_or(std::set<Gate>()))
      if (!movedByThread.contains(gate)) record.fork.closed.insert(nameOf(gate));
  }
  // Another program fills its own, and shows where.
  for (ObjectId buffer : buffers)
    objects[buffer].opened = 0;
}

/// An instance for a method that nobody calls: what the class's constructor makes of unknown arguments.
ValueSet Interpreter::instanceFor(const link::FunctionInfo& method, State& state) {
  llvm::StringRef symbol(method.body->symbol);
  llvm::StringRef klass = symbol.rsplit('.').first;
  ValueSet found = states.get(state, globalPlace(klass));
  for (const Alternative& alternative : values.of(found)) {
    const Atom& atom = values.atom(alternative.atom);
    if (atom.kind != AtomKind::Object || !objects[atom.object].isClass) continue;
    facts::Instruction nowhere;
    nowhere.position = method.body->position;
    Frame frame{&method, nullptr, {}, {}, {}, 0, 0};
    frame.isOutside = true;
    for (const Outcome& made : construct({frame, nowhere, UINT32_MAX - 1}, atom.object, {}, state))
      if (made.kind == Outcome::Kind::Returned && !made.state.side) {
        state = made.state;
        return made.value;
      }
  }
  return Values::nothing;
}

void Interpreter::callUncalled(const link::FunctionInfo& function, const State& imported, bool isAnytime) {
  State state = imported;
  Arguments arguments;
  arguments.self = instanceFor(function, state);
  // Who makes the object has run its constructor; a second run would make its parts twice.
  if (arguments.self != Values::nothing && log.entered.contains(&function) &&
      link::lastComponent(function.body->symbol) == "__init__")
    return;
  // Its name stands for another definition of it, and never for this one.
  auto isDefinition = [&](const Alternative& one, bool other) {
    const link::FunctionInfo* bound = values.atom(one.atom).function;
    return values.atom(one.atom).kind == AtomKind::Function && bound && (bound != &function) == other &&
           llvm::StringRef(bound->body->symbol).split('#').first == function.body->symbol;
  };
  llvm::ArrayRef<Alternative> bindings = values.of(states.get(state, globalPlace(function.body->symbol)));
  if (llvm::any_of(bindings, [&](const Alternative& one) { return isDefinition(one, true); }) &&
      llvm::none_of(bindings, [&](const Alternative& one) { return isDefinition(one, false); }))
    return;
  ObjectId closure = 0;
  // The module's own binding knows captures and defaults; a decorated function is called as it is written.
  for (const Alternative& alternative : values.of(states.get(state, globalPlace(function.body->symbol))))
    if (const Atom& atom = values.atom(alternative.atom);
        atom.kind == AtomKind::Function && atom.function == &function) {
      closure = atom.object;
      state.variants &= alternative.variants;
    }
  Atom atom;
  atom.kind = AtomKind::Function;
  atom.function = &function;
  atom.text = function.body->symbol;
  atom.object = closure;
  facts::Instruction nowhere;
  nowhere.position = function.body->position;
  Frame frame{&function, nullptr, {}, {}, {}, 0, 0};
  frame.isOutside = true;
  Site site{frame, nowhere, UINT32_MAX - 2};
  bool isPlain = function.body->kind == facts::FunctionKind::Plain ||
                 function.body->kind == facts::FunctionKind::Constructor ||
                 function.body->kind == facts::FunctionKind::Destructor;
  Outcomes ends = isPlain ? callFunction(function, arguments, closure, state, nullptr, {})
                          : callAtom(site, values.intern(atom), arguments, state);
  for (const Outcome& end : ends)
    if (end.kind == Outcome::Kind::Returned && end.state.side == state.side) {
      endsWithHandlers(end.state);
      if (isAnytime) noteKeptPipes(end.state);
      goOver(site, end);
    }
}

/// Does a function of C or C++ itself say what runs when a signal comes? There it matters what the handler
/// calls, though nobody forks.
bool Interpreter::installsHandler(const link::FunctionInfo& function) const {
  if (function.unit->language == "python") return false;
  return llvm::any_of(function.body->instructions, [&](const facts::Instruction& each) {
    const link::Model* row =
        each.kind == facts::InstructionKind::FunctionRef ? program.models().find(each.name) : nullptr;
    return row && llvm::any_of(row->effects, [](const link::Effect& effect) {
             return effect.kind == link::EffectKind::Installs &&
                    (effect.context & bit(link::Context::SignalHandler));
           });
  });
}

void Interpreter::runUncalled(const link::ProgramRoot& at, bool mentioned) {
  std::vector<const link::FunctionInfo*> waiting;
  for (const link::FunctionInfo* info : program.functionsOf(*at.unit))
    if ((info->leadsToFork || installsHandler(*info)) && info->body->kind != facts::FunctionKind::Statement &&
        !log.entered.contains(info) && (mentioned || !info->mentioned))
      waiting.push_back(info);
  if (waiting.empty()) return;
  // Those that are only called through pointers come first: they call the others.
  auto isCallback = [&](const link::FunctionInfo* info) { return images && !images->isCalledByName(*info); };
  std::stable_partition(waiting.begin(), waiting.end(), isCallback);
  const llvm::SaveAndRestore<bool> uncalled(runsUncalled, true);
  State fresh = start(at);
  size_t first = forkRecords.size();
  Outcomes imported{{Outcome::Kind::Returned, Values::nothing, fresh}};
  if (at.kind == facts::RootKind::Module) imported = initModule(at.symbol, fresh, nullptr, {}, *at.unit);
  for (const Outcome& outcome : imported)
    if (outcome.kind == Outcome::Kind::Returned && !outcome.state.side)
      for (const link::FunctionInfo* info : waiting)
        if (!log.entered.contains(info)) {
          size_t before = forkRecords.size();
          callUncalled(*info, outcome.state, isCallback(info));
          for (ForkRecord& record : llvm::drop_begin(forkRecords, before)) {
            record.isReachedAnytime = isCallback(info);
            record.isOnlyFromOutside = isCallback(info) && !images->isGiven(*info);
          }
        }
  finish(first);
}

/// What starts somewhere in the program of a fork that is reached at any time may live there. A signal comes
/// while those live, too, that somebody ends.
void Interpreter::tellProgramThreads(ForkRecord& record, llvm::ArrayRef<ProgramThread> threads) const {
  const facts::UnitFacts& unit = *record.fork.path.back().function->unit;
  bool isInHandler = (record.fork.contexts & bit(link::Context::SignalHandler)) != 0;
  if (!(record.isReachedAnytime || isInHandler) || !images || unit.language == "python") return;
  record.fork.isOfLibrary = record.isOnlyFromOutside || images->isLibrary(unit);
  if (record.fork.isOfLibrary) return;
  // What many programs share (a wrapper of fork) says least about which of them it is.
  auto isOfProgram = [&](const ProgramThread& thread) {
    return llvm::all_of(record.fork.path, [&](const Hop& hop) {
      return images->startsThreadsOf(*thread.begun.function, *hop.function->unit);
    });
  };
  for (const ProgramThread& thread : threads)
    if ((isInHandler || !thread.mayEnd) && isOfProgram(thread)) record.fork.mayLive.push_back(thread);
}

/// The threads that the program starts somewhere, by position.
std::vector<ProgramThread> Interpreter::programThreads() const {
  std::vector<ProgramThread> threads;
  if (!images) return threads;
  std::set<std::tuple<const link::FunctionInfo*, uint32_t, uint32_t>> ended;
  for (const Beginning& known : llvm::make_second_range(log.beginnings))
    if (!known.ends.empty())
      ended.insert({known.at.function, known.at.position.line, known.at.position.column});
  for (const link::Images::ThreadStart& start : images->threadStarts()) {
    const facts::Position& at = start.call->position;
    bool mayEnd = start.mayEnd || ended.contains({start.function, at.line, at.column});
    threads.push_back({start.model.str(), {start.function, at}, mayEnd});
  }
  llvm::stable_sort(threads, [](const ProgramThread& a, const ProgramThread& b) {
    auto key = [](const ProgramThread& each) {
      return std::tuple(llvm::StringRef(each.begun.function->unit->unit), each.begun.position.line,
                        each.begun.position.column);
    };
    return key(a) < key(b);
  });
  return threads;
}

Solution Interpreter::take() {
  std::vector<ProgramThread> threads = programThreads();
  std::erase_if(forkRecords, [](const ForkRecord& record) { return record.promised != nullptr; });
  for (ForkRecord& record : forkRecords)
    tellProgramThreads(record, threads);
  for (ForkRecord& record : forkRecords)
    solution.forks.push_back(std::move(record.fork));
  auto key = [](const Fork& fork) {
    const Hop& last = fork.path.back();
    return std::tuple(llvm::StringRef(last.function->unit->unit), last.position.line, last.position.column,
                      llvm::StringRef(fork.root), fork.path.size(), fork.alive.size());
  };
  llvm::stable_sort(solution.forks, [&](const Fork& a, const Fork& b) { return key(a) < key(b); });
  for (const auto& [from, to] : log.calls)
    solution.calls.push_back({from->body->symbol, to->body->symbol, false});
  for (const auto& [from, model] : log.modelledCalls)
    solution.calls.push_back({from->body->symbol, model->name, true});
  llvm::sort(solution.calls);
  solution.calls.erase(llvm::unique(solution.calls), solution.calls.end());
  for (auto& [function, summary] : log.summaries) {
    summary.function = function->body->symbol;
    solution.summaries.push_back(summary);
  }
  llvm::sort(solution.summaries);
  auto misuseKey = [](const Misuse& misuse) {
    const Hop& last = misuse.path.back();
    return std::tuple(llvm::StringRef(last.function->unit->unit), last.position.line, last.position.column,
                      llvm::StringRef(misuse.kind), llvm::StringRef(misuse.root->symbol), misuse.path.size());
  };
  llvm::stable_sort(solution.misuses,
                    [&](const Misuse& a, const Misuse& b) { return misuseKey(a) < misuseKey(b); });
  auto hopKey = [](const Hop& hop) {
    return std::tuple(llvm::StringRef(hop.function->unit->unit), hop.position.line, hop.position.column);
  };
  llvm::stable_sort(solution.openPipes, [&](const OpenPipe& a, const OpenPipe& b) {
    return hopKey(a.path.back()) < hopKey(b.path.back());
  });
  llvm::stable_sort(solution.handlers, [&](const ForkHandler& a, const ForkHandler& b) {
    return std::tuple(hopKey(a.at), llvm::StringRef(a.when)) <
           std::tuple(hopKey(b.at), llvm::StringRef(b.when));
  });
  for (Beginning& beginning : llvm::make_second_range(log.beginnings)) {
    llvm::sort(beginning.ends, [&](const Hop& a, const Hop& b) { return hopKey(a) < hopKey(b); });
    solution.beginnings.push_back(std::move(beginning));
  }
  llvm::stable_sort(solution.beginnings, [&](const Beginning& a, const Beginning& b) {
    return std::tuple(hopKey(a.at), llvm::StringRef(a.model)) <
           std::tuple(hopKey(b.at), llvm::StringRef(b.model));
  });
  solution.entered = std::move(log.entered);
  solution.resolution = resolution();
  auto transferKey = [](const Transfer& transfer) {
    const Hop& last = transfer.path.back();
    return std::tuple(llvm::StringRef(last.function->unit->unit), last.position.line, last.position.column,
                      transfer.bytes, transfer.path.size());
  };
  llvm::stable_sort(solution.transfers,
                    [&](const Transfer& a, const Transfer& b) { return transferKey(a) < transferKey(b); });
  return std::move(solution);
}

/// Does a call in the unit make a child? What is nearest to forks comes first: the bound on work is shared.
static bool hasFork(const link::Program& program, const facts::UnitFacts& unit) {
  return llvm::any_of(program.functionsOf(unit), [&](const link::FunctionInfo* info) {
    return llvm::any_of(info->body->instructions, [&](const facts::Instruction& each) {
      const link::Model* row =
          each.kind == facts::InstructionKind::FunctionRef ? program.models().find(each.name) : nullptr;
      return row && row->has(link::EffectKind::Forks);
    });
  });
}

Solution solve(const link::Program& program, Questions asked) {
  Interpreter interpreter(program, asked);
  std::vector<const link::ProgramRoot*> libraries;
  for (const link::ProgramRoot& library : program.libraries())
    libraries.push_back(&library);
  std::stable_partition(libraries.begin(), libraries.end(), [&](const link::ProgramRoot* library) {
    return library->unit->language == "python" || hasFork(program, *library->unit);
  });
  // What only tests call is a library's: they come last.
  for (bool isTest : {false, true}) {
    for (bool isModule : {false, true})
      for (const link::ProgramRoot& root : program.roots())
        if (root.leadsToFork && (root.kind == facts::RootKind::Module) == isModule &&
            isTestCode(root.unit->unit) == isTest) {
          std::vector<unsigned> targets = root.kind == facts::RootKind::Main
                                              ? program.targets().programsOf(*root.unit)
                                              : std::vector<unsigned>();
          for (unsigned target : targets)
            interpreter.run(root, target);
          if (targets.empty()) interpreter.run(root);
        }
    // A function with known callers is judged by them: those that nobody mentions come first.
    for (bool mentioned : {false, true})
      for (const link::ProgramRoot* library : libraries)
        if (isTestCode(library->unit->unit) == isTest) interpreter.runUncalled(*library, mentioned);
  }
  interpreter.judgePromises();
  return interpreter.take();
}

} // namespace forklint::solve
