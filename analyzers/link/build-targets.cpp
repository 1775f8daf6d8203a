#include "analyzers/link/build-targets.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringMap.h"

#include <utility>

namespace forklint::link {

BuildTargets::BuildTargets(std::vector<BuildTarget> given, llvm::ArrayRef<facts::UnitFacts> all)
    : targets(std::move(given)), units(targets.size()) {
  llvm::StringMap<const facts::UnitFacts*> byPath;
  for (const facts::UnitFacts& unit : all)
    if (unit.language != "python") byPath[unit.unit] = &unit;
  for (unsigned number = 0; number < targets.size(); ++number)
    for (const std::string& path : targets[number].units)
      if (const facts::UnitFacts* unit = byPath.lookup(path)) {
        ofUnit[unit].push_back(number);
        units[number].push_back(unit);
      }
}

llvm::ArrayRef<unsigned> BuildTargets::of(const facts::UnitFacts& unit) const {
  auto found = ofUnit.find(&unit);
  return found == ofUnit.end() ? llvm::ArrayRef<unsigned>() : llvm::ArrayRef<unsigned>(found->second);
}

std::vector<unsigned> BuildTargets::programsOf(const facts::UnitFacts& unit) const {
  std::vector<unsigned> programs;
  llvm::copy_if(of(unit), std::back_inserter(programs),
                [&](unsigned number) { return targets[number].isProgram; });
  return programs;
}

std::vector<const facts::UnitFacts*> BuildTargets::unitsOf(unsigned target) const { return units[target]; }

size_t BuildTargets::nearness(const facts::UnitFacts& one, const facts::UnitFacts& other) const {
  size_t near = 0;
  for (unsigned number : of(one))
    if (llvm::is_contained(of(other), number)) near += number == running ? targets.size() + 1 : 1;
  return near;
}

bool BuildTargets::run(std::optional<unsigned> target) { return std::exchange(running, target) != target; }

} // namespace forklint::link
