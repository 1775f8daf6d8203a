// The steps from the text of one module to its facts, for all of it (frontend.cpp) or for a part
// (outline.cpp).
#pragma once

#include "python-frontend/lowering.h"
#include "python-frontend/recovery.h"
#include "python-frontend/source.h"

namespace forklint::python {

/// What is known of a unit before it is read.
facts::UnitFacts emptyUnit(const ModuleSource& source);
facts::UnitFacts extractWhole(const ModuleSource& source, Decoded decoded);

/// Every statement of the tree becomes a chunk of the module's unit.
void lowerModule(ModuleContext& module, const Tree& tree);
/// The functions that wait, and those in them, go into the module's chunk.
void lowerFunctions(ModuleContext& module);

} // namespace forklint::python
