// What libraries do, read from rules/models/*.toml. A row's subject is a callable by its dotted (Python) or
// qualified (C, C++) name; its effects are the vocabulary of the solver. Rows are data: no C++ code names a
// library function. A wrong row is an error with file, line and column.
#pragma once

#include "analyzers/facts/facts.h"
#include "analyzers/link/bindings.h"
#include "analyzers/link/commands.h"
#include "analyzers/link/register.h"
#include "analyzers/support/releases.h"
#include "analyzers/support/variants.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/Error.h"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace forklint::link {

/// Whoever goes over a thing calls these methods of its: one that begins, and one for each step.
inline constexpr llvm::StringLiteral beginsOfIteration[] = {"__iter__", "__aiter__"};
inline constexpr llvm::StringLiteral stepsOfIteration[] = {"__iter__", "__next__", "__aiter__", "__anext__"};

/// Whoever enters and leaves a context calls these of its manager; an asynchronous one has the others.
inline constexpr llvm::StringLiteral methodsOfManagers[] = {"__enter__", "__exit__", "__aenter__",
                                                            "__aexit__"};

enum class EffectKind : uint8_t {
  Creates, // the call makes an object: `life`, members named after the parameters; given as the result, or
           // through the pointer `subject`
  StartsThread, // `entry` runs in a thread that `subject` stands for
  Ends,         // the life of `subject` ends, unless argument `unless` is given
  Forks, // `primitive`; the child runs `entry`, or returns 0 where entry is "returns" or, the parent gone,
         // "continues"
  Execs, // gone, or back with an error
  ExitsFast, // the process ends without handlers
  ExitsFull, // the process ends with handlers
  Acquires,  // lock `subject`
  Releases,
  Renews,          // lock `subject` is a new one, which is free
  Meets,           // takes and gives back `lock`, which others may hold
  Moves,           // `subject` is in state `to` from here on
  Tells,           // the result is true while `subject` lives, or how many of class `life` do
  Raises,          // may raise
  Binds,           // the result is `entry` with the call's own arguments bound to it
  Calls,           // calls `entry` here and now
  Instantiates,    // the result is a new object of the class `subject`, of which nothing has been run
  Enters,          // enters the manager `subject`, as `with` does; the result is what that gives
  Leaves,          // leaves each manager that `subject` is, told of `payload`, and calls what is none
  Collects,        // the result is a container (`life` its kind) of the elements of `payload`
  HasAttribute,    // the result is true where `subject` has the attribute that `entry` names
  IsInstance,      // the result tells whether `subject` is of class `entry`, where that is known
  BeginsWith,      // the result tells whether the text `subject` begins with `entry`, where both are known
  ListsAlive,      // the result is a container, `entry`, of the things of class `life` that are alive
  Constructs,      // the result is a new object, made by the constructor `entry`
  Destroys,        // runs the destructors of `subject`
  BeginsIteration, // gives what is gone over where somebody goes over `subject`
  Steps,           // gives the next thing that `subject` yields; at its end `entry`, else it raises
  Pairs,           // makes a container of pairs of an element of `entry` with one of `payload`
  Adds,            // puts `payload` into container `subject`: under `entry`, or last if `life` is "last"
  Writes,  // what is at the address `subject`, or at each of "rest", is from here on what nobody knows, or is
           // as it was
  Empties, // the place whose address `subject` is holds nothing from here on
  Includes,  // puts all that `payload` holds, and keywords of the call's own, into container `subject`
  Takes,     // the result is an element of `subject`: under `entry`, where known; `life` "removed": out of it
  Describes, // the result is `entry`, which a class binds as `life` says: static, class, property
  ReadsAttribute,  // the result is the attribute of `subject` that `entry` names
  Super,           // the result is `subject` seen as its class's bases; `entry` is the class
  SetsStartMethod, // the global one, from argument `subject`
  RunsBeforeExec,  // `entry` runs in a forked child before exec
  Submits,         // `entry` runs in the workers of `subject`, `payload` is sent
  UnsafeInChild,   // takes `lock` of the C library; the lock's row says after which forks it is free again
  LoadsLibrary,    // the result is a module of the functions of C that a library offers; it is run once
  Preloads,        // modules, `subject`, are imported by the process that forks for the start method `method`
  AtFork,          // `entry` runs at each fork from here on: `life` "before fork", "in parent" or "in child";
                   // at those of servers only: "before workers", "in worker", and then "in request"
  AtExit,      // `entry` runs when the process ends with handlers; `life` "destructor": which counts where it
               // acts outside of the process
  ActsOutside, // changes what other processes see too: a file, a connection
  Installs,    // `entry` runs some time later, in `context`
  Opens,       // `subject`, a resource of kind `life`, is opened here, for this side of every fork
  Uses,        // ... is used here; opens it where nobody has; `life` "fill": which is no mistake of a child's
  Closes,      // ... is open nowhere from here on
  Violates,  // breaks the rule `entry` where `subject` is in state `when` and `from`, if given, in its first
             // one
  WaitsFor,  // blocks until the child that `subject` stands for has ended
  Fills,     // puts `payload` into the queue or pipe `subject`, whose other end has to be read
  Drains,    // reads it
  OpensPipe, // puts the two ends of a pipe, which exec does not close, into the array `subject`
  ClosesAtExec, // exec closes the descriptor `subject` from here on
  ClosesAll,    // closes all descriptors but a few
  Spawns,       // makes a process that runs another program
  Targets,      // acts on the process whose number `subject` is
  HandsOver,    // what `from` stands for is from here on what `subject` stands for
  Keeps, // `subject` (as "self.mutex") is from here on the value of `from`; `life` "moved": which has it no
         // more
};

/// What runs around a place, beside a child or a thread. Models name the first two.
/// Promised: inside of a function that is said to be async-signal-safe, which is judged by itself.
enum class Context : uint8_t { EventLoop = 1, SignalHandler = 2, AtFork = 4, BeforeFork = 8, Promised = 16 };
/// A bit set of those.
using Contexts = uint8_t;
constexpr Contexts bit(Context context) { return static_cast<Contexts>(context); }

/// One effect. Paths speak of the call: "self", "self.target", "arg.NAME", "rest", "result",
/// "name.LIBRARY.NAME", "'text'", "main 'text'".
/// It takes place where `given`, `unless` and `when` allow it, and then moves its subject to state `to`.
struct Effect {
  EffectKind kind = EffectKind::Creates;
  std::string subject;
  std::string from;
  std::string entry;
  std::string arguments;
  std::string life;
  std::string primitive;
  std::string method;  // a start method, or a path to a value that names or carries it
  std::string unless;  // not where this argument is given, unless it is None or true
  std::string given;   // only where this argument, or what a path leads to, is given and not None
  std::string passed;  // only where this argument is given, whatever it is
  std::string without; // not where this argument, or "self", is given and neither None nor false
  std::string
      nonzero; // only where these paths, with & between, lead to what may be neither 0 nor None nor false
  std::string resolves; // only where this path leads to what may be the name of a host, which has no number
  std::string is;    // only where this path may be that name or text: "arg.kind='x*'"; several with & between
  std::string has;   // only where the number at this path is known and has all of these bits: "arg.flags=8"
  std::string lacks; // only where the number at this path is known and has none of these bits: "arg.flags=8"
  std::string within; // only in a handler of a signal, or in one that runs in each child of a fork
  std::string once;   // only where this path leads to what was made once, and not for each of something
  std::string place;  // of a fork: it is told where this was made
  std::string when; // only where the subject is in one of these states ("a|b"; the first is "new"), or, "not
                    // a", is not surely in that one
  std::string to;
  std::string payload;
  std::string lock;
  std::string way;      // how `payload` gets to the worker: a TransferWay
  Contexts context = 0; // in which `entry` runs
  std::string daemon;   // of a fork: the child is daemonic where this is true
  std::string pickles;  // of a fork: what is pickled unless the child is forked, paths with commas between
  int64_t copies = 1;
  std::optional<int64_t> fails; // what the call gives where it fails; else it gives 0

  /// Of a fork: the child goes on where the parent does.
  bool comesBack() const { return entry == "returns" || entry == "continues"; }
};

/// A lock inside a library, and after which ways of making a child the child finds it free again.
struct Lock {
  std::string name;
  std::vector<std::string>
      reset; // "LIBC PRIMITIVE", as in "glibc fork"; "LIBC" alone where it has no such lock
  std::string
      renewedBy; // what a child has to call first of all: whatever thread may live, it is not free before
  bool isOnlyKnown = false; // no library takes it by the way: who holds it has been seen to take it
  bool isKept = false;      // who takes it is counted among what is async-signal-safe all the same
  std::string source;
};

/// What is so on one platform and not on another: the C library whose locks count unless somebody says which,
/// the start methods of Python, values of names, and ways of making a child that are others there.
struct Platform {
  std::string name, libc;
  std::vector<std::pair<std::string, Variants>> startMethods;
  std::vector<std::pair<std::string, std::string>> primitives, values;
  std::string source;
};

/// What a call means when nothing but it runs in a child before its exec: an argument of the call that forks
/// says the same without Python code there. `arguments` are those that the call must have, as written, "*"
/// for any constant; the "*" in `write` stands for that constant.
struct BeforeExec {
  std::string write;
  std::vector<std::string> arguments;
  Variants versions = allVariants;
};

/// What it costs to hand a value over in one way, per byte, until this machine has been measured.
struct TransferWay {
  std::string name;
  double secondsPerByte = 0, lowSecondsPerByte = 0, highSecondsPerByte = 0;
  std::string source;
};

/// From where on a transfer is large.
struct TransferThreshold {
  uint64_t bytes = UINT64_MAX;
  double seconds = 0;
};

/// Whether objects of a class can be sent to another process.
enum class Pickling : uint8_t { Allowed, ByInheritance, Never };

/// The releases of a package, by its name on the package index, for which a row holds.
struct PackageReleases {
  std::string package;
  Releases releases;
};

/// What a project allows of each package that it names, in lower case with single dashes; several ranges
/// where several projects of a run differ.
using Pins = std::map<std::string, std::vector<Releases>, std::less<>>;

/// Names by which functions of C and C++ say of themselves that they are async-signal-safe: the last part,
/// with a `*` at its beginning or end.
struct PromisingName {
  std::vector<std::string> names, except;
  bool isVague = false; // others may mean something else by it
  std::string source;

  bool matches(llvm::StringRef lastPart) const;
};

/// What a name is to the language itself.
enum class Role : uint8_t {
  None,
  Version,        // the version of the language, as a tuple
  EndOfProgram,   // the exception with which a program ends where nobody catches it
  EndOfIteration, // ... that a step raises behind the last element
  StartAtImport,  // ... that a start of a process raises in a child that imports the main module again
  RootOfClasses,  // what is above every class
  Property,       // of an object: computed where it is read, as by a call
};

struct Model {
  std::string name;
  std::vector<std::string> parameters;
  std::vector<Effect> effects;
  std::string returns;                 // a name, a path ("self", "arg.X"), or empty for unknown
  std::string size;                    // bytes of the result, over parameters
  std::string count;                   // how many elements the result has, over parameters
  std::optional<facts::Literal> value; // what the name is, or a call of it gives
  bool isTop = false;                  // a class above which there is nothing but `object`
  Role role = Role::None;
  std::vector<std::string> also; // other names of the same thing
  std::optional<BeforeExec> beforeExec;
  std::string inChild; // another name, which a child of a fork calls instead, with the same whole number
  std::vector<std::string> bases;
  std::vector<std::pair<std::string, std::string>> members; // attribute -> model name
  Pickling pickling = Pickling::Allowed;
  std::optional<PackageReleases> releases;
  bool endsWhenDropped = false; // an object that nobody holds any more is ended
  std::string source;

  /// Has it an effect of this kind?
  bool has(EffectKind kind) const {
    return llvm::any_of(effects, [&](const Effect& effect) { return effect.kind == kind; });
  }
};

class Models {
public:
  /// The rows compiled into the program, but for those of names that are, or lie in, one that is `withheld`.
  static llvm::Expected<Models> builtin(std::vector<std::string> withheld = {});
  /// Adds the rows of one file; those of a later origin take the place of an earlier one's. A name that has
  /// two rows of one origin is a mistake. `names` stands for a row each.
  llvm::Error add(llvm::StringRef text, llvm::StringRef file, Origin origin);
  /// All rows are read: is there what they mention?
  llvm::Error checkNames();

  /// Of the rows for releases of a package, that of each name which holds for what the project allows: of
  /// several the one that says least.
  void choose(const Pins& pins);
  /// From here on rows hold for this platform, one of those that rows describe; before, for Linux.
  void choosePlatform(llvm::StringRef name);
  const Platform& platform() const;

  /// The row for a name, or null. An exact row comes first, then one without the parameter list, then the one
  /// whose name ends in `*` and says most of it. Template arguments do not count.
  const Model* find(llvm::StringRef name) const;
  /// The names of the rows that have a role.
  llvm::ArrayRef<std::string> named(Role role) const;
  /// Things of which there is one in a process and which have states.
  const std::set<std::string>& onlyThings() const { return only; }
  /// Has the name a row of its own, and not one of many names?
  bool hasRow(llvm::StringRef name) const { return byName.contains(name); }
  /// Whether a child made by `primitive` finds `lock` free, although another thread held it; `libc` as
  /// "glibc-2.36".
  bool isReset(llvm::StringRef lock, llvm::StringRef libc, llvm::StringRef primitive) const;
  /// What a child has to call before it takes the lock, whether threads may live or not; empty if nothing.
  llvm::StringRef renewerOf(llvm::StringRef lock) const;
  /// Does a function that takes it keep the promise of being async-signal-safe?
  bool keepsPromise(llvm::StringRef lock) const;
  /// May a thread of which not all is seen hold the lock?
  bool mayBeTakenUnseen(llvm::StringRef lock) const;
  /// The versions for which `method` is what a program gets that says nothing.
  Variants defaultStartMethod(llvm::StringRef method) const;
  size_t size() const { return rows.size(); }
  /// A name that an effect hangs on: the row's whole name, and the last part, which is all that is known of
  /// an attribute; or a parameter, by its name. A member has the whole name of its class as `owner`.
  struct Seed {
    std::string name, whole, owner;
    bool isParameter = false;
    bool leadsToFork = false; // a child or a transfer is made; else something that counts where one is
    bool prepares = false; // only an object that makes them, or a handler for them, comes of the call itself
    bool atHome = false;   // the member counts in units only that name its owner
    bool isShared = false; // what another row makes has it as a member too
    auto operator<=>(const Seed&) const = default;
  };
  std::vector<Seed> seeds() const;
  /// Of each member, the names of rows that call it on what they are given.
  llvm::StringMap<std::vector<std::string>> memberCallers() const;
  /// Does a row whose name ends in this member end what it is called on?
  bool isEnd(llvm::StringRef member) const { return ends.contains(member); }
  /// Does the call give a thing of a library, members of which have effects?
  bool givesWhatLeads(llvm::StringRef callee) const;
  /// Does the call only ask whether an object is of a class?
  bool asksForClass(llvm::StringRef callee) const { return asking.contains(callee); }
  /// Does a row whose name ends in this member read a queue or a pipe?
  bool isDrain(llvm::StringRef member) const { return drains.contains(member); }
  /// Does a row whose name ends in this member take something out of what it is called on, and give a default
  /// where it is not there?
  bool hasDefault(llvm::StringRef member) const { return defaulted.contains(member); }
  /// May an object of the class, or of a base, have a life: does a member of it begin or end one?
  bool isLiving(llvm::StringRef klass, unsigned depth = 0) const;
  /// Whether a text in a language, "python", "c" or "c++", has all the words of a name that makes a child, a
  /// thread or a transfer there.
  bool areMentionedIn(llvm::StringRef text, llvm::StringRef language) const;
  /// The way of a name, or null.
  const TransferWay* transferWay(llvm::StringRef name) const;
  const TransferThreshold& transferThreshold() const { return threshold; }
  /// Is it no row itself, and do names of rows with effects lie in it?
  bool isModule(llvm::StringRef name) const { return scopes.contains(name) && !byName.contains(name); }
  /// Is it a module of the language's own library, at the top?
  bool isStandard(llvm::StringRef module) const { return standardModules.contains(module); }
  /// Does each supported version have it, however it was built?
  bool isPresent(llvm::StringRef module) const { return presentModules.contains(module); }
  /// How names of Python are bound to functions of C and C++.
  llvm::ArrayRef<Binding> bindings() const { return bindingRows; }
  /// By what names functions promise to be async-signal-safe.
  llvm::ArrayRef<PromisingName> promisingNames() const { return promising; }
  /// The rows that have an effect, by name.
  std::vector<std::string> withEffect(EffectKind kind) const;
  /// What command lines mean.
  const Commands& commandRows() const { return commands; }

private:
  void put(Model model);
  void add(Model model);
  bool isWithheld(llvm::StringRef name) const;

  std::vector<Model> rows;
  std::map<std::string, std::vector<Model>> ofReleases; // by name, as they are written
  std::vector<std::string> withheld;
  bool isIncomplete = false; // rows were withheld: others may mention them
  Register names;
  std::map<std::string, Lock, std::less<>> locks;
  std::vector<size_t> prefixes;                                // rows whose name ends in `*`
  mutable std::map<std::string, Model, std::less<>> instances; // of those, under the names asked for
  llvm::StringMap<size_t> byName;
  llvm::StringSet<> asking;    // rows that only ask whether an object is of a class
  llvm::StringSet<> ends;      // last parts of the names of rows that end things
  llvm::StringSet<> drains;    // ... that read queues
  llvm::StringSet<> defaulted; // ... that give a default
  llvm::StringSet<> scopes;    // in which names of rows with effects lie
  llvm::StringSet<> shared;    // what objects that rows make have as members under other names
  llvm::StringSet<> living;    // classes with members that begin or end what they are called on
  std::map<Role, std::vector<std::string>> roles; // by role, the names of its rows
  std::set<std::string> only;
  std::vector<Platform> platforms;
  std::string chosenPlatform = "linux";
  std::vector<TransferWay> ways;
  TransferThreshold threshold;
  Commands commands;
  std::vector<Binding> bindingRows;
  std::vector<PromisingName> promising;
  llvm::StringSet<> standardModules, presentModules;
};

/// "ns::f" for "ns::f(int)"; a call operator keeps its own parentheses.
llvm::StringRef withoutParameters(llvm::StringRef symbol);

/// NAME and text of each file compiled in (generated at build time).
llvm::ArrayRef<std::pair<llvm::StringRef, llvm::StringRef>> builtinModelFiles();

} // namespace forklint::link
