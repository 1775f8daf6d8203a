// Variants: the set of Python versions for which an alternative, a state or a finding holds, as a bit set. C
// and C++ use all bits. Guards and defaults mask it, so that one solve serves all versions.
#pragma once

#include "llvm/ADT/StringRef.h"

#include <cstdint>
#include <optional>
#include <string>

namespace forklint {

using Variants = uint32_t;

inline constexpr unsigned firstMinor = 8, lastMinor = 14; // CPython 3.8 to 3.14
inline constexpr Variants allVariants = (1u << (lastMinor - firstMinor + 1)) - 1;

/// The bits of "3.11", "3.8-3.13" or "3.14-"; nothing for other text.
std::optional<Variants> parseVersions(llvm::StringRef text);
/// "3.8-3.13", "3.14"; empty for none.
std::string versions(Variants variants);

} // namespace forklint
