// Fingerprints: what a finding is known by from run to run, whatever lines are put in above it.
#pragma once

#include "analyzers/check/finding.h"

#include <vector>

namespace forklint::driver {

/// Gives each finding one, by its rule, path, function and the text of its line; equal ones are counted in
/// the order of `findings`.
void addFingerprints(std::vector<check::Finding>& findings);

} // namespace forklint::driver
