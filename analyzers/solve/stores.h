// Which names of modules, and members of classes, the text stores once, as far as it has been read: what they
// hold is the same wherever they hold anything. And who stores a name or a member when its maker is done.
#pragma once

#include "analyzers/link/program.h"

#include "llvm/ADT/StringSet.h"

namespace forklint::solve {

class Stores {
public:
  explicit Stores(const link::Program& program) : program(program) {}

  /// Counts what has been read since.
  void update();
  /// `name` as "module.name" or "module.Class.member".
  bool isOnce(llvm::StringRef name) const;
  /// Does nobody else store a global, or a member of this name in whatever object? Neither constructors nor
  /// the statements of a global's own module count.
  bool isStoredOnlyBy(llvm::StringRef name, const link::FunctionInfo& function) const;
  /// C and C++: is it a variable that the source of the unit does not declare, but a header or another unit?
  bool isForeign(llvm::StringRef variable, const facts::UnitFacts& unit);
  /// Does somebody, but for these, store it?
  bool isStored(llvm::StringRef name) const { return writers.contains(name); }

private:
  void count(const facts::Function& function, llvm::StringRef module);
  void noteWriter(const facts::Instruction& instruction, const link::FunctionInfo& function);

  const link::Program& program;
  size_t counted = 0; // of the functions that were read
  llvm::StringMap<bool> once;
  llvm::StringMap<const void*> writers; // the function, or the unit of statements; several: null
  /// Variables of C and C++: the units whose own source declares them.
  llvm::StringMap<llvm::SmallVector<const facts::UnitFacts*, 1>> owners;
  llvm::StringSet<> members;                               // stored in a module or class from outside
  llvm::StringMap<llvm::SmallVector<std::string>> starred; // module -> those of which it imports all names
};

} // namespace forklint::solve
