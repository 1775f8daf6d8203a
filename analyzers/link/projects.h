// Which units can have what other units made, by nobody but imports: those of one folder of modules share
// everything, and so do those that import something of it, directly or through others. Two programs that lie
// beside each other in one tree never meet.
#pragma once

#include "analyzers/link/program.h"

#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/SmallVector.h"

namespace forklint::link {

class Projects {
public:
  /// Reads the bodies of functions that import another project where no statement does.
  explicit Projects(const Program& program);

  /// What has no module, as units of C and C++, meets everything.
  bool mayHave(const facts::UnitFacts& user, const facts::UnitFacts& maker);

private:
  /// A folder in which modules of the top lie.
  using Project = uint32_t;
  using Some = llvm::SmallVector<Project, 1>;

  Project projectOf(const facts::UnitFacts& unit) const { return ofUnits[&unit - program.units().data()]; }
  Some importedBy(Project importer, llvm::StringRef module) const;
  void noteImports(const FunctionInfo& function);
  void readImports(llvm::StringRef package);
  const llvm::DenseSet<Project>& usersOf(Project maker);

  const Program& program;
  std::vector<Project> ofUnits;
  llvm::StringMap<Some> ofPackages;               // top module -> where it lies
  std::vector<llvm::DenseSet<Project>> importers; // of each project
  std::vector<llvm::DenseSet<Project>> users;     // of each that was asked for, itself among them
};

} // namespace forklint::link
