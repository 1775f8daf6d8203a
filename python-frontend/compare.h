// Whether a module that is read in parts says the same as one that is read at once.
#pragma once

#include "python-frontend/frontend.h"

#include <string>

namespace forklint::python {

struct Comparison {
  std::string difference;       // the first one; empty where there is none
  size_t bodies = 0, bytes = 0; // left out at first
};

/// Reads the module as a whole, and in parts down to the last one.
Comparison compareParts(const ModuleSource& source);

} // namespace forklint::python
