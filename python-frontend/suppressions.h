// Suppression comments: `# forklint: ignore[rule, ...] reason`, `disable[...]`, `enable[...]`,
// `file-ignore[...]` and `fork-safe reason`.
#pragma once

#include "python-frontend/syntax.h"

namespace forklint::python {

void readSuppressions(const Tree& tree, facts::UnitFacts& unit);

} // namespace forklint::python
