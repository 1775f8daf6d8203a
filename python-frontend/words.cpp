// See words.h.
#include "python-frontend/words.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLExtras.h"

#include <cstring>

namespace forklint::python {

using facts::WordHashes;
using facts::WordUse;

namespace {

/// Ends the words of one body, which begin at `from`.
void endBody(WordHashes& words, size_t from) {
  llvm::MutableArrayRef<uint32_t> own = llvm::MutableArrayRef(words.hashes).drop_front(from);
  llvm::sort(own);
  words.hashes.resize(llvm::unique(own) - words.hashes.data());
  words.ends.push_back(words.hashes.size());
}

char before(llvm::StringRef text, size_t at) {
  while (at > 0 && (text[at - 1] == ' ' || text[at - 1] == '\t' || text[at - 1] == '\n' ||
                    text[at - 1] == '\r' || text[at - 1] == '\\'))
    --at;
  return at ? text[at - 1] : '\0';
}

bool isUsedAs(llvm::StringRef text, size_t at, size_t end, WordUse use) {
  if (use == WordUse::Any) return true;
  if (use == WordUse::Member) return before(text, at) == '.';
  if (before(text, at) == '.') return false;
  return use == WordUse::Bare || !text.substr(end).ltrim(" \t\r\n\\").starts_with(".");
}

} // namespace

void addWords(WordHashes& words, llvm::StringRef body) {
  size_t from = words.hashes.size();
  eachWord(body, [&](llvm::StringRef word) {
    words.hashes.push_back(facts::UnreadBodies::hashOf(word));
    return true;
  });
  endBody(words, from);
}

void addDefined(WordHashes& words, llvm::StringRef body) {
  size_t from = words.hashes.size();
  bool isDefinition = false;
  eachWord(body, [&](llvm::StringRef word) {
    if (isDefinition) words.hashes.push_back(facts::UnreadBodies::hashOf(word));
    isDefinition = word == "def" || word == "class";
    return true;
  });
  endBody(words, from);
}

bool hasWord(llvm::StringRef text, llvm::StringRef word, WordUse use) {
  if (word.empty()) return false;
  for (const char* from = text.begin();;) {
    const auto* found = static_cast<const char*>(memmem(from, text.end() - from, word.data(), word.size()));
    if (!found) return false;
    size_t at = found - text.begin(), end = at + word.size();
    bool isOne = (at == 0 || !isWord(text[at - 1])) && (end == text.size() || !isWord(text[end]));
    if (isOne && isUsedAs(text, at, end, use)) return true;
    from = found + 1;
  }
}

bool definesWord(llvm::StringRef text, llvm::StringRef name) {
  bool isDefinition = false;
  return !eachWord(text, [&](llvm::StringRef word) {
    if (isDefinition && word == name) return false;
    isDefinition = word == "def" || word == "class";
    return true;
  });
}

void eachNameInTexts(llvm::StringRef text, llvm::function_ref<void(llvm::StringRef)> visit) {
  constexpr llvm::StringLiteral quotes = "\"'";
  for (size_t at = text.find_first_of(quotes); at != llvm::StringRef::npos;
       at = text.find_first_of(quotes, at + 1)) {
    llvm::StringRef name = text.substr(at + 1).take_while([](char c) { return isWord(c) || c == '.'; });
    if (name.contains('.') && text.substr(at + 1 + name.size()).starts_with(text.substr(at, 1))) visit(name);
  }
}

} // namespace forklint::python
