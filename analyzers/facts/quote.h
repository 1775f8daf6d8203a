// Words, quoted text and literals of the text form.
#pragma once

#include "analyzers/facts/facts.h"

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/raw_ostream.h"

#include <string>

namespace forklint::facts {

/// How much of the text's beginning is a word: letters, digits, '_' and single '-' between them, no digit
/// first.
size_t wordLength(llvm::StringRef text);
/// "inf" is a number and no word.
inline bool isWord(llvm::StringRef text) {
  return !text.empty() && wordLength(text) == text.size() && text != "inf";
}

/// Any bytes between quotes. Valid UTF-8 stays readable, everything else is \xNN.
void printQuoted(llvm::StringRef text, llvm::raw_ostream& out);
/// What stands between quotes, its escapes (which the lexer has checked) resolved.
std::string unescape(llvm::StringRef text);
/// Without quotes where it can be.
void printWord(llvm::StringRef text, llvm::raw_ostream& out);
void printLiteral(const Literal& literal, llvm::raw_ostream& out);
/// LINE:COLUMN or LINE:COLUMN-LINE:COLUMN, fN: before it for file N > 0.
void printPosition(const Position& position, llvm::raw_ostream& out);

} // namespace forklint::facts
