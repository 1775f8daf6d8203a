// What the interpreter passes between its parts, and what it keeps of objects, forks and call sites.
#pragma once

#include "analyzers/solve/decisions.h"
#include "analyzers/solve/memo.h"
#include "analyzers/solve/solution.h"
#include "analyzers/solve/state.h"

#include <compare>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <unordered_map>
#include <vector>

namespace forklint::solve {

/// A call as the callee sees it.
struct Arguments {
  ValueSet self = Values::nothing;
  std::vector<ValueSet> positional;
  std::map<std::string, ValueSet> keywords;
};

/// What a child runs, or a task is.
struct Work {
  ValueSet entry = Values::nothing;
  Arguments arguments;
};

/// The activation of a function. `caller` and `at` give the way to it.
struct Frame {
  const link::FunctionInfo* function = nullptr;
  const Frame* caller = nullptr;
  facts::Position at; // in the caller
  std::vector<ValueSet> parameters, captures;
  ObjectId closure = 0; // the function object, which holds captures and defaults
  unsigned depth = 0;
  ObjectId generator = 0;            // whose body this is
  bool isOutside = false;            // stands for a caller that is not known
  mutable bool makesObjects = false; // its answer holds for this call site only
  mutable uint32_t way = 0;          // to its call; 0: not asked for yet
};

/// Which edges of a loop's head may be taken after this step of its iteration.
enum class Iteration : uint8_t { Either, More, Done };

/// One way through a body, as far as it has come: the state, and the values of the instructions.
struct Config {
  State state;
  std::vector<ValueSet> values;
  ValueSet exception = Values::nothing; // that is being handled; nothing where it is not known
  Iteration iteration = Iteration::Either;
  std::map<facts::ValueId, ValueSet> iterators; // what the loops that are open go over
  /// An answer that was taken, and what lived and was held then: what has changed since tells ways apart.
  struct Answer {
    Decision decision;
    State::Lives alive, held;
  };
  std::vector<Answer> answers;
};
using Configs = std::vector<Config>;

/// An instruction on its way: the frame, the instruction and its value.
struct Site {
  const Frame& frame;
  const facts::Instruction& instruction;
  facts::ValueId id;
  const facts::Position& at() const { return instruction.position; }
};

/// What is known of an object whatever the state.
struct ObjectInfo {
  Text model;                  // the library class, if it is one
  Text symbol;                 // of a class; of a descriptor: how it binds
  std::vector<ValueSet> bases; // of a class
  uint32_t made = 0;           // the way to where it was made, 0 if that is not known
  uint32_t opened = 0;         // of a resource: the way to where it first was, 0 if it was not
  PlaceId lies = 0;            // of an aggregate: the place where it lies, 0 for others
  ObjectId of = 0;             // class of an instance, 0 if none of ours
  ObjectId older = 0;          // stands for what its place has made before, if there is such
  ObjectId newest = 0;         // of an older one: whose
  AtomId pending = 0;          // a generator or coroutine: its function
  AtomId receiver = 0;         // of `super`: the instance or class; `of` is the class to look behind
  uint64_t bytes = 0;          // size of the value, 0 if not known
  uint64_t elements = 0;       // how many objects it holds at least, 0 if not known
  bool isClass = false;
  bool isGiven = false;          // by callers that are not known: it was made there, in which state it may be
  bool isShared = false;         // stands for what many call sites make
  bool isMadeOnce = false;       // by a statement of a module
  bool hasBegun = false;         // once, in some state
  bool drainedElsewhere = false; // of a queue: a child or a thread reads it
};

/// The place that made an object: function and value, model and role, and the call of the function around
/// it.
struct ObjectKey {
  const void* function;
  uint32_t value;
  Text model, role;
  uint32_t file, line, column;
  bool operator==(const ObjectKey&) const = default;

  struct Hash {
    size_t operator()(const ObjectKey& key) const {
      return llvm::hash_combine(key.function, key.value, key.model.identity(), key.role.identity(), key.file,
                                key.line, key.column);
    }
  };
};

template <typename T> using ByMaking = std::unordered_map<ObjectKey, T, ObjectKey::Hash>;

/// An object in a state; of a thread: one that it has asked for before it went on.
struct Gate {
  ObjectId object = 0;
  std::string name;
  auto operator<=>(const Gate&) const = default;
};

/// A queue that a child fills; in doubt where all that is seen of it may fit into the pipe.
struct Filling {
  Path path;
  bool doubtful = false;
};

/// A pipe whose ends exec does not close, and who has made it.
struct Pipe {
  Path path;
  std::string model;
  ObjectId thread = 0;
  Side side = 0;
  ObjectId writeEnd = 0;
  bool doubtful = false;
  bool isKept = false;
};

/// A fork that was met, and what is still collected for it.
struct ForkRecord {
  Fork fork;
  std::map<ObjectId, size_t> alive;     // index in fork.alive
  std::map<PlaceId, size_t> held;       // index in fork.held
  std::map<ObjectId, Filling> fills;    // queues that the child fills
  State before, after;                  // of a pool: its workers before and after what they begin with
  Work begins;                          // what they begin with, or the child does
  Path made;                            // the way on which it was first met
  Side parent = 0;                      // in whose child it was
  ObjectId thread = 0;                  // that forks
  bool closesAll = false;               // the child closes whatever it has inherited
  std::optional<std::set<Gate>> closed; // each time
  // Of a child that runs on its parent's memory:
  ObjectId firstOwn = 0; // objects from here on are made by it
  const link::FunctionInfo* forkedIn = nullptr;
  std::map<PlaceId, Path> stores; // where the parent may read it
  std::set<PlaceId> readByParent;
  bool isReachedAnytime = false;  // through a pointer, or from outside
  bool isOnlyFromOutside = false; // nobody in the program takes the address
  bool resultLost = false, resultIsTested = false;
  bool startsProcess = false; // by a library, which tells its child that it is one
  bool isOfMain = false;      // met on the way from a `main` in C or C++, in no handler or thread
  const link::FunctionInfo* promised = nullptr; // no fork: a child that runs this and nothing else

  /// Nothing lives or is held that its child could miss: that is the program itself, as a daemon is.
  bool isQuiet() const { return isOfMain && !fork.sharesMemory() && fork.alive.empty() && fork.held.empty(); }
};

/// How much is known of what is called.
enum class Callee : uint8_t { Unknown, Known, Modelled };

struct CallSite {
  Callee callee = Callee::Unknown;
  Text name;   // of one that is not known; of a modelled one: its row, if that has effects
  Text reason; // why it is not known
};

/// A call of what has a row, its arguments bound to the row's parameters.
struct ModelCall {
  const Site& site;
  const link::Model& model;
  ValueSet self;
  ValueSet result;
  std::map<std::string, ValueSet> arguments;
  std::vector<ValueSet> rest;
  /// The keywords that the row does not name.
  std::map<std::string, ValueSet> ownKeywords() const;
};

/// For which variants a process starts by a fork, and for which in a fresh interpreter; of those, where
/// only the version says which.
struct Methods {
  Methods(Variants forked = 0) : forked(forked) {}

  Variants forked, spawned = 0, byDefault = 0, served = 0; // served: of the spawned, by a fork server
  MethodVariants setGlobally = {};
  Text otherName;       // of a way to begin anew that only a library knows
  Variants unknown = 0; // for which it may be another one too

  /// What is one of several ways is chosen elsewhere, and not here.
  Variants surelyForked() const { return forked & ~spawned & ~unknown; }
  Variants surelySpawned() const { return spawned & ~forked & ~unknown; }
};

/// How a thing gets to a process: given at its start, or sent to it when it runs.
enum class Sharing : uint8_t { Inherited, Sent };

/// The model of the ends of a pipe, and the place of one that is held, as locks are, while it is open.
inline constexpr llvm::StringLiteral endOfPipe = "end of a pipe", openEnd = "<open>";
/// A global place: the start method of the whole program; None where nobody has set one.
inline constexpr const char* startMethod = "<start-method>";
/// Behind the name of a module: the place of the libraries of which it imports all names.
inline constexpr const char* starredMark = ".<starred>";
/// A place of a process or pool: what has named its start method, where that is not itself.
inline constexpr const char* namedBy = "<named by>";
/// A place of a resource: the side on which it was opened, None where it was closed. A global place.
inline constexpr const char *openedOn = "<opened>", *exitHandlers = "<at exit>";

/// What a function gives that an annotation alone says something of: not always the same thing.
inline constexpr const char* givenResult = "result";

/// Kinds of misuse that the solver itself tells: the rules that judge them.
inline constexpr const char* importKind = "missing-main-guard";
inline constexpr const char* waitKind = "join-before-drain";
inline constexpr const char* handlerKind = "unsafe-atfork-handler";
inline constexpr const char* handlersKind = "handlers-at-forks";
inline constexpr const char* primitiveKind = "sync-primitive-as-task-argument";
inline constexpr const char* pickleKind = "unpicklable-task";
inline constexpr const char* otherContextKind = "start-method-of-another-context";
inline constexpr const char* daemonKind = "daemon-process-spawns";
inline constexpr const char* staleKind = "stale-global-in-workers";
inline constexpr const char* failedForkKind = "unchecked-fork-result";
inline constexpr const char* manyObjectsKind = "refcount-copies-in-workers";

/// Why a value cannot be pickled; empty where it may.
struct Refusal {
  std::string why;
  ObjectId inherited = 0; // what can only be inherited when a process starts
};

/// What was met on any way, and is told in the end.
struct Log {
  /// Where lives begin: function, line, column and model.
  using LifeSite = std::tuple<const link::FunctionInfo*, uint32_t, uint32_t, std::string>;

  std::set<const link::FunctionInfo*> entered;
  llvm::DenseSet<std::pair<const link::FunctionInfo*, const link::FunctionInfo*>> calls;
  llvm::DenseSet<std::pair<const link::FunctionInfo*, const link::Model*>> modelledCalls;
  llvm::DenseMap<const facts::Instruction*, CallSite> callSites;
  llvm::DenseMap<const link::FunctionInfo*, Summary> summaries;
  std::map<LifeSite, Beginning> beginnings;
};

/// Handlers at forks that one call gives, and the state in which they are judged.
struct HandlersGiven {
  Path path;
  std::string model;
  ValueSet before = Values::nothing, inChild = Values::nothing;
  State state;
};

/// A handler before a fork waits for a thread.
struct JoinInHandler {
  Path path;
  ObjectId thread = 0;
  std::vector<PlaceId> held;
};

/// The runs of a function of C or C++ with the same alive and held. Where none of them has changed that, or
/// not come back, the next one is taken to do no more than they did as soon as they have cost enough.
struct Often {
  static constexpr unsigned enoughRuns = 8;
  static constexpr uint64_t enoughSpent = 4'000; // instructions

  State::Lives alive, held;
  unsigned runs = 0;
  uint64_t spent = 0;
  ValueSet result = Values::nothing; // of all
  bool changes = false;              // what lives or is held, or does not come back
  bool isEnough() const { return runs >= enoughRuns && spent >= enoughSpent && !changes; }
};

/// What is kept while one root runs.
struct OfRoot {
  std::unordered_map<MemoKey, std::deque<Often>, Memo::Hash> often; // with something alive or held
  std::map<std::tuple<const void*, uint32_t, uint32_t, std::string>, uint32_t> forkIds;
  std::map<std::tuple<const void*, uint32_t, std::string>, size_t> misuseIds; // index
  std::vector<std::pair<size_t, ObjectId>> waitedQueues; // misuses that stand unless somebody drains it
  std::set<Gate> gates;                                  // of its threads
  bool waitsForAny = false;                              // for whichever child ends
  bool sharesMemory = false;                             // some child, with its parent
  std::vector<Pipe> pipes;
  std::set<ObjectId> threadsThatSpawn; // programs
  std::vector<HandlersGiven> handlers;
  // Of the handlers that are being judged:
  std::vector<JoinInHandler> joins;
  std::set<std::string> freed;    // locks that one takes before, or one of the child gives back or makes anew
  bool handlersAreUnseen = false; // they call what cannot be followed
  std::optional<State> imported; // what the imports of a child that begins anew leave, as far as it was asked
};

/// A call that is being run, and the root's work when it began.
struct Activation {
  const link::FunctionInfo* function;
  uint64_t since;
};

} // namespace forklint::solve
