// Units that could not be analysed, as findings: one for each cause and folder, never silence.
#pragma once

#include "analyzers/check/finding.h"
#include "analyzers/facts/facts.h"

#include <vector>

namespace forklint::driver {

/// True where all of the unit was understood, single gaps inside statements aside.
bool isComplete(const facts::UnitFacts& unit);

/// A warning where one of the files names what forklint looks for (fork, threads, processes), else a note.
std::vector<check::Finding> gapFindings(const std::vector<facts::UnitFacts>& units);

check::Summary summarize(const std::vector<facts::UnitFacts>& units);

} // namespace forklint::driver
