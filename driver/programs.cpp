// How the programs of a workset begin (addEntryPoints in discover.h): what files of the project say, and what
// the sources themselves do.
#include "driver/discover.h"

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

} // namespace

std::vector<std::string> modulesOfCommands(const Workset& workset, const link::Commands& commands) {
  std::vector<std::string> declaring;
  for (const auto& [file, project] : workset.declaring)
    declaring.push_back(file);
  return modulesNamedIn(declaring, commands, textOfSmall);
}

void addEntryPoints(Workset& workset, const link::Commands& commands) {
  FileIndex files;
  std::vector<std::string> declaring;
  for (const auto& [file, project] : workset.declaring) {
    files.add(file, "", project);
    declaring.push_back(file);
  }
  bool hasPython = false;
  for (const Unit& unit : workset.units) {
    if (unit.language != Language::Python) continue;
    hasPython = true;
    files.add(unit.path, unit.module, unit.project);
  }
  if (!hasPython) return;
  workset.entries = findEntryPoints(declaring, files, commands, textOfSmall);
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
