// What import statements name.
#pragma once

#include "python-frontend/syntax.h"

#include <string>

namespace forklint::python {

/// A dotted name without the blanks and continuations that may stand in it.
std::string dottedName(Node dotted);
/// The module that a `from` names in `module`, absolute; empty when the dots lead out of the top package.
std::string importedModule(Node name, llvm::StringRef module, bool isPackage);

} // namespace forklint::python
