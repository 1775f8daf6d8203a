// The solver: an abstract interpreter that runs a program top-down from a root, over states that keep the two
// sides of a fork apart. It answers each call for what flows into it and remembers the answer (memo.h).
//
// Promises: loops and recursion end (joins to a fixed point, a depth and a work bound); what a bound cut is
// told in Solution::cutRoots and cutFunctions; the result does not depend on the order of the units.
#pragma once

#include "analyzers/link/images.h"
#include "analyzers/link/mentions.h"
#include "analyzers/solve/budget.h"
#include "analyzers/solve/loops.h"
#include "analyzers/solve/memo.h"
#include "analyzers/solve/memory.h"
#include "analyzers/solve/records.h"
#include "analyzers/solve/setters.h"
#include "analyzers/solve/solution.h"
#include "analyzers/solve/state.h"
#include "analyzers/solve/stores.h"

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>

namespace forklint::solve {

class Interpreter : Memory {
public:
  Interpreter(const link::Program& program, Questions asked);
  /// As one of the programs that a build makes of it, or as the only one.
  void run(const link::ProgramRoot& root, std::optional<unsigned> target = std::nullopt);
  /// Calls what no root called and what leads to a fork: what a library offers. With `mentioned`, functions
  /// too whose name somebody mentions.
  void runUncalled(const link::ProgramRoot& unit, bool mentioned);
  /// Holds functions that are said to be async-signal-safe against what they do.
  void judgePromises();
  Solution take();

private:
  /// Activations of one function at a time: a recursion that goes deeper adds nothing that is seen.
  static constexpr unsigned activations = 2;

  class Body;
  class BegunAnew;

  // interpreter.cpp: functions; modules.cpp: modules; blocks.cpp: runBody
  Outcomes callFunction(const link::FunctionInfo& callee, const Arguments& arguments, ObjectId closure,
                        State state, const Frame* caller, const facts::Position& at);
  const Loops& loopsOf(const facts::Function& body);
  Outcomes runBody(Frame& frame, State state, facts::ValueId from = facts::noValue);
  std::vector<ValueSet> bind(const Frame& frame, const Arguments& arguments, State& state);
  ValueSet gathered(const Frame& frame, const char* kind,
                    const std::vector<std::pair<std::string, ValueSet>>& given, State& state);
  Outcomes initModule(llvm::StringRef name, State state, const Frame* caller, const facts::Position& at,
                      const facts::UnitFacts& from);
  PlaceId initialisedPlace(const facts::UnitFacts& unit);
  bool isMainUnit(const facts::UnitFacts& unit) const;
  Outcomes runModule(const link::ModuleInfo& module, State state, const Frame* caller,
                     const facts::Position& at);
  Outcomes runStatement(const link::FunctionInfo& statement, State state, const Frame* caller,
                        const facts::Position& at);
  Outcomes runStatementBody(Frame& frame, const State& state);
  bool counts(const link::FunctionInfo& callee, const State& state) const;
  bool isQuietChild(const State& state) const;
  bool leadsToFork(ValueSet given) const;
  bool hasLife(const State& state, ValueSet given, unsigned depth = 0);
  bool isEnteredFor(const link::FunctionInfo& callee, const State& state, const Arguments& arguments);
  Outcomes leftOut(const link::FunctionInfo& callee, const State& state);
  void endActivation(const link::FunctionInfo& callee, const State& entry, Outcomes& outcomes);
  void summarise(const link::FunctionInfo& callee, const State& entry, const Outcomes& outcomes);
  MemoKey keyOf(const void* callee, const State& state) const;
  // never-returns.cpp, often.cpp
  bool neverReturns(const link::FunctionInfo& function);
  Often* runsOf(const link::FunctionInfo& callee, const State& state);
  void noteRun(Often& often, uint64_t spent, const State& entry, const Outcomes& outcomes);
  Outcomes asOften(const link::FunctionInfo& callee, const Often& often, const std::vector<ValueSet>& given,
                   State state);
  template <typename Run> Outcomes answer(MemoKey key, const State& entry, Memo::Way way, Run run);
  void merge(Outcomes& outcomes, const Outcome& outcome);
  bool areToldApart(ValueSet one, ValueSet other) const;
  template <typename Call>
  Outcomes oneByOne(llvm::ArrayRef<Alternative> callees, Outcomes reached, Call call);
  bool tooDeep(const link::FunctionInfo& callee);
  void leave(const link::FunctionInfo& callee);

  // promises.cpp: what is said to be async-signal-safe
  static bool isJudgedByItself(const State& state);
  Outcomes callPromised(const link::FunctionInfo& callee, const Arguments& arguments, ObjectId closure,
                        State state, const Frame* caller, const facts::Position& at);
  void judgePromise(const link::FunctionInfo& function);

  // steps.cpp: instructions
  void step(const Site& site, Config config, Configs& out, Outcomes& raised);
  void carryOut(const Site& site, Config config, Configs& out, Outcomes& raised);
  ValueSet addressOf(const Site& site, const Config& config);
  ValueSet makeClosure(const Site& site, Config& config);
  std::optional<ValueSet> concatenate(const Site& site, State& state, ValueSet left, ValueSet right);
  std::optional<ValueSet> repeat(const Site& site, State& state, ValueSet container);
  ValueSet makeContainer(const Site& site, Config& config);
  std::optional<llvm::StringRef> submodule(const Site& site, ValueSet value) const;
  ValueSet subscription(const State& state, ValueSet base);
  bool isPropertyOfLibrary(ValueSet member) const;
  void load(const Site& site, Config config, Configs& out, Outcomes& raised);
  void import(const Site& site, Config config, Configs& out, Outcomes& raised);
  void callInstruction(const Site& site, Config config, Configs& out, Outcomes& raised);
  ValueSet overriders(const Site& site, ValueSet self);
  void constructInPlace(const Site& site, Config config, Configs& out, Outcomes& raised);
  std::optional<Atom> destructorOf(const Site& site, const std::string& klass);
  void destroy(const Site& site, Config config, Configs& out, Outcomes& raised);
  void settle(const Site& site, Config config, const Outcomes& outcomes, Configs& out, Outcomes& raised);

  // classes.cpp
  ValueSet makeClass(const Site& site, Config& config);
  static facts::ValueId completedClass(const Site& site);
  Outcomes tellBases(const Site& site, facts::ValueId made, const Config& config);
  bool isOwn(ValueSet method) const;
  Outcomes construct(const Site& site, ObjectId klass, const Arguments& arguments, State state);
  ValueSet instantiate(const Frame& frame, facts::ValueId site, ObjectId klass);
  Outcomes initialise(const Site& site, ObjectId klass, ValueSet made, const Arguments& arguments,
                      State state);
  std::optional<ValueSet> instantiates(const ModelCall& call, const link::Effect& effect, const State& state);

  // managers.cpp
  std::vector<const link::FunctionInfo*> ownAmong(ValueSet methods) const;
  Arguments leftBy(ValueSet exception, ValueSet methods);
  void doubtManager(const Site& site, ValueSet methods, Configs& left);
  void scope(const Site& site, Config config, Configs& out, Outcomes& raised);
  ValueSet methodOfManager(const State& state, ValueSet manager, bool enter);
  Outcomes enterManager(const Site& site, ValueSet manager, const State& state);
  Outcomes leaveManager(const Site& site, ValueSet manager, ValueSet exception, const State& state);
  Outcomes leavesManagers(ModelCall& call, const link::Effect& effect, const State& state);

  // generators.cpp
  Outcomes resume(const Frame* caller, const facts::Position& at, ObjectId generator, State state);
  Outcomes runResumed(Frame& frame, State state);
  Outcomes exhaust(const Frame* caller, const facts::Position& at, ObjectId generator, State state,
                   ValueSet* elements = nullptr);
  void await(const Site& site, Config config, Configs& out, Outcomes& raised);
  ObjectId pendingOf(ValueSet value) const;

  // iteration.cpp
  ValueSet stepMethod(const State& state, AtomId value, llvm::ArrayRef<llvm::StringLiteral> names);
  bool isStepped(AtomId value, const State& state);
  Outcomes beginIteration(const Site& site, ValueSet iterated, const State& state);
  Outcomes stepOn(const Site& site, AtomId iterator, const State& state);
  void iterate(const Site& site, Config config, Configs& out, Outcomes& raised);
  void iterateOver(const Site& site, ValueSet container, bool first, Config config, Configs& out);
  void iterateBy(const Site& site, AtomId iterator, const Config& config, Configs& out, Outcomes& raised);
  ValueSet stepThrough(const Site& site, AtomId iterator, State& state);
  void goOver(const Site& site, const Outcome& given);
  ValueSet drawn(const ModelCall& call, ValueSet from, State& state);
  void pairs(ModelCall& call, const link::Effect& effect, State& state);
  Outcomes steps(ModelCall& call, const link::Effect& effect, const State& state);

  // lives.cpp: what is alive
  ObjectId olderOf(ObjectId object);
  bool hasMark(const State& state, ObjectId object, const char* mark);
  void renew(State& state, ObjectId object);
  void begin(State& state, const Atom& subject, uint32_t witness);
  void end(State& state, const Atom& subject);
  Beginning& beginningOf(uint32_t witness, ObjectId object);
  void endAsTold(State& state, const Atom& liveness, const facts::Edge& edge);
  void excludeOtherClasses(State& state, ValueSet callees, AtomId chosen);
  void giveAway(State& state, ValueSet given);
  bool mayHaveEnded(const State& state, ObjectId object);
  void mayEnd(State& state, llvm::StringRef member);
  void mayEnd(State& state, ObjectId living);
  void keepFilled(State& state, Side side, std::map<ObjectId, Filling> others, ValueSet started);
  void mayDrain(State& state, llvm::StringRef member, const Arguments& arguments);
  bool isHeldBy(const link::FunctionInfo& function, const Outcome& end, ObjectId object, unsigned depth);
  void drop(const Frame& frame, const State& entry, Outcome& end);
  void runFinalizers(const Frame& frame, const State& entry, Outcome& end);
  void outlast(const Site& site, State& state);
  void handOver(State& state, const Atom& from, const Atom& to);

  // last-words.cpp
  void say(State& state, ObjectId where, ValueSet payload);
  void goesOnBehindWord(State& state);
  void leaveWord(State& state, const State& end);
  void forgetWord(State& state, ObjectId where);
  ValueSet wordsIn(const State& state, ObjectId where);
  void hear(State& state, ValueSet thing, llvm::function_ref<bool(const Atom&)> isOther);

  // solve.cpp: roots
  State start(const link::ProgramRoot& at, std::optional<unsigned> target = std::nullopt);
  State initialised(const facts::UnitFacts& unit, State state);
  void finish(size_t first);
  static bool isImportedAgain(const link::ProgramRoot& at);
  bool spawnsAnew(size_t first) const;
  bool installsHandler(const link::FunctionInfo& function) const;
  void runAsImported(const link::ProgramRoot& at);
  void callUncalled(const link::FunctionInfo& function, const State& imported, bool isAnytime);
  ValueSet instanceFor(const link::FunctionInfo& method, State& state);

  // places.cpp
  void read(const link::FunctionInfo& function);
  PlaceId valuePlace(ObjectId generator, facts::ValueId id);
  PlaceId iteratorPlace(ObjectId generator, facts::ValueId loop);
  bool isMadeInLoop(ObjectId object);
  ObjectId localsOf(const Frame& frame);
  static bool endsVariables(const link::FunctionInfo& function);
  ValueSet defaultOf(const Frame& frame, const facts::Parameter& parameter, const State& state);
  ValueSet valueOf(const Frame& frame, const Config& config, facts::ValueId id);
  bool isOfEach(const Frame& frame, const Config& config, const facts::Place& where, facts::ValueId use);
  ValueSet loadKnown(const Frame& frame, Config& config, const facts::Place& where);
  ValueSet loadPlace(const Site& site, Config& config);
  bool isPlainData(ValueSet value) const;
  bool mayOthersStore(const Site& site, const Config& config, ValueSet found);
  ValueSet loadItem(const Frame& frame, Config& config, const facts::Place& where);
  ValueSet variableOfLibrary(llvm::StringRef name);
  bool isRenewal(const State& state, ValueSet value);
  void storeAt(State& state, PlaceId place, ValueSet value, bool strong);
  bool storePlace(const Frame& frame, Config& config, const facts::Place& where, ValueSet value);
  std::vector<PlaceId> placesOf(const Frame& frame, const Config& config, const facts::Place& where);
  ObjectId object(const Frame& frame, uint32_t value, const std::string& model, const std::string& role = "");

  // calls.cpp: what a call means
  Arguments argumentsOf(const Site& site, const Config& config, size_t first);
  void call(const Site& site, ValueSet callee, const Arguments& arguments, Config config, Configs& out,
            Outcomes& raised);
  Outcomes callEach(const Site& site, ValueSet callee, const Arguments& arguments, const State& state);
  Outcomes callAtom(const Site& site, AtomId callee, Arguments arguments, State state);
  Outcomes callObject(const Site& site, AtomId callee, Arguments arguments, State state);
  Outcomes callExternal(const Site& site, const std::string& name, const Arguments& arguments, State state);
  bool isUnbound(const link::Model& model, const Arguments& arguments, const State& state) const;
  void mayStoreThrough(State& state, ValueSet given);
  Outcomes callUnknown(const Site& site, const Atom& callee, const Arguments& arguments, State state);

  // resolution.cpp: how much of what is called is known
  void noteCallee(const Site& site, Callee callee, const link::Model* row = nullptr);
  void noteUnknownCallee(const Site& site, const Atom& callee);
  Resolution resolution() const;

  // effects.cpp, value-effects.cpp, call-effects.cpp: what a model says; forks.cpp: forks and what runs in
  // children and threads
  Outcomes callModel(const Site& site, const link::Model& model, const Arguments& arguments, State state);
  ValueSet evaluate(const ModelCall& call, const State& state, llvm::StringRef path);
  bool isNumber(const ModelCall& call, const State& state, llvm::StringRef condition,
                llvm::function_ref<bool(int64_t is, int64_t bits)> holds);
  bool isAsAsked(const ModelCall& call, const link::Effect& effect, const State& state);
  ValueSet ofMainProcess(const State& state, llvm::StringRef what);
  std::vector<ObjectId> objectsAt(const ModelCall& call, const State& state, llvm::StringRef path);
  std::vector<Atom> thingsAt(const ModelCall& call, const State& state, llvm::StringRef path);
  Outcomes apply(ModelCall& call, const link::Effect& effect, const Outcomes& outcomes);
  Outcomes applyOne(ModelCall& call, const link::Effect& effect, Outcome outcome);
  Outcome raised(const ModelCall& call, const link::Effect& effect, const State& state);
  void changeState(ModelCall& call, const link::Effect& effect, State& state);
  std::optional<ValueSet> resultOf(ModelCall& call, const link::Effect& effect, State& state);
  bool applies(const ModelCall& call, const link::Effect& effect, const State& state);
  void move(ModelCall& call, const link::Effect& effect, State& state);
  ValueSet fresh(ModelCall& call, const std::string& model, const std::string& role = "");
  void creates(ModelCall& call, const link::Effect& effect, State& state);
  void startsThread(ModelCall& call, const link::Effect& effect, State& state);
  void ends(ModelCall& call, const link::Effect& effect, State& state);
  void noteEnd(const ModelCall& call, const State& state, const Atom& subject);
  void handsOver(ModelCall& call, const link::Effect& effect, State& state);
  ValueSet moveOut(State& state, ValueSet from, llvm::StringRef member);
  void keeps(ModelCall& call, const link::Effect& effect, State& state);
  ValueSet asGiven(const ModelCall& call, const State& state, llvm::StringRef path);
  void locks(ModelCall& call, const link::Effect& effect, State& state);
  PlaceId lockAt(AtomId given);
  void renews(const ModelCall& call, const link::Effect& effect, State& state);
  void renewLock(State& state, PlaceId lock);
  bool isLockMadeHere(const State& state, PlaceId lock);
  void givesBack(const State& state, PlaceId lock);
  static std::string nameOfLock(PlaceId lock);
  static PlaceId lockNamed(llvm::StringRef name);
  PlaceId passedAt(const Gate& gate) { return place(gate.object, "<passed " + gate.name + ">"); }
  using Memory::nameOf;
  static std::string nameOf(const Gate& gate);
  void passGate(State& state, const Atom& told, const facts::Edge& edge);
  std::set<Gate> closedGates(const State& state);
  std::set<std::string> heldIn(const State& state);
  void takes(const ModelCall& call, const State& state, PlaceId lock);
  void meets(const ModelCall& call, const State& state, const std::string& lock, bool isAtEnd = false);
  void collects(ModelCall& call, const link::Effect& effect, State& state);
  ValueSet bindArguments(ModelCall& call, const link::Effect& effect, State& state);
  ValueSet readAttribute(const ModelCall& call, const link::Effect& effect, const State& state);
  void empties(State& state, ValueSet subjects);
  void writes(const ModelCall& call, const link::Effect& effect, State& state);
  void includes(ModelCall& call, const link::Effect& effect, State& state);
  ValueSet takes(ModelCall& call, const link::Effect& effect, State& state);
  void adds(ModelCall& call, const link::Effect& effect, State& state);
  ValueSet describe(ModelCall& call, const link::Effect& effect, State& state);
  ValueSet superOf(ModelCall& call, const link::Effect& effect, const State& state);
  std::vector<link::Field> declaredFields(ObjectId klass, unsigned depth = 0) const;
  void keepFields(const Frame& frame, ObjectId made, ObjectId klass, const Arguments& arguments,
                  State& state);
  std::optional<ValueSet> isInstance(const ModelCall& call, const link::Effect& effect, const State& state);
  std::optional<ValueSet> beginsWith(const ModelCall& call, const link::Effect& effect, const State& state);
  ValueSet hasAttribute(const ModelCall& call, const link::Effect& effect, const State& state);
  ValueSet listAlive(ModelCall& call, const link::Effect& effect, State& state);
  Outcomes destroys(ModelCall& call, const link::Effect& effect, const Outcome& outcome);
  Outcomes constructs(ModelCall& call, const link::Effect& effect, const State& state);
  Outcomes callsEntry(ModelCall& call, const link::Effect& effect, State state);
  Outcomes runCalled(ModelCall& call, const link::Effect& effect, const State& state);
  Outcomes forks(ModelCall& call, const link::Effect& effect, State state);
  bool comesRound(const ModelCall& call, const State& state, const Path& here);
  ValueSet startMethodIn(const State& state);
  Methods methodsOf(ValueSet method, const State& state);
  void spawns(const ModelCall& call, const link::Effect& effect, const State& state, const Methods& methods);
  void givesHandler(ModelCall& call, const link::Effect& effect, State& state);
  Arguments entryArguments(const ModelCall& call, const link::Effect& effect, const State& state);
  std::optional<State> runEntry(const ModelCall& call, ValueSet entry, const Arguments& arguments,
                                const State& state);
  State runHandlers(const ModelCall& call, State state, const char* when);
  State childOf(State state, Side side);
  bool isServers(const ModelCall& call) const;
  void serves(const Site& site, const State& state);
  std::optional<Hop> placeOfMaking(const ModelCall& call, const State& state, const link::Effect& effect);
  Path wayOf(uint32_t made, const Path& here) const;
  ForkRecord newRecord(const ModelCall& call, const link::Effect& effect, const State& state,
                       llvm::StringRef role);
  ValueSet namersOf(const ModelCall& call, const State& state, llvm::StringRef path);
  void noteGiven(Fork& fork, const ModelCall& call, const link::Effect& effect, const State& state,
                 bool anew);
  bool isKnownWhole(const State& state, ValueSet value, unsigned depth);
  uint32_t recordFork(const ModelCall& call, const link::Effect& effect, const State& state,
                      const Methods& methods, const Path& here, llvm::StringRef role = "");
  std::optional<std::string> promiseOn(const Path& begun) const;
  void runsBeforeExec(ModelCall& call, const link::Effect& effect, const State& state);
  void unsafeInChild(ModelCall& call, const link::Effect& effect, const State& state);
  void loseProcessId(ValueSet stored);
  void failureIsGiven(ValueSet given);
  bool isResultKept(const Frame& frame, const State& parent, Side side);
  bool looksTheSame(const Outcome& parent, const Outcome& child) const;
  void noteBothReturn(const Frame& frame, Side before, Outcomes& outcomes);
  void noteReturns(const Frame& frame, const Outcome& outcome);
  const std::vector<facts::Position>& saidToEnd(const link::FunctionInfo& function);
  bool saysHowToEnd(const Frame& frame, const facts::Position& at);
  void goesOn(const Site& site, const State& state);

  // sent.cpp
  Refusal refusalOf(const State& state, ValueSet value, unsigned depth);
  Refusal refusalOf(const State& state, const Atom& atom, unsigned depth);
  void pickle(const ModelCall& call, const State& state, ValueSet value, Sharing sharing, Variants anew = 0);
  State workerOf(const State& state, Side side);
  bool saysHowToPickle(const State& state, ObjectId object);
  void arrives(State& worker, ValueSet sent);
  void readsStale(const ModelCall& call, const State& state, Side side, const Touched& touched);
  void readsMany(const ModelCall& call, const State& state, Side side, const Touched& touched);
  bool isKnownStore(ValueSet value) const;
  void addSent(const State& state, ObjectId object, std::set<ObjectId>& sent);
  void submits(ModelCall& call, const link::Effect& effect, const State& state);
  template <typename Run> Touched touchedBy(const State& entry, Run run);
  void beginsAnew(const ModelCall& call, const State& child, Side side, const Work& work,
                  const Touched& asForked); // begun-anew.cpp
  void noteTransfers(const ModelCall& call, const link::Effect& effect, const State& state,
                     const std::set<ObjectId>& sent, Sharing sharing);

  // fork-handlers.cpp
  void noteHandlers(const ModelCall& call, const link::Effect& effect, ValueSet entry, State& state);
  void endsWithHandlers(const State& end);
  std::string spelledLock(PlaceId lock);
  bool isOfUnit(PlaceId lock, const facts::UnitFacts& unit);
  std::optional<State> runHandler(const HandlersGiven& given, ValueSet handler, State state);
  std::optional<State> runBefore(const HandlersGiven& given);
  static std::vector<PlaceId> takenBefore(const State& prepared);
  void judgeHandlers();
  void tellHandlers(const HandlersGiven& given, Path here, std::string why);
  void tellJoins(const HandlersGiven& given);
  const Deeds& surveyed(const HandlersGiven& given);
  void tellLeftOut(const HandlersGiven& given, llvm::ArrayRef<PlaceId> taken);

  // misuses.cpp
  void note(const ModelCall& call, const State& state, Misuse misuse, ObjectId queue = 0);
  bool isAncestor(Side ancestor, Side of) const;
  bool isOpenedHere(const State& state, ObjectId resource);
  void open(const ModelCall& call, State& state, ObjectId resource);
  void opens(ModelCall& call, const link::Effect& effect, State& state);
  void closes(ModelCall& call, const link::Effect& effect, State& state);
  bool isInherited(const State& state, ObjectId resource, bool isOld = false);
  void uses(ModelCall& call, const link::Effect& effect, State& state);
  bool isInVariable(const Frame& frame, const State& state, ObjectId object) const;
  bool actsAtEnd(ValueSet destructor);
  bool reachesOutside(const link::FunctionInfo& function, std::set<const link::FunctionInfo*>& asked);
  void endsProgram(const Frame& frame, const facts::Position& at, const State& state);
  bool isSurelyIn(const ModelCall& call, const State& state, llvm::StringRef subject, llvm::StringRef when);
  Outcomes violates(ModelCall& call, const link::Effect& effect, const Outcome& outcome);
  void noteViolation(const ModelCall& call, const link::Effect& effect, const State& state);
  bool fits(const State& state, ValueSet value, bool isLineEnough, unsigned depth = 0);
  bool isOnceInChild(const Site& site, Side side);
  void fills(ModelCall& call, const link::Effect& effect, State& state);
  void drains(ModelCall& call, const link::Effect& effect, State& state);
  void waitsFor(ModelCall& call, const link::Effect& effect, State& state);
  void targets(const ModelCall& call, const link::Effect& effect, const State& state);
  void dropDrained();
  void takesInHandler(const ModelCall& call, const State& state, std::string why);

  void returnsFromMain(const link::ProgramRoot& at, const State& state); // solve.cpp
  std::vector<ProgramThread> programThreads() const;
  void tellProgramThreads(ForkRecord& record, llvm::ArrayRef<ProgramThread> threads) const;

  // descriptors.cpp
  void opensPipe(ModelCall& call, const link::Effect& effect, State& state);
  void closesEnd(const ModelCall& call, const link::Effect& effect, State& state);
  void closesAll(const State& state);
  void spawnsProgram(const State& state);
  void noteKeptPipes(const State& end);
  bool leadsToChild(const Pipe& pipe, size_t first) const;
  void tellPipes(size_t first);

  // trespasses.cpp
  ForkRecord* trespasser(const State& state);
  bool isOwnOfChild(const Frame& frame, const ForkRecord& record, ObjectId owner);
  void storesInChild(const Site& site, const Config& config);
  void readsBehindFork(const Site& site, const Config& config);
  void noteTrespass(const State& state, Trespass::Kind kind, Path path);
  static void tellStores(ForkRecord& record);

  template <typename Do> void deed(const State& state, Do act);
  template <typename Do> void threadDeed(ObjectId thread, Do act);
  void noteRecord() const;

  // fork-server.cpp
  void forksInServer(const ModelCall& call, const link::Effect& effect, const State& state,
                     const Methods& methods);
  State inServer(const Site& site, const State& state, Variants variants);

  // sizes.cpp
  std::optional<uint64_t> amountOf(const ModelCall& call, const State& state, llvm::StringRef formula);
  void fillsByLoop(const Site& site, const Config& config, ValueSet iterated);
  std::optional<uint64_t> sizeOf(const State& state, ValueSet value);
  std::optional<ValueSet> arithmetic(const Site& site, const State& state, ValueSet left, ValueSet right);
  std::optional<uint64_t> elementCount(const State& state, ValueSet shape);
  std::optional<uint64_t> elementWidth(ValueSet type, llvm::StringRef fallback);

  // exceptions.cpp
  std::optional<bool> areInstances(ValueSet instances, ValueSet types) const;
  ValueSet ofRole(link::Role role);
  bool isOfRole(ValueSet exception, link::Role role);
  bool isOnlyOurs(ObjectId klass, unsigned depth = 0) const;
  std::optional<bool> isOfClass(AtomId value, AtomId type) const;
  std::optional<bool> derives(const Atom& klass, const Atom& from, unsigned depth = 0) const;
  std::optional<bool> catches(const facts::Edge& edge, const Config& config, const Frame& frame,
                              ValueSet exception);
  bool handles(const Frame& frame, const facts::Position& at, ValueSet exception);

  // conditions.cpp
  /// The part of `value` for which the relation may hold, and the part for which it may not.
  std::pair<ValueSet, ValueSet> split(const State& state, ValueSet value, facts::Relation relation,
                                      const facts::Literal& literal);
  void asksForFailure(Side side, facts::Relation relation, const facts::Literal& literal,
                      std::optional<bool> answer);
  bool isTrue(const State& state, const Atom& atom);
  ValueSet operate(const Site& site, State& state, const std::vector<ValueSet>& operands);
  std::optional<ValueSet> compareVersion(const State& state, const std::string& name, ValueSet left,
                                         ValueSet right);

  /// Of no hop where a root makes the call out of nowhere.
  Path pathTo(const Frame* frame, const facts::Position& at);
  uint32_t wayTo(const Frame& frame, const facts::Position& at);
  bool spend();
  void cut();

  const Questions asked;
  Setters setters;
  Decisions decisions{stores};
  Memo memo;
  Solution solution;
  ByMaking<unsigned> callSites;   // of the functions around what is made; no position
  std::map<Gate, uint32_t> moved; // the way to where an object first came into a state
  std::set<Gate> movedByThread;   // some thread brings it there
  Memo::ThreadDeeds threadDeeds;
  llvm::DenseMap<const facts::Instruction*, ValueSet> leaves;
  llvm::DenseMap<const facts::Function*, std::unique_ptr<Loops>> loops;
  llvm::DenseMap<const facts::Function*, std::vector<facts::Position>> endingArguments; // calls
  llvm::DenseMap<const facts::Function*, bool> knownEnds; // do they never return?
  std::map<std::string, std::set<std::string>> moduleNames;
  Witnesses witnesses;
  std::vector<ForkRecord> forkRecords; // index + 1 is the side
  llvm::DenseMap<const link::FunctionInfo*, unsigned> running;
  llvm::SmallVector<Activation> active;
  std::vector<std::pair<const Frame*, const link::Model*>> rowsRun; // one calls another
  std::optional<size_t> cutActivation;                              // of these: which one ends at the bound
  llvm::DenseSet<const link::FunctionInfo*> tooLong;
  std::set<const facts::UnitFacts*> imported;
  llvm::DenseMap<PlaceId, llvm::SmallVector<ObjectId, 1>> storedBy; // threads that are seen to store there
  std::set<ObjectId> buffers; // that are written out when the program ends
  Path handlerGiven;          // where the handler was given that is being judged
  Log log;
  std::optional<link::Images> images;                               // of a program with units of C or C++
  std::unordered_map<MemoKey, std::deque<Often>, Memo::Hash> often; // with nothing alive or held
  OfRoot ofRoot;
  const link::ProgramRoot* root = nullptr;
  bool runsUncalled = false;                      // what no root called
  bool importsMain = false, isFromServer = false; // the main module, which does not run; to fork others
  const facts::UnitFacts* survey = nullptr;   // whose handlers or promises are judged: nothing else is noted
  const link::FunctionInfo* judged = nullptr; // whose promise it is
  bool isRehearsed = false;                   // what would be done on another state: nothing of it is noted
  Budget budget;
};

} // namespace forklint::solve

#include "analyzers/solve/interpreter-inline.h" // IWYU pragma: keep
