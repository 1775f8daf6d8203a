// Tokens of the text form. Line ends are no tokens, but a token knows whether it begins a line: an
// instruction never goes on past what its line could end with.
#pragma once

#include "llvm/ADT/StringRef.h"

#include <cstddef>
#include <string>
#include <vector>

namespace forklint::facts {

enum class TokenKind { End, Word, Integer, Float, String, Bytes, Position, Value, Symbol, Mark };

/// `text` is what stands between quotes for String, Bytes and Symbol, what follows % for Value, else the
/// token.
struct Token {
  TokenKind kind = TokenKind::End;
  llvm::StringRef text;
  size_t offset = 0;
  bool startsLine = true;
};

/// The first thing wrong in a text, if any.
struct TextError {
  size_t offset = 0;
  std::string message;
};

/// Ends with an End token. False on a byte or quote that begins no token.
bool lex(llvm::StringRef text, std::vector<Token>& tokens, TextError& error);

} // namespace forklint::facts
