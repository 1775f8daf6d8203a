// A scenario is a folder with a scenario.toml; this reads it and applies its fix. Guarantees: adding a folder
// adds a scenario; an unknown key or a diff that does not fit exactly is an error with the file's name.
#pragma once

#include "harness/interposer/record.h"

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <string>
#include <vector>

namespace forklint::harness {

struct Scenario {
  std::string name;
  std::string title;
  std::string rule;
  std::string example;              // folder that the program is in
  std::string program;              // path
  std::vector<std::string> sources; // paths, of a C++ program also the other files to be compiled
  unsigned line = 0;                // of the fork
  std::string fixed;                // path of the diff
  unsigned oldestMinor = 8;         // CPython 3.oldest to 3.newest
  unsigned newestMinor = 99;
  std::string startMethod;
  ParkAt parkAt = ParkAt::Write;
  unsigned descriptor = 2;
  std::string lock; // what the parked thread holds, in words

  bool isPython() const { return llvm::StringRef(program).ends_with(".py"); }
};

/// `data` is the harness's own folder; the programs are in ../examples beside it.
llvm::Expected<std::vector<Scenario>> readScenarios(const std::string& data);

/// Applies a unified diff of one file. Context must match to the letter: a fix that only nearly fits proves
/// nothing.
llvm::Expected<std::string> applyDiff(llvm::StringRef text, llvm::StringRef diff);

llvm::Expected<std::string> readText(const std::string& path);
std::string digestOf(llvm::StringRef bytes);

} // namespace forklint::harness
