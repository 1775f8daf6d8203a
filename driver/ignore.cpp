#include "driver/ignore.h"

#include "llvm/ADT/StringSet.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

#include <fnmatch.h>

namespace forklint::driver {
namespace {

using Components = llvm::ArrayRef<std::string>;

/// Component by component; `**` stands for any number of them.
bool matches(Components pattern, Components path) {
  if (pattern.empty()) return path.empty();
  if (pattern.front() == "**") {
    if (pattern.size() == 1) return !path.empty();
    for (size_t skip = 0; skip <= path.size(); ++skip)
      if (matches(pattern.drop_front(), path.drop_front(skip))) return true;
    return false;
  }
  return !path.empty() && fnmatch(pattern.front().c_str(), path.front().c_str(), 0) == 0 &&
         matches(pattern.drop_front(), path.drop_front());
}

llvm::SmallVector<std::string> split(llvm::StringRef path) {
  llvm::SmallVector<llvm::StringRef> parts;
  path.split(parts, '/', /*MaxSplit=*/-1, /*KeepEmpty=*/false);
  return llvm::SmallVector<std::string>(parts.begin(), parts.end());
}

} // namespace

IgnoreFile::IgnoreFile(std::string folder, llvm::StringRef text) : folder(std::move(folder)) {
  llvm::SmallVector<llvm::StringRef> lines;
  text.split(lines, '\n', /*MaxSplit=*/-1, /*KeepEmpty=*/false);
  for (llvm::StringRef line : lines) {
    line = line.rtrim(" \r\t");
    if (line.empty() || line.starts_with("#")) continue;
    Pattern pattern;
    pattern.negated = line.consume_front("!");
    pattern.foldersOnly = line.consume_back("/");
    bool anchored = line.contains('/');
    pattern.components = split(line);
    if (pattern.components.empty()) continue;
    if (!anchored) pattern.components.insert(pattern.components.begin(), "**");
    patterns.push_back(std::move(pattern));
  }
}

IgnoreFile::Verdict IgnoreFile::judge(llvm::StringRef path, bool isFolder) const {
  if (!path.consume_front(folder)) return Verdict::Silent;
  llvm::SmallVector<std::string> components = split(path);
  for (auto pattern = patterns.rbegin(); pattern != patterns.rend(); ++pattern)
    if ((isFolder || !pattern->foldersOnly) && matches(pattern->components, components))
      return pattern->negated ? Verdict::Kept : Verdict::Ignored;
  return Verdict::Silent;
}

bool isSkippedFolder(llvm::StringRef absolute) {
  static const llvm::StringSet<> names = {
      ".git",   ".hg",         ".svn",        "node_modules",  "site-packages",   "build",
      "dist",   "__pycache__", ".tox",        ".nox",          ".venv",           ".eggs",
      ".cache", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".forklint_cache", ".ipynb_checkpoints"};
  if (names.contains(llvm::sys::path::filename(absolute))) return true;
  llvm::SmallString<256> environment(absolute);
  llvm::sys::path::append(environment, "pyvenv.cfg");
  if (llvm::sys::fs::exists(environment)) return true;
  llvm::sys::path::remove_filename(environment);
  llvm::sys::path::append(environment, "conda-meta");
  return llvm::sys::fs::exists(environment);
}

} // namespace forklint::driver
