// What a build says of its programs and libraries: which units are in each, with those of what is linked into
// it. Where it speaks of a unit, it is asked which definition a name means, and which units go together.
#pragma once

#include "analyzers/facts/facts.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/DenseMap.h"

#include <optional>
#include <string>
#include <vector>

namespace forklint::link {

struct BuildTarget {
  std::string name;
  bool isProgram = false;
  std::vector<std::string> units; // by their paths, as facts have them
};

class BuildTargets {
public:
  /// The units stay where they are.
  BuildTargets(std::vector<BuildTarget> targets, llvm::ArrayRef<facts::UnitFacts> units);

  bool empty() const { return targets.empty(); }
  const BuildTarget& operator[](unsigned number) const { return targets[number]; }
  /// The targets that the unit is in, by number; none where the build does not know it.
  llvm::ArrayRef<unsigned> of(const facts::UnitFacts& unit) const;
  /// Those of them that are programs.
  std::vector<unsigned> programsOf(const facts::UnitFacts& unit) const;
  std::vector<const facts::UnitFacts*> unitsOf(unsigned target) const;
  /// How near the build puts two units: in how many targets both are, and before all whether in the one that
  /// runs.
  size_t nearness(const facts::UnitFacts& one, const facts::UnitFacts& other) const;
  /// From here on this program runs, or none that is known. Says whether that is another one.
  bool run(std::optional<unsigned> target);

private:
  std::vector<BuildTarget> targets;
  llvm::DenseMap<const facts::UnitFacts*, std::vector<unsigned>> ofUnit;
  std::vector<std::vector<const facts::UnitFacts*>> units; // of each target
  std::optional<unsigned> running;
};

} // namespace forklint::link
