// The words of a command line as a shell splits them: quotes, escapes, comments, separators of commands, and
// variables whose value is known. What else a shell would compute (`$1`, `$(…)`) stays as it is written.
#pragma once

#include "driver/entrypoints/expansion.h"

#include "llvm/ADT/STLFunctionalExtras.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace forklint::driver {

/// `name=value`, in a line of the text, from 0.
struct Assignment {
  std::string name, value;
  uint32_t line = 0;
  bool isExported = false;
};

/// `name=(a b)`.
struct ListAssignment {
  std::string name;
  std::vector<std::string> words;
};

struct ShellCommand {
  std::vector<std::string> words;
  uint32_t line = 0;                   // of the text, from 0, where the command begins
  std::vector<ListAssignment> lists;   // that it assigns
  std::vector<Assignment> environment; // exported before it in the text, then those before its own words
  std::vector<std::string> removed;    // that the text has taken out of the environment around it
};

/// What a file assigns that the text reads in (`. ./app.env`).
using Sourced = llvm::function_ref<std::vector<Assignment>(llvm::StringRef written)>;

/// The simple commands of a text, in order; redirections are left out, and so is what only assigns. `given`
/// are the variables before the text; one that the text assigns has the value that it gives, behind the place
/// that does, where that is the only one and the value is literal. What is set between parentheses holds
/// there only. `sourced` may be null.
std::vector<ShellCommand> shellCommands(llvm::StringRef text, const Variables& given = {},
                                        Sourced sourced = nullptr);

/// The words of a text, whatever they say.
std::vector<std::string> shellWords(llvm::StringRef text, const Variables& known = {});

/// What a word assigns, as one before a command does; nothing for another word.
std::optional<Assignment> assignmentOf(llvm::StringRef word, uint32_t line = 0);

} // namespace forklint::driver
