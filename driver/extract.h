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
  /// For each unit whether its facts were in the cache; whether it was parsed on top of headers that others share.
  /// Threads write these.
  std::vector<char> cached, sharing;
};

/// What extraction may use of the machine.
struct Resources {
  unsigned jobs = 1;
  std::string cache;      // a folder; empty: none
  unsigned seconds = 0;   // of CPU, for one unit of C or C++; 0: any
  unsigned megabytes = 0; // of address space, for the same
  bool isSharing = true;  // headers that units have in common are parsed once (cpp-frontend/shared-headers.h)
};

/// All paths in the facts are as reports show them. `whole`: nothing is left out.
Extraction extractAll(const Workset& workset, const Resources& resources, bool whole);

/// Facts that say only why there are none.
facts::UnitFacts gapUnit(const Unit& unit, std::string reason);

/// C and C++ units out of the cache, the others by processes of forklint-cpp. `indices` are into `units`; each
/// result is stored at its index. A process that ends early costs the unit it was at.
void extractCpp(const std::vector<Unit>& units, const std::vector<size_t>& indices,
                const Resources& resources, Extraction& extraction);

} // namespace forklint::driver
