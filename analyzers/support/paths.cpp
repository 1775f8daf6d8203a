#include "analyzers/support/paths.h"

#include "llvm/Support/Path.h"

#include <algorithm>

namespace forklint {

bool isTestCode(llvm::StringRef path) {
  llvm::StringRef stem = llvm::sys::path::stem(path);
  if (stem.starts_with("test_") || stem.ends_with("_test") || stem.ends_with("_unittest")) return true;
  for (auto part = llvm::sys::path::begin(path), end = llvm::sys::path::end(path); part != end; ++part)
    if (*part == "test" || *part == "tests") return true;
  return false;
}

size_t nearness(llvm::StringRef left, llvm::StringRef right) {
  size_t shared = 0, limit = std::min(left.size(), right.size());
  for (size_t i = 0; i < limit && left[i] == right[i]; ++i)
    if (left[i] == '/') ++shared;
  return shared;
}

} // namespace forklint
