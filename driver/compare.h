// `check --compare OLD NEW`: what changes for the program when it goes from one Python version to another.
#pragma once

#include "driver/options.h"

namespace forklint::driver {

/// Gives the exit status: 1 where something breaks, 0 where nothing does, 2 where the run is wrong.
int compare(const CheckOptions& options);

} // namespace forklint::driver
