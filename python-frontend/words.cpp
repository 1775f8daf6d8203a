// See words.h.
#include "python-frontend/words.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

#include <algorithm>
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
  bool isMember = use == WordUse::Member || use == WordUse::WholeMember;
  if ((before(text, at) == '.') != isMember) return false;
  return use == WordUse::Member || use == WordUse::Bare ||
         !text.substr(end).ltrim(" \t\r\n\\").starts_with(".");
}

bool isFormatted(llvm::StringRef text, size_t quote) {
  for (size_t at = quote; at > 0 && quote - at < 2 && llvm::isAlpha(text[at - 1]); --at)
    if (llvm::is_contained({'f', 't'}, llvm::toLower(text[at - 1]))) return true;
  return false;
}

/// Where the string that begins at `quote` ends.
size_t endOfString(llvm::StringRef text, size_t quote) {
  bool isTriple = text.substr(quote + 1).starts_with(std::string(2, text[quote]));
  llvm::StringRef end = text.substr(quote, isTriple ? 3 : 1);
  for (size_t at = quote + end.size(); at < text.size(); ++at)
    if (text[at] == '\\')
      ++at;
    else if (text.substr(at).starts_with(end))
      return at + end.size();
  return text.size();
}

/// Calls `visit` with the parts of the text, and where they begin, that are neither a comment nor a string,
/// until it gives false. A string with replacement fields holds code, which may hold quotes: from there on
/// all is taken for code.
void eachCode(llvm::StringRef text, llvm::function_ref<bool(size_t from, size_t end)> visit) {
  for (size_t from = 0; from < text.size();) {
    size_t end = std::min(text.find_first_of("#'\"", from), text.size());
    if (end < text.size() && text[end] != '#' && isFormatted(text, end)) end = text.size();
    if (!visit(from, end) || end == text.size()) return;
    from = text[end] == '#' ? std::min(text.find('\n', end), text.size()) : endOfString(text, end);
  }
}

/// Whether text[from, end) has the word so used.
bool hasWordIn(llvm::StringRef text, size_t from, size_t until, llvm::StringRef word, WordUse use) {
  while (const void* found = memmem(text.data() + from, until - from, word.data(), word.size())) {
    size_t at = static_cast<const char*>(found) - text.begin(), end = at + word.size();
    bool isOne = (at == 0 || !isWord(text[at - 1])) && (end == text.size() || !isWord(text[end]));
    if (isOne && isUsedAs(text, at, end, use)) return true;
    from = at + 1;
  }
  return false;
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
  if (word.empty() || !hasWordIn(text, 0, text.size(), word, use)) return false;
  if (use != WordUse::Whole && use != WordUse::WholeMember) return true;
  bool found = false;
  eachCode(text, [&](size_t from, size_t end) {
    found = hasWordIn(text, from, end, word, use);
    return !found;
  });
  return found;
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
