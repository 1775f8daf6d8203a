#include "driver/entrypoints/entrypoint.h"

#include "driver/entrypoints/beginnings.h"
#include "driver/entrypoints/servers.h"
#include "driver/walk.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Path.h"

#include <algorithm>

namespace forklint::driver {
namespace path = llvm::sys::path;

static EntryPoint entryOf(const NamedFunction& function) {
  auto [module, name] = llvm::StringRef(function.target).split(':');
  EntryPoint entry{EntryKind::ConsoleScript, function.name, function.said, {}, ""};
  entry.actions.push_back({EntryAction::Kind::Import, module.trim().str(), "", function.said});
  if (!name.empty())
    entry.actions.push_back({EntryAction::Kind::Call, module.trim().str(), name.trim().str(), function.said});
  return entry;
}

std::vector<EntryPoint> entryPointsOf(const Beginnings& beginnings, const FileIndex& files, TextOf textOf) {
  std::vector<EntryPoint> entries;
  auto addScript = [&](const std::string& file, const Said& said) {
    llvm::StringRef module = files.moduleAt(file);
    if (!module.empty()) entries.push_back({EntryKind::Script, module.str(), said, {}, file});
  };
  for (const NamedFunction& function : beginnings.functions)
    entries.push_back(entryOf(function));
  for (const NamedMain& script : beginnings.scripts)
    addScript(script.name, script.said);
  for (const NamedMain& module : beginnings.modules) {
    std::string main = files.fileOf(module.name + ".__main__", module.said.file);
    addScript(main.empty() ? files.fileOf(module.name, module.said.file) : main, module.said);
  }
  PythonTexts texts(textOf);
  for (const ServerCommand& command : beginnings.servers)
    if (std::optional<EntryPoint> entry = serverEntry(command, files, texts))
      entries.push_back(std::move(*entry));
  return entries;
}

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

void FileIndex::name(const std::string& file, const std::string& module) {
  files[file].module = module;
  if (!module.empty()) filesOfModule[module].push_back(file);
}

llvm::StringRef FileIndex::moduleAt(llvm::StringRef file) const {
  auto found = files.find(file);
  return found == files.end() ? llvm::StringRef() : llvm::StringRef(found->second.module);
}

std::vector<std::string> sourcesOf(const Copied& copied, llvm::StringRef place) {
  llvm::StringRef source(copied.source);
  if (place == copied.target) return {source.str()};
  if (!isBelow(place, copied.target)) return {};
  std::string rest = place.drop_front(copied.target.size()).ltrim('/').str();
  bool isOne = path::filename(source) == rest; // a file in a folder of the image
  if (source.contains('*')) return {path::parent_path(source).str() + "/" + rest};
  return isOne ? std::vector{source.str(), source.str() + "/" + rest}
               : std::vector{source.str() + "/" + rest};
}

std::string FileIndex::fileNamed(llvm::StringRef written, const std::string& from,
                                 const Surroundings& around) const {
  if (written.empty()) return "";
  if (files.contains(written)) return written.str();
  auto origin = files.find(from);
  std::vector<std::string> bases{path::parent_path(from).str()};
  if (origin != files.end()) bases.push_back(origin->second.project);
  auto below = [&](llvm::StringRef relative) -> std::string {
    for (const std::string& base : bases)
      if (std::string file = absolutePath(base + "/" + relative.str()); files.contains(file)) return file;
    return "";
  };
  bool isInDirectory = !written.starts_with("/") && !around.directory.empty();
  std::string whole = isInDirectory ? around.directory + "/" + written.str() : written.str();
  if (llvm::StringRef(whole).starts_with("/")) whole = absolutePath(whole);
  for (const Copied& copied : llvm::reverse(around.copied))
    for (const std::string& source : sourcesOf(copied, whole))
      if (std::string file = below(source); !file.empty()) return file;
  if (whole.front() != '/')
    if (std::string file = below(whole); !file.empty()) return file;
  // "/app/conf/server.py", "../conf/server.py", "conf/server.py": the longest end that there is.
  llvm::StringRef end(whole);
  while (end.consume_front("/") || end.consume_front("./") || end.consume_front("../")) {
  }
  for (; !end.empty(); end = end.split('/').second) {
    if (std::string file = below(end); !file.empty()) return file;
    if (whole.front() != '/') break;
  }
  return "";
}

std::string FileIndex::fileAsPath(llvm::StringRef module, const std::string& from,
                                  const Surroundings& around) const {
  std::string path = module.str();
  std::replace(path.begin(), path.end(), '.', '/');
  std::string file = fileNamed(path + ".py", from, around);
  return file.empty() ? fileNamed(path + "/__init__.py", from, around) : file;
}

std::string FileIndex::fileOf(llvm::StringRef module, const std::string& from) const {
  auto found = filesOfModule.find(module);
  if (found == filesOfModule.end()) return "";
  std::string folder = path::parent_path(from).str();
  auto near = llvm::find_if(found->second, [&](const std::string& file) { return isBelow(file, folder); });
  return near == found->second.end() ? found->second.front() : *near;
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
