// The compile database: which translation units there are, and the command of each.
#pragma once

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <string>
#include <vector>

namespace forklint::driver {

struct CompileCommand {
  std::string file; // absolute
  std::string directory;
  std::vector<std::string> arguments;
};

/// The entries in the order of the file, the first for each source. An error is one line and names `path`.
llvm::Expected<std::vector<CompileCommand>> readDatabase(llvm::StringRef text, llvm::StringRef path);

} // namespace forklint::driver
