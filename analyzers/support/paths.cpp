#include "analyzers/support/paths.h"

#include "llvm/Support/Path.h"

namespace forklint {

bool isTestCode(llvm::StringRef path) {
  llvm::StringRef stem = llvm::sys::path::stem(path);
  if (stem.starts_with("test_") || stem.ends_with("_test")) return true;
  for (auto part = llvm::sys::path::begin(path), end = llvm::sys::path::end(path); part != end; ++part)
    if (*part == "test" || *part == "tests") return true;
  return false;
}

} // namespace forklint
