#include "driver/summary.h"

#include "llvm/ADT/STLExtras.h"

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

} // namespace forklint::driver
