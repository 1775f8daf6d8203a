#include "driver/entrypoints/entrypoint.h"

#include "driver/entrypoints/commands.h"
#include "driver/entrypoints/servers.h"
#include "driver/walk.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

namespace forklint::driver {
namespace {

namespace path = llvm::sys::path;

class Finder {
public:
  Finder(const FileIndex& files, const link::Commands& rows, TextOf textOf)
      : files(files), rows(rows), textOf(textOf) {}

  std::vector<EntryPoint> run(const std::vector<std::string>& declaring) {
    for (const std::string& file : declaring)
      if (std::optional<std::string> text = textOf(file)) {
        Declarations found;
        readDeclarations({file, *text}, found);
        for (const NamedFunction& function : found.functions)
          add(function);
        for (const CommandLine& command : found.commands)
          add(command);
      }
    // Last: what a command has named is its configuration.
    for (const std::string& file : declaring)
      if (std::optional<std::string> text = textOf(file); text && !configurations.contains(file))
        for (ServerCommand& command : serversConfiguredBy({file, *text}, rows))
          add(std::move(command));
    return entries;
  }

  /// Of those that `run` has found, and of what commands run by its name.
  std::vector<std::string> modules() const {
    std::vector<std::string> names = asked;
    for (const EntryPoint& entry : entries)
      for (const EntryAction& action : entry.actions)
        if (!action.module.empty()) names.push_back(action.module);
    return names;
  }

private:
  void add(const NamedFunction& function) {
    auto [module, name] = llvm::StringRef(function.target).split(':');
    EntryPoint entry{EntryKind::ConsoleScript, function.name, function.said, {}, ""};
    entry.actions.push_back({EntryAction::Kind::Import, module.trim().str(), "", function.said});
    if (!name.empty())
      entry.actions.push_back(
          {EntryAction::Kind::Call, module.trim().str(), name.trim().str(), function.said});
    entries.push_back(std::move(entry));
  }

  void add(const CommandLine& command) {
    understand(command, rows,
               {[&](llvm::StringRef script, const Said& said) {
                  addScript(files.fileNamed(script, said.file), said);
                },
                [&](llvm::StringRef module, const Said& said) {
                  std::string own = (module + ".__main__").str();
                  asked.push_back(own);
                  std::string file = files.fileOf(own, said.file);
                  addScript(file.empty() ? files.fileOf(module, said.file) : file, said);
                },
                [&](ServerCommand server) { add(std::move(server)); }});
  }

  void add(ServerCommand command) {
    if (auto entry = serverEntry(std::move(command), files, textOf, configurations))
      entries.push_back(std::move(*entry));
  }

  void addScript(const std::string& file, const Said& said) {
    llvm::StringRef module = files.moduleAt(file);
    if (!module.empty()) entries.push_back({EntryKind::Script, module.str(), said, {}, file});
  }

  const FileIndex& files;
  const link::Commands& rows;
  TextOf textOf;
  llvm::StringSet<> configurations; // that a command has named
  std::vector<std::string> asked;   // modules that a command runs
  std::vector<EntryPoint> entries;
};

} // namespace

const char* spelling(EntryKind kind) {
  switch (kind) {
  case EntryKind::Script: return "script";
  case EntryKind::ConsoleScript: return "console-script";
  case EntryKind::Server: return "server";
  case EntryKind::Notebook: return "notebook";
  case EntryKind::TestModule: break;
  }
  return "test-module";
}

void FileIndex::add(const std::string& file, const std::string& module, const std::string& project) {
  files[file] = {module, project};
  if (!module.empty()) filesOfModule[module].push_back(file);
}

llvm::StringRef FileIndex::moduleAt(llvm::StringRef file) const {
  auto found = files.find(file);
  return found == files.end() ? llvm::StringRef() : llvm::StringRef(found->second.module);
}

std::string FileIndex::fileNamed(llvm::StringRef written, const std::string& from) const {
  auto origin = files.find(from);
  std::vector<std::string> bases{path::parent_path(from).str()};
  if (origin != files.end()) bases.push_back(origin->second.project);
  if (files.contains(written)) return written.str();
  // "/app/conf/server.py", "./conf/server.py", "conf/server.py": the longest end that there is.
  for (llvm::StringRef end = written.ltrim("./"); !end.empty(); end = end.split('/').second) {
    for (const std::string& base : bases)
      if (std::string file = absolutePath(base + "/" + end.str()); files.contains(file)) return file;
    if (!written.starts_with("/")) break;
  }
  return "";
}

std::string FileIndex::fileOf(llvm::StringRef module, const std::string& from) const {
  auto found = filesOfModule.find(module);
  if (found == filesOfModule.end()) return "";
  std::string folder = path::parent_path(from).str();
  auto near = llvm::find_if(found->second, [&](const std::string& file) { return isBelow(file, folder); });
  return near == found->second.end() ? found->second.front() : *near;
}

std::vector<EntryPoint> findEntryPoints(const std::vector<std::string>& declaring, const FileIndex& files,
                                        const link::Commands& commands, TextOf textOf) {
  return Finder(files, commands, textOf).run(declaring);
}

std::vector<std::string> modulesNamedIn(const std::vector<std::string>& declaring,
                                        const link::Commands& commands, TextOf textOf) {
  FileIndex none;
  Finder finder(none, commands, textOf);
  finder.run(declaring);
  return finder.modules();
}

void print(const EntryPoint& entry, llvm::raw_ostream& out) {
  auto place = [](const Said& said) { return displayPath(said.file) + ":" + std::to_string(said.line); };
  out << "entry " << spelling(entry.kind) << ' ' << entry.name << " at " << place(entry.said);
  for (const EntryAction& action : entry.actions) {
    switch (action.kind) {
    case EntryAction::Kind::Import: out << "; imports " << action.module; break;
    case EntryAction::Kind::Call: out << "; calls " << action.module << '.' << action.function; break;
    case EntryAction::Kind::Start: out << "; starts " << action.function; break;
    case EntryAction::Kind::Fork: out << "; forks"; break;
    }
    if (action.said != entry.said) out << " by " << place(action.said);
  }
  out << '\n';
}

} // namespace forklint::driver
