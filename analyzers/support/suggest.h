// "did you mean": the nearest of the names that exist.
#pragma once

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

#include <string>
#include <vector>

namespace forklint {

/// "; did you mean `NAME`?", or nothing where no name is near.
template <typename Names> std::string suggestion(llvm::StringRef wrong, const Names& names) {
  std::string best;
  unsigned distance = static_cast<unsigned>(wrong.size() / 3 + 2);
  for (llvm::StringRef name : names) {
    unsigned here = wrong.edit_distance(name, /*AllowReplacements=*/true, distance);
    if (here < distance) distance = here, best = name.str();
  }
  return best.empty() ? "" : "; did you mean `" + best + "`?";
}

} // namespace forklint
