// Decoding of source files; see the header.

#include "python-frontend/source.h"

#include "analyzers/support/lines.h"
#include "python-frontend/encodings.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/ConvertUTF.h"

#include <algorithm>
#include <cstring>

namespace forklint::python {

struct Declaration {
  std::string name; // in lower case with `-` for `_`; empty where there is none
  uint32_t offset = 0;
};

/// The word behind `coding:` or `coding=` in a comment; empty where there is none.
static llvm::StringRef encodingIn(llvm::StringRef comment) {
  for (size_t at; (at = comment.find("coding")) != llvm::StringRef::npos;) {
    comment = comment.drop_front(at + 6);
    if (!comment.starts_with(":") && !comment.starts_with("=")) continue;
    llvm::StringRef word = comment.drop_front().ltrim(" \t").take_while(
        [](char c) { return llvm::isAlnum(c) || c == '-' || c == '_' || c == '.'; });
    if (!word.empty()) return word;
  }
  return "";
}

/// What one of the first two lines declares.
static Declaration declaredEncoding(llvm::StringRef text) {
  llvm::StringRef rest = text;
  for (int line = 0; line < 2; ++line) {
    auto [first, next] = splitLine(rest);
    llvm::StringRef trimmed = first.ltrim(" \t\f");
    if (!trimmed.starts_with("#") && !trimmed.empty()) return {};
    llvm::StringRef word = trimmed.starts_with("#") ? encodingIn(trimmed) : "";
    if (!word.empty()) {
      Declaration declared{word.lower(), static_cast<uint32_t>(word.data() - text.data())};
      std::replace(declared.name.begin(), declared.name.end(), '_', '-');
      return declared;
    }
    rest = next;
  }
  return {};
}

/// What Python takes for `name` before it looks for codecs: editors put the line ends behind it.
static bool isName(llvm::StringRef declared, llvm::StringRef name) {
  return declared.consume_front(name) && (declared.empty() || declared.front() == '-');
}

static bool isUtf8Name(llvm::StringRef name) {
  return isName(name, "utf-8") || name == "utf8" || name == "u8" || name == "utf";
}

static bool isLatin(llvm::StringRef name) {
  return name.starts_with("latin-1") || name == "latin1" || name == "l1" || name.starts_with("iso-8859-1") ||
         name == "iso8859-1" || name == "cp1252" || name == "windows-1252";
}

/// Why Python refuses the encoding, if it does.
static std::string objection(llvm::StringRef name, bool hasMark) {
  if (name.empty() || isUtf8Name(name)) return "";
  bool isKnown = isName(name, "latin-1") || isName(name, "iso-8859-1") || isName(name, "iso-latin-1") ||
                 isKnownEncoding(name);
  if (!isKnown) return "unknown encoding `" + name.str() + "`";
  return hasMark ? "encoding `" + name.str() + "` behind the byte order mark of UTF-8" : "";
}

static std::string fromLatin(llvm::StringRef bytes) {
  std::string text;
  for (unsigned char c : bytes) {
    if (c < 0x80) {
      text += char(c);
    } else {
      text += char(0xC0 | (c >> 6));
      text += char(0x80 | (c & 0x3F));
    }
  }
  return text;
}

/// Eight bytes at a time.
static bool isAscii(llvm::StringRef text) {
  uint64_t high = 0;
  size_t at = 0;
  for (; at + sizeof(uint64_t) <= text.size(); at += sizeof(uint64_t)) {
    uint64_t bytes;
    std::memcpy(&bytes, text.data() + at, sizeof bytes);
    high |= bytes;
  }
  for (; at < text.size(); ++at)
    high |= static_cast<unsigned char>(text[at]);
  return !(high & 0x8080808080808080u);
}

static bool isUtf8(llvm::StringRef text) {
  if (isAscii(text)) return true;
  const auto* begin = reinterpret_cast<const llvm::UTF8*>(text.data());
  return llvm::isLegalUTF8String(&begin, begin + text.size());
}

/// Puts `_` for each byte that is no UTF-8, which keeps offsets and names.
static void replaceInvalid(Decoded& decoded) {
  std::string& text = decoded.text;
  for (size_t at = 0; at < text.size();) {
    const auto* from = reinterpret_cast<const llvm::UTF8*>(text.data()) + at;
    size_t length = llvm::getNumBytesForUTF8(*from);
    if (at + length <= text.size() && llvm::isLegalUTF8Sequence(from, from + length)) {
      at += length;
      continue;
    }
    if (decoded.problems.empty()) decoded.problems.push_back({uint32_t(at), "invalid UTF-8"});
    text[at++] = '_';
  }
}

static void normalise(Decoded& decoded) {
  std::string& text = decoded.text;
  bool seenNul = false;
  for (size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\r' && (at + 1 == text.size() || text[at + 1] != '\n')) text[at] = '\n';
    if (text[at] != '\0') continue;
    if (!seenNul) decoded.problems.push_back({uint32_t(at), "NUL byte"});
    seenNul = true;
    text[at] = ' ';
  }
}

/// The encoding that a byte order mark says, of those that Python refuses.
static std::string refusedByMark(llvm::StringRef bytes) {
  bool isWide = bytes.starts_with(llvm::StringRef("\xFF\xFE\0\0", 4)) ||
                bytes.starts_with(llvm::StringRef("\0\0\xFE\xFF", 4));
  bool isTwo = bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF");
  if (!isWide && !isTwo) return "";
  return std::string("is in ") + (isWide ? "UTF-32" : "UTF-16") +
         ", which Python does not read; save it as UTF-8";
}

Decoded decode(llvm::StringRef bytes) {
  Decoded decoded;
  decoded.refused = refusedByMark(bytes);
  if (!decoded.refused.empty()) return decoded;
  bool mark = bytes.consume_front("\xEF\xBB\xBF");
  Declaration declared = declaredEncoding(bytes);
  bool utf8 = mark || declared.name.empty() || isUtf8Name(declared.name);
  bool latin = !utf8 && isLatin(declared.name);
  decoded.text = latin ? fromLatin(bytes) : bytes.str();
  if (!isUtf8(decoded.text)) {
    replaceInvalid(decoded);
    if (!utf8) decoded.problems.clear(); // another encoding: what is not ASCII stands in names and strings
  }
  std::string refused = objection(declared.name, mark);
  if (!refused.empty()) decoded.problems.push_back({declared.offset, refused});
  normalise(decoded);
  return decoded;
}

} // namespace forklint::python
