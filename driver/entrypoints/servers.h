// A server that is asked for, as an entry point: its configuration, what it imports before and after its
// fork.
#pragma once

#include "driver/entrypoints/commands.h"
#include "driver/entrypoints/entrypoint.h"

#include "llvm/ADT/StringSet.h"

namespace forklint::driver {

/// `read` collects the configuration files that were. Nothing for a server that imports nothing (`--help`).
std::optional<EntryPoint> serverEntry(ServerCommand command, const FileIndex& files, TextOf textOf,
                                      llvm::StringSet<>& read);

/// The servers whose configuration a file is by itself, named by no command.
std::vector<ServerCommand> serversConfiguredBy(const DeclaringFile& file, const link::Commands& rows);

} // namespace forklint::driver
