// The cone: the functions that may lead to something that the models give an effect. It is a closure by name
// over what each function mentions, before any value is known: cheap, and wider than the truth.
#pragma once

#include "analyzers/link/program.h"

#include <vector>

namespace forklint::link {

/// Sets `inCone`, `leadsToFork` and `mentioned` of each function.
void markCone(std::vector<FunctionInfo>& functions, const Models& models);

} // namespace forklint::link
