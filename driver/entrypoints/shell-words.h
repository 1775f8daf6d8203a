// The words of a command line as a shell splits them: quotes, escapes, comments, separators of commands. What
// a shell would compute (`$X`, `$(…)`) stays as it is written.
#pragma once

#include "llvm/ADT/StringRef.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace forklint::driver {

/// `name=value`, in a line of the text, from 0.
struct Assignment {
  std::string name, value;
  uint32_t line = 0;
};

struct ShellCommand {
  std::vector<std::string> words;
  uint32_t line = 0;                   // of the text, from 0, where the command begins
  std::vector<Assignment> environment; // exported before it in the text, then those before its own words
};

/// The simple commands of a text, in order; redirections are left out, and so is what only assigns.
std::vector<ShellCommand> shellCommands(llvm::StringRef text);

/// The words of a text, whatever they say.
std::vector<std::string> shellWords(llvm::StringRef text);

/// What a word assigns, as one before a command does; nothing for another word.
std::optional<Assignment> assignmentOf(llvm::StringRef word, uint32_t line = 0);

} // namespace forklint::driver
