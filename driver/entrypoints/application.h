// What the modules of an application say about how its server runs it, where that is literal: settings, and
// which modules are imported besides.
#pragma once

#include "driver/entrypoints/commands.h"
#include "driver/entrypoints/entrypoint.h"
#include "driver/entrypoints/python-text.h"

#include <map>

namespace forklint::driver {

/// A module, or what names one, and where that is said.
struct Named {
  std::string written;
  Said said;
};

/// Modules of a program, each parsed once.
class PythonTexts {
public:
  explicit PythonTexts(TextOf textOf) : textOf(textOf) {}
  /// Null where there is no such file.
  const PythonText* of(const std::string& file);

private:
  TextOf textOf;
  std::map<std::string, std::optional<PythonText>> texts;
};

struct Application {
  std::vector<Named> modules;    // in the order of their import
  std::vector<Named> discovered; // imported behind those
  Settings literals;
};

/// `named` are the modules that the command asks for.
Application readApplication(std::vector<Named> named, const ServerCommand& command, const FileIndex& files,
                            PythonTexts& texts);

} // namespace forklint::driver
