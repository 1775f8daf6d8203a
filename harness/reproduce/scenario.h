// A scenario is a folder with a scenario.toml; this reads it and applies its fix. Guarantees: adding a folder
// adds a scenario; an unknown key or a diff that does not fit exactly is an error with the file's name.
#pragma once

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <string>
#include <vector>

namespace forklint::harness {

struct Scenario {
  std::string folder;
  std::string name;
  std::string title;
  std::string rule;
  std::string program; // path
  unsigned line = 0;   // of the fork
  std::string fixed;   // path of the diff
  unsigned oldestMinor = 8;
  std::string startMethod;
  unsigned descriptor = 2;
  std::string lock; // what the parked thread holds, in words
};

llvm::Expected<std::vector<Scenario>> readScenarios(const std::string& folder);

/// Applies a unified diff of one file. Context must match to the letter: a fix that only nearly fits proves
/// nothing.
llvm::Expected<std::string> applyDiff(llvm::StringRef text, llvm::StringRef diff);

llvm::Expected<std::string> readText(const std::string& path);
std::string digestOf(llvm::StringRef bytes);

} // namespace forklint::harness
