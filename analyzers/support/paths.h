// What the place of a file tells.
#pragma once

#include "llvm/ADT/StringRef.h"

namespace forklint {

/// Does it belong to a test suite: by its own name, or by a folder that it is in?
bool isTestCode(llvm::StringRef path);

/// How many leading folders two files share: the measure of "nearest".
size_t nearness(llvm::StringRef left, llvm::StringRef right);

} // namespace forklint
