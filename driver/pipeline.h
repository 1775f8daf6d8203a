// The stages in order, and the verbs that are made of them. See pipeline.cpp, which is written to be read
// from top to bottom.
#pragma once

#include "analyzers/link/program.h"
#include "analyzers/solve/solution.h"
#include "driver/config.h"
#include "driver/discover.h"
#include "driver/options.h"
#include "driver/rulebook.h"

#include "llvm/Support/Error.h"

#include <optional>
#include <string>
#include <vector>

namespace forklint::driver {

/// One run as its stages fill it. The solution points into the program: it stays where it is.
struct Analysis {
  Analysis() = default;
  Analysis(const Analysis&) = delete;
  Analysis& operator=(const Analysis&) = delete;

  Configurations configurations{ruleNames()};
  Workset workset;
  Variants targets = allVariants;
  std::string libc;
  std::optional<check::Statistics> statistics;
  check::Summary summary; // of the units
  std::optional<link::Program> program;
  solve::Solution solution;
  std::vector<check::Finding> findings;
  bool isSound = true;      // no stage has failed
  std::optional<int> ended; // the exit status, where `--stop-after` or `--print` ends the run
};

/// Discover, extract, link and solve. An error is one line: a wrong option, path or configuration.
llvm::Error analyze(const CheckOptions& options, Analysis& run);
/// Check: adds what the rules find for the run's targets.
void judge(Analysis& run);
/// Filter: what the configuration, comments and the command line leave of the findings, which are used up.
llvm::Expected<check::Report> reportOf(const CheckOptions& options, Analysis& run);

/// The verb `check`. Gives the exit status: 0 nothing at or above --fail-on, 1 findings, 2 usage,
/// configuration or internal error.
int check(const CheckOptions& options);

/// The verb `config`.
int showConfig(const ConfigOptions& options);

/// The verb `clean`.
int clean(const CleanOptions& options);

/// Says on standard error what is wrong, and gives exit status 2.
int fail(llvm::Error error);

} // namespace forklint::driver
