// Which headers a unit includes, seen while it is parsed: those that units of one command have in common can
// be parsed once for all (shared-headers.h).
#pragma once

#include "clang/Lex/PPCallbacks.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/Support/FileSystem/UniqueID.h"

#include <string>
#include <vector>

namespace clang {
class CompilerInstance;
} // namespace clang

namespace forklint::cpp {

/// Of a file, whatever it is called.
using FileId = llvm::sys::fs::UniqueID;

struct IncludedHeader {
  FileId id;
  FileId includer;  // the first one: the unit, or a header of the project
  std::string name; // `<vector>`, or `"src/a.h"`: as it is found from the directory of the command
  bool isSystem = false;
};

/// Collects what the unit and headers of the project include at file scope, in order, each once.
class IncludeTrace : public clang::PPCallbacks {
public:
  /// `braces` is the number of those that are open. All outlive the parse.
  IncludeTrace(clang::CompilerInstance& compiler, const int& braces, std::vector<IncludedHeader>& out)
      : compiler(compiler), braces(braces), out(out) {}

  void InclusionDirective(clang::SourceLocation hash, const clang::Token& directive, llvm::StringRef name,
                          bool isAngled, clang::CharSourceRange range, clang::OptionalFileEntryRef file,
                          llvm::StringRef searchPath, llvm::StringRef relativePath,
                          const clang::Module* module, bool imported,
                          clang::SrcMgr::CharacteristicKind kind) override;
  /// Takes out what says something else each time it is included.
  void EndOfMainFile() override;

private:
  clang::CompilerInstance& compiler;
  const int& braces;
  std::vector<IncludedHeader>& out;
  llvm::DenseSet<FileId> seen;
};

} // namespace forklint::cpp
