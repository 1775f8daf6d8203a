// Discover: options -> Workset. Which units the program has, how each is to be read, and where findings are
// wanted.
#pragma once

#include "analyzers/check/finding.h"
#include "analyzers/link/build-targets.h"
#include "analyzers/link/models.h"
#include "driver/config.h"
#include "driver/entrypoints/entrypoint.h"
#include "driver/options.h"
#include "driver/walk.h"

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"

#include <map>
#include <string>
#include <vector>

namespace forklint::driver {

struct Unit {
  std::string path;    // absolute
  std::string display; // as it is reported
  Language language = Language::Other;
  std::string module;                // Python
  std::string importRoot;            // Python, absolute
  std::string project;               // the program root that it belongs to, absolute
  bool requested = false;            // findings are wanted here
  bool explicitly = false;           // named itself on the command line
  std::string directory;             // C and C++
  std::vector<std::string> command;  // C and C++; empty: the unit has none
  std::vector<std::string> imported; // Python: absolute names that lines of it import
  uint32_t mainLine = 0;             // Python: that says that the file is run as a program
};

/// Units are sorted by path. After discover no unit is added; demand only takes away.
struct Workset {
  std::vector<Unit> units;
  std::map<std::string, std::string> declaring; // files that may say how programs begin -> project
  std::vector<EntryPoint> entries;              // how they begin, by file and line
  std::vector<std::string> requested;           // absolute files and folders
  std::vector<std::string> buildFolders;        // of C and C++, absolute
  std::vector<link::BuildTarget> targets;       // what these builds make
  std::vector<check::Finding> findings;
  uint32_t withoutDatabase = 0;   // C and C++ sources that no database was found for
  uint32_t closedFolders = 0;     // in what was requested
  std::vector<std::string> notes; // for the user, on standard error
};

/// Whether a source names what makes processes, threads or transfers; true where it cannot be read.
using Telling = llvm::function_ref<bool(const std::string& path)>;

/// An error is one line: a path that does not exist, a broken compile database or configuration.
llvm::Expected<Workset> discover(const CheckOptions& options, Configurations& configurations,
                                 Telling isTelling);

/// Adds how the programs begin, by what the models know of commands and servers, and the names of modules:
/// one that a command names has that name.
void addPrograms(Workset& workset, const link::Models& models);

/// Demand, by name: takes away Python units that no requested unit imports, is imported by, or shares an
/// importer with. They cannot change what is found in the requested ones.
void keepDemanded(Workset& workset);

/// Adds the modules that are written in C and C++, as units of Python behind the others (link/bindings.h).
void addBoundUnits(const Workset& workset, const link::Models& models, std::vector<facts::UnitFacts>& units);

void print(const Workset& workset, llvm::raw_ostream& out);

} // namespace forklint::driver
