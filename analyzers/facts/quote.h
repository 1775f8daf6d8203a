// Words, quoted text and literals of the text form.
#pragma once

#include "analyzers/facts/facts.h"

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/raw_ostream.h"

namespace forklint::facts {

inline bool startsWord(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
inline bool continuesWord(char c) { return startsWord(c) || (c >= '0' && c <= '9') || c == '-'; }
/// Letters, digits, '_' and '-', not digits first: may stand without quotes.
bool isWord(llvm::StringRef text);

/// Any bytes between quotes. Valid UTF-8 stays readable, everything else is \xNN.
void printQuoted(llvm::StringRef text, llvm::raw_ostream& out);
/// Without quotes where it can be.
void printWord(llvm::StringRef text, llvm::raw_ostream& out);
void printLiteral(const Literal& literal, llvm::raw_ostream& out);
/// LINE:COLUMN or LINE:COLUMN-LINE:COLUMN, fN: before it for file N > 0.
void printPosition(const Position& position, llvm::raw_ostream& out);

} // namespace forklint::facts
