// How the programs of a project begin. An entry point is an ordered list of actions; lower.h makes facts of
// it, so that the stages behind see a program like any other.
#pragma once

#include "analyzers/link/commands.h"
#include "driver/entrypoints/declarations.h"

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/raw_ostream.h"

#include <optional>
#include <string>
#include <vector>

namespace forklint::driver {

enum class EntryKind : uint8_t { Script, ConsoleScript, Server, Notebook, TestModule };
const char* spelling(EntryKind kind);

/// What an entry point does. Behind a fork everything happens in the child.
struct EntryAction {
  enum class Kind : uint8_t { Import, Call, Start, Fork } kind = Kind::Import;
  std::string module;
  std::string function; // Call: of the module, with dots; Start, Fork: a row of the models
  Said said;
  bool operator==(const EntryAction&) const = default;
};

struct EntryPoint {
  EntryKind kind = EntryKind::Script;
  std::string name; // of the command or the server; a script's module
  Said said;
  std::vector<EntryAction> actions; // a script and a test module have none: they are run as what they are
  std::string path;                 // of a script or a test module, absolute
};

/// The files of the program, as entry points name them.
class FileIndex {
public:
  void add(const std::string& path, const std::string& project) { files[path] = {"", project}; }
  /// The module that a file is, once modules have names.
  void name(const std::string& path, const std::string& module);
  bool hasModule(llvm::StringRef module) const { return filesOfModule.contains(module); }
  llvm::StringRef moduleAt(llvm::StringRef path) const;
  /// The file that `written` means in `from`: where an image has it from, else relative to the folder of
  /// `from`, else to its project. Of an absolute path (a container has the project elsewhere) the end counts.
  /// Empty: there is none.
  std::string fileNamed(llvm::StringRef written, const std::string& from,
                        const Surroundings& around = {}) const;
  /// The file that a module's name means as a path.
  std::string fileAsPath(llvm::StringRef module, const std::string& from, const Surroundings& around) const;
  /// The file of a module, the one below the folder of `from` first.
  std::string fileOf(llvm::StringRef module, const std::string& from) const;

private:
  struct Entry {
    std::string module, project;
  };
  llvm::StringMap<Entry> files;
  llvm::StringMap<std::vector<std::string>> filesOfModule;
};

/// Gives a file's text, or nothing.
using TextOf = llvm::function_ref<std::optional<std::string>(const std::string& path)>;

struct Beginnings;

/// In the order of what kind they are, of the files and of what these say. Modules have their names.
std::vector<EntryPoint> entryPointsOf(const Beginnings& beginnings, const FileIndex& files, TextOf textOf);

void print(const EntryPoint& entry, llvm::raw_ostream& out);

} // namespace forklint::driver
