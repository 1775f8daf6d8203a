// The encodings that Python knows by itself.
#pragma once

#include "llvm/ADT/StringRef.h"

namespace forklint::python {

/// By any of its names, however they are written ("latin-1", "Latin_1").
bool isKnownEncoding(llvm::StringRef name);

} // namespace forklint::python
