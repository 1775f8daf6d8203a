// Finding a C++ compiler for the scenarios that are compiled. Guarantees: it ran once and said what it is.
#pragma once

#include "llvm/Support/Error.h"

#include <string>

namespace forklint::harness {

struct Compiler {
  std::string path;
  std::string version; // its first words: "g++ 12.2.0", "clang++-19 19.1.7"
};

/// $CXX, else c++, g++, clang++ or a numbered clang++ of PATH.
llvm::Expected<Compiler> findCompiler();

} // namespace forklint::harness
