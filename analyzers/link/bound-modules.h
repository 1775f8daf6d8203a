// What the initialisation of a module of C or C++ is seen to bind, read off the facts without running it.
#pragma once

#include "analyzers/link/bindings.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringMap.h"

#include <deque>
#include <set>

namespace forklint::link {

/// A function in the unit that defines it.
struct Definition {
  const facts::Function* function = nullptr;
  const facts::UnitFacts* unit = nullptr;
  bool isInternal = false;
};

/// The functions of C and C++ that the units define, and their classes.
class Definitions {
public:
  explicit Definitions(const std::vector<facts::UnitFacts>& units);

  /// What a name means in a unit: its own, else the nearest one. A name without parameters means any
  /// overload.
  const Definition* find(llvm::StringRef symbol, const facts::UnitFacts& from) const;
  bool isClass(llvm::StringRef symbol) const { return classes.contains(symbol); }
  /// The one class whose last part is this name, or nothing.
  std::string classOf(llvm::StringRef name) const;
  /// The unit, and those that define what it names, and so on: what is linked into one library.
  std::vector<const facts::UnitFacts*> linkedWith(const facts::UnitFacts& unit) const;
  const std::deque<Definition>& all() const { return functions; }

private:
  std::deque<Definition> functions;
  llvm::StringMap<std::vector<const Definition*>> bySymbol, byBareSymbol;
  llvm::StringSet<> classes;
};

/// What a name may stand for.
struct Target {
  std::string symbol;
  Definition definition;
  bool isConstructor = false; // is given the object that is made
  bool isFactory = false;     // gives it
  bool isStatic = false;
  bool isPacked = false;
  facts::Position at; // where it is bound, in the unit of the scope
  const facts::UnitFacts* from = nullptr;
};

struct BoundName {
  std::string name;
  std::vector<Target> targets;
};

/// A module, or a class or module in it.
struct BoundScope {
  std::string name;
  bool isClass = false;
  bool hasConstructor = false; // that of the class of C++
  std::string native;          // the class of C++
  facts::Position at;
  const facts::UnitFacts* from = nullptr;
  std::vector<BoundName> names;
  std::deque<BoundScope> inner;

  void bind(llvm::StringRef name, Target target);
  BoundScope& scope(llvm::StringRef name);
};

struct BoundModule {
  Definition import;
  std::vector<Target> runs; // after it
  BoundScope root;
  std::string back;
};

/// Follows what the function leads to, by name.
BoundModule readModule(const Definition& import, const Binding& row, const Definitions& definitions,
                       llvm::ArrayRef<Binding> bindings);

} // namespace forklint::link
