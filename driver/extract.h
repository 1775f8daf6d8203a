// Extract: Workset -> the facts of each unit, in the order of the workset whatever the number of jobs. A unit
// that cannot be read gives facts with a gap for the whole unit, never nothing.
#pragma once

#include "analyzers/facts/facts.h"
#include "driver/discover.h"

#include <vector>

namespace forklint::driver {

/// All paths in the facts are as reports show them.
std::vector<facts::UnitFacts> extractAll(const Workset& workset, unsigned jobs);

/// Facts that say only why there are none.
facts::UnitFacts gapUnit(const Unit& unit, std::string reason);

/// C and C++ units by processes of forklint-cpp, many units to a process. `indices` are into `units`; each
/// result is stored at its index. A process that ends early costs the unit it was at, the next begins behind
/// it.
void extractCpp(const std::vector<Unit>& units, const std::vector<size_t>& indices, unsigned jobs,
                std::vector<facts::UnitFacts>& results);

} // namespace forklint::driver
