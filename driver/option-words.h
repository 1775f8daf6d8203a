// What the command line may say: the options of each verb, and their words before anybody has checked them.
#pragma once

#include "llvm/ADT/StringRef.h"

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace forklint::driver {

inline constexpr const char* verbs[] = {"check",   "explain", "rule",   "reproduce",
                                        "measure", "version", "config", "clean"};

/// What CLI11 fills in, before it is checked.
struct Words {
  std::vector<std::string> paths, select, ignore, extendSelect, outputs, print, modes, pythons, models,
      withoutModels, compare;
  std::string buildDirectory, targets, platform, libc, show, failOn, observed, stopAfter, color, venv;
  std::string jobs, runs, repeats, bytes, cacheFolder, unitSeconds, unitMegabytes;
  bool all = false, exhaustive = false, stats = false, uncached = false;
};

/// Gives the parser the options of a verb; what they say goes into `words`.
void define(CLI::App& app, llvm::StringRef verb, Words& words);

/// What `forklint --help` prints.
std::string overview();

} // namespace forklint::driver
