// What a walk leaves out: the patterns of .gitignore files, and folders that hold no source of the project.
#pragma once

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"

#include <string>
#include <vector>

namespace forklint::driver {

/// The patterns of one .gitignore; they speak of paths below its folder.
class IgnoreFile {
public:
  IgnoreFile(std::string folder, llvm::StringRef text);

  enum class Verdict { Silent, Ignored, Kept };
  /// `path` is absolute and below the folder. The last pattern that matches decides.
  Verdict judge(llvm::StringRef path, bool isFolder) const;

private:
  struct Pattern {
    llvm::SmallVector<std::string> components;
    bool negated = false, foldersOnly = false;
  };
  std::string folder;
  std::vector<Pattern> patterns;
};

/// True for folders that a walk never enters by itself: .git, environments, caches, build results.
bool isSkippedFolder(llvm::StringRef absolute);

} // namespace forklint::driver
