// What the harness saw (`forklint-record/1`, JSON lines) attached to the findings it speaks of.
#pragma once

#include "analyzers/check/finding.h"

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <string>
#include <vector>

namespace forklint::check {

/// Adds evidence to `findings`. A record belongs to a finding of its rule (or of a rule that the finding
/// stands for) at its path and line, or in a file with its source digest; a measurement without a place
/// belongs to every finding of its rule. `digest` gives the digest of a file, empty where it cannot be read.
/// An error names `file` and a line.
llvm::Error attachObservations(std::vector<Finding>& findings, llvm::StringRef text, llvm::StringRef file,
                               llvm::function_ref<std::string(llvm::StringRef path)> digest);

} // namespace forklint::check
