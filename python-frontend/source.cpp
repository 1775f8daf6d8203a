// Decoding of source files; see the header.

#include "python-frontend/source.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/ConvertUTF.h"

namespace forklint::python {

/// The encoding that one of the first two lines declares in a comment, in lower case with `-` for `_`.
static std::string declaredEncoding(llvm::StringRef text) {
  for (int line = 0; line < 2; ++line) {
    auto [first, rest] = text.split('\n');
    llvm::StringRef trimmed = first.ltrim(" \t\f");
    if (!trimmed.starts_with("#") && !trimmed.rtrim("\r").empty()) return "";
    size_t at = trimmed.find("coding");
    llvm::StringRef value = at == llvm::StringRef::npos ? "" : trimmed.drop_front(at + 6);
    if (value.consume_front(":") || value.consume_front("=")) {
      value = value.ltrim(" \t");
      std::string name =
          value.take_while([](char c) { return llvm::isAlnum(c) || c == '-' || c == '_' || c == '.'; })
              .lower();
      for (char& c : name)
        c = c == '_' ? '-' : c;
      return name;
    }
    text = rest;
  }
  return "";
}

static bool isLatin(llvm::StringRef name) {
  return name.starts_with("latin-1") || name == "latin1" || name == "l1" || name.starts_with("iso-8859-1") ||
         name == "iso8859-1" || name == "cp1252" || name == "windows-1252";
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

static bool isUtf8(llvm::StringRef text) {
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

Decoded decode(llvm::StringRef bytes) {
  Decoded decoded;
  bool mark = bytes.consume_front("\xEF\xBB\xBF");
  std::string encoding = declaredEncoding(bytes);
  bool utf8 =
      mark || encoding.empty() || llvm::StringRef(encoding).starts_with("utf-8") || encoding == "utf8";
  bool latin = !utf8 && isLatin(encoding);
  decoded.text = latin ? fromLatin(bytes) : bytes.str();
  if (!isUtf8(decoded.text)) {
    replaceInvalid(decoded);
    if (!utf8) decoded.problems.clear(); // another encoding: what is not ASCII stands in names and strings
  }
  normalise(decoded);
  return decoded;
}

} // namespace forklint::python
