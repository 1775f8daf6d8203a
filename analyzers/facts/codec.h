// The binary form of facts, for the cache and between processes. decode(encode(x)) == x; decoding arbitrary
// bytes gives an error, never a crash or unbounded memory; another schema version is an error. What decode()
// gives has passed verify(); what encode() is given should have.
#pragma once

#include "analyzers/facts/facts.h"

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <string>

namespace forklint::facts {

std::string encode(const UnitFacts& unit);
llvm::Expected<UnitFacts> decode(llvm::StringRef bytes);

} // namespace forklint::facts
