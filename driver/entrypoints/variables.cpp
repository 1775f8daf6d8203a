#include "driver/entrypoints/variables.h"

#include "driver/entrypoints/shell-words.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Path.h"

namespace forklint::driver {
namespace {

/// A comment stands behind a blank.
llvm::StringRef valueOf(llvm::StringRef written) {
  written = written.trim();
  for (llvm::StringRef quote : {"\"", "'"})
    if (written.consume_front(quote)) return written.split(quote).first;
  return written.split(" #").first.rtrim();
}

std::vector<Assignment> assignmentsIn(const NamedText& file) {
  std::vector<Assignment> all;
  uint32_t number = 0;
  for (llvm::StringRef line : llvm::split(file.text, '\n')) {
    ++number;
    line = line.trim();
    bool isExported = line.consume_front("export ");
    if (std::optional<Assignment> one = assignmentOf(line.ltrim()))
      all.push_back({std::move(one->name), valueOf(one->value).str(), number, isExported});
  }
  return all;
}

Settings variablesOf(const NamedText& file) {
  Settings variables;
  for (Assignment& each : assignmentsIn(file))
    variables.add(std::move(each.name), std::move(each.value), {file.path, each.line});
  return variables;
}

} // namespace

std::vector<Assignment> assignmentsNamed(const DeclaringFile& file, llvm::StringRef written) {
  std::optional<NamedText> named = file.open && !isComputed(written) ? file.open(written) : std::nullopt;
  return named ? assignmentsIn(*named) : std::vector<Assignment>();
}

Settings variablesNamed(const DeclaringFile& file, llvm::StringRef written) {
  std::optional<NamedText> named = file.open ? file.open(written) : std::nullopt;
  return named ? variablesOf(*named) : Settings();
}

Settings variablesBeside(const DeclaringFile& file) {
  std::optional<NamedText> named = file.open ? file.open(".env") : std::nullopt;
  bool isBeside =
      named && llvm::sys::path::parent_path(named->path) == llvm::sys::path::parent_path(file.path);
  return isBeside ? variablesOf(*named) : Settings();
}

} // namespace forklint::driver
