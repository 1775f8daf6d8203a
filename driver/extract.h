// Extract: Workset -> the facts of each unit, in the order of the workset whatever the number of jobs. A unit
// that cannot be read gives facts with a gap for the whole unit, never nothing.
#pragma once

#include "analyzers/facts/unread.h"
#include "driver/discover.h"

#include <memory>
#include <vector>

namespace forklint::driver {

struct Extraction {
  std::vector<facts::UnitFacts> units;
  /// For each unit what it left out, to be read when it is asked for; null where that is nothing.
  std::vector<std::unique_ptr<facts::UnreadBodies>> unread;
};

/// All paths in the facts are as reports show them. `whole`: nothing is left out.
Extraction extractAll(const Workset& workset, unsigned jobs, bool whole);

/// Facts that say only why there are none.
facts::UnitFacts gapUnit(const Unit& unit, std::string reason);

/// C and C++ units by processes of forklint-cpp, many units to a process. `indices` are into `units`; each
/// result is stored at its index. A process that ends early costs the unit it was at, the next begins behind
/// it.
void extractCpp(const std::vector<Unit>& units, const std::vector<size_t>& indices, unsigned jobs,
                std::vector<facts::UnitFacts>& results);

} // namespace forklint::driver
