// Lines of source as Python and Clang count them: "\n", "\r\n", and "\r" alone end one.
#pragma once

#include "llvm/ADT/StringRef.h"

#include <utility>

namespace forklint {

/// The first line without its end, and what comes behind that.
inline std::pair<llvm::StringRef, llvm::StringRef> splitLine(llvm::StringRef text) {
  size_t end = text.find_first_of("\r\n");
  if (end == llvm::StringRef::npos) return {text, ""};
  size_t length = text.substr(end).starts_with("\r\n") ? 2 : 1;
  return {text.take_front(end), text.substr(end + length)};
}

} // namespace forklint
