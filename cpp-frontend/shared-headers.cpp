#include "cpp-frontend/shared-headers.h"

#include "cpp-frontend/errors.h"
#include "cpp-frontend/lookups.h"
#include "cpp-frontend/suppressions.h"

#include "analyzers/support/digest.h"

#include "clang/Frontend/CompilerInstance.h"
#include "clang/Lex/Lexer.h"
#include "clang/Lex/Preprocessor.h"
#include "clang/Lex/PreprocessorOptions.h"
#include "clang/Serialization/PCHContainerOperations.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/Path.h"

using namespace clang;

namespace forklint::cpp {

using llvm::StringRef;

namespace {

/// That something was made a macro, or none any more, and when.
struct Definition {
  std::string name;
  FileId file;
  bool isOwn = false; // of the project
  unsigned time = 0;
};

/// Who includes whom, by directives, whether or not these read it again; who defines which macros. Time is
/// counted in events.
class Watch : public PPCallbacks {
public:
  struct Result {
    llvm::DenseMap<FileId, unsigned> firstRead, timesRead;
    llvm::DenseSet<FileId> own;
    std::vector<Definition> definitions;
    llvm::StringMap<size_t> last; // definition of a name
    unsigned time = 0;
    bool isAmbiguous = false; // what a macro is depends on which headers are read again, and when
  };

  Watch(const SourceManager& sources, SharedHeaders& out, Result& result)
      : sources(sources), out(out), result(result) {}

  void LexedFileChanged(FileID file, LexedFileChangeReason reason, SrcMgr::CharacteristicKind kind, FileID,
                        SourceLocation) override {
    OptionalFileEntryRef entry = sources.getFileEntryRefForID(file);
    if (!entry || reason != LexedFileChangeReason::EnterFile) return;
    ++result.timesRead[entry->getUniqueID()];
    if (!SrcMgr::isSystem(kind)) result.own.insert(entry->getUniqueID());
  }
  void InclusionDirective(SourceLocation hash, const Token&, StringRef, bool, CharSourceRange,
                          OptionalFileEntryRef file, StringRef, StringRef, const Module*, bool,
                          SrcMgr::CharacteristicKind) override {
    if (!file) return;
    FileId id = file->getUniqueID();
    out.contents.try_emplace(id);
    result.firstRead.try_emplace(id, ++result.time);
    OptionalFileEntryRef includer = sources.getFileEntryRefForID(sources.getFileID(hash));
    if (!includer)
      out.given.push_back(id);
    else if (sources.getFileID(hash) != sources.getMainFileID())
      out.contents[includer->getUniqueID()].includes.push_back(id);
  }
  void MacroDefined(const Token& name, const MacroDirective*) override { note(name); }
  void MacroUndefined(const Token& name, const MacroDefinition&, const MacroDirective*) override {
    note(name);
  }

private:
  FileId idOf(FileID file) const {
    OptionalFileEntryRef entry = sources.getFileEntryRefForID(file);
    return entry ? entry->getUniqueID() : FileId();
  }

  /// A file that is read for the second time may undo what another one did, but for the one that includes it.
  bool mayUndo(FileID file, const Definition& before, bool isOwn) const {
    FileId id = idOf(file);
    return result.timesRead.lookup(id) > 1 && before.file != id && (before.isOwn || isOwn) &&
           before.file != idOf(sources.getFileID(sources.getIncludeLoc(file)));
  }

  void note(const Token& token) {
    FileID file = sources.getFileID(token.getLocation());
    if (!sources.getFileEntryRefForID(file)) return;
    StringRef name = token.getIdentifierInfo()->getName();
    bool isOwn = !sources.isInSystemHeader(token.getLocation());
    auto [last, isNew] = result.last.try_emplace(name);
    result.isAmbiguous |= !isNew && mayUndo(file, result.definitions[last->second], isOwn);
    last->second = result.definitions.size();
    result.definitions.push_back({name.str(), idOf(file), isOwn, ++result.time});
  }

  const SourceManager& sources;
  SharedHeaders& out;
  Result& result;
};

class Builder : public PreambleCallbacks {
public:
  Builder(const WorkItem& item, SharedHeaders& out) : item(item), out(out) {}

  void BeforeExecute(CompilerInstance& instance) override { compiler = &instance; }

  std::unique_ptr<PPCallbacks> createPPCallbacks() override {
    return std::make_unique<Watch>(compiler->getSourceManager(), out, watched);
  }

  CommentHandler* getCommentHandler() override { return &comments; }

  bool shouldSkipFunctionBody(Decl* decl) override {
    const SourceManager& sources = compiler->getSourceManager();
    return sources.isInSystemHeader(sources.getExpansionLoc(decl->getLocation()));
  }

  void AfterExecute(CompilerInstance& instance) override {
    const SourceManager& sources = instance.getSourceManager();
    Positions positions(sources, instance.getLangOpts(), "", item.directory);
    for (auto file = sources.fileinfo_begin(); file != sources.fileinfo_end(); ++file) {
      FileId id = file->first.getUniqueID();
      std::optional<StringRef> bytes = file->second->getBufferDataIfLoaded();
      if (!bytes || !out.contents.contains(id)) continue; // what only names the headers
      out.inputs.push_back({positions.path(file->first), digestOf(*bytes)});
      takeWords(id, *bytes, instance.getLangOpts());
    }
    takeMentions();
    takeAlternatives();
    takeDefiners();
    takeSuppressions(sources, positions);
  }

  /// Whether what is parsed may stand for what a unit includes.
  bool isClear() const { return !watched.isAmbiguous; }

private:
  /// What a file mentions outside of bodies of macros, and what these mention.
  void takeWords(FileId id, StringRef text, const LangOptions& language) {
    Lexer lexer({}, language, text.begin(), text.begin(), text.end());
    Token token;
    enum { Text, Directive, Condition, Name, Body } state = Text;
    llvm::StringSet<>* body = nullptr;
    for (lexer.LexFromRawLexer(token); token.isNot(tok::eof); lexer.LexFromRawLexer(token)) {
      if (token.isAtStartOfLine()) state = token.is(tok::hash) ? Directive : Text;
      if (!token.is(tok::raw_identifier)) continue;
      StringRef word = token.getRawIdentifier();
      if (state == Body) {
        body->insert(word);
        continue;
      }
      if (state == Directive) {
        bool isCondition = word.starts_with("if") || word.starts_with("elif");
        state = word == "define" ? Name : isCondition ? Condition : Text;
      } else if (state == Name) {
        body = &bodies[word];
        definedBy[word].insert(id);
        state = Body;
      } else {
        words[id].insert(word);
        if (state == Condition) conditions[id].insert(word);
      }
    }
  }

  /// A file mentions what macros that it mentions consist of.
  void takeMentions() {
    for (auto& [file, own] : words) {
      llvm::SmallVector<StringRef> open(own.keys().begin(), own.keys().end());
      while (!open.empty()) {
        StringRef word = open.pop_back_val();
        out.mentions[word].push_back(file);
        auto body = bodies.find(word);
        if (body == bodies.end()) continue;
        for (StringRef inner : body->second.keys())
          if (auto [known, isNew] = own.insert(inner); isNew) open.push_back(known->first());
      }
    }
    for (auto& [name, files] : definedBy)
      for (FileId file : files)
        if (!words[file].contains(name)) out.mentions[name].push_back(file);
  }

  /// Names that several headers of the system define, and nobody else does.
  void takeAlternatives() {
    for (auto& [name, files] : definedBy)
      if (files.size() > 1 && llvm::none_of(files, [&](FileId file) { return watched.own.contains(file); }))
        out.alternatives[name].assign(files.begin(), files.end());
  }

  /// What `from` includes, by others too.
  const llvm::DenseSet<FileId>& includedBy(FileId from) {
    auto [known, isNew] = reached.try_emplace(from);
    if (!isNew) return known->second;
    llvm::DenseSet<FileId> all;
    std::vector<FileId> open = {from};
    while (!open.empty()) {
      FileId next = open.back();
      open.pop_back();
      if (all.insert(next).second) llvm::append_range(open, out.contents.lookup(next).includes);
    }
    return reached[from] = std::move(all);
  }

  /// Headers of the system are in order among themselves; what they define matters to the project where that
  /// asks whether they do. A header that includes the one that defines what it mentions is in order anyway.
  void takeDefiners() {
    for (const Definition& definition : watched.definitions) {
      auto mentions = out.mentions.find(definition.name);
      if (mentions == out.mentions.end()) continue; // of the command
      for (FileId file : mentions->second) {
        if (!definition.isOwn && (!watched.own.contains(file) || !conditions[file].contains(definition.name)))
          continue;
        if (includedBy(file).contains(definition.file)) continue;
        std::vector<SharedHeaders::Definer>& definers = out.contents[file].definers;
        SharedHeaders::Definer definer{definition.file, watched.firstRead.lookup(file) > definition.time};
        auto isSame = [&](const auto& one) {
          return one.file == definer.file && one.isBefore == definer.isBefore;
        };
        if (llvm::none_of(definers, isSame)) definers.push_back(definer);
      }
    }
  }

  void takeSuppressions(const SourceManager& sources, Positions& positions) {
    std::vector<facts::Suppression> found = comments.take(sources, positions);
    std::vector<std::string> paths = positions.takeFiles();
    for (facts::Suppression& one : found) {
      std::string path = paths[one.position.file];
      if (OptionalFileEntryRef file = compiler->getFileManager().getOptionalFileRef(path))
        out.suppressions.push_back({file->getUniqueID(), path, std::move(one)});
    }
  }

  const WorkItem& item;
  SharedHeaders& out;
  CompilerInstance* compiler = nullptr;
  SuppressionComments comments;
  Watch::Result watched;
  llvm::DenseMap<FileId, llvm::StringSet<>> conditions; // what it asks for
  llvm::DenseMap<FileId, llvm::StringSet<>> words;      // that a header mentions
  llvm::StringMap<llvm::StringSet<>> bodies;            // of macros
  llvm::StringMap<llvm::DenseSet<FileId>> definedBy;
  llvm::DenseMap<FileId, llvm::DenseSet<FileId>> reached;
};

} // namespace

std::unique_ptr<SharedHeaders> SharedHeaders::build(const WorkItem& item,
                                                    const CompilerInvocation& invocation,
                                                    const FileSystem& files,
                                                    const std::vector<std::string>& names) {
  std::string text;
  for (StringRef name : names)
    text += ("#include " + name + "\n").str();
  if (text.empty()) return nullptr;

  // A file that is nowhere: it finds headers by their paths from the directory of the command, so that they
  // are called what they are called in a unit.
  CompilerInvocation ours(invocation);
  ours.getLangOpts().PCHInstantiateTemplates = true; // once, not in each unit
  auto& inputs = ours.getFrontendOpts().Inputs;
  inputs[0] = FrontendInputFile(source, inputs[0].getKind(), inputs[0].isSystem());

  std::unique_ptr<SharedHeaders> shared(new SharedHeaders);
  ErrorKeeper errors;
  llvm::IntrusiveRefCntPtr<DiagnosticsEngine> diagnostics =
      CompilerInstance::createDiagnostics(&ours.getDiagnosticOpts(), &errors, /*ShouldOwnClient=*/false);
  auto lookups = llvm::makeIntrusiveRefCnt<Lookups>(files);
  auto buffer = llvm::MemoryBuffer::getMemBuffer(text, source);
  Builder callbacks(item, *shared);
  llvm::ErrorOr<PrecompiledPreamble> parsed = PrecompiledPreamble::Build(
      ours, buffer.get(), {static_cast<unsigned>(text.size()), /*PreambleEndsAtStartOfLine=*/true},
      *diagnostics, lookups, std::make_shared<PCHContainerOperations>(), /*StoreInMemory=*/true,
      /*StoragePath=*/"", callbacks);
  if (!parsed || !errors.first.empty() || !callbacks.isClear()) return nullptr;
  shared->parsed = std::make_unique<PrecompiledPreamble>(std::move(*parsed));
  shared->absent = lookups->absent();
  return shared;
}

void SharedHeaders::use(CompilerInvocation& invocation, FileSystem& files) const {
  auto nothing = llvm::MemoryBuffer::getMemBuffer("");
  parsed->OverridePreamble(invocation, files, nothing.get());
  // They stand before the unit, not in the place of its first lines.
  PreprocessorOptions& options = invocation.getPreprocessorOpts();
  options.clearRemappedFiles();
  options.RetainRemappedFileBuffers = false;
  options.PrecompiledPreambleBytes = {0, false};
}

} // namespace forklint::cpp
