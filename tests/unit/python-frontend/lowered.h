// What a snippet of Python becomes, as text without positions, for tests to compare with.
#pragma once

#include "python-frontend/frontend.h"

#include <string>

namespace forklint::python {

/// The facts of module "m", or of package "m" when `package`; fails the test unless they verify, and unless
/// printing and parsing them gives the same again.
facts::UnitFacts factsOf(llvm::StringRef text, bool package = false, std::string module = "m");

/// The functions of a snippet, one after the other.
std::string lowered(llvm::StringRef text);

/// Only the instructions and edges of the snippet's one statement, or of function `symbol`.
std::string body(llvm::StringRef text, llvm::StringRef symbol = "");

} // namespace forklint::python
