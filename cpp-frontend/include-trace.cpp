#include "cpp-frontend/include-trace.h"

#include "clang/Basic/FileManager.h"
#include "clang/Basic/SourceManager.h"
#include "clang/Frontend/CompilerInstance.h"
#include "clang/Lex/HeaderSearch.h"
#include "clang/Lex/Lexer.h"
#include "clang/Lex/Preprocessor.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Path.h"

using namespace clang;

namespace forklint::cpp {

using llvm::StringRef;

void IncludeTrace::InclusionDirective(SourceLocation hash, const Token& directive, StringRef name,
                                      bool isAngled, CharSourceRange, OptionalFileEntryRef file, StringRef,
                                      StringRef, const Module*, bool, SrcMgr::CharacteristicKind kind) {
  const SourceManager& sources = compiler.getSourceManager();
  if (!file || sources.isInSystemHeader(hash) || sources.isWrittenInCommandLineFile(hash)) return;
  // What is found behind the header that includes it (`#include_next`) is not found by its name.
  const IdentifierInfo* word = directive.getIdentifierInfo();
  bool isSystem = SrcMgr::isSystem(kind);
  if (!word || !word->isStr("include") || (isSystem && !isAngled) || braces != 0) return;
  if (!seen.insert(file->getUniqueID()).second) return;
  StringRef path = llvm::sys::path::remove_leading_dotslash(file->getName());
  OptionalFileEntryRef includer = sources.getFileEntryRefForID(sources.getFileID(hash));
  FileId includerId = includer ? includer->getUniqueID() : FileId();
  std::string spelled = isSystem ? "<" + name.str() + ">" : "\"" + path.str() + "\"";
  out.push_back({file->getUniqueID(), includerId, std::move(spelled), isSystem});
}

/// Nothing in it but directives: it can be read again.
static bool hasOnlyDirectives(StringRef text, const LangOptions& language) {
  Lexer lexer({}, language, text.begin(), text.begin(), text.end());
  Token token;
  bool inDirective = false;
  while (true) {
    lexer.LexFromRawLexer(token);
    if (token.is(tok::eof)) return true;
    if (token.isAtStartOfLine()) inDirective = token.is(tok::hash);
    if (!inDirective) return false;
  }
}

void IncludeTrace::EndOfMainFile() {
  const SourceManager& sources = compiler.getSourceManager();
  HeaderSearch& search = compiler.getPreprocessor().getHeaderSearchInfo();
  llvm::DenseSet<FileId> templates; // of text
  for (auto file = sources.fileinfo_begin(); file != sources.fileinfo_end(); ++file) {
    std::optional<StringRef> text = file->second->getBufferDataIfLoaded();
    if (!search.isFileMultipleIncludeGuarded(file->first) && text &&
        !hasOnlyDirectives(*text, compiler.getLangOpts()))
      templates.insert(file->first.getUniqueID());
  }
  llvm::erase_if(
      out, [&](const IncludedHeader& header) { return !header.isSystem && templates.contains(header.id); });
}

} // namespace forklint::cpp
