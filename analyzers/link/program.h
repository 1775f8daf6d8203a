// Link: the facts of all units as one program. Names are resolved nearest first, so that two unrelated
// scripts, or two mains, in one folder never see each other's definitions; equal bodies of headers are kept
// once.
//
// Bodies that a front end left out are read when they are asked for (`read`); what the program says never
// depends on which were. Everything is in an order that does not depend on the order of the units.
#pragma once

#include "analyzers/facts/facts.h"
#include "analyzers/facts/unread.h"
#include "analyzers/link/build-targets.h"
#include "analyzers/link/models.h"
#include "analyzers/link/word-index.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/raw_ostream.h"

#include <deque>
#include <memory>
#include <optional>
#include <vector>

namespace forklint::link {

/// Somebody says of a function that it is async-signal-safe: its author, in an attribute or a comment at an
/// entity of `unit`, or its name, as a row has it.
struct Promise {
  const facts::Entity* entity = nullptr;
  const facts::UnitFacts* unit = nullptr;
  const PromisingName* name = nullptr;

  explicit operator bool() const { return entity || name; }
};

/// A function in its unit. Pointers live as long as the Program.
struct FunctionInfo {
  /// Has no blocks until it is read: only the name, kind, place and parameters.
  const facts::Function* body = nullptr;
  const facts::UnitFacts* unit = nullptr;
  bool internal = false;
  /// True where it may lead, by name, to what makes a child or a transfer. All of these are read.
  bool leadsToFork = false;
  /// In C and C++: how many calls there are, by name, from here to one that makes a child; `far` where that
  /// is not known.
  static constexpr uint32_t far = UINT32_MAX;
  uint32_t callsToFork = far;
  /// True where another function mentions the name of one that leads to a fork.
  bool mentioned = false;
  /// True of a statement that does nothing unless its module is the main one.
  bool onlyAsMain = false;
  static constexpr uint32_t none = UINT32_MAX;
  uint32_t unread = none; // which of the bodies that its unit left out
  /// It is said to be async-signal-safe. What forks itself says so of its child, and is none.
  bool isPromised = false;
  /// Where it stands among the functions of its unit: its chunk, then its place and those of the functions
  /// around it. Those that stand less deep come first.
  std::vector<uint32_t> order;
};

struct ModuleInfo {
  const facts::UnitFacts* unit = nullptr;
  std::vector<const FunctionInfo*> statements; // in order
};

/// A field that a class declares, and the class that its type names.
struct Field {
  Text name, klass;
};

struct ClassInfo {
  const facts::Entity* entity = nullptr;
  const facts::UnitFacts* unit = nullptr;
};

struct ProgramRoot {
  facts::RootKind kind = facts::RootKind::Module;
  std::string symbol;
  const facts::UnitFacts* unit = nullptr;
  bool leadsToFork = false;
};

/// What a unit left out.
struct UnreadUnit {
  const facts::UnitFacts* unit = nullptr;
  std::unique_ptr<facts::UnreadBodies> bodies;
  std::vector<FunctionInfo*> functions; // of each body
  BodyId first = 0;                     // its first body among all

  BodyId end() const { return first + BodyId(functions.size()); }
};

/// Why a body was read.
enum class Asked : uint8_t { LeadsToFork, LeadsToEffect, Entered };
struct BodiesRead {
  uint64_t bodies = 0, bytes = 0;
};

class Cone;

class Program {
public:
  /// `unread` is empty, or has for each unit what it left out, if it did. `built` is what builds say.
  Program(std::vector<facts::UnitFacts> units, Models models,
          std::vector<std::unique_ptr<facts::UnreadBodies>> unread = {}, std::vector<BuildTarget> built = {});
  ~Program();

  /// Reads the function's body, if that has not been done. What the program means stays as it is, and more of
  /// it can be seen.
  void read(const FunctionInfo& function, Asked why) const;
  /// May it lead, by name, to something that the models give an effect? That is what the solver enters.
  bool isInCone(const FunctionInfo& function) const;
  /// May it by the last parts of names alone, whatever they belong to? What the solver enters if it is given
  /// something of the kind.
  bool mayConcern(const FunctionInfo& function) const;
  /// All functions whose bodies have been read, in the order in which they were.
  llvm::ArrayRef<const FunctionInfo*> readFunctions() const { return tables->read; }
  /// Every function there is, those that are not read too, in the order in which they were met.
  const std::deque<FunctionInfo>& metFunctions() const { return tables->functions; }
  llvm::ArrayRef<UnreadUnit> unreadUnits() const { return tables->unread; }
  /// The unit of a body that was left out.
  const UnreadUnit& unitOf(BodyId body) const { return tables->unread[tables->unitOfBody[body]]; }
  /// What may have a word, and what may define a function or class of a name.
  const WordIndex& words() const { return *tables->words; }
  const WordIndex& definedNames() const { return *tables->defined; }
  BodiesRead bodiesRead(Asked why) const { return tables->counts[size_t(why)]; }
  /// How long it is, in instructions; the same whatever has been read.
  uint64_t length() const;

  const std::vector<facts::UnitFacts>& units() const { return tables->units; }
  const Models& models() const { return allModels; }
  const BuildTargets& targets() const { return *tables->targets; }
  /// From here on names are those of this program, where a build knows several. Says whether some may mean
  /// something else than before.
  bool runAs(std::optional<unsigned> target) const { return tables->targets->run(target); }
  const std::vector<ProgramRoot>& roots() const { return allRoots; }
  /// Those whose bodies have been read, in the order of their units.
  std::vector<const FunctionInfo*> functions() const;
  /// Every unit as what it offers to callers that are not known.
  const std::vector<ProgramRoot>& libraries() const { return allLibraries; }
  std::vector<const FunctionInfo*> functionsOf(const facts::UnitFacts& unit) const;

  /// The definition that `symbol` means in `from`, or null: the unit's own, else the nearest external one. A
  /// symbol without a parameter list means any overload.
  const FunctionInfo* function(llvm::StringRef symbol, const facts::UnitFacts& from) const;
  bool hasModule(llvm::StringRef name) const { return tables->modulesByName.contains(name); }
  /// What is promised of a function of C or C++ that `from` calls or defines; nothing if nothing is.
  Promise promiseOf(llvm::StringRef symbol, const facts::UnitFacts& from) const;
  /// Those that are defined here, in the order of their units.
  std::vector<const FunctionInfo*> promisedFunctions() const;
  const ModuleInfo* module(llvm::StringRef name, const facts::UnitFacts& from) const;
  const ClassInfo* classNamed(llvm::StringRef symbol, const facts::UnitFacts& from) const;
  /// The fields that the class declares with a type, in order.
  llvm::ArrayRef<Field> fieldsOf(llvm::StringRef klass) const;
  const FunctionInfo* info(const facts::Function& body) const { return tables->byBody.lookup(&body); }

private:
  struct Tables {
    std::vector<facts::UnitFacts> units;
    std::vector<UnreadUnit> unread;
    std::vector<uint32_t> unitOfBody; // place in `unread`
    std::optional<WordIndex> words, defined;
    std::optional<BuildTargets> targets;
    std::deque<facts::Chunk> readLater;
    std::deque<FunctionInfo> functions;
    std::deque<ClassInfo> classes;
    std::vector<const FunctionInfo*> read;
    llvm::DenseMap<const facts::UnitFacts*, size_t> unreadOf;
    llvm::DenseMap<const facts::UnitFacts*, std::vector<const FunctionInfo*>> byUnit;
    llvm::StringMap<std::vector<const FunctionInfo*>> bySymbol;
    llvm::StringMap<std::vector<const FunctionInfo*>> byBareSymbol;
    llvm::StringMap<std::vector<const ModuleInfo*>> modulesByName;
    llvm::StringMap<std::vector<const ClassInfo*>> classesBySymbol;
    llvm::StringMap<std::vector<Field>> fields; // of each class
    llvm::StringMap<std::vector<Promise>> promises;
    llvm::DenseMap<const facts::Function*, const FunctionInfo*> byBody;
    BodiesRead counts[3];

    FunctionInfo& add(const facts::Function& body, const facts::UnitFacts& unit);
    void addEntities(const facts::Chunk& chunk, const facts::UnitFacts& unit);
  };

  void collect();
  void collectRoots();
  void indexWords();

  std::unique_ptr<Tables> tables; // what reading adds to
  Models allModels;
  std::vector<ModuleInfo> allModules;
  std::vector<ProgramRoot> allRoots, allLibraries;
  std::unique_ptr<Cone> cone;
};

void print(const Program& program, llvm::raw_ostream& out);

} // namespace forklint::link
