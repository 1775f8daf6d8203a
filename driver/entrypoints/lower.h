// Entry points as facts: a function for each, whose positions are the lines that say it, in the files that
// do. What reads facts sees a program that begins there.
#pragma once

#include "analyzers/facts/facts.h"
#include "driver/entrypoints/entrypoint.h"

namespace forklint::driver {

/// Adds to the units: a script root where a file is run as one, a function and a root for what is asked for
/// otherwise, in the unit of the file that says so, which is made where it is no unit yet.
void lowerEntryPoints(const std::vector<EntryPoint>& entries, std::vector<facts::UnitFacts>& units);

} // namespace forklint::driver
