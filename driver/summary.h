// How many units a run had, and what became of them.
#pragma once

#include "analyzers/check/finding.h"
#include "analyzers/facts/facts.h"
#include "analyzers/link/program.h"
#include "analyzers/solve/solution.h"

#include <vector>

namespace forklint::driver {

check::Summary summarize(const std::vector<facts::UnitFacts>& units);

/// What was read later may have lost something too.
void countIncomplete(check::Summary& summary, const std::vector<facts::UnitFacts>& units);

/// Takes what the solver cut at its work bound out of what is complete.
void countCuts(check::Summary& summary, const solve::Solution& solution);

} // namespace forklint::driver
