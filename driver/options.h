// The command line as types. Reading it either gives options that are complete and sane, or one line of
// error.
#pragma once

#include "analyzers/check/finding.h"
#include "analyzers/support/variants.h"
#include "harness/harness.h"

#include "llvm/Support/Error.h"

#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace forklint::driver {

enum class ColorMode { Auto, Always, Never };

/// `--output FORMAT[=FILE]`; an empty file is standard output.
struct Output {
  std::string format;
  std::string file;
};

/// The stages in the order in which they run.
enum class Stage { Discover, Extract, Link, Solve, Check, Filter, Render };

/// What `--print` can show, and the stage after which it is there.
struct Printable {
  const char* name;
  Stage stage;
};
inline constexpr Printable printables[] = {
    {"workset", Stage::Discover}, {"facts", Stage::Extract},   {"program", Stage::Link},
    {"callgraph", Stage::Solve},  {"summaries", Stage::Solve}, {"states", Stage::Solve},
    {"findings", Stage::Check},   {"report", Stage::Filter},
};

struct CheckOptions {
  std::vector<std::string> paths; // "." where none was given
  bool pathsGiven = false;
  std::string buildDirectory;
  std::optional<Variants> targets;
  std::string platform, libc;
  std::optional<std::vector<std::string>> select;
  std::vector<std::string> ignore, extendSelect;
  std::vector<Output> outputs; // empty: full on standard output
  std::optional<check::Level> show, failOn;
  bool exhaustive = false; // keep units that demand would take away, and read all of each
  bool readsAll = false;   // read bodies of functions that nobody asks for
  std::string observed;
  bool stats = false;
  std::vector<std::string> models;        // files of rows of the user's own
  std::vector<std::string> withoutModels; // names whose built-in rows are left out: the tests ask for it
  unsigned jobs = 0;                      // 0: as many as the machine has
  bool cached = true;                     // look for facts of C and C++ in a cache, and keep them there
  std::string cacheFolder;                // empty: the default one
  unsigned unitSeconds = 0;               // CPU that one unit of C or C++ may take
  unsigned unitMegabytes = 0;             // address space that it may take
  std::vector<std::string> print;
  std::optional<Stage> stopAfter;
  ColorMode color = ColorMode::Auto;
  /// Two versions, the first the one that is left: what changes between them.
  std::optional<std::pair<Variants, Variants>> compare;
};

/// `explain FILE:LINE`. `run` is that of a check of FILE.
struct ExplainOptions {
  CheckOptions run;
  std::string file;
  uint32_t line = 0;
  bool json = false;
};

struct RuleOptions {
  std::vector<std::string> names;
  bool all = false;
  bool json = false;
};

struct ConfigOptions {
  std::vector<std::string> paths;
};

/// `clean`: an empty folder is the default one.
struct CleanOptions {
  std::string cacheFolder;
};

struct VersionOptions {};

/// Text to print with exit status 0 (`--help`).
struct HelpOptions {
  std::string text;
};

using Options =
    std::variant<CheckOptions, ExplainOptions, RuleOptions, harness::ReproduceOptions,
                 harness::MeasureOptions, ConfigOptions, CleanOptions, VersionOptions, HelpOptions>;

/// `check` where the first argument is no verb.
llvm::Expected<Options> readOptions(const std::vector<std::string>& arguments);

std::optional<check::Level> parseLevel(llvm::StringRef text);
/// "3.11", "3.8-3.13", "3.9-"; an error names `where`.
llvm::Expected<Variants> parseTargets(llvm::StringRef text, llvm::StringRef where);
/// Platform and libc that the models describe; an error names `where`.
llvm::Error checkPlatform(llvm::StringRef platform, llvm::StringRef where);
llvm::Error checkLibc(llvm::StringRef libc, llvm::StringRef where);

} // namespace forklint::driver
