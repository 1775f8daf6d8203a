// One unit through Clang: command, compiler instance, diagnostics.
#include "cpp-frontend/invocation.h"

#include "cpp-frontend/command.h"
#include "cpp-frontend/errors.h"
#include "cpp-frontend/lookups.h"
#include "cpp-frontend/shared-use.h"
#include "cpp-frontend/suppressions.h"
#include "cpp-frontend/unit.h"

#include "clang/Frontend/CompilerInstance.h"
#include "clang/Frontend/FrontendAction.h"
#include "clang/Frontend/Utils.h"
#include "clang/Lex/Preprocessor.h"
#include "llvm/ADT/FunctionExtras.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/VirtualFileSystem.h"

using namespace clang;

namespace forklint::cpp {
namespace {

using llvm::StringRef;

class ExtractAction : public ASTFrontendAction {
public:
  using Watch = llvm::unique_function<void(Preprocessor&)>;

  ExtractAction(const WorkItem& item, facts::UnitFacts& facts, Watch watch)
      : item(item), facts(facts), watch(std::move(watch)) {}

  std::unique_ptr<ASTConsumer> CreateASTConsumer(CompilerInstance& compiler, StringRef) override {
    compiler.getPreprocessor().addCommentHandler(&comments);
    watch(compiler.getPreprocessor());
    isRead = true;
    facts.language = compiler.getLangOpts().CPlusPlus ? "c++" : "c";
    return makeUnitConsumer(compiler, item, comments, facts);
  }

  bool isRead = false; // the main file was there

private:
  const WorkItem& item;
  facts::UnitFacts& facts;
  Watch watch;
  SuppressionComments comments;
};

void addGap(facts::UnitFacts& facts, std::string reason, bool wholeUnit, facts::Position position = {}) {
  facts.hadErrors = true;
  facts.gaps.push_back({position, std::move(reason), wholeUnit});
}

facts::UnitFacts emptyFacts(const WorkItem& item) {
  facts::UnitFacts facts;
  facts.unit = item.unit;
  bool isC = llvm::sys::path::extension(item.unit) == ".c";
  facts.language = isC ? "c" : "c++";
  facts.files = {item.unit};
  return facts;
}

} // namespace

Extraction crashedUnit(const WorkItem& item) {
  Extraction extraction{emptyFacts(item), {}, false};
  addGap(extraction.facts, "the C++ front end crashed on this unit", true);
  return extraction;
}

static std::shared_ptr<CompilerInvocation> invocationOf(const WorkItem& item, const FileSystem& files,
                                                        ErrorKeeper& errors) {
  CreateInvocationOptions options;
  options.Diags =
      CompilerInstance::createDiagnostics(new DiagnosticOptions, &errors, /*ShouldOwnClient=*/false);
  options.VFS = files;
  options.RecoverOnError = true;
  std::vector<std::string> command = cleanCommand(item);
  std::vector<const char*> arguments;
  arguments.reserve(command.size());
  for (const std::string& argument : command)
    arguments.push_back(argument.c_str());
  std::shared_ptr<CompilerInvocation> invocation = createInvocation(arguments, options);
  if (!invocation) return nullptr;
  invocation->getFrontendOpts().SkipFunctionBodies = true;
  invocation->getFrontendOpts().DisableFree = false;
  invocation->getCodeGenOpts().DisableFree = false;
  invocation->getDiagnosticOpts().ErrorLimit = 0;
  invocation->getDiagnosticOpts().ShowCarets = false; // no "1 error generated"
  return invocation;
}

Prepared prepare(const WorkItem& item) {
  FileSystem files(llvm::vfs::createPhysicalFileSystem().release());
  Prepared unit{item, files, nullptr, ""};
  if (!item.directory.empty() && files->setCurrentWorkingDirectory(item.directory)) {
    unit.failure = "there is no directory " + item.directory;
    return unit;
  }
  ErrorKeeper errors; // a flag that is not understood is no error of the unit
  unit.invocation = invocationOf(item, files, errors);
  if (!unit.invocation) unit.failure = errors.first.empty() ? "the command compiles nothing" : errors.first;
  return unit;
}

/// What it looked for in vain, and what it read, counts for the unit as if it had done so itself.
static void addShared(Extraction& extraction, const SharedHeaders& shared, const SharedUse::Result& use) {
  facts::UnitFacts& facts = extraction.facts;
  auto isBefore = [](const facts::Input& a, const facts::Input& b) { return a.path < b.path; };
  llvm::erase_if(facts.inputs, [](const facts::Input& input) {
    return llvm::sys::path::filename(input.path) == SharedHeaders::source;
  });
  llvm::append_range(facts.inputs, shared.inputs);
  llvm::sort(facts.inputs, isBefore);
  facts.inputs.erase(
      llvm::unique(facts.inputs, [](const auto& a, const auto& b) { return a.path == b.path; }),
      facts.inputs.end());
  llvm::append_range(extraction.absent, shared.absent);
  llvm::sort(extraction.absent);
  extraction.absent.erase(llvm::unique(extraction.absent), extraction.absent.end());
  for (const SharedHeaders::Comment& comment : shared.suppressions) {
    if (!use.included.contains(comment.file)) continue;
    auto known = llvm::find(facts.files, comment.path);
    facts.suppressions.push_back(comment.suppression);
    facts.suppressions.back().position.file = static_cast<uint32_t>(known - facts.files.begin());
    if (known == facts.files.end()) facts.files.push_back(comment.path);
  }
}

Extraction parse(const Prepared& unit, const SharedHeaders* shared, std::vector<IncludedHeader>* trace) {
  Extraction extraction{emptyFacts(unit.item), {}, false};
  facts::UnitFacts& facts = extraction.facts;
  if (!unit.invocation) {
    addGap(facts, unit.failure, true);
    return extraction;
  }
  auto invocation = std::make_shared<CompilerInvocation>(*unit.invocation);
  FileSystem files = unit.files;
  if (shared) shared->use(*invocation, files);
  ErrorKeeper errors;
  CompilerInstance compiler;
  compiler.setInvocation(std::move(invocation));
  compiler.createDiagnostics(&errors, /*ShouldOwnClient=*/false);
  auto lookups = llvm::makeIntrusiveRefCnt<Lookups>(files);
  auto* manager = new FileManager(compiler.getFileSystemOpts(), lookups);
  compiler.setFileManager(manager);
  compiler.createSourceManager(*manager);
  SharedUse::Result use;
  int braces = 0;
  ExtractAction action(unit.item, facts, [&](Preprocessor& preprocessor) {
    if (!shared && !trace) return;
    preprocessor.setTokenWatcher(
        [&](const Token& token) { braces += token.is(tok::l_brace) - token.is(tok::r_brace); });
    if (shared)
      preprocessor.addPPCallbacks(
          std::make_unique<SharedUse>(compiler.getSourceManager(), braces, *shared, use));
    if (trace) preprocessor.addPPCallbacks(std::make_unique<IncludeTrace>(compiler, braces, *trace));
  });
  bool ran = compiler.ExecuteAction(action);
  if (!errors.first.empty())
    addGap(facts, errors.first, errors.isFatal || !action.isRead,
           errors.isInMain ? errors.position : facts::Position());
  else if (!ran)
    addGap(facts, "the unit could not be read", true);
  extraction.absent = lookups->absent();
  extraction.isShared = shared && ran && errors.first.empty() && !use.isRefused;
  if (extraction.isShared) addShared(extraction, *shared, use);
  return extraction;
}

} // namespace forklint::cpp
