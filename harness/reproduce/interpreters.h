// Finding CPythons. Guarantees: each one listed was run once and said what it is; none is listed twice.
#pragma once

#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Error.h"

#include <string>
#include <vector>

namespace forklint::harness {

struct Interpreter {
  std::string path;
  std::string version; // "3.12.1"
  unsigned major = 0;
  unsigned minor = 0;
};

/// What `--python` asks for. Nothing asked for: python3 of PATH; "all": every CPython 3.8 or later of pyenv,
/// uv and PATH.
llvm::Expected<std::vector<Interpreter>> findInterpreters(llvm::ArrayRef<std::string> wanted);

} // namespace forklint::harness
