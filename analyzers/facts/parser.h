// What the parsers of units and of functions share: a cursor over tokens and the words of the text form. A
// parse function returns false when it has failed; the first error is kept.
#pragma once

#include "analyzers/facts/facts.h"
#include "analyzers/facts/lexer.h"

#include <algorithm>
#include <string>
#include <vector>

namespace forklint::facts {

class Cursor {
public:
  Cursor(const std::vector<Token>& tokens, TextError& error) : tokens(tokens), error(error) {}

  const Token& token() const { return tokens[next]; }
  const Token& following(size_t ahead = 1) const { return tokens[std::min(next + ahead, tokens.size() - 1)]; }
  void advance() { next += next + 1 < tokens.size() ? 1 : 0; }

  bool fail(std::string message) { return failAt(token().offset, std::move(message)); }
  bool failAt(size_t offset, std::string message);
  bool is(TokenKind kind) const { return token().kind == kind; }
  bool isMark(llvm::StringRef mark) const { return is(TokenKind::Mark) && token().text == mark; }
  bool isWord(llvm::StringRef word) const { return is(TokenKind::Word) && token().text == word; }
  bool accept(llvm::StringRef mark);
  bool acceptWord(llvm::StringRef word);
  bool expect(llvm::StringRef mark);

  /// A quoted text only, or also a word, or also a symbol; `what` is named in the error.
  bool quoted(std::string& text, llvm::StringRef what);
  bool name(std::string& text, llvm::StringRef what);
  bool quoted(Text& text, llvm::StringRef what);
  bool name(Text& text, llvm::StringRef what);
  bool number(uint32_t& number, llvm::StringRef what);
  bool position(Position& position);
  /// A position if one stands on this line.
  bool positionHere(Position& position) {
    return !is(TokenKind::Position) || token().startsLine || this->position(position);
  }
  bool isLiteral() const;
  bool literal(Literal& literal);
  /// OPEN item, item, … CLOSE; the opening mark has been read.
  template <typename Item> bool list(llvm::StringRef close, Item item) {
    while (!accept(close)) {
      if (!item()) return false;
      if (!isMark(close) && !expect(",")) return false;
    }
    return true;
  }

private:
  const std::vector<Token>& tokens;
  TextError& error;
  size_t next = 0;
};

/// The function whose header begins at the cursor.
bool parseFunction(Cursor& cursor, Function& function);

} // namespace forklint::facts
