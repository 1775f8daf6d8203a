// The program that a scenario runs in one mode. Guarantees: naive and forced run the same unmodified file;
// fixed runs that file plus the scenario's diff, to the letter.
#pragma once

#include "harness/harness.h"
#include "harness/reproduce/compilers.h"
#include "harness/reproduce/interpreters.h"
#include "harness/reproduce/scenario.h"

namespace forklint::harness {

struct Program {
  std::vector<std::string> command;
  std::string sourceDigest; // of the file that the record names
};

/// `folder` takes what has to be written. Of the two tools the one that the program's language needs is used.
llvm::Expected<Program> prepareProgram(const Scenario& scenario, Mode mode, const Interpreter* python,
                                       const Compiler* compiler, const std::string& folder);

} // namespace forklint::harness
