// How many units a run had, and what became of them.
#pragma once

#include "analyzers/check/finding.h"
#include "analyzers/facts/facts.h"

#include <vector>

namespace forklint::driver {

check::Summary summarize(const std::vector<facts::UnitFacts>& units);

} // namespace forklint::driver
