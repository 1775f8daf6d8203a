#include "cpp-frontend/command.h"

#include "clang/Tooling/Tooling.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Path.h"

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
  clang::tooling::addTargetAndModeForProgramName(command, compiler);
  return command;
}

} // namespace forklint::cpp
