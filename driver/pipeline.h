// The stages in order. See pipeline.cpp, which is written to be read from top to bottom.
#pragma once

#include "driver/options.h"

namespace forklint::driver {

/// Gives the exit status: 0 nothing at or above --fail-on, 1 findings, 2 usage, configuration or internal
/// error.
int check(const CheckOptions& options);

/// The verb `config`.
int showConfig(const ConfigOptions& options);

} // namespace forklint::driver
