// Source locations as positions of facts. The end of a range is the end of its last token.
#include "cpp-frontend/positions.h"

#include "llvm/Support/Path.h"

#include <algorithm>

using namespace clang;

namespace forklint::cpp {

Positions::Positions(const SourceManager& sources, const LangOptions& language, std::string mainFile,
                     std::string directory)
    : sources(sources), language(language), directory(std::move(directory)), files{std::move(mainFile)} {
  indices[sources.getMainFileID()] = 0;
}

/// Directories of the compiler are found by way of `..`, from behind a symbolic link.
llvm::StringRef Positions::realFolder(llvm::StringRef folder) const {
  auto [known, isNew] = realFolders.try_emplace(folder);
  llvm::SmallString<256> real;
  if (isNew && !sources.getFileManager().getVirtualFileSystem().getRealPath(folder, real))
    known->second = std::string(real);
  return known->second;
}

std::string Positions::path(FileEntryRef file) const {
  llvm::SmallString<256> name = file.getName();
  llvm::StringRef folder = name.str().contains("/../") ? realFolder(llvm::sys::path::parent_path(name)) : "";
  if (!folder.empty()) {
    llvm::SmallString<256> real(folder);
    llvm::sys::path::append(real, llvm::sys::path::filename(name));
    name = real;
  }
  if (!directory.empty() && llvm::sys::path::is_relative(name)) {
    llvm::SmallString<256> whole(directory);
    llvm::sys::path::append(whole, name);
    name = whole;
  }
  llvm::sys::path::remove_dots(name, /*remove_dot_dot=*/false);
  return std::string(name);
}

uint32_t Positions::fileIndex(FileID id) {
  auto [slot, fresh] = indices.try_emplace(id, 0);
  if (!fresh) return slot->second;
  OptionalFileEntryRef file = sources.getFileEntryRefForID(id);
  std::string name = file ? path(*file) : "<built-in>";
  auto known = std::ranges::find(files, name); // one file can be included several times
  slot->second = static_cast<uint32_t>(known - files.begin());
  if (known == files.end()) files.push_back(std::move(name));
  return slot->second;
}

facts::Position Positions::range(SourceRange range) {
  facts::Position position;
  if (range.isInvalid()) return position;
  CharSourceRange whole = sources.getExpansionRange(range);
  auto [file, begin] = sources.getDecomposedLoc(whole.getBegin());
  position.file = fileIndex(file);
  position.line = sources.getLineNumber(file, begin);
  position.column = sources.getColumnNumber(file, begin);
  auto [endFile, end] = sources.getDecomposedLoc(whole.getEnd());
  if (endFile != file || end < begin) return position;
  if (whole.isTokenRange()) end += Lexer::MeasureTokenLength(whole.getEnd(), sources, language);
  position.endLine = sources.getLineNumber(file, end);
  position.endColumn = sources.getColumnNumber(file, end);
  return position;
}

} // namespace forklint::cpp
