// Filter: findings -> Report. What the configuration of each file, its comments and the command line leave of
// them.
#pragma once

#include "analyzers/check/finding.h"
#include "analyzers/facts/facts.h"
#include "driver/config.h"
#include "driver/discover.h"
#include "driver/options.h"

#include "llvm/Support/Error.h"

#include <string>
#include <vector>

namespace forklint::driver {

/// The versions that any file of the run supports.
llvm::Expected<Variants> allTargets(const CheckOptions& options, const Workset& workset,
                                    Configurations& configurations);

/// The platform that the run holds for: the option, else the configuration of the first PATH, else Linux.
llvm::Expected<std::string> platformOf(const CheckOptions& options, const Workset& workset,
                                       Configurations& configurations);
/// The C library that the run holds for: the option, else the configuration of the first PATH, else the usual
/// one of the platform.
llvm::Expected<std::string> libcOf(const CheckOptions& options, const Workset& workset,
                                   Configurations& configurations, llvm::StringRef usual);

/// `summary` is of the units that were read. An error names an option or a file that is wrong.
llvm::Expected<check::Report> filter(const CheckOptions& options, const Workset& workset,
                                     Configurations& configurations,
                                     const std::vector<facts::UnitFacts>& units, check::Summary summary,
                                     std::vector<check::Finding> findings);

/// True where some finding is at or above the `fail-on` of its file.
bool fails(const CheckOptions& options, Configurations& configurations, const check::Report& report);

} // namespace forklint::driver
