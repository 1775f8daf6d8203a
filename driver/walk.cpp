#include "driver/walk.h"

#include "driver/entrypoints/declarations.h"
#include "driver/ignore.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

namespace forklint::driver {
namespace {

namespace fs = llvm::sys::fs;
namespace path = llvm::sys::path;

std::string joined(llvm::StringRef folder, llvm::StringRef name) {
  llvm::SmallString<256> result(folder);
  path::append(result, name);
  return result.str().str();
}

/// What runs a file without an extension, by its first line; empty where that does not say it.
std::string interpreterOf(llvm::StringRef file) {
  fs::file_status status;
  if (fs::status(file, status) || status.type() != fs::file_type::regular_file) return "";
  auto buffer = llvm::MemoryBuffer::getFileSlice(file, std::min<uint64_t>(status.getSize(), 80), 0);
  if (!buffer) return "";
  llvm::StringRef line = (*buffer)->getBuffer().split('\n').first;
  return line.consume_front("#!") ? line.str() : "";
}

/// Is it run by a shell: "/bin/sh", "/usr/bin/env bash -e"?
bool isShellScript(llvm::StringRef file) {
  std::string line = path::extension(file).empty() ? interpreterOf(file) : "";
  return llvm::any_of(llvm::split(line, ' '),
                      [](llvm::StringRef word) { return word.rtrim().ends_with("sh"); });
}

class Walker {
public:
  void folder(const std::string& folder) {
    size_t before = ignores.size();
    addIgnoreFile(folder);
    struct Entry {
      std::string path;
      bool isFolder;
    };
    std::vector<Entry> entries;
    std::error_code error;
    for (fs::directory_iterator entry(folder, error, /*follow_symlinks=*/false), end; !error && entry != end;
         entry.increment(error))
      entries.push_back({entry->path(), entry->type() == fs::file_type::directory_file});
    if (error) walked.closed.push_back({folder, error.message()});
    llvm::sort(entries, [](const Entry& left, const Entry& right) { return left.path < right.path; });
    for (const Entry& entry : entries) {
      if (ignored(entry.path, entry.isFolder)) continue;
      if (!entry.isFolder)
        file(entry.path);
      else if (!isSkippedFolder(entry.path))
        this->folder(entry.path);
    }
    ignores.resize(before, IgnoreFile("", ""));
  }

  /// The ignore files between the repository's root and `folder` speak of what is below it too.
  void addOuterIgnoreFiles(const std::string& folder) {
    std::string repository = nearestWith(folder, {".git"});
    if (repository.empty()) return;
    std::vector<std::string> outer;
    for (llvm::StringRef each = path::parent_path(folder); isBelow(each, repository);
         each = path::parent_path(each))
      outer.push_back(each.str());
    for (const std::string& each : llvm::reverse(outer))
      addIgnoreFile(each);
  }

  Walk walked;

private:
  void addIgnoreFile(const std::string& folder) {
    auto text = llvm::MemoryBuffer::getFile(joined(folder, ".gitignore"));
    if (text) ignores.emplace_back(folder, (*text)->getBuffer());
  }

  bool ignored(llvm::StringRef entry, bool isFolder) const {
    for (const IgnoreFile& file : llvm::reverse(ignores)) {
      IgnoreFile::Verdict verdict = file.judge(entry, isFolder);
      if (verdict != IgnoreFile::Verdict::Silent) return verdict == IgnoreFile::Verdict::Ignored;
    }
    return false;
  }

  void file(const std::string& file) {
    Language language = languageOf(file);
    if (mayDeclare(file) || isShellScript(file)) walked.declaring.push_back(file);
    bool linkToFolder = fs::is_directory(file); // follows links; folders themselves do not come here
    if (language != Language::Other && language != Language::Facts && !linkToFolder)
      walked.files.push_back({file, language});
  }

  std::vector<IgnoreFile> ignores;
};

} // namespace

Language languageOf(llvm::StringRef file) {
  llvm::StringRef extension = path::extension(file);
  if (extension.empty())
    return llvm::StringRef(interpreterOf(file)).contains("python") ? Language::Python : Language::Other;
  return llvm::StringSwitch<Language>(extension)
      .Cases(".py", ".pyw", ".ipynb", Language::Python)
      .Case(".c", Language::C)
      .Cases(".cc", ".cpp", ".cxx", ".c++", ".C", ".cppm", Language::Cxx)
      .Cases(".h", ".hh", ".hpp", ".hxx", ".h++", ".ipp", ".inl", Language::Header)
      .Case(".ffacts", Language::Facts)
      .Default(Language::Other);
}

bool isNotebook(llvm::StringRef file) { return path::extension(file) == ".ipynb"; }

const char* spelling(Language language) {
  switch (language) {
  case Language::Python: return "python";
  case Language::C: return "c";
  case Language::Cxx: return "c++";
  case Language::Header: return "header";
  case Language::Facts: return "facts";
  case Language::Other: break;
  }
  return "other";
}

Walk walk(llvm::StringRef root) {
  Walker walker;
  walker.addOuterIgnoreFiles(root.str());
  walker.folder(root.str());
  return std::move(walker.walked);
}

std::string absolutePath(llvm::StringRef given) {
  llvm::SmallString<256> result(given);
  if (fs::make_absolute(result)) return given.str(); // there is no current folder
  path::remove_dots(result, /*remove_dot_dot=*/true);
  return result.str().str();
}

std::string whyMissing(std::error_code error) {
  bool missing = error == std::errc::no_such_file_or_directory || error == std::errc::not_a_directory;
  return missing ? "no such file or folder" : error.message();
}

std::string displayPath(llvm::StringRef given) {
  static const std::string here = absolutePath(".");
  std::string absolute = absolutePath(given);
  if (absolute == here) return ".";
  if (!isBelow(absolute, here)) return absolute;
  return llvm::StringRef(absolute).drop_front(here == "/" ? 1 : here.size() + 1).str();
}

bool isBelow(llvm::StringRef given, llvm::StringRef folder) {
  if (folder == "/") return given.starts_with("/");
  return given.consume_front(folder) && (given.empty() || given.front() == '/');
}

std::string nearestWith(llvm::StringRef folder, llvm::ArrayRef<llvm::StringRef> names) {
  for (llvm::StringRef each = folder; !each.empty(); each = path::parent_path(each))
    for (llvm::StringRef name : names)
      if (fs::exists(joined(each, name))) return each.str();
  return "";
}

} // namespace forklint::driver
