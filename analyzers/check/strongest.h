// Say the strongest true thing once: of findings with one cause, what remains for want of a better one goes,
// and the others name its rule in `also`.
#pragma once

#include "analyzers/check/finding.h"

#include <vector>

namespace forklint::check {

/// Of the findings that were asked for, before comments are looked at.
void keepStrongest(std::vector<Finding>& findings);

} // namespace forklint::check
