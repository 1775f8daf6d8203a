// Ways, numbered: a way is the one to its last hop but one, and that hop. Equal ways have one number, so that
// states which hold them compare, and what they have in common is kept once. The way of no hop is 0.
#pragma once

#include "analyzers/solve/solution.h"
#include "analyzers/support/id-table.h"

#include "llvm/ADT/Hashing.h"

#include <algorithm>
#include <deque>

namespace forklint::solve {

class Witnesses {
public:
  uint32_t extend(uint32_t way, const Hop& hop) {
    auto isIt = [&](uint32_t id) { return steps[id].before == way && steps[id].hop == hop; };
    auto add = [&] {
      steps.push_back({hop, way});
      return static_cast<uint32_t>(steps.size() - 1);
    };
    return ids.find(llvm::hash_combine(way, hop.function, hop.position.line, hop.position.column), isIt, add);
  }
  uint32_t number(const Path& path) {
    uint32_t way = 0;
    for (const Hop& hop : path)
      way = extend(way, hop);
    return way;
  }
  Path operator[](uint32_t way) const {
    Path path;
    for (; way; way = steps[way].before)
      path.push_back(steps[way].hop);
    std::reverse(path.begin(), path.end());
    return path;
  }
  /// Of a way that has one.
  const Hop& last(uint32_t way) const { return steps[way].hop; }

private:
  struct Step {
    Hop hop;
    uint32_t before = 0;
  };
  std::deque<Step> steps{1};
  IdTable ids;
};

} // namespace forklint::solve
