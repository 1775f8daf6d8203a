// See the header. The tools of LLVM and of GNU answer alike: two lines a frame, function and place, the
// innermost inlined call first.
#include "harness/reproduce/symbols.h"

#include "harness/reproduce/command.h"
#include "harness/reproduce/places.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"

namespace forklint::harness {
namespace {

std::string findTool() {
  for (const char* name : {"llvm-addr2line", "llvm-addr2line-19", "addr2line"})
    if (const auto path = llvm::sys::findProgramByName(name)) return *path;
  return {};
}

/// "ns::f(int, char)" -> "ns::f".
llvm::StringRef withoutParameters(llvm::StringRef function) {
  if (!function.ends_with(")")) return function;
  int open = 0;
  for (size_t i = function.size(); i-- > 0;) {
    open += function[i] == ')' ? 1 : function[i] == '(' ? -1 : 0;
    if (open == 0) return i == 0 ? function : function.take_front(i);
  }
  return function;
}

/// Code that was compiled from a file of this machine outside the system's headers.
bool isOwn(llvm::StringRef place) {
  const llvm::StringRef file = place.rsplit(':').first;
  return !file.starts_with("/usr/") && llvm::sys::path::is_absolute(file) && llvm::sys::fs::exists(file);
}

} // namespace

std::string describe(const CodePlace& place) {
  static const std::string tool = findTool();
  std::string offset = "0x" + llvm::utohexstr(place.offset, true);
  if (place.file.empty()) return offset;
  std::string plain = (llvm::sys::path::filename(place.file) + "+" + offset).str();
  const auto answer =
      tool.empty() ? std::nullopt : outputOf({tool, "-f", "-C", "-i", "-e", place.file, offset});
  if (!answer) return plain;
  llvm::SmallVector<llvm::StringRef, 8> lines;
  llvm::StringRef(*answer).split(lines, '\n', -1, false);
  for (size_t i = 0; i + 1 < lines.size(); i += 2) {
    const llvm::StringRef at = lines[i + 1].split(" (").first;
    if (isOwn(at)) return shownPath(at.str()) + " in " + withoutParameters(lines[i]).str();
  }
  return plain;
}

} // namespace forklint::harness
