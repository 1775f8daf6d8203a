// Literals in the text of a Python source, by the names before them, without its grammar. What is computed is
// none, and what stands in a comment is not there.
#pragma once

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace forklint::driver {

/// One string literal at the begin of `rest`, which is moved behind it; nothing where there is none.
std::optional<llvm::StringRef> takeLiteral(llvm::StringRef& rest);
/// The one at the begin of `rest`, or those of the list, tuple or set there, up to its end.
std::vector<llvm::StringRef> takeLiterals(llvm::StringRef& rest);

/// Visits what stands behind each place that has the name as a word.
void eachMention(llvm::StringRef text, llvm::StringRef name,
                 llvm::function_ref<void(llvm::StringRef behind)> visit);

/// The line of a part of the text, from 1.
uint32_t lineOf(llvm::StringRef text, llvm::StringRef inside);

} // namespace forklint::driver
