// A file's bytes as text that the parser can take: UTF-8 with `\n` line ends, no byte order mark and no NUL.
// Reads encoding declarations (PEP 263). Never fails; what had to be replaced is said as a problem.
#pragma once

#include "llvm/ADT/StringRef.h"

#include <string>
#include <vector>

namespace forklint::python {

struct Decoded {
  struct Problem {
    uint32_t offset;
    std::string reason;
  };
  std::string text;
  std::vector<Problem> problems;
  std::string refused; // why nobody can read it as Python; empty where somebody can
};

Decoded decode(llvm::StringRef bytes);

} // namespace forklint::python
