// How the programs of a workset begin, and what its modules are called (addPrograms in discover.h): what
// files of the project say, and what the sources themselves do.
#include "driver/discover.h"
#include "driver/entrypoints/beginnings.h"
#include "driver/modules.h"
#include "python-frontend/frontend.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

#include <fnmatch.h>

#include <tuple>

namespace forklint::driver {
namespace {

namespace fs = llvm::sys::fs;
namespace path = llvm::sys::path;

/// The text of a file that people write, not one of data.
std::optional<std::string> textOfSmall(const std::string& file) {
  constexpr uint64_t largest = 1 << 20;
  fs::file_status status;
  bool isSmall = !fs::status(file, status) && status.type() == fs::file_type::regular_file &&
                 status.getSize() <= largest;
  auto text = isSmall ? llvm::MemoryBuffer::getFile(file) : std::make_error_code(std::errc::file_too_large);
  if (!text) return std::nullopt;
  return (*text)->getBuffer().str();
}

bool hasNameOf(llvm::StringRef file, const std::vector<std::string>& patterns) {
  std::string name = path::filename(file).str();
  return llvm::any_of(
      patterns, [&](const std::string& pattern) { return fnmatch(pattern.c_str(), name.c_str(), 0) == 0; });
}

const link::Session* sessionOf(llvm::StringRef file, const link::Commands& commands) {
  auto found = llvm::find_if(commands.sessions,
                             [&](const link::Session& session) { return hasNameOf(file, session.names); });
  return found == commands.sessions.end() ? nullptr : &*found;
}

/// The session runs first, then the file as its main module.
EntryPoint notebookEntry(const link::Session& session, const std::string& file, const std::string& module) {
  Said said{file, 1};
  return {
      EntryKind::Notebook,
      module,
      said,
      {{EntryAction::Kind::Start, "", session.starts, said}, {EntryAction::Kind::Import, module, "", said}},
      ""};
}

/// Is it a row that does not hold for the release that the project has?
bool doesNothing(const EntryAction& action, const link::Models& models) {
  if (action.kind != EntryAction::Kind::Start) return false;
  const link::Model* row = models.find(action.function);
  return !row || row->effects.empty();
}

/// What the source of a unit says by itself: what it imports, and whether it is run.
void readNames(Unit& unit) {
  fs::file_status status;
  if (fs::status(unit.path, status) || status.type() != fs::file_type::regular_file) return;
  auto text = llvm::MemoryBuffer::getFile(unit.path);
  if (text && isNotebook(unit.path)) {
    unit.imported = importedNames(python::notebookText((*text)->getBuffer()));
  } else if (text) {
    unit.imported = importedNames((*text)->getBuffer());
    unit.mainLine = mainLineOf(unit.path, (*text)->getBuffer());
  }
}

/// `named` are those that commands name.
void nameModules(std::vector<Unit>& units, const std::vector<std::string>& named) {
  llvm::StringSet<> imported;
  auto insert = [&](llvm::StringRef name) {
    for (; !name.empty() && imported.insert(name).second; name = parentName(name)) {
    }
  };
  llvm::for_each(named, insert);
  for (Unit& unit : units) {
    if (unit.language != Language::Python) continue;
    readNames(unit);
    for (const std::string& name : unit.imported)
      llvm::for_each(namesByImport(name, unit.path, unit.project), insert);
  }
  for (Unit& unit : units) {
    if (unit.language != Language::Python) continue;
    ModuleName name = moduleNameOf(unit.path, unit.project, imported);
    unit.module = name.module;
    unit.importRoot = name.importRoot;
    bool isPackage = path::filename(unit.path) == "__init__.py";
    for (std::string& each : unit.imported)
      each = absoluteName(each, unit.module, isPackage);
  }
}

} // namespace

void addPrograms(Workset& workset, const link::Models& models) {
  const link::Commands& commands = models.commandRows();
  FileIndex files;
  std::vector<std::string> declaring;
  for (const auto& [file, project] : workset.declaring) {
    files.add(file, project);
    declaring.push_back(file);
  }
  bool hasPython = false;
  for (const Unit& unit : workset.units) {
    if (unit.language != Language::Python) continue;
    hasPython = true;
    files.add(unit.path, unit.project);
  }
  if (!hasPython) return;
  Beginnings beginnings = readBeginnings(declaring, files, commands, textOfSmall);
  nameModules(workset.units, beginnings.moduleNames());
  for (const Unit& unit : workset.units)
    if (unit.language == Language::Python) files.name(unit.path, unit.module);
  workset.entries = entryPointsOf(beginnings, files, textOfSmall);
  for (EntryPoint& entry : workset.entries)
    llvm::erase_if(entry.actions, [&](const EntryAction& action) { return doesNothing(action, models); });
  for (const Unit& unit : workset.units) {
    if (unit.language != Language::Python) continue;
    if (unit.mainLine)
      workset.entries.push_back({EntryKind::Script, unit.module, {unit.path, unit.mainLine}, {}, unit.path});
    if (hasNameOf(unit.path, commands.testModules))
      workset.entries.push_back({EntryKind::TestModule, unit.module, {unit.path, 1}, {}, unit.path});
    if (const link::Session* session = sessionOf(unit.path, commands))
      workset.entries.push_back(notebookEntry(*session, unit.path, unit.module));
  }
  llvm::stable_sort(workset.entries, [](const EntryPoint& left, const EntryPoint& right) {
    return std::tie(left.said.file, left.said.line) < std::tie(right.said.file, right.said.line);
  });
}

} // namespace forklint::driver
