// The text form of facts: printed, read back, and accepted as input. parse(print(x)) == x; print is
// deterministic. Grammar and examples: docs/ir.md.
#pragma once

#include "analyzers/facts/facts.h"

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"

namespace forklint::facts {

void print(const UnitFacts& unit, llvm::raw_ostream& out);
void print(const Function& function, llvm::raw_ostream& out);
/// An error reads "FILE:LINE:COLUMN: what is wrong and what was expected".
llvm::Expected<UnitFacts> parse(llvm::StringRef text, llvm::StringRef file);

} // namespace forklint::facts
