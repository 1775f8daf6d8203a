// A server that is asked for, as an entry point: what it imports before and after its fork.
#pragma once

#include "driver/entrypoints/application.h"
#include "driver/entrypoints/commands.h"
#include "driver/entrypoints/entrypoint.h"

namespace forklint::driver {

/// The modules that the command, and its configuration, name.
std::vector<std::string> modulesNamedBy(const ServerCommand& command);

/// Nothing for a server that imports nothing (`--help`).
std::optional<EntryPoint> serverEntry(const ServerCommand& command, const FileIndex& files,
                                      PythonTexts& texts);

} // namespace forklint::driver
