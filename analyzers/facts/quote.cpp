// Writing words, quoted text and literals.
#include "analyzers/facts/quote.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/ConvertUTF.h"

#include <cmath>
#include <cstdio>
#include <cstdlib>

namespace forklint::facts {
namespace {

bool isUtf8(llvm::StringRef text) {
  auto* begin = reinterpret_cast<const llvm::UTF8*>(text.data());
  return llvm::isLegalUTF8String(&begin, begin + text.size());
}

void printEscaped(llvm::StringRef text, bool keepHighBytes, llvm::raw_ostream& out) {
  out << '"';
  for (unsigned char c : text) {
    if (c == '"' || c == '\\')
      out << '\\' << c;
    else if (c == '\n')
      out << "\\n";
    else if (c == '\t')
      out << "\\t";
    else if (c < 0x20 || c == 0x7f || (c >= 0x80 && !keepHighBytes))
      out << "\\x" << llvm::hexdigit(c >> 4, true) << llvm::hexdigit(c & 15, true);
    else
      out << c;
  }
  out << '"';
}

/// The shortest digits that read back as the same number, always with a mark of a float.
void printFloat(double value, llvm::raw_ostream& out) {
  if (std::isnan(value) || std::isinf(value)) {
    out << (std::isnan(value) ? "nan" : value < 0 ? "-inf" : "inf");
    return;
  }
  char digits[40];
  for (int precision : {15, 16, 17}) {
    std::snprintf(digits, sizeof digits, "%.*g", precision, value);
    if (std::strtod(digits, nullptr) == value) break;
  }
  llvm::StringRef text(digits);
  out << text;
  if (text.find_first_of(".e") == llvm::StringRef::npos) out << ".0";
}

struct LiteralPrinter {
  llvm::raw_ostream& out;
  void operator()(None) const { out << "none"; }
  void operator()(Ellipsis) const { out << "..."; }
  void operator()(bool value) const { out << (value ? "true" : "false"); }
  void operator()(int64_t value) const { out << value; }
  void operator()(double value) const { printFloat(value, out); }
  void operator()(const std::string& value) const { printQuoted(value, out); }
  void operator()(const Bytes& value) const {
    out << 'b';
    printEscaped(value.data, false, out);
  }
};

} // namespace

size_t wordLength(llvm::StringRef text) {
  auto isStart = [](char c) { return llvm::isAlpha(c) || c == '_'; };
  auto isPart = [&](char c) { return isStart(c) || llvm::isDigit(c); };
  if (text.empty() || !isStart(text.front())) return 0;
  size_t end = 1;
  while (end < text.size() &&
         (isPart(text[end]) || (text[end] == '-' && end + 1 < text.size() && isPart(text[end + 1]))))
    ++end;
  return end;
}

std::string unescape(llvm::StringRef text) {
  std::string result;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      result += text[i];
      continue;
    }
    char escape = text[++i];
    if (escape == 'x' && i + 2 < text.size()) {
      result += static_cast<char>(llvm::hexDigitValue(text[i + 1]) * 16 + llvm::hexDigitValue(text[i + 2]));
      i += 2;
    } else {
      result += escape == 'n' ? '\n' : escape == 't' ? '\t' : escape;
    }
  }
  return result;
}

void printQuoted(llvm::StringRef text, llvm::raw_ostream& out) { printEscaped(text, isUtf8(text), out); }

void printWord(llvm::StringRef text, llvm::raw_ostream& out) {
  if (isWord(text))
    out << text;
  else
    printQuoted(text, out);
}

void printLiteral(const Literal& literal, llvm::raw_ostream& out) {
  std::visit(LiteralPrinter{out}, literal);
}

void printPosition(const Position& position, llvm::raw_ostream& out) {
  if (position.file != 0) out << 'f' << position.file << ':';
  out << position.line << ':' << position.column;
  if (position.endLine != 0 || position.endColumn != 0)
    out << '-' << position.endLine << ':' << position.endColumn;
}

} // namespace forklint::facts
