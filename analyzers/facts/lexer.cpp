// Splits the text form into tokens.
#include "analyzers/facts/lexer.h"

#include "analyzers/facts/quote.h"

#include "llvm/ADT/StringExtras.h"

namespace forklint::facts {
namespace {

class Lexer {
public:
  Lexer(llvm::StringRef text, std::vector<Token>& tokens, TextError& error)
      : text(text), tokens(tokens), error(error) {}
  bool run();

private:
  bool token();
  bool quoted(TokenKind kind, size_t prefix);
  bool mark();
  size_t positionLength(llvm::StringRef rest) const;
  size_t numberLength(llvm::StringRef rest, bool& isFloat) const;
  bool fail(std::string message);
  void add(TokenKind kind, size_t length) { add(kind, length, text.substr(offset, length)); }
  void add(TokenKind kind, size_t length, llvm::StringRef content);

  llvm::StringRef text;
  std::vector<Token>& tokens;
  TextError& error;
  size_t offset = 0;
  bool startsLine = true;
};

size_t digits(llvm::StringRef text) { return text.take_while(llvm::isDigit).size(); }

bool Lexer::fail(std::string message) {
  error = {offset, std::move(message)};
  return false;
}

void Lexer::add(TokenKind kind, size_t length, llvm::StringRef content) {
  tokens.push_back({kind, content, offset, startsLine});
  startsLine = false;
  offset += length;
}

/// N:N, with -N:N after it and fN: before it, or 0.
size_t Lexer::positionLength(llvm::StringRef rest) const {
  auto pair = [](llvm::StringRef text) -> size_t {
    size_t line = digits(text);
    if (line == 0 || !text.substr(line).starts_with(":")) return 0;
    size_t column = digits(text.substr(line + 1));
    return column == 0 ? 0 : line + 1 + column;
  };
  size_t begin = 0;
  if (rest.starts_with("f")) {
    size_t file = digits(rest.substr(1));
    if (file == 0 || !rest.substr(1 + file).starts_with(":")) return 0;
    begin = file + 2;
  }
  size_t start = pair(rest.substr(begin));
  if (start == 0) return 0;
  size_t length = begin + start;
  if (rest.substr(length).starts_with("-"))
    if (size_t end = pair(rest.substr(length + 1))) length += 1 + end;
  return length;
}

size_t Lexer::numberLength(llvm::StringRef rest, bool& isFloat) const {
  size_t length = rest.starts_with("-") ? 1 : 0;
  if (rest.substr(length).starts_with("inf")) {
    isFloat = true;
    return length + 3;
  }
  size_t whole = digits(rest.substr(length));
  if (whole == 0) return 0;
  length += whole;
  if (rest.substr(length).starts_with(".") && digits(rest.substr(length + 1)) > 0) {
    isFloat = true;
    length += 1 + digits(rest.substr(length + 1));
  }
  llvm::StringRef exponent = rest.substr(length);
  if (exponent.starts_with("e")) {
    size_t sign = exponent.substr(1).starts_with("-") || exponent.substr(1).starts_with("+") ? 1 : 0;
    if (size_t count = digits(exponent.substr(1 + sign))) {
      isFloat = true;
      length += 1 + sign + count;
    }
  }
  return length;
}

bool Lexer::quoted(TokenKind kind, size_t prefix) {
  size_t end = offset + prefix + 1;
  for (; end < text.size() && text[end] != '"'; ++end) {
    if (text[end] == '\n') break;
    if (text[end] != '\\') continue;
    ++end;
    llvm::StringRef escape = text.substr(end);
    bool isHex =
        escape.size() >= 3 && escape[0] == 'x' && llvm::isHexDigit(escape[1]) && llvm::isHexDigit(escape[2]);
    if (escape.empty() || (!isHex && llvm::StringRef("\"\\nt").find(escape[0]) == llvm::StringRef::npos)) {
      offset = end - 1;
      return fail("unknown escape, expected \\\", \\\\, \\n, \\t or \\xNN");
    }
  }
  if (end >= text.size() || text[end] != '"') return fail("quote without an end on its line, expected \"");
  size_t begin = offset + prefix + 1;
  add(kind, end + 1 - offset, text.slice(begin, end));
  return true;
}

bool Lexer::mark() {
  for (llvm::StringRef each : {"...", "**", "->", "==", "!=", "<=", ">="})
    if (text.substr(offset).starts_with(each)) {
      add(TokenKind::Mark, each.size());
      return true;
    }
  if (llvm::StringRef("{}()[],:=<>*/.~@").contains(text[offset])) {
    add(TokenKind::Mark, 1);
    return true;
  }
  return fail("unexpected byte, expected a word, number, quote or one of {}()[],:=<>*/.~@%");
}

bool Lexer::token() {
  llvm::StringRef rest = text.substr(offset);
  if (rest.starts_with("\"")) return quoted(TokenKind::String, 0);
  if (rest.starts_with("b\"")) return quoted(TokenKind::Bytes, 1);
  if (rest.starts_with("@\"")) return quoted(TokenKind::Symbol, 1);
  if (rest.starts_with("%")) {
    size_t length = rest.drop_front().take_while([](char c) { return llvm::isAlnum(c) || c == '_'; }).size();
    if (length == 0) return fail("expected a value's number after %");
    add(TokenKind::Value, 1 + length, rest.substr(1, length));
    return true;
  }
  if (size_t length = positionLength(rest)) {
    add(TokenKind::Position, length);
    return true;
  }
  size_t word = wordLength(rest);
  if (word == 3 && rest.starts_with("inf")) word = 0; // a float, below
  if (word > 0) {
    // So that "c++" needs no quotes.
    add(TokenKind::Word, word + (rest.substr(word).starts_with("++") ? 2 : 0));
    return true;
  }
  bool isFloat = false;
  if (size_t length = numberLength(rest, isFloat)) {
    add(isFloat ? TokenKind::Float : TokenKind::Integer, length);
    return true;
  }
  return mark();
}

bool Lexer::run() {
  while (offset < text.size()) {
    char c = text[offset];
    if (c == '\n') startsLine = true;
    if (c == ';')
      offset = std::min(text.find('\n', offset), text.size());
    else if (llvm::isSpace(c))
      ++offset;
    else if (!token())
      return false;
  }
  startsLine = true;
  add(TokenKind::End, 0);
  return true;
}

} // namespace

bool lex(llvm::StringRef text, std::vector<Token>& tokens, TextError& error) {
  return Lexer(text, tokens, error).run();
}

} // namespace forklint::facts
