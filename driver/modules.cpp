#include "driver/modules.h"

#include "analyzers/support/lines.h"
#include "driver/walk.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

#include <algorithm>

namespace forklint::driver {
namespace {

namespace fs = llvm::sys::fs;
namespace path = llvm::sys::path;

bool holds(llvm::StringRef folder, llvm::StringRef name) {
  llvm::SmallString<256> file(folder);
  path::append(file, name);
  return fs::exists(file);
}

bool isNamePart(char each) {
  return llvm::isAlnum(each) || each == '_' || static_cast<unsigned char>(each) >= 0x80;
}

llvm::StringRef dottedName(llvm::StringRef text) {
  return text.ltrim().take_while([](char each) { return isNamePart(each) || each == '.'; });
}

/// The names after `from x import`, comments and parentheses aside.
void importedMembers(llvm::StringRef base, llvm::StringRef list, std::vector<std::string>& names) {
  llvm::SmallVector<llvm::StringRef> members;
  list.split(members, ',');
  for (llvm::StringRef member : members) {
    llvm::StringRef name = dottedName(member.ltrim(" \t(\\\r\n"));
    if (!name.empty()) names.push_back((base + (base.ends_with(".") ? "" : ".") + name).str());
  }
}

/// A folder from which names of the project may begin.
bool isAnchor(llvm::StringRef folder, llvm::StringRef project) {
  if (folder == project) return true;
  for (llvm::StringRef name : {"pyproject.toml", "setup.py", "setup.cfg", "forklint.toml", ".forklint.toml"})
    if (holds(folder, name)) return true;
  return path::filename(folder) == "src" && isBelow(folder, project);
}

std::string dotted(llvm::StringRef relative) {
  std::string name = relative.str();
  std::replace(name.begin(), name.end(), '/', '.');
  return name;
}

} // namespace

std::vector<std::string> importedNames(llvm::StringRef source) {
  std::vector<std::string> names;
  while (!source.empty()) {
    auto [line, rest] = splitLine(source);
    source = rest;
    line = line.ltrim();
    if (line.consume_front("import ")) {
      llvm::SmallVector<llvm::StringRef> modules;
      line.split(modules, ',');
      for (llvm::StringRef module : modules)
        if (llvm::StringRef name = dottedName(module); !name.empty()) names.push_back(name.str());
    } else if (line.consume_front("from ")) {
      llvm::StringRef base = dottedName(line);
      size_t at = line.find("import");
      if (base.empty() || at == llvm::StringRef::npos) continue;
      names.push_back(base.str());
      llvm::StringRef list = line.drop_front(at + 6).split('#').first;
      importedMembers(base, list, names);
      if (list.contains('(') && !list.contains(')')) importedMembers(base, source.split(')').first, names);
    }
  }
  return names;
}

std::string absoluteName(llvm::StringRef imported, llvm::StringRef module, bool isPackage) {
  if (!imported.starts_with(".")) return imported.str();
  llvm::StringRef base = isPackage ? module : parentName(module);
  imported = imported.drop_front();
  for (; imported.consume_front("."); base = parentName(base)) {
  }
  if (base.empty()) return imported.str();
  return imported.empty() ? base.str() : (base + "." + imported).str();
}

std::vector<std::string> namesByImport(llvm::StringRef imported, llvm::StringRef file,
                                       llvm::StringRef project) {
  if (!imported.starts_with(".")) return {imported.str()};
  llvm::StringRef package = path::parent_path(file);
  imported = imported.drop_front();
  for (; imported.consume_front("."); package = path::parent_path(package)) {
  }
  if (package == project || !isBelow(package, project) || holds(package, "__init__.py")) return {};
  llvm::StringRef anchor = path::parent_path(package);
  while (!isAnchor(anchor, project))
    anchor = path::parent_path(anchor);
  auto named = [&](llvm::StringRef below) { return dotted(below.drop_front(anchor.size()).ltrim('/')); };
  std::string own = named(file.drop_back(path::extension(file).size()));
  return {imported.empty() ? named(package) : named(package) + "." + imported.str(), own};
}

uint32_t mainLineOf(llvm::StringRef file, llvm::StringRef source) {
  if (source.starts_with("#!") || path::filename(file) == "__main__.py") return 1;
  constexpr llvm::StringLiteral main = "__main__";
  for (size_t at = source.find(main); at != llvm::StringRef::npos; at = source.find(main, at + 1)) {
    size_t begin = source.find_last_of("\r\n", at) + 1;
    llvm::StringRef line = splitLine(source.substr(begin)).first;
    if (!line.starts_with("if") || !line.contains("__name__")) continue;
    uint32_t number = 1;
    for (llvm::StringRef before = source.take_front(begin); !before.empty(); ++number)
      before = splitLine(before).second;
    return number;
  }
  return 0;
}

ModuleName moduleNameOf(llvm::StringRef file, llvm::StringRef project, const llvm::StringSet<>& imported) {
  if (isNotebook(file))
    return {("<" + file.drop_front(project.size()).ltrim('/') + ">").str(), path::parent_path(file).str()};
  llvm::StringRef root = path::parent_path(file);
  while (root != "/" && holds(root, "__init__.py"))
    root = path::parent_path(root);
  llvm::StringRef relative = file.drop_front(root.size()).ltrim('/');
  relative = relative.drop_back(path::extension(relative).size());
  if (relative != "__init__") relative.consume_back("/__init__");
  ModuleName result{dotted(relative), root.str()};

  for (llvm::StringRef anchor = root; anchor != project && isBelow(anchor, project);) {
    anchor = path::parent_path(anchor);
    if (!isAnchor(anchor, project)) continue;
    std::string prefix = dotted(file.slice(anchor.size(), root.size()).ltrim('/')) + ".";
    if (imported.contains(prefix + llvm::StringRef(result.module).split('.').first.str()))
      return {prefix + result.module, anchor.str()};
  }
  return result;
}

} // namespace forklint::driver
