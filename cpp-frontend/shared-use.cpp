#include "cpp-frontend/shared-use.h"

#include "clang/Basic/SourceManager.h"
#include "clang/Lex/MacroInfo.h"
#include "clang/Lex/Token.h"
#include "llvm/ADT/STLExtras.h"

using namespace clang;

namespace forklint::cpp {

using llvm::StringRef;

SharedUse::SharedUse(const SourceManager& sources, const int& braces, const SharedHeaders& shared,
                     Result& result)
    : sources(sources), braces(braces), shared(shared), result(result) {
  include(shared.given);
}

/// Marks them and all that they include.
void SharedUse::include(llvm::ArrayRef<FileId> files) {
  llvm::DenseSet<FileId>& included = result.included;
  std::vector<FileId> open(files), found;
  while (!open.empty()) {
    FileId next = open.back();
    open.pop_back();
    auto known = shared.contents.find(next);
    if (known == shared.contents.end() || !included.insert(next).second) continue;
    found.push_back(next);
    llvm::append_range(open, known->second.includes);
  }
  const llvm::DenseSet<FileId> fresh(found.begin(), found.end());
  auto isInOrder = [&](const SharedHeaders::Definer& definer) {
    return definer.isBefore ? included.contains(definer.file)
                            : !included.contains(definer.file) || fresh.contains(definer.file);
  };
  for (FileId file : found)
    if (touched.contains(file) || !llvm::all_of(shared.contents.find(file)->second.definers, isInOrder))
      result.isRefused = true;
}

void SharedUse::InclusionDirective(SourceLocation hash, const Token&, StringRef, bool, CharSourceRange,
                                   OptionalFileEntryRef file, StringRef, StringRef, const Module*, bool,
                                   SrcMgr::CharacteristicKind) {
  if (!file || result.isRefused) return;
  FileId id = file->getUniqueID();
  if (!shared.contents.contains(id) || result.included.contains(id)) return;
  include(id);
  if (!sources.isInSystemHeader(hash) && braces != 0) result.isRefused = true;
}

void SharedUse::touch(const Token& name) {
  auto mentions = shared.mentions.find(name.getIdentifierInfo()->getName());
  if (mentions == shared.mentions.end() || sources.isInSystemHeader(name.getLocation())) return;
  OptionalFileEntryRef file = sources.getFileEntryRefForID(sources.getFileID(name.getLocation()));
  // A header that is read again says again what it said.
  if (file && !shared.contents.contains(file->getUniqueID()))
    touched.insert(mentions->second.begin(), mentions->second.end());
}

void SharedUse::MacroDefined(const Token& name, const MacroDirective*) { touch(name); }

void SharedUse::MacroUndefined(const Token& name, const MacroDefinition& definition, const MacroDirective*) {
  ask(name, definition);
  touch(name);
}

void SharedUse::ask(const Token& name, const MacroDefinition& definition) {
  const MacroInfo* macro = definition.getMacroInfo();
  if (!macro || !sources.isLoadedSourceLocation(macro->getDefinitionLoc())) return;
  FileID file = sources.getFileID(macro->getDefinitionLoc());
  if (allowed.contains(file) || sources.isInSystemHeader(sources.getExpansionLoc(name.getLocation()))) return;
  OptionalFileEntryRef entry = sources.getFileEntryRefForID(file);
  if (!entry || result.included.contains(entry->getUniqueID()))
    allowed.insert(file); // of the command, or of what the unit includes
  else if (shared.contents.contains(entry->getUniqueID()))
    result.isRefused |= !hasAlternative(name.getIdentifierInfo()->getName());
}

/// Whether a header that the unit includes would have defined it, had another one not done so before.
bool SharedUse::hasAlternative(StringRef name) const {
  auto known = shared.alternatives.find(name);
  return known != shared.alternatives.end() &&
         llvm::any_of(known->second, [&](FileId file) { return result.included.contains(file); });
}

} // namespace forklint::cpp
