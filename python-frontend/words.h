// Words of a text that has not been parsed: names, keywords, what looks like one in numbers, strings and
// comments. Whatever a body mentions is among its words.
#pragma once

#include "analyzers/facts/unread.h"

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"

#include <array>
#include <cstdint>

namespace forklint::python {

constexpr std::array<bool, 256> wordBytes = [] {
  std::array<bool, 256> table{};
  for (int c = 0; c < 256; ++c)
    table[c] =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c >= 0x80;
  return table;
}();

constexpr bool isWord(char c) { return wordBytes[static_cast<uint8_t>(c)]; }

inline llvm::StringRef wordAt(llvm::StringRef text, size_t at) { return text.substr(at).take_while(isWord); }

/// Calls `visit` with each word; `visit` gives false to end. Gives false where it did.
template <typename Visit> bool eachWord(llvm::StringRef text, Visit visit) {
  for (size_t at = 0, size = text.size(); at < size;) {
    if (!isWord(text[at])) {
      ++at;
      continue;
    }
    size_t from = at;
    while (at < size && isWord(text[at]))
      ++at;
    if (!visit(text.slice(from, at))) return false;
  }
  return true;
}

/// Adds the words of one more body, each once; or only the names of functions and classes that it defines.
void addWords(facts::WordHashes& words, llvm::StringRef body);
void addDefined(facts::WordHashes& words, llvm::StringRef body);

bool hasWord(llvm::StringRef text, llvm::StringRef word, facts::WordUse use = facts::WordUse::Any);
/// Does the text define a function or class of this name?
bool definesWord(llvm::StringRef text, llvm::StringRef name);

/// Calls `visit` with what stands between quotes and is a name of several parts.
void eachNameInTexts(llvm::StringRef text, llvm::function_ref<void(llvm::StringRef)> visit);

} // namespace forklint::python
