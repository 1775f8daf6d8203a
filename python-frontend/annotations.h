// Annotations: as they are written, and the class that one names.
#pragma once

#include "python-frontend/scopes.h"

#include <string>

namespace forklint::python {

/// An annotation as a symbol: as written, without the quotes and the blanks that it may have.
std::string typeName(Node annotation);

/// The whole name of the one class of which what is annotated so is an instance, or None: names as imports
/// and classes bind them in `scope`. Nothing where there are several, where the class itself is meant, and
/// where the file does not tell.
Text classNamed(llvm::StringRef annotation, const Scopes& scopes, ScopeId scope);

} // namespace forklint::python
