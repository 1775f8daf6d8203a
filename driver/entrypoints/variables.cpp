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

Settings variablesOf(const NamedText& file) {
  Settings variables;
  uint32_t number = 0;
  for (llvm::StringRef line : llvm::split(file.text, '\n')) {
    ++number;
    line = line.trim();
    line.consume_front("export ");
    if (std::optional<Assignment> assignment = assignmentOf(line.ltrim()))
      variables.add(std::move(assignment->name), valueOf(assignment->value).str(), {file.path, number});
  }
  return variables;
}

} // namespace

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
