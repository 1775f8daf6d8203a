#include "driver/summary.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSet.h"

#include <set>

namespace forklint::driver {

check::Summary summarize(const std::vector<facts::UnitFacts>& units) {
  check::Summary summary;
  for (const facts::UnitFacts& unit : units) {
    ++(unit.language == "python" ? summary.pythonUnits : summary.cppUnits);
    if (facts::isComplete(unit)) ++summary.complete;
    if (llvm::none_of(unit.gaps, [](const facts::Gap& gap) { return gap.wholeUnit; })) ++summary.parsed;
  }
  return summary;
}

void countCuts(check::Summary& summary, const link::Program& program, const solve::Solution& solution) {
  llvm::StringSet<> cut;
  for (llvm::StringRef line : solution.incomplete)
    if (line.consume_front("work bound reached in root ")) cut.insert(line);
  std::set<const facts::UnitFacts*> units;
  for (const auto* roots : {&program.roots(), &program.libraries()})
    for (const link::ProgramRoot& root : *roots)
      if (cut.contains(root.symbol)) units.insert(root.unit);
  summary.cutRoots = cut.size();
  for (const facts::UnitFacts* unit : units)
    if (facts::isComplete(*unit)) ++summary.cutUnits;
  summary.complete -= summary.cutUnits;
}

} // namespace forklint::driver
