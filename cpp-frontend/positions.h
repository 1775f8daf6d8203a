// Source locations as positions of facts: the place of expansion, in files numbered as they are met.
#pragma once

#include "analyzers/facts/facts.h"

#include "clang/Basic/SourceManager.h"
#include "clang/Lex/Lexer.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringMap.h"

#include <string>
#include <vector>

namespace forklint::cpp {

class Positions {
public:
  /// `mainFile` becomes file 0; other relative names are taken to be relative to `directory`.
  Positions(const clang::SourceManager& sources, const clang::LangOptions& language, std::string mainFile,
            std::string directory);

  facts::Position range(clang::SourceRange range);
  facts::Position point(clang::SourceLocation location) { return range({location, location}); }
  std::string path(clang::FileEntryRef file) const;
  std::vector<std::string> takeFiles() { return std::move(files); }

private:
  uint32_t fileIndex(clang::FileID id);
  llvm::StringRef realFolder(llvm::StringRef folder) const;

  const clang::SourceManager& sources;
  const clang::LangOptions& language;
  std::string directory;
  std::vector<std::string> files;
  llvm::DenseMap<clang::FileID, uint32_t> indices;
  mutable llvm::StringMap<std::string> realFolders; // empty: there is none
};

} // namespace forklint::cpp
