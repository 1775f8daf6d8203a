// The words of a command line as a shell splits them: quotes, escapes, comments, separators of commands. What
// a shell would compute (`$X`, `$(…)`) stays as it is written.
#pragma once

#include "llvm/ADT/StringRef.h"

#include <cstdint>
#include <string>
#include <vector>

namespace forklint::driver {

struct ShellCommand {
  std::vector<std::string> words;
  uint32_t line = 0; // of the text, from 0, where the command begins
};

/// The simple commands of a text, in order; redirections are left out.
std::vector<ShellCommand> shellCommands(llvm::StringRef text);

/// Is a word an assignment, as one before a command is?
bool isAssignment(llvm::StringRef word);

} // namespace forklint::driver
