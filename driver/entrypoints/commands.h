// A command line as a program: launchers are taken off until an interpreter or a server is left.
#pragma once

#include "analyzers/link/commands.h"
#include "driver/entrypoints/declarations.h"
#include "driver/entrypoints/settings.h"

#include "llvm/ADT/STLFunctionalExtras.h"

namespace forklint::driver {

/// A server as it is asked for.
struct ServerCommand {
  const link::Server* server = nullptr;
  Settings options;
  std::vector<std::string> words; // that are no options
  Said said;
  Surroundings around;
  std::string configuration; // the file, absolute; empty: there is none
  std::string configurationText;
};

/// What a command may come to.
struct CommandVisitor {
  llvm::function_ref<void(llvm::StringRef path, const Said& said)> script;
  llvm::function_ref<void(llvm::StringRef module, const Said& said)> module;
  llvm::function_ref<void(ServerCommand command)> server;
};

void understand(const CommandLine& command, const link::Commands& rows, const CommandVisitor& visit);

} // namespace forklint::driver
