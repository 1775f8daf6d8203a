// Programs of C and C++ as the linker would make them: which units each `main` takes. Where a build says so,
// those of the programs that it is in (build-targets.h). Without a linker's word a `main` takes the units
// that define what it names, nearest first, and what these name; a unit that no `main` reaches in this way
// (it registers itself, or is loaded), and no build knows, goes with the mains that lie nearest to it.
//
// Promises: two units are of one image only where one `main` takes both. A unit of a tree without a `main`
// outside of tests is of no image: it is a library's, and so is one that a build puts into libraries only.
#pragma once

#include "analyzers/link/program.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"

#include <vector>

namespace forklint::link {

class Images {
public:
  explicit Images(const Program& program);

  /// Does no `main` take the unit?
  bool isLibrary(const facts::UnitFacts& unit) const { return mains.lookup(&unit).empty(); }
  /// Does one `main` take both?
  bool areLinked(const facts::UnitFacts& one, const facts::UnitFacts& other) const;
  /// Does a program of the unit come to what starts a thread in the function? A file may have it for others.
  bool startsThreadsOf(const FunctionInfo& function, const facts::UnitFacts& unit) const;
  /// Where a call in code that is no test starts a thread, by the row's name: the calls that are written,
  /// whoever comes to them.
  struct ThreadStart {
    const FunctionInfo* function = nullptr;
    const facts::Instruction* call = nullptr;
    llvm::StringRef model;
    bool mayEnd = false; // the function that starts it ends some
  };
  llvm::ArrayRef<ThreadStart> threadStarts() const { return starts; }
  /// Does some call name the function? Else it is called through a pointer or from outside.
  bool isCalledByName(const FunctionInfo& function) const { return called.contains(&function); }
  /// Does somebody take its address? Else nobody of the program calls it who is not seen to.
  bool isGiven(const FunctionInfo& function) const { return given.contains(&function); }

private:
  using Units = llvm::DenseSet<const facts::UnitFacts*>;

  void collect(const Program& program);
  void collectThreads(const Program& program, const FunctionInfo& function);
  void link(const facts::UnitFacts& main, unsigned number);
  void addStrays(const Program& program, const std::vector<const facts::UnitFacts*>& all);

  llvm::DenseMap<const facts::UnitFacts*, Units> named;                 // by each unit, of others
  llvm::DenseMap<const facts::UnitFacts*, std::vector<unsigned>> mains; // by number, that take the unit
  llvm::DenseSet<const FunctionInfo*> called, given;
  std::vector<ThreadStart> starts;
  llvm::DenseMap<const FunctionInfo*, Units> naming; // by each function of `starts`, who names it
};

} // namespace forklint::link
