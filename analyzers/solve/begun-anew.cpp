// What a child that begins anew finds in globals: what importing their modules leaves there, whatever its
// parent has put there since. Told of starts that fork for other versions.
//
// Promise: a global is told only if the child, run with what the import leaves, reads it and does not fill it
// itself, and if it is not sent.
#include "analyzers/solve/interpreter.h"

#include "llvm/ADT/STLExtras.h"

#include <utility>

namespace forklint::solve {

class Interpreter::BegunAnew {
public:
  BegunAnew(Interpreter& solver, const ModelCall& call, Side side) : solver(solver), call(call), side(side) {
    const Fork& fork = solver.forkRecords[side - 1].fork;
    if (fork.byDefault & fork.variants) anew = fork.byDefault & fork.spawned;
  }

  /// Some version forks here, and another one does not, only because their defaults differ. Where the program
  /// alone costs most of the root's work, nobody asks.
  bool isAsked() const { return anew && !solver.isRehearsed && !solver.budget.isMost(0); }

  void judge(const State& child, const Work& work, const Touched& asForked) {
    import(work.entry);
    Sent sent;
    addSent(child, work.entry, sent, 0);
    for (ValueSet given : work.arguments.positional)
      addSent(child, given, sent, 0);
    for (ValueSet given : llvm::make_second_range(work.arguments.keywords))
      addSent(child, given, sent, 0);
    if (std::optional<std::string> missing = missingOf(sent)) {
      noteLost({*missing, LostGlobal::Kind::Unset, child.doubtful});
      return; // it does not come to the rest
    }
    std::map<PlaceId, Lost> lost = lostOf(asForked, sent.objects);
    if (!lost.empty()) rehearse(child, work, lost);
  }

private:
  /// While it lasts, nothing that is done is told.
  class Rehearsal {
  public:
    explicit Rehearsal(Interpreter& solver)
        : solver(solver), log(std::exchange(solver.log, Log())),
          imported(std::exchange(solver.imported, {})) {
      solver.isRehearsed = true;
    }
    ~Rehearsal() {
      solver.log = std::move(log);
      solver.imported = std::move(imported);
      solver.isRehearsed = false;
    }
    Rehearsal(const Rehearsal&) = delete;
    Rehearsal& operator=(const Rehearsal&) = delete;

  private:
    Interpreter& solver;
    Log log;
    std::set<const facts::UnitFacts*> imported;
  };

  struct Sent {
    std::set<ObjectId> objects;
    std::vector<const link::FunctionInfo*> functions;
  };

  struct Lost {
    LostGlobal global;
    PlaceId readAt; // who reads this reads what is lost
  };

  State& imported() { return *solver.ofRoot.imported; }

  /// The child imports the main module, unless that is a package's, and that of what it runs.
  void import(ValueSet entry) {
    if (!solver.ofRoot.imported) {
      solver.ofRoot.imported.emplace();
      if (isImportedAgain(*solver.root)) importModule(solver.root->symbol, *solver.root->unit);
    }
    for (const Alternative& one : solver.values.of(entry)) {
      const Atom& atom = solver.values.atom(one.atom);
      const Atom& callee = atom.kind == AtomKind::Bound ? solver.values.atom(atom.target) : atom;
      if (callee.kind == AtomKind::Function)
        importModule(callee.function->unit->module, *callee.function->unit);
    }
  }

  void importModule(llvm::StringRef name, const facts::UnitFacts& from) {
    Touched* outer = std::exchange(solver.states.touched, nullptr);
    bool wasMain = std::exchange(solver.importsMain, true);
    Rehearsal rehearsal(solver);
    for (const Outcome& end : solver.initModule(name, imported(), nullptr, {}, from))
      if (end.kind == Outcome::Kind::Returned && !end.state.side) {
        imported() = end.state;
        break;
      }
    solver.importsMain = wasMain;
    solver.states.touched = outer;
  }

  /// What is sent arrives as it is, but for functions, which are found by their names.
  void addSent(const State& state, ValueSet value, Sent& sent, unsigned depth) {
    constexpr unsigned deepest = 4;
    constexpr size_t most = 256;
    for (const Alternative& one : solver.values.of(value)) {
      const Atom& atom = solver.values.atom(one.atom);
      if (atom.kind == AtomKind::Function) sent.functions.push_back(atom.function);
      if (atom.kind == AtomKind::Bound)
        for (AtomId part : {atom.receiver, atom.target})
          addSent(state, solver.values.set({{part, allVariants}}), sent, depth);
      if (atom.kind != AtomKind::Object || solver.objects[atom.object].isClass || depth > deepest ||
          sent.objects.size() > most || !sent.objects.insert(atom.object).second)
        continue;
      for (PlaceId field : List<PlaceId>(solver.fieldsOf(atom.object)))
        addSent(state, States::peek(state, field), sent, depth + 1);
    }
  }

  /// The global by which the child is to find a function, or the class of a method, where the import does not
  /// define it.
  std::optional<std::string> missingOf(const Sent& sent) {
    for (const link::FunctionInfo* function : sent.functions) {
      const std::string module = function->unit->module;
      llvm::StringRef symbol(function->body->symbol);
      if (!symbol.consume_front(module) || !symbol.consume_front(".") || symbol.contains('<')) continue;
      std::string global = module + "." + symbol.split('.').first.split('#').first.str();
      bool isBound = States::peek(imported(), solver.globalPlace(global)) != Values::nothing;
      if (!isBound && importsOwner(global)) return global;
    }
    return std::nullopt;
  }

  static bool isVariable(llvm::StringRef name) {
    return isAttribute(name) && !link::lastComponent(name).starts_with("__");
  }

  /// Of the globals, and of what is in things that they name, what was read and is not as the import leaves
  /// it.
  std::map<PlaceId, Lost> lostOf(const Touched& asForked, const std::set<ObjectId>& sent) {
    std::map<PlaceId, Lost> lost;
    std::set<PlaceId> read;
    for (PlaceId place : llvm::make_first_range(asForked.reads))
      read.insert(place);
    // A name that is bound once needs not be read from the state to be known; a guard may bind it.
    for (PlaceId place : solver.fieldsOf(0))
      if (isOfMain(solver.nameOf(place)) && States::peek(imported(), place) == Values::nothing)
        read.insert(place);
    std::map<ObjectId, PlaceId> named;
    for (PlaceId place : solver.fieldsOf(0))
      if (isVariable(solver.nameOf(place)))
        for (ObjectId object : solver.values.objectsIn(States::peek(imported(), place)))
          if (!sent.contains(object)) named.try_emplace(object, place);
    for (const auto& [object, place] : named)
      if (read.contains(place)) // who asks for a container asks for what is in it
        for (PlaceId field : solver.fieldsOf(object))
          if (solver.nameOf(field).starts_with("[")) read.insert(field);
    for (PlaceId place : read) {
      ObjectId owner = solver.ownerOf(place);
      auto holder = named.find(owner);
      if (owner && holder == named.end()) continue;
      llvm::StringRef global = solver.nameOf(owner ? holder->second : place), member = solver.nameOf(place);
      if (!isVariable(global) || !importsOwner(global)) continue;
      if (!owner || member.starts_with("["))
        add(lost, place, owner ? holder->second : place, global.str());
      else if (isVariable(member))
        add(lost, place, place, (global + "." + member).str());
    }
    return lost;
  }

  bool isOfMain(llvm::StringRef name) const {
    return isImportedAgain(*solver.root) && name.consume_front(solver.root->symbol) &&
           name.consume_front(".") && !name.contains('.');
  }

  /// Does a module of the program hold it, which the child has imported before it runs?
  bool importsOwner(llvm::StringRef name) {
    const link::ModuleInfo* module =
        solver.program.module(name.rsplit('.').first, *call.site.frame.function->unit);
    return module && States::peek(imported(), solver.initialisedPlace(*module->unit)) !=
                         Values::nothing;
  }

  void add(std::map<PlaceId, Lost>& lost, PlaceId place, PlaceId readAt, std::string name) {
    ValueSet then = solver.values.within(States::peek(imported(), place), anew);
    ValueSet now = States::peek(solver.forkRecords[side - 1].before, place); // what workers have, too
    auto isNothing = [&](const Alternative& one) { return isNone(solver.values.atom(one.atom)); };
    bool isEmpty = llvm::all_of(solver.values.of(then), isNothing);
    // Of two things each may be as good as the other.
    auto isConstant = [&](const Alternative& one) {
      AtomKind kind = solver.values.atom(one.atom).kind;
      return kind == AtomKind::Literal || kind == AtomKind::Function || kind == AtomKind::External;
    };
    bool isOther = llvm::all_of(solver.values.of(then), isConstant) &&
                   llvm::none_of(solver.values.of(now), [&](const Alternative& one) {
                     return llvm::any_of(solver.values.of(then),
                                         [&](const Alternative& other) { return one.atom == other.atom; });
                   });
    bool isSet = now != Values::nothing && !llvm::all_of(solver.values.of(now), isNothing);
    bool isRemade = !isOther && isShared(then);
    if (!isSet || !(isEmpty || isOther || isRemade)) return;
    using Kind = LostGlobal::Kind;
    bool isElement = solver.nameOf(place).starts_with("[");
    Kind kind = isRemade ? Kind::Remade : !isEmpty ? Kind::Other : isElement ? Kind::Unfilled : Kind::Unset;
    lost[place] = {{std::move(name), kind, isEmpty && !solver.isKnownStore(now)}, readAt};
  }

  /// Is it a thing that processes share, and that only who inherits it or is given it at its start has?
  bool isShared(ValueSet value) const {
    return value != Values::nothing && llvm::all_of(solver.values.of(value), [&](const Alternative& one) {
             const Atom& atom = solver.values.atom(one.atom);
             if (atom.kind != AtomKind::Object || solver.objects[atom.object].isClass) return false;
             const link::Model* row = solver.program.models().find(solver.modelOf(atom.object));
             return row && row->pickling == link::Pickling::ByInheritance;
           });
  }

  /// Runs what the child runs with what the import leaves: what it reads then, and does not fill, is lost.
  /// What is made anew is not there either, so that it is seen where the child is given its parent's.
  void rehearse(const State& child, const Work& work, std::map<PlaceId, Lost>& lost) {
    State there = child;
    there.variants = anew;
    for (const auto& [place, each] : lost)
      solver.states.put(there, place,
                        each.global.kind == LostGlobal::Kind::Remade ? Values::nothing
                                                                     : States::peek(imported(), place));
    for (PlaceId place : solver.fieldsOf(0)) // what it has not imported it may import itself
      if (solver.nameOf(place).starts_with("<initialised> ") &&
          States::peek(imported(), place) == Values::nothing)
        solver.states.put(there, place, Values::nothing);
    const Work begins = solver.forkRecords[side - 1].begins;
    bool ends = true;
    Rehearsal rehearsal(solver);
    solver.forkRecords.emplace_back().startsProcess = true;
    there.side = static_cast<Side>(solver.forkRecords.size());
    if (begins.entry != work.entry) ends = run(begins, there, lost);
    Touched touched = solver.touchedBy(State(there), [&] { ends &= run(work, there, lost); });
    solver.forkRecords.pop_back();
    solver.noteRecord();
    for (auto& [place, each] : lost) {
      bool isRead = touched.reads.contains(place) || touched.reads.contains(each.readAt);
      if (touched.isTooWide || !isRead) continue;
      each.global.doubtful |= child.doubtful || !ends;
      noteLost(each.global);
    }
  }

  /// What it fills on some way is not lost. False if it is not seen to end.
  bool run(const Work& work, State& there, std::map<PlaceId, Lost>& lost) {
    const State begun = there;
    bool isFirst = true;
    bool ends = work.entry == Values::nothing;
    for (const Alternative& one : solver.values.of(work.entry)) {
      if (isNone(solver.values.atom(one.atom))) {
        ends = true;
        continue;
      }
      for (const Outcome& end : solver.callAtom(call.site, one.atom, work.arguments, begun)) {
        std::erase_if(lost, [&](const auto& each) {
          return States::peek(end.state, each.first) != States::peek(begun, each.first);
        });
        ends = true;
        if (std::exchange(isFirst, false)) there = end.state;
      }
    }
    return ends;
  }

  void noteLost(const LostGlobal& global) {
    std::vector<LostGlobal>& known = solver.forkRecords[side - 1].fork.lost;
    auto same = llvm::lower_bound(
        known, global, [](const LostGlobal& one, const LostGlobal& other) { return one.name < other.name; });
    if (same == known.end() || same->name != global.name)
      known.insert(same, global);
    else
      same->doubtful &= global.doubtful;
  }

  Interpreter& solver;
  const ModelCall& call;
  Side side;
  Variants anew = 0; // for which the child begins so
};

void Interpreter::beginsAnew(const ModelCall& call, const State& child, Side side, const Work& work,
                             const Touched& asForked) {
  BegunAnew judge(*this, call, side);
  if (!asked.lostGlobals || !judge.isAsked() || asForked.isTooWide) return;
  uint64_t since = budget.spent();
  judge.judge(child, work, asForked);
  budget.giveBack(since);
}

} // namespace forklint::solve
