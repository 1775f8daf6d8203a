// Which functions set globals, by themselves or by functions of their module that they call: what a child
// that begins anew does not have, others may set who lead to no effect.
#pragma once

#include "analyzers/link/program.h"

#include "llvm/ADT/DenseMap.h"

namespace forklint::solve {

class Setters {
public:
  explicit Setters(const link::Program& program) : program(program) {}

  /// Reads the function, and those that it calls.
  bool sets(const link::FunctionInfo& function, unsigned depth = 0);

private:
  const link::Program& program;
  llvm::DenseMap<const link::FunctionInfo*, bool> known;
};

} // namespace forklint::solve
