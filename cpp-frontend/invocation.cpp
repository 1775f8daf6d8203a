// One unit through Clang: command, compiler instance, diagnostics, crash recovery.
#include "cpp-frontend/invocation.h"

#include "cpp-frontend/limits.h"
#include "cpp-frontend/lookups.h"
#include "cpp-frontend/suppressions.h"
#include "cpp-frontend/unit.h"

#include "clang/Basic/Diagnostic.h"
#include "clang/Frontend/CompilerInstance.h"
#include "clang/Frontend/FrontendAction.h"
#include "clang/Frontend/Utils.h"
#include "clang/Lex/Preprocessor.h"
#include "clang/Tooling/Tooling.h"
#include "llvm/Support/CrashRecoveryContext.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/VirtualFileSystem.h"

using namespace clang;

namespace forklint::cpp {
namespace {

using llvm::StringRef;

// Flags dropped with the argument that follows them.
constexpr StringRef droppedWithNext[] = {"-o",      "-MF", "-MT", "-MQ", "-MJ", "--serialize-diagnostics",
                                         "-dumpdir"};
constexpr StringRef dropped[] = {"-c",   "-S",  "-E",  "-M",    "-MM", "-MD",
                                 "-MMD", "-MP", "-MG", "-pipe", "-s",  "--coverage"};
constexpr StringRef droppedPrefixes[] = {
    "-Werror", "-MF", "-MT", "-MQ", "-o", "-save-temps", "-Wp,-M", "-fno-canonical-system-headers",
    // Of GCC only.
    "-fno-var-tracking", "-fvar-tracking", "-fconserve-stack", "-fno-reorder", "-freorder",
    "-fallow-store-data-races", "-fno-allow-store-data-races", "-femit-struct-debug", "-fno-ipa", "-fipa",
    "-mpreferred-stack-boundary", "-mindirect-branch", "-mfunction-return", "-mrecord-mcount", "-fno-tree",
    "-ftree", "-fmodules-ts", "-fmodule-mapper", "-fdeps", "-fconcepts", "-fplugin", "-mno-fp-ret-in-387",
    "-mskip-rax-setup", "-fgnu-tm", "-fanalyzer", "-fno-partial-inlining", "-fcf-protection", "-fprofile",
    "-fcoverage", "-fsanitize", "-flto", "-fno-lto", "-fuse-linker-plugin", "-fno-fat-lto", "-ffat-lto",
    "-specs", "-fno-printf-return-value", "-fno-semantic-interposition", "-fstack-clash", "-grecord-gcc",
    "-gno-", "-gvariable", "-gas-loc"};

bool isDropped(StringRef flag) {
  if (llvm::is_contained(dropped, flag)) return true;
  return llvm::any_of(droppedPrefixes, [&](StringRef prefix) { return flag.starts_with(prefix); });
}

/// Remembers the first error; prints nothing.
class ErrorKeeper : public DiagnosticConsumer {
public:
  void HandleDiagnostic(DiagnosticsEngine::Level level, const Diagnostic& diagnostic) override {
    DiagnosticConsumer::HandleDiagnostic(level, diagnostic);
    isFatal |= level == DiagnosticsEngine::Fatal;
    if (level < DiagnosticsEngine::Error || !first.empty()) return;
    llvm::SmallString<256> message;
    diagnostic.FormatDiagnostic(message);
    first = std::string(message);
    if (diagnostic.getID() == diag::err_module_not_found) first += "; forklint does not build modules of C++20";
    if (!diagnostic.hasSourceManager() || diagnostic.getLocation().isInvalid()) return;
    PresumedLoc place = diagnostic.getSourceManager().getPresumedLoc(
        diagnostic.getSourceManager().getExpansionLoc(diagnostic.getLocation()));
    if (place.isInvalid()) return;
    first = std::string(place.getFilename()) + ":" + std::to_string(place.getLine()) + ": " + first;
    isInMain = diagnostic.getSourceManager().isInMainFile(diagnostic.getLocation());
    position.line = place.getLine();
    position.column = place.getColumn();
  }

  std::string first;
  facts::Position position;
  bool isFatal = false;
  bool isInMain = false;
};

class ExtractAction : public ASTFrontendAction {
public:
  ExtractAction(const WorkItem& item, facts::UnitFacts& facts) : item(item), facts(facts) {}

  std::unique_ptr<ASTConsumer> CreateASTConsumer(CompilerInstance& compiler, StringRef) override {
    compiler.getPreprocessor().addCommentHandler(&comments);
    isRead = true;
    facts.language = compiler.getLangOpts().CPlusPlus ? "c++" : "c";
    return makeUnitConsumer(compiler, item, comments, facts);
  }

  bool isRead = false; // the main file was there

private:
  const WorkItem& item;
  facts::UnitFacts& facts;
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

std::vector<std::string> cleanCommand(const WorkItem& item) {
  std::vector<std::string> command;
  std::string compiler = item.arguments.empty() ? "c++" : item.arguments[0];
  StringRef program = llvm::sys::path::filename(compiler);
  bool isCpp = program.contains("++");
  command.push_back(isCpp ? "clang++" : "clang");
  for (size_t i = 1; i < item.arguments.size(); ++i) {
    StringRef flag = item.arguments[i];
    // Precompiled headers are of one compiler and its flags; the header itself is included beside them.
    bool isPrecompiled =
        flag == "-Xclang" && i + 3 < item.arguments.size() && item.arguments[i + 1] == "-include-pch";
    if (isPrecompiled)
      i += 3;
    else if (llvm::is_contained(droppedWithNext, flag) || flag == "-include-pch")
      ++i;
    else if (!isDropped(flag))
      command.push_back(flag.str());
  }
  // Clang makes errors of what GCC before 14 warns of, such as a function that nobody declared.
  std::vector<std::string> ours = {"-fsyntax-only",
                                   "-w",
                                   "-Wno-everything",
                                   "-Qunused-arguments",
                                   "-ferror-limit=0",
                                   "-resource-dir",
                                   FORKLINT_CLANG_RESOURCE_DIR};
  command.insert(command.begin() + 1, ours.begin(), ours.end());
  tooling::addTargetAndModeForProgramName(command, compiler);
  return command;
}

Extraction extractUnit(const WorkItem& item) {
  Extraction extraction;
  facts::UnitFacts& facts = extraction.facts;
  facts = emptyFacts(item);
  ErrorKeeper errors;
  auto files = llvm::vfs::createPhysicalFileSystem();
  llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> fileSystem(files.release());
  if (!item.directory.empty() && fileSystem->setCurrentWorkingDirectory(item.directory)) {
    addGap(facts, "there is no directory " + item.directory, true);
    return extraction;
  }
  llvm::IntrusiveRefCntPtr<DiagnosticsEngine> diagnostics =
      CompilerInstance::createDiagnostics(new DiagnosticOptions, &errors, /*ShouldOwnClient=*/false);
  std::vector<std::string> command = cleanCommand(item);
  std::vector<const char*> arguments;
  arguments.reserve(command.size());
  for (const std::string& argument : command)
    arguments.push_back(argument.c_str());
  CreateInvocationOptions options;
  options.Diags = diagnostics;
  options.VFS = fileSystem;
  options.RecoverOnError = true;
  std::shared_ptr<CompilerInvocation> invocation = createInvocation(arguments, options);
  if (!invocation) {
    addGap(facts, errors.first.empty() ? "the command compiles nothing" : errors.first, true);
    return extraction;
  }
  errors.first.clear(); // a flag that is not understood is no error of the unit
  errors.isFatal = false;
  errors.clear();
  invocation->getFrontendOpts().SkipFunctionBodies = true;
  invocation->getFrontendOpts().DisableFree = false;
  invocation->getCodeGenOpts().DisableFree = false;
  invocation->getDiagnosticOpts().ErrorLimit = 0;
  invocation->getDiagnosticOpts().ShowCarets = false; // no "1 error generated"
  CompilerInstance compiler;
  compiler.setInvocation(std::move(invocation));
  compiler.createDiagnostics(&errors, /*ShouldOwnClient=*/false);
  auto lookups = llvm::makeIntrusiveRefCnt<Lookups>(fileSystem);
  auto* manager = new FileManager(compiler.getFileSystemOpts(), lookups);
  compiler.setFileManager(manager);
  compiler.createSourceManager(*manager);
  ExtractAction action(item, facts);
  bool ran = compiler.ExecuteAction(action);
  if (!errors.first.empty())
    addGap(facts, errors.first, errors.isFatal || !action.isRead,
           errors.isInMain ? errors.position : facts::Position());
  else if (!ran)
    addGap(facts, "the unit could not be read", true);
  extraction.absent = lookups->absent();
  return extraction;
}

Extraction extractSafely(const WorkItem& item) {
  Extraction extraction;
  llvm::CrashRecoveryContext recovery;
  constexpr unsigned stackSize = 64 << 20; // deeply nested source
  limitResources(item.seconds, item.megabytes);
  if (recovery.RunSafelyOnThread([&] { extraction = extractUnit(item); }, stackSize)) return extraction;
  extraction = {emptyFacts(item), {}};
  addGap(extraction.facts, "the C++ front end crashed on this unit", true);
  return extraction;
}

} // namespace forklint::cpp
