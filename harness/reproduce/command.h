// Runs a small command to its end. Guarantees: it reads nothing from our standard input, and never outlives
// its time limit.
#pragma once

#include "llvm/ADT/ArrayRef.h"

#include <optional>
#include <string>

namespace forklint::harness {

/// What it printed; nothing when it did not end with 0. command[0] is a path. `errors`, when given, takes
/// what it said on standard error.
std::optional<std::string> outputOf(llvm::ArrayRef<std::string> command, unsigned limitSeconds = 20,
                                    std::string* errors = nullptr);

} // namespace forklint::harness
