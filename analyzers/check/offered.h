// What a project offers to others, as opposed to what only its own programs use.
#pragma once

#include "analyzers/link/program.h"

#include "llvm/ADT/DenseSet.h"

namespace forklint::check {

/// Packages, and the modules that somebody imports who is neither a program nor a test.
llvm::DenseSet<const facts::UnitFacts*> offeredUnits(const link::Program& program);

/// The functions that a text of the program names in full, where the program has a command: the command finds
/// them by it (an import by name), and calls them as its own.
llvm::DenseSet<const link::FunctionInfo*> namedByCommand(const link::Program& program);

} // namespace forklint::check
