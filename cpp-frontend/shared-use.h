// Watches whether a unit may be parsed on top of headers that it shares: shared-headers.h says when.
#pragma once

#include "cpp-frontend/shared-headers.h"

#include "clang/Lex/PPCallbacks.h"

namespace forklint::cpp {

class SharedUse : public clang::PPCallbacks {
public:
  struct Result {
    bool isRefused = false;
    llvm::DenseSet<FileId> included; // which of them the unit includes by now
  };

  /// `braces` is the number of those that are open. All outlive the parse.
  SharedUse(const clang::SourceManager& sources, const int& braces, const SharedHeaders& shared,
            Result& result);

  void InclusionDirective(clang::SourceLocation hash, const clang::Token& directive, llvm::StringRef name,
                          bool isAngled, clang::CharSourceRange range, clang::OptionalFileEntryRef file,
                          llvm::StringRef searchPath, llvm::StringRef relativePath,
                          const clang::Module* module, bool imported,
                          clang::SrcMgr::CharacteristicKind kind) override;
  void MacroDefined(const clang::Token& name, const clang::MacroDirective* directive) override;
  void MacroUndefined(const clang::Token& name, const clang::MacroDefinition& definition,
                      const clang::MacroDirective* directive) override;
  void MacroExpands(const clang::Token& name, const clang::MacroDefinition& definition, clang::SourceRange,
                    const clang::MacroArgs*) override {
    ask(name, definition);
  }
  void Defined(const clang::Token& name, const clang::MacroDefinition& definition,
               clang::SourceRange) override {
    ask(name, definition);
  }
  void Ifdef(clang::SourceLocation, const clang::Token& name,
             const clang::MacroDefinition& definition) override {
    ask(name, definition);
  }
  void Ifndef(clang::SourceLocation, const clang::Token& name,
              const clang::MacroDefinition& definition) override {
    ask(name, definition);
  }
  using clang::PPCallbacks::Elifdef;
  void Elifdef(clang::SourceLocation, const clang::Token& name,
               const clang::MacroDefinition& definition) override {
    ask(name, definition);
  }
  using clang::PPCallbacks::Elifndef;
  void Elifndef(clang::SourceLocation, const clang::Token& name,
                const clang::MacroDefinition& definition) override {
    ask(name, definition);
  }

private:
  void include(llvm::ArrayRef<FileId> files);
  void ask(const clang::Token& name, const clang::MacroDefinition& definition);
  bool hasAlternative(llvm::StringRef name) const;
  void touch(const clang::Token& name);

  const clang::SourceManager& sources;
  const int& braces;
  const SharedHeaders& shared;
  Result& result;
  llvm::DenseSet<FileId> touched;        // mention a name that is another macro now, or none any more
  llvm::DenseSet<clang::FileID> allowed; // macros of these can be asked for
};

} // namespace forklint::cpp
