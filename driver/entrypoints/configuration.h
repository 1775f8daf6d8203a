// The configuration file of a server: which one it is, and what it sets.
#pragma once

#include "driver/entrypoints/commands.h"
#include "driver/entrypoints/entrypoint.h"

namespace forklint::driver {

/// Adds what the configuration of the command sets, before its own options.
void readConfiguration(ServerCommand& command, const FileIndex& files, TextOf textOf);

/// The servers whose configuration a file is by itself, named by no command.
std::vector<ServerCommand> serversConfiguredBy(const DeclaringFile& file, const link::Commands& rows);

/// Is a word the name of a file of settings?
bool isSettingsFile(llvm::StringRef path);

} // namespace forklint::driver
