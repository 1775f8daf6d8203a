// Which of the bodies that were left out may have a word: one inverted index over all of them, made once.
#pragma once

#include "analyzers/facts/unread.h"

#include "llvm/ADT/ArrayRef.h"

#include <cstdint>
#include <vector>

namespace forklint::link {

/// A body's place among all that were left out, in the order of their units.
using BodyId = uint32_t;

class WordIndex {
public:
  /// `units` are the words of the bodies of each unit; they are used up.
  explicit WordIndex(std::vector<facts::WordHashes> units);

  /// In order; some may not have the word, and one may stand there twice.
  llvm::ArrayRef<BodyId> bodiesWith(uint32_t hash) const;

private:
  uint32_t mask;
  std::vector<uint32_t> ends; // of each bucket of hashes
  std::vector<BodyId> bodies;
};

} // namespace forklint::link
