// What the solver found: the forks of the program, each with what was alive there, what its child was seen to
// do, and the path that leads there. Rules judge these; they compute nothing of their own about the program.
#pragma once

#include "analyzers/link/program.h"
#include "analyzers/support/variants.h"

#include "llvm/Support/raw_ostream.h"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace forklint::solve {

/// A place in the program, and how control came there: the outermost call first, the place itself last.
struct Hop {
  const link::FunctionInfo* function = nullptr;
  facts::Position position;
  bool operator==(const Hop&) const = default;
};
using Path = std::vector<Hop>;

/// What was held, and which events had been set, each time that something was done: one set for each kind of
/// occasion.
using Occasions = std::set<std::set<std::string>>;

/// Where a lock that others may hold was taken, and where it was made, if that is known.
struct Met {
  Hop at;
  Hop made;
  Occasions under;
  bool isNamed = false; // a row names it; else it is the program's own
  bool isAtEnd = false; // only the end of a child takes it, of which its library says so
};

/// What a child or a thread was seen to do on some way.
struct Deeds {
  bool execs = false;
  bool execReturns = false; // goes on after an exec that failed
  bool exitsFast = false;
  bool exitsFull = false;
  bool returns = false;   // a child: out of the function that the program began in; a thread: at all
  bool unseen = false;    // a call that could not be followed
  bool unseenOwn = false; // one that is not of what a caller outside has given
  Occasions unseenUnder;
  bool calls = false;                     // any call before exec or exit
  bool harmless = false;                  // a thread of which its model says that a child cannot meet it
  std::map<std::string, Met> meets;       // locks, by name, that others may hold
  std::map<std::string, Occasions> taken; // locks of the C library, by a thread
  std::vector<Path> exits;                // to calls by which it ends as a program does

  void exit(const Path& here);
  void add(const Deeds& other);
  void meet(const std::string& lock, const Met& met);
  /// Of what a child of the child does: what it may meet there.
  void addMet(const Deeds& other);
  void take(const std::string& lock, const Occasions& under);
  void forgetMet();
  /// Of what is said to be async-signal-safe: only what was seen and is not counts.
  void forgetUnseen();
  void noteUnseen(const std::set<std::string>& under = {}, bool isGiven = false);
};

/// A thread, pool or other thing that may be alive, with the way to where it began.
struct Living {
  std::string life;  // as its model calls it; "starter" for the thread that started the one that forks
  std::string model; // the row that gave it life
  Path begun;
  Path made;
  bool doubtful = false;
  Deeds deeds;
  std::optional<std::string> promise; // the reason why its author says that it survives a fork
};

/// A lock that the forking thread holds.
struct Held {
  std::string name; // as in Deeds::meets
  std::string model;
  Path acquired;
  Path takenInChild;        // where the child takes it without having given it back; empty: it does not
  bool isGivenBack = false; // by the child
  bool doubtful = false;    // only on some ways, of which nothing tells which
};

/// A call in a child that takes a lock of the C library; link::Models::isReset tells whether the fork made it
/// free.
struct UnsafeCall {
  std::string model;
  std::string lock;
  Path path;
  bool isPromised = false; // each time by what is said to be async-signal-safe
  bool doubtful = false;   // met in doubt only
};

/// A function that is said to be async-signal-safe and is not: what it calls and which locks it takes,
/// whoever calls it.
struct BrokenPromise {
  const link::FunctionInfo* function = nullptr;
  link::Promise promise;
  std::vector<UnsafeCall> calls;
  std::map<std::string, Met> locks; // as in Deeds::meets
};

/// A thread that the program starts somewhere, where nobody knows whether it lives.
struct ProgramThread {
  std::string model;
  Hop begun;
  bool mayEnd = false; // somebody is seen to end it, or one that begins beside it
};

/// A function out of which both sides of a fork come back, and nothing tells them apart.
struct BothReturn {
  Hop function;
  bool knownCaller = false;
  bool byException = false; // the child comes back by an exception, such as a failed exec's
  bool afterExec = false;   // an exec has failed on the way
  bool kept = false;        // the fork's result is in a place that a caller may test
  bool doubtful = false;
  bool endsProgram =
      false;          // by the exception with which a program ends: if nobody catches it, no caller goes on
  bool loops = false; // the child has come round to its own fork

  bool isSeen() const { return knownCaller && !doubtful; }
};

/// What a child that runs on its parent's memory does there.
struct Trespass {
  /// Stores where the parent may read it; stores where the parent does read it, which is an answer to it;
  /// calls what a caller outside has given; comes back out of the function that forked.
  enum class Kind : uint8_t { Stores, Answers, CallsGiven, Returns };

  Kind kind = Kind::Stores;
  Path path;
};

/// A global that a child reads, and that is not its parent's where the child begins anew: the parent has
/// given it something behind the import of its module, or the import makes there what processes share.
struct LostGlobal {
  /// Nothing or None; a thing without what it holds; another value; another thing of the same kind.
  enum class Kind : uint8_t { Unset, Unfilled, Other, Remade };

  std::string name; // "module.name", or that of a member of what it names
  Kind kind = Kind::Other;
  bool doubtful = false;
};

/// For which variants each start method is the one.
struct MethodVariants {
  Variants fork = 0, forkserver = 0, spawn = 0;

  MethodVariants& operator|=(const MethodVariants& other) {
    fork |= other.fork;
    forkserver |= other.forkserver;
    spawn |= other.spawn;
    return *this;
  }
};

/// A process is started: by a fork, or for the versions of `spawned` in a fresh interpreter. Only the child
/// of a fork is followed.
struct Fork {
  std::string primitive;
  std::string model;
  Variants variants = 0;      // for which it forks
  Variants spawned = 0;       // for which the child begins anew
  Variants byDefault = 0;     // for which nothing but the version says how
  MethodVariants setGlobally; // for which what was set for the whole program says how
  Variants served = 0;        // of `spawned`: made by the process that forks for others
  Text otherMethod;           // of `spawned` and not `served`: its name, where it is not the library's own
  link::Contexts contexts = 0;
  bool comesBack = false;       // the child goes on where the parent does, and does not run an entry
  bool parentGoesOn = false;    // and does not end at once
  bool parentReturns = false;   // out of the function that forks
  bool childReturns = false;    // likewise
  bool isRepeated = false;      // it stands in a loop, in which the parent may go on
  bool hasExitHandlers = false; // some were registered before
  Path writtenTwice; // what was put into a file's buffer before, and the end of the child writes out
  std::vector<Path> writtenAt; // where that end is
  bool isWaitedFor = false;
  bool manyChildren = false; // that do the same
  bool inLoop = false;       // once for each of what the program has made
  bool daemonic = false;     // the child may have no children
  Path path;
  std::optional<Hop> made; // where what forks was made: an object, where there is one
  std::vector<Hop> named;  // where what names the method was made: a context, where there is one
  // Of a child that begins anew:
  bool ofOwnClass = false;                        // what starts it is of a class of the program
  std::vector<const link::FunctionInfo*> entries; // of the program, that it begins with
  std::set<std::string> given;                    // what is pickled for it, as its row names it
  bool isGivenKnown = true;                       // and each thing of it is known
  std::vector<LostGlobal> lost;                   // if asked for, where `byDefault` forks for others; by name
  const facts::Instruction* call = nullptr;
  std::vector<Living> alive;
  /// Of a fork in C or C++ that is only reached through a pointer or from outside, at some time: what threads
  /// the program starts. A library's users may have some, too.
  std::vector<ProgramThread> mayLive;
  bool isOfLibrary = false;
  std::vector<Held> held;
  Deeds child;
  std::vector<UnsafeCall> unsafeCalls;
  std::vector<BothReturn> bothReturn;
  std::vector<Trespass> trespasses; // of a child that runs on its parent's memory
  bool failureIsTested = false;     // somebody tells it from a child's number
  bool failureIsGiven = false;      // to where nobody sees whether it is told
  bool python = false;
  bool beforeExec = false;              // the child only runs `entries`, then execs
  std::set<std::string> runsBeforeExec; // functions of libraries that it runs; empty for another
  bool doubtful = false;                // reached only where a call raises of which nothing says that it does
  bool afterImports = false;            // by design, in a process that has imported modules for its children
  std::vector<Hop> starts;              // where the child begins lives itself
  std::set<std::string> closed;         // events that nobody has set yet, as in Occasions
  std::string root;

  /// Does the child run on its parent's memory, while its parent waits?
  bool sharesMemory() const { return primitive == "vfork"; }
  /// Does the program go on in the child alone, as one that goes to the background does?
  bool isProgramItself() const { return childReturns && !parentReturns && !isRepeated; }
  /// Is a thread alive on a way to the fork of which nothing is doubtful?
  bool isCertain() const;
  /// Is a thread alive there, as far as is known, or may one be that its program starts or its users have?
  bool mayHaveThreads() const { return !alive.empty() || !mayLive.empty() || isOfLibrary; }
  /// Does the forking thread hold something that a thread holds when it does this, or is an event not set
  /// that has been set then, each time? Then the thread is not there.
  bool keepsFrom(const Occasions& under) const;
  /// May the thread be inside of what takes this lock of the C library, as far as it is seen?
  bool mayHold(const Living& thread, const std::string& lock, bool unseenToo = true) const;
};

/// A call that is wrong because of what came before it on its way, or because of where it stands.
struct Misuse {
  std::string kind; // the rule that judges it, or the kind of resource that a child uses
  std::string model;
  std::string why;    // the end of a sentence
  uint64_t count = 0; // of what is meant by it, where that is many
  Path path;
  std::string earlierModel;
  Path earlier;            // what came before; may be empty
  Path fork;               // of the child that it is in; empty outside of one
  std::optional<Hop> made; // as in Fork
  Variants variants = 0;
  link::Contexts contexts = 0;
  bool manyChildren = false; // of the fork: its children do the same
  bool doubtful = false;
  const link::ProgramRoot* root = nullptr;
};

/// A pipe of which children that run other programs inherit the ends, because nobody has said that exec
/// closes them.
struct OpenPipe {
  std::string model;
  Path path;
  bool isRaced = false; // another thread makes such children
  bool isKept = false;  // the end to write into is open when its function, which may be called again, is over
};

/// A value sent to another process. Bytes of the value itself, before pickling.
struct Transfer {
  std::string model;
  std::string way;      // as the row names it
  bool atStart = false; // given to a process that begins anew; a forked one inherits it
  Path path;
  Path made; // where the value was made
  uint64_t bytes = 0;
  uint64_t copies = 1;
  Variants variants = 0;
};

/// A call that was followed: from a function of the program to another, or to a row of the models.
struct Call {
  Text from, to;
  bool modelled = false;
  auto operator<=>(const Call&) const = default;
};

/// What the calls of a function were answered with, over all states in which it was entered.
struct Summary {
  Text function;
  unsigned answers = 0; // that were run; equal ones are remembered
  bool returns = false, raises = false, yields = false;
  bool forks = false;                // into a child that comes back out of it
  bool begins = false, ends = false; // lives
  bool cut = false;                  // by a bound or a recursion
  auto operator<=>(const Summary&) const = default;
};

/// A call site that begins lives of one kind, and where these were seen to end.
struct Beginning {
  Hop at;
  std::string model;
  std::vector<Hop> ends; // by position
};

/// A function that the program wants to be run at each of its forks, and when: as the row says it.
struct ForkHandler {
  Hop at;
  Text when;
  Text name;                                    // of a library's function; empty for another
  const link::FunctionInfo* function = nullptr; // null where it is not one of the program
  bool operator==(const ForkHandler&) const = default;
};

/// A name by which call sites call what is not known, and why it is not at the first of them.
struct UnknownCallee {
  Text name, reason;
  uint64_t sites = 0;
};

/// A call site that was reached and of whose callee nothing is known, in whatever function.
struct UnknownCall {
  Hop at;
  Text name, reason;
};

/// A call site that was reached and calls what has a row with effects, whether they hold there or not.
struct RowCall {
  Hop at;
  Text row;
};

/// The call sites that were reached in functions that lead to a fork, by what was found of their callees on
/// any way: a row of the models, else a function or class of the program, else nothing.
struct Resolution {
  uint64_t resolved = 0, modelled = 0, unknown = 0;
  std::vector<UnknownCallee> unknownCallees; // most frequent first
  std::vector<UnknownCall> unknownCalls;     // by unit and position
  std::vector<RowCall> rowCalls;             // by unit and position
};

struct Solution {
  std::vector<Fork> forks;                             // by position, root
  std::vector<Transfer> transfers;                     // by position, root
  std::vector<Misuse> misuses;                         // by position, kind, root
  std::vector<OpenPipe> openPipes;                     // by position
  std::vector<ForkHandler> handlers;                   // by position
  std::vector<BrokenPromise> brokenPromises;           // by unit and place
  std::vector<Call> calls;                             // sorted
  std::vector<Summary> summaries;                      // by function
  std::vector<const link::ProgramRoot*> cutRoots;      // whose run the bound on work ended
  std::vector<const link::FunctionInfo*> cutFunctions; // took most of a root: ended, then skipped
  std::vector<Beginning> beginnings;                   // by position, model
  std::set<const link::FunctionInfo*> entered;         // functions that were run at all
  Resolution resolution;
};

void printCallGraph(const Solution& solution, llvm::raw_ostream& out);
void printSummaries(const Solution& solution, llvm::raw_ostream& out);
/// The forks with what was alive, held and done, and what could not be followed.
void printStates(const Solution& solution, llvm::raw_ostream& out);

/// What is asked beside what all rules ask.
struct Questions {
  bool lostGlobals = false; // `Fork::lost`; functions that only set globals are entered, too
};

Solution solve(const link::Program& program, Questions asked = {});

} // namespace forklint::solve
