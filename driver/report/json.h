// The keys of one finding in `forklint-report/1`, shared by json and json-lines.
#pragma once

#include "analyzers/check/finding.h"

#include "llvm/Support/JSON.h"

namespace forklint::driver {

/// Writes the attributes of an object that the caller has opened.
void writeFinding(llvm::json::OStream& json, const check::Finding& finding);

/// The same of a cost.
void writeCost(llvm::json::OStream& json, const check::Cost& cost);

} // namespace forklint::driver
