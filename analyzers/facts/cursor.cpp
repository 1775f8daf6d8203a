// The cursor of the parsers: marks, names, numbers, positions and literals.
#include "analyzers/facts/parser.h"

#include "analyzers/facts/quote.h"

#include "llvm/ADT/StringExtras.h"

#include <cmath>
#include <cstdlib>
#include <limits>

namespace forklint::facts {
namespace {

std::string shown(const Token& token) {
  if (token.kind == TokenKind::End) return "the end of the file";
  return ("'" + token.text.take_front(40) + "'").str();
}

} // namespace

bool Cursor::failAt(size_t offset, std::string message) {
  if (error.message.empty()) error = {offset, std::move(message)};
  return false;
}

bool Cursor::accept(llvm::StringRef mark) {
  bool found = isMark(mark);
  if (found) advance();
  return found;
}

bool Cursor::acceptWord(llvm::StringRef word) {
  bool found = isWord(word);
  if (found) advance();
  return found;
}

bool Cursor::expect(llvm::StringRef mark) {
  return accept(mark) || fail("unexpected " + shown(token()) + ", expected '" + mark.str() + "'");
}

bool Cursor::quoted(std::string& text, llvm::StringRef what) {
  if (!is(TokenKind::String))
    return fail("unexpected " + shown(token()) + ", expected " + what.str() + " in quotes");
  text = unescape(token().text);
  advance();
  return true;
}

bool Cursor::name(std::string& text, llvm::StringRef what) {
  if (!is(TokenKind::String) && !is(TokenKind::Symbol) && !is(TokenKind::Word))
    return fail("unexpected " + shown(token()) + ", expected " + what.str());
  text = is(TokenKind::Word) ? token().text.str() : unescape(token().text);
  advance();
  return true;
}

bool Cursor::quoted(Text& text, llvm::StringRef what) {
  std::string read;
  bool good = quoted(read, what);
  text = read;
  return good;
}

bool Cursor::name(Text& text, llvm::StringRef what) {
  std::string read;
  bool good = name(read, what);
  text = read;
  return good;
}

bool Cursor::number(uint32_t& number, llvm::StringRef what) {
  if (!is(TokenKind::Integer) || token().text.getAsInteger(10, number))
    return fail("unexpected " + shown(token()) + ", expected " + what.str() + " (a number)");
  advance();
  return true;
}

bool Cursor::position(Position& position) {
  if (!is(TokenKind::Position)) return fail("unexpected " + shown(token()) + ", expected a position");
  llvm::StringRef text = token().text;
  bool tooLarge = false;
  auto field = [&](uint32_t& number) {
    llvm::StringRef digits = text.take_while(llvm::isDigit);
    tooLarge |= digits.getAsInteger(10, number);
    text = text.drop_front(digits.size());
    text = text.drop_front(text.empty() ? 0 : 1);
  };
  if (text.consume_front("f")) field(position.file);
  field(position.line);
  field(position.column);
  if (!text.empty()) {
    field(position.endLine);
    field(position.endColumn);
  }
  if (tooLarge) return fail("a number of the position does not fit 32 bits");
  advance();
  return true;
}

bool Cursor::isLiteral() const {
  switch (token().kind) {
  case TokenKind::Integer:
  case TokenKind::Float:
  case TokenKind::String:
  case TokenKind::Bytes: return true;
  case TokenKind::Mark: return token().text == "...";
  case TokenKind::Word:
    return token().text == "none" || token().text == "true" || token().text == "false" ||
           token().text == "nan";
  default: return false;
  }
}

bool Cursor::literal(Literal& literal) {
  if (!isLiteral()) return fail("unexpected " + shown(token()) + ", expected a literal");
  std::string text = token().text.str();
  if (is(TokenKind::Integer)) {
    int64_t number = 0;
    if (token().text.getAsInteger(10, number)) return fail("the integer does not fit 64 bits");
    literal = number;
  } else if (is(TokenKind::Float)) {
    literal = std::strtod(text.c_str(), nullptr);
  } else if (is(TokenKind::String)) {
    literal = unescape(token().text);
  } else if (is(TokenKind::Bytes)) {
    literal = Bytes{unescape(token().text)};
  } else if (text == "...") {
    literal = Ellipsis();
  } else if (text == "nan") {
    literal = std::numeric_limits<double>::quiet_NaN();
  } else if (text == "none") {
    literal = None();
  } else {
    literal = text == "true";
  }
  advance();
  return true;
}

} // namespace forklint::facts
