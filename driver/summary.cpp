#include "driver/summary.h"

#include "llvm/ADT/STLExtras.h"

#include <set>

namespace forklint::driver {

check::Summary summarize(const std::vector<facts::UnitFacts>& units) {
  check::Summary summary;
  for (const facts::UnitFacts& unit : units) {
    bool isLost = llvm::any_of(unit.gaps, [](const facts::Gap& gap) { return gap.wholeUnit; });
    ++(isLost ? summary.lostUnits : unit.language == "python" ? summary.pythonUnits : summary.cppUnits);
    if (facts::isComplete(unit)) ++summary.complete;
  }
  return summary;
}

void countIncomplete(check::Summary& summary, const std::vector<facts::UnitFacts>& units) {
  auto lost = llvm::count_if(units, [](const facts::UnitFacts& unit) { return !facts::isComplete(unit); });
  summary.complete = summary.pythonUnits + summary.cppUnits + summary.lostUnits - uint32_t(lost);
}

void countCuts(check::Summary& summary, const solve::Solution& solution) {
  std::set<const facts::UnitFacts*> units;
  std::set<const link::ProgramRoot*> roots;
  for (const link::ProgramRoot* root : solution.cutRoots) {
    units.insert(root->unit);
    roots.insert(root);
  }
  for (const link::FunctionInfo* function : solution.cutFunctions)
    units.insert(function->unit);
  summary.cutRoots = roots.size();
  summary.cutFunctions = solution.cutFunctions.size();
  summary.cutUnits =
      llvm::count_if(units, [](const facts::UnitFacts* unit) { return facts::isComplete(*unit); });
  summary.complete -= summary.cutUnits;
}

} // namespace forklint::driver
