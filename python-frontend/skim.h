// Finds, without parsing, the bodies of functions that can be read later: those of a module's functions and
// of the methods of its classes. One pass over the bytes: lines, indents, strings, brackets and comments are
// followed, nothing else.
//
// Conservative: a body is named only where the rest of the module means the same without it. It declares no
// global, imports nothing, captures nothing, declares no field, makes no generator of its function and holds
// no comment that speaks to us. Where anything is in doubt, no body of the text is.
#pragma once

#include "python-frontend/syntax.h"

#include "llvm/ADT/StringRef.h"

#include <cstdint>
#include <vector>

namespace forklint::python {

struct SkimmedBody {
  Span definition; // from the first byte of the line of its `def` to its end
  Span body;       // from behind the header's colon to where the parser ends the function
  Span around;     // the header of the class around it, with its colon; empty in a module's function
};

/// In the order of the text.
std::vector<SkimmedBody> skim(llvm::StringRef text);

} // namespace forklint::python
