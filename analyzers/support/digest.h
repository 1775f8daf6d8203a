// The digest by which contents are told apart: 128 bits, as 32 hexadecimal digits. For caches and for bodies
// that several units see; nothing that somebody may want to forge.
#pragma once

#include "llvm/ADT/StringRef.h"

#include <string>

namespace forklint {

std::string digestOf(llvm::StringRef bytes);

} // namespace forklint
