// Configuration: forklint.toml, .forklint.toml or [tool.forklint] in pyproject.toml; the nearest to a file
// holds for it, alone. A key that does not exist is an error with its place. To add a key: a member of
// Config, a row in config.cpp, a line in `forklint config`.
#pragma once

#include "analyzers/check/finding.h"
#include "analyzers/support/variants.h"

#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace forklint::driver {

struct Config {
  std::string file; // empty: none was found
  std::optional<std::vector<std::string>> select;
  std::vector<std::string> ignore, extendSelect;
  std::vector<std::string> models; // files of rows, relative to the configuration in the text
  std::optional<Variants> targets;
  std::string targetsFrom; // where the target version was said
  std::string platform, libc;
  std::optional<check::Level> show, failOn;
};

/// Reads one file's text; `file` names it in errors: FILE:LINE:COLUMN: what. Only the [tool.forklint] table
/// of a pyproject.toml counts; nothing where it has none.
llvm::Expected<std::optional<Config>> readConfig(llvm::StringRef text, llvm::StringRef file,
                                                 const llvm::StringSet<>& rules);

/// The versions that a `requires-python` allows; nothing where it cannot be read.
std::optional<Variants> allowedVersions(llvm::StringRef requiresPython);

/// All configurations of a run, each read once.
class Configurations {
public:
  explicit Configurations(const llvm::StringSet<>& rules) : rules(rules) {}
  /// For files in `folder` (absolute), its target falling back to the nearest `requires-python`.
  llvm::Expected<const Config*> of(llvm::StringRef folder);
  std::vector<std::string> notes; // for the user, on standard error

private:
  llvm::Expected<Config> read(llvm::StringRef folder);
  const llvm::StringSet<>& rules;
  std::map<std::string, Config> byFolder;
};

void print(const Config& config, llvm::raw_ostream& out);

} // namespace forklint::driver
