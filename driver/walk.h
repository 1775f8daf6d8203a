// Files of the languages that forklint reads, found below a path. Symbolic links to folders are not followed,
// so a loop of links has no end to miss; a link to a file is a file.
#pragma once

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

#include <string>
#include <system_error>
#include <vector>

namespace forklint::driver {

enum class Language { Python, C, Cxx, Header, Facts, Other };

/// By extension; a file without one is Python when its first line says so.
Language languageOf(llvm::StringRef path);
const char* spelling(Language language);
/// A Python unit that is a notebook.
bool isNotebook(llvm::StringRef path);

struct FoundFile {
  std::string path; // absolute
  Language language = Language::Other;
};

/// A folder that could not be listed, and why.
struct ClosedFolder {
  std::string path; // absolute
  std::string reason;
};

struct Walk {
  std::vector<FoundFile> files;
  std::vector<std::string> declaring; // may say how programs are started
  std::vector<ClosedFolder> closed;
};

/// Sorted. `root` is absolute and is taken whatever its name; what is below it is filtered. Facts files are
/// input only when they are named, so a walk leaves them out.
Walk walk(llvm::StringRef root);

/// Absolute, without `.` and `..`, without a trailing slash.
std::string absolutePath(llvm::StringRef path);
/// Relative to the working directory, absolute outside it.
std::string displayPath(llvm::StringRef path);
/// Why there is nothing at a path.
std::string whyMissing(std::error_code error);
/// True where `path` is `folder` or lies below it.
bool isBelow(llvm::StringRef path, llvm::StringRef folder);
/// The nearest folder at or above `folder` that holds one of `names`; empty where there is none.
std::string nearestWith(llvm::StringRef folder, llvm::ArrayRef<llvm::StringRef> names);

} // namespace forklint::driver
