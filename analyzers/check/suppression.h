// Suppression comments and NOLINT marks, applied to findings. A comment that names a rule that never fired
// there is itself a finding (`unused-suppression`), so that comments do not outlive their reason.
#pragma once

#include "analyzers/check/finding.h"
#include "analyzers/facts/facts.h"

#include "llvm/ADT/StringSet.h"

#include <vector>

namespace forklint::check {

struct Suppressed {
  std::vector<Finding> kept;
  std::vector<SuppressedFinding> suppressed;
};

/// `active`: the rules that ran; a comment about another rule of `known` is not judged. A finding is
/// suppressed at its own line or at the line of any of its steps.
Suppressed applySuppressions(std::vector<Finding> findings, const std::vector<facts::UnitFacts>& units,
                             const llvm::StringSet<>& known, const llvm::StringSet<>& active);

} // namespace forklint::check
