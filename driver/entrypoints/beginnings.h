// What files of the project say about how its programs begin, understood by what the models know of launchers
// and servers. They are read once, before modules have names: files are found, modules stay as they are
// written.
#pragma once

#include "driver/entrypoints/commands.h"
#include "driver/entrypoints/entrypoint.h"

namespace forklint::driver {

/// A file, or a module, that is run as the main one.
struct NamedMain {
  std::string name; // absolute, or with dots
  Said said;
};

struct Beginnings {
  std::vector<NamedFunction> functions;
  std::vector<NamedMain> scripts;
  std::vector<NamedMain> modules;
  std::vector<ServerCommand> servers;

  /// All modules that are named.
  std::vector<std::string> moduleNames() const;
};

/// In the order of the files, then of what they say. `files` need no modules yet.
Beginnings readBeginnings(const std::vector<std::string>& declaring, const FileIndex& files,
                          const link::Commands& rows, TextOf textOf);

} // namespace forklint::driver
