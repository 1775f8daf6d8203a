// Literals; see the header.

#include "python-frontend/literals.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/ConvertUTF.h"

#include <cstdlib>

namespace forklint::python {

std::optional<facts::Literal> number(llvm::StringRef text) {
  std::string digits;
  for (char c : text)
    if (c != '_') digits += c;
  llvm::StringRef spelled = digits;
  if (spelled.empty() || spelled.ends_with_insensitive("j")) return std::nullopt;
  bool prefixed = spelled.size() > 1 && spelled[0] == '0' && llvm::isAlpha(spelled[1]) &&
                  llvm::toLower(spelled[1]) != 'e';
  if (!prefixed && spelled.find_first_of(".eE") != llvm::StringRef::npos)
    return facts::Literal(std::strtod(digits.c_str(), nullptr));
  unsigned radix = 10;
  if (prefixed) {
    char base = llvm::toLower(spelled[1]);
    radix = base == 'x' ? 16 : base == 'o' ? 8 : 2;
    spelled = spelled.drop_front(2);
  }
  int64_t value = 0;
  if (spelled.getAsInteger(radix, value)) return std::nullopt;
  return facts::Literal(value);
}

StringPrefix prefixOf(Node string) {
  StringPrefix prefix;
  for (char c : string.first().text()) {
    char lower = llvm::toLower(c);
    prefix.raw |= lower == 'r';
    prefix.bytes |= lower == 'b';
    prefix.formatted |= lower == 'f' || lower == 't';
  }
  return prefix;
}

static void appendCodePoint(std::string& out, uint32_t code, bool bytes) {
  if (bytes) {
    out += char(code & 0xff);
    return;
  }
  char buffer[UNI_MAX_UTF8_BYTES_PER_CODE_POINT];
  char* end = buffer;
  if (llvm::ConvertCodePointToUTF8(code, end))
    out.append(buffer, end);
  else
    out += "\xEF\xBF\xBD"; // a lone surrogate has no UTF-8
}

/// Reads up to `count` digits of `radix`; gives how many there were.
static size_t digits(llvm::StringRef text, size_t count, unsigned radix, uint32_t& code) {
  size_t length = 0;
  code = 0;
  for (; length < count && length < text.size(); ++length) {
    unsigned digit = llvm::hexDigitValue(text[length]);
    if (digit >= radix) break;
    code = code * radix + digit;
  }
  return length;
}

static char simpleEscape(char c) {
  switch (c) {
  case 'a': return '\a';
  case 'b': return '\b';
  case 'f': return '\f';
  case 'n': return '\n';
  case 'r': return '\r';
  case 't': return '\t';
  case 'v': return '\v';
  case '\\':
  case '\'':
  case '"': return c;
  default: return 0;
  }
}

/// `text` starts behind a backslash; gives how much of it the escape takes, 0 when it is none.
static size_t escape(llvm::StringRef text, bool bytes, std::string& out) {
  if (text.empty()) return 0;
  if (text[0] == '\n') return 1;
  if (text.starts_with("\r\n")) return 2;
  if (char plain = simpleEscape(text[0])) {
    out += plain;
    return 1;
  }
  uint32_t code = 0;
  if (text[0] >= '0' && text[0] <= '7') {
    size_t length = digits(text, 3, 8, code);
    appendCodePoint(out, code, bytes);
    return length;
  }
  size_t wanted = text[0] == 'x' ? 2 : bytes ? 0 : text[0] == 'u' ? 4 : text[0] == 'U' ? 8 : 0;
  if (wanted && digits(text.drop_front(), wanted, 16, code) == wanted) {
    appendCodePoint(out, code, bytes);
    return wanted + 1;
  }
  size_t close = !bytes && text.starts_with("N{") ? text.find('}') : llvm::StringRef::npos;
  if (close == llvm::StringRef::npos) return 0;
  out += "\xEF\xBF\xBD"; // a character by name: its value decides nothing here
  return close + 1;
}

bool isData(Node expression, unsigned depth) {
  constexpr unsigned deepest = 20;
  switch (expression.kind()) {
  case Kind::Integer:
  case Kind::Float:
  case Kind::True:
  case Kind::False:
  case Kind::None: return true;
  case Kind::String: return !prefixOf(expression).formatted;
  case Kind::List:
  case Kind::Tuple:
  case Kind::Set:
  case Kind::Dictionary:
  case Kind::Pair:
  case Kind::Unary:
  case Kind::Parenthesized:
  case Kind::ConcatenatedString: break;
  default: return false;
  }
  if (depth > deepest) return false;
  for (Node each = expression.first(); each; each = each.next())
    if (!isData(each, depth + 1)) return false;
  return true;
}

std::string unescape(llvm::StringRef text, StringPrefix prefix) {
  std::string out;
  for (size_t at = 0; at < text.size(); ++at) {
    char c = text[at];
    if (c == '\\' && !prefix.raw) {
      if (size_t length = escape(text.drop_front(at + 1), prefix.bytes, out)) {
        at += length;
        continue;
      }
    }
    if (prefix.formatted && (c == '{' || c == '}') && at + 1 < text.size() && text[at + 1] == c) ++at;
    out += c;
  }
  return out;
}

} // namespace forklint::python
