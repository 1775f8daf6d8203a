// "did you mean": the nearest of the names that exist, or all of them where they are few.
#pragma once

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringRef.h"

#include <string>
#include <vector>

namespace forklint {

/// "; did you mean `NAME`?", or "; there are A, B" where none is near and there are few; else nothing.
template <typename Names> std::string suggestion(llvm::StringRef wrong, const Names& names) {
  std::string best;
  unsigned distance = static_cast<unsigned>(wrong.size() / 3 + 2);
  for (llvm::StringRef name : names) {
    unsigned here = wrong.edit_distance(name, /*AllowReplacements=*/true, distance);
    if (here < distance) distance = here, best = name.str();
  }
  if (!best.empty()) return "; did you mean `" + best + "`?";
  constexpr size_t few = 12;
  std::vector<llvm::StringRef> all(std::begin(names), std::end(names));
  llvm::sort(all);
  return all.empty() || all.size() > few ? "" : "; there are " + llvm::join(all, ", ");
}

} // namespace forklint
