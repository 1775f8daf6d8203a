// Says whether facts keep the promises of docs/ir.md: indices in range, single assignment (a use is dominated
// by its definition), merges match predecessors, ends end blocks. Front ends, the parser and the codec are
// held to it.
#pragma once

#include "analyzers/facts/facts.h"

#include "llvm/Support/Error.h"

namespace forklint::facts {

/// Success, or every broken promise, one a line, as "SYMBOL: bbN: what".
llvm::Error verify(const UnitFacts& unit);

} // namespace forklint::facts
