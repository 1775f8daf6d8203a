// What a project offers to others, as opposed to what only its own programs use.
#pragma once

#include "analyzers/link/program.h"

#include "llvm/ADT/DenseSet.h"

namespace forklint::check {

/// The modules that importing one of the project's packages imports, the packages themselves included.
llvm::DenseSet<const facts::UnitFacts*> offeredUnits(const link::Program& program);

} // namespace forklint::check
