// Files of variables: `NAME=value` in a line of its own, as `env_file`, `EnvironmentFile` and `.env` have it.
// The value goes to the end of the line, or stands in quotes; nothing in it is computed.
#pragma once

#include "driver/entrypoints/declarations.h"
#include "driver/entrypoints/shell-words.h"

namespace forklint::driver {

/// What a script reads in that names the file.
std::vector<Assignment> assignmentsNamed(const DeclaringFile& file, llvm::StringRef written);
/// Those of a file that `file` names; none where there is no such file in the project.
Settings variablesNamed(const DeclaringFile& file, llvm::StringRef written);
/// Those of the `.env` in the folder of `file`, and of no other folder.
Settings variablesBeside(const DeclaringFile& file);

} // namespace forklint::driver
