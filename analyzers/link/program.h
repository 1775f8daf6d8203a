// Link: the facts of all units as one program. Names are resolved nearest first, so that two unrelated
// scripts, or two mains, in one folder never see each other's definitions; equal bodies of headers are kept
// once.
//
// After link nothing is added. Everything is in an order that does not depend on the order of the units.
#pragma once

#include "analyzers/facts/facts.h"
#include "analyzers/link/models.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/raw_ostream.h"

#include <vector>

namespace forklint::link {

/// A function in its unit. Pointers live as long as the Program.
struct FunctionInfo {
  const facts::Function* body = nullptr;
  const facts::UnitFacts* unit = nullptr;
  bool internal = false;
  /// True where it may lead, by name, to something that the models give an effect: what the solver enters.
  bool inCone = false;
  /// True where it may by the last parts of names alone, whatever they belong to: what the solver enters if
  /// it is given something of the kind.
  bool mayConcern = false;
  /// True where it may lead, by name, to what makes a child or a transfer.
  bool leadsToFork = false;
  /// True where another function mentions its name.
  bool mentioned = false;
  /// True of a statement that does nothing unless its module is the main one.
  bool onlyAsMain = false;
};

struct ModuleInfo {
  const facts::UnitFacts* unit = nullptr;
  std::vector<const FunctionInfo*> statements; // in order
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

class Program {
public:
  Program(std::vector<facts::UnitFacts> units, Models models);

  const std::vector<facts::UnitFacts>& units() const { return allUnits; }
  const Models& models() const { return allModels; }
  const std::vector<ProgramRoot>& roots() const { return allRoots; }
  const std::vector<FunctionInfo>& functions() const { return allFunctions; }
  /// Every unit as what it offers to callers that are not known.
  const std::vector<ProgramRoot>& libraries() const { return allLibraries; }
  const std::vector<const FunctionInfo*>& functionsOf(const facts::UnitFacts& unit) const;

  /// The definition that `symbol` means in `from`, or null: the unit's own, else the nearest external one. A
  /// symbol without a parameter list means any overload.
  const FunctionInfo* function(llvm::StringRef symbol, const facts::UnitFacts& from) const;
  bool hasModule(llvm::StringRef name) const { return modulesByName.contains(name); }
  const ModuleInfo* module(llvm::StringRef name, const facts::UnitFacts& from) const;
  const ClassInfo* classNamed(llvm::StringRef symbol, const facts::UnitFacts& from) const;
  /// The fields that the class declares with a type, in order.
  llvm::ArrayRef<std::string> fieldsOf(llvm::StringRef klass) const;
  const FunctionInfo* info(const facts::Function& body) const { return byBody.lookup(&body); }

private:
  void collect();
  void collectRoots();

  std::vector<facts::UnitFacts> allUnits;
  Models allModels;
  std::vector<FunctionInfo> allFunctions;
  std::vector<ModuleInfo> allModules;
  std::vector<ClassInfo> allClasses;
  std::vector<ProgramRoot> allRoots, allLibraries;
  llvm::DenseMap<const facts::UnitFacts*, std::vector<const FunctionInfo*>> byUnit;
  llvm::StringMap<std::vector<const FunctionInfo*>> bySymbol;
  llvm::StringMap<std::vector<const FunctionInfo*>> byBareSymbol;
  llvm::StringMap<std::vector<const ModuleInfo*>> modulesByName;
  llvm::StringMap<std::vector<const ClassInfo*>> classesBySymbol;
  llvm::StringMap<std::vector<std::string>> fields; // of each class
  llvm::DenseMap<const facts::Function*, const FunctionInfo*> byBody;
};

void print(const Program& program, llvm::raw_ostream& out);

} // namespace forklint::link
