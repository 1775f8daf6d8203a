// What the parser refuses, kept inside its own line: each logical line that does not parse is repaired where
// we know how, or replaced by a stand-in of the same length, and the text is parsed again. Everything around
// it is read as if nothing had happened.
#pragma once

#include "python-frontend/syntax.h"

#include <vector>

namespace forklint::python {

/// Larger files are generated data; reading them costs gigabytes.
inline constexpr uint32_t maxSourceBytes = 16u << 20;

/// Gives the spans whose text was replaced; each is a gap of the unit.
std::vector<Span> recover(Tree& tree, facts::UnitFacts& unit);

} // namespace forklint::python
