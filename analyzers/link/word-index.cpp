// Sorts by counting, in two passes over the words. Words of one bucket are not told apart: who asks looks at
// the text of what it finds.
#include "analyzers/link/word-index.h"

#include "llvm/Support/MathExtras.h"

#include <algorithm>

namespace forklint::link {

WordIndex::WordIndex(std::vector<facts::WordHashes> units) {
  constexpr size_t fewestBuckets = 1 << 10, mostBuckets = 1 << 22;
  size_t count = 0;
  for (const facts::WordHashes& unit : units)
    count += unit.hashes.size();
  mask = std::min<size_t>(std::max<size_t>(llvm::PowerOf2Ceil(count), fewestBuckets), mostBuckets) - 1;
  ends.resize(mask + 2);
  for (const facts::WordHashes& unit : units)
    for (uint32_t hash : unit.hashes)
      ++ends[(hash & mask) + 1];
  for (size_t bucket = 1; bucket < ends.size(); ++bucket)
    ends[bucket] += ends[bucket - 1];
  // Each bucket's slot holds where it begins, and then, filled, where it ends.
  bodies.resize(count);
  BodyId body = 0;
  for (facts::WordHashes& unit : units) {
    size_t at = 0;
    for (uint32_t end : unit.ends) {
      for (; at < end; ++at)
        bodies[ends[unit.hashes[at] & mask]++] = body;
      ++body;
    }
    unit = {};
  }
}

llvm::ArrayRef<BodyId> WordIndex::bodiesWith(uint32_t hash) const {
  uint32_t bucket = hash & mask, begin = bucket ? ends[bucket - 1] : 0;
  return llvm::ArrayRef(bodies).slice(begin, ends[bucket] - begin);
}

} // namespace forklint::link
