// The words that rows may use, each listed once: effects with their keys, and what may stand under a key that
// takes one of a few words. Names that rows themselves introduce (states, locks, ways of transfer, other
// rows) are not here: register.h knows these.
#pragma once

#include "analyzers/link/models.h"

#include "llvm/ADT/ArrayRef.h"

#include <optional>
#include <string>

namespace forklint::link {

/// An effect by the name that rows give it. Keys are parted by blanks.
struct EffectWords {
  llvm::StringLiteral name;
  EffectKind kind;
  llvm::StringLiteral needs; // keys without which it means nothing
  llvm::StringLiteral takes; // ... that it may have beside these and the conditions
};
llvm::ArrayRef<EffectWords> effectWords();
const EffectWords& wordsOf(EffectKind kind);

/// Keys that each effect may have: when it takes place, and the state that its subject is in from there on.
inline constexpr llvm::StringLiteral conditionKeys =
    "given passed unless without nonzero resolves is has lacks once when to within";

/// Why a text may not stand under a key of an effect that takes one of a few words.
std::optional<std::string> mistakeInWord(const EffectWords& effect, llvm::StringRef key,
                                         llvm::StringRef text);

/// C libraries whose locks are known, the ways in which they make a child, and those in which Python starts a
/// process, each parted by '|'.
inline constexpr llvm::StringLiteral libraryWords = "glibc|musl|libSystem";
inline constexpr llvm::StringLiteral primitiveWords = "fork|_Fork|vfork|clone";
inline constexpr llvm::StringLiteral methodWords = "fork|spawn|forkserver";

/// Why a text is none of the words, or nothing.
std::optional<std::string> mistakeInWord(llvm::StringRef text, llvm::StringRef words);

} // namespace forklint::link
