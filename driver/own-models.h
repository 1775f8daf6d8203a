// Rows that users write themselves: the files of `--models`, and those that configurations name.
#pragma once

#include "analyzers/link/models.h"
#include "driver/config.h"
#include "driver/discover.h"
#include "driver/options.h"

namespace forklint::driver {

/// Adds the rows of all these files, each read once; those of the command line come last, and take the place
/// of others. The names of libraries mean the same in the whole program, so that one configuration's rows
/// hold for all of it.
llvm::Error addOwnModels(const CheckOptions& options, const Workset& workset, Configurations& configurations,
                         link::Models& models);

} // namespace forklint::driver
