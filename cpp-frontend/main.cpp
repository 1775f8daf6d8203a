// forklint-cpp: the C and C++ front end as a process of its own. protocol.h says how it is talked to;
// `forklint-cpp --print FILE -- FLAGS` prints the facts of one file as text instead.
#include "cpp-frontend/sharing.h"

#include "analyzers/facts/codec.h"
#include "analyzers/facts/text.h"
#include "analyzers/facts/verifier.h"

#include "llvm/Support/CrashRecoveryContext.h"
#include "llvm/Support/LineIterator.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

#include <cstdio>
#include <iostream>

using namespace forklint;

static int usage() {
  llvm::errs() << "usage: forklint-cpp [WORKLIST]             facts in frames, see protocol.h\n"
                  "       forklint-cpp --print [--inputs] [--all-bodies] FILE [-- FLAGS]   facts as text\n";
  return 2;
}

static int printFacts(std::vector<std::string> arguments) {
  cpp::WorkItem item;
  bool withInputs = false;
  auto flags = std::find(arguments.begin(), arguments.end(), "--");
  for (auto argument = arguments.begin(); argument != flags; ++argument) {
    if (*argument == "--all-bodies")
      item.bodies = cpp::Bodies::All;
    else if (*argument == "--inputs")
      withInputs = true;
    else if (!item.unit.empty() || llvm::StringRef(*argument).starts_with("-"))
      return usage();
    else
      item.unit = *argument;
  }
  if (item.unit.empty()) return usage();
  item.arguments = {llvm::sys::path::extension(item.unit) == ".c" ? "cc" : "c++"};
  if (flags != arguments.end()) item.arguments.insert(item.arguments.end(), flags + 1, arguments.end());
  item.arguments.push_back(item.unit);
  facts::UnitFacts unit = cpp::Sharing().extract(item).facts;
  if (!withInputs) unit.inputs.clear();
  facts::print(unit, llvm::outs());
  if (llvm::Error error = facts::verify(unit)) {
    llvm::errs() << llvm::toString(std::move(error)) << '\n';
    return 1;
  }
  return 0;
}

static void writeFrame(uint32_t line, const cpp::Extraction& extraction) {
  std::string absent;
  for (const std::string& path : extraction.absent)
    absent.append(path).push_back('\0');
  llvm::outs() << cpp::formatFrame({line, extraction.isShared, facts::encode(extraction.facts), absent});
  llvm::outs().flush();
}

static void work(uint32_t line, llvm::StringRef text, cpp::Sharing& sharing) {
  llvm::Expected<cpp::WorkItem> item = cpp::parseWorkItem(text);
  if (item) return writeFrame(line, sharing.extract(*item));
  facts::UnitFacts unit;
  unit.language = "c++";
  unit.files = {""};
  unit.hadErrors = true;
  unit.gaps.push_back({{}, "bad work item: " + llvm::toString(item.takeError()), /*wholeUnit=*/true});
  writeFrame(line, {std::move(unit), {}, false});
}

static int workOff(std::istream& lines) {
  std::string line;
  cpp::Sharing sharing;
  for (uint32_t number = 0; std::getline(lines, line); ++number)
    work(number, line, sharing);
  return 0;
}

int main(int argc, char** argv) {
  std::vector<std::string> arguments(argv + 1, argv + argc);
  llvm::CrashRecoveryContext::Enable();
  if (!arguments.empty() && arguments[0] == "--print")
    return printFacts({arguments.begin() + 1, arguments.end()});
  if (arguments.empty()) return workOff(std::cin);
  if (arguments.size() > 1 || llvm::StringRef(arguments[0]).starts_with("-")) return usage();
  llvm::ErrorOr<std::unique_ptr<llvm::MemoryBuffer>> list = llvm::MemoryBuffer::getFile(arguments[0]);
  if (!list) {
    llvm::errs() << "forklint-cpp: cannot read " << arguments[0] << ": " << list.getError().message() << '\n';
    return 2;
  }
  uint32_t number = 0;
  cpp::Sharing sharing;
  for (llvm::line_iterator line(**list, /*SkipBlanks=*/false); !line.is_at_end(); ++line)
    work(number++, *line, sharing);
  return 0;
}
