// Bodies of functions that a front end has seen and not yet read: the facts of their unit name the functions
// and their parameters, and hold no instruction of them. Whoever needs one asks for it. What a body says
// depends on its unit only, never on which others were asked for.
#pragma once

#include "analyzers/facts/facts.h"

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace forklint::facts {

/// The hashes of the words of some bodies: those of one body after those of the one before, each once.
struct WordHashes {
  std::vector<uint32_t> hashes;
  std::vector<uint32_t> ends; // of each body's in `hashes`
};

/// How a word stands in a text: anywhere; as a member of something (behind a dot), or not so; and each of
/// these with no member of its own behind it, in the code and not in a comment or a string.
enum class WordUse : uint8_t { Any, Member, Bare, WholeMember, Whole };

class UnreadBodies {
public:
  struct Body {
    uint32_t chunk = 0;    // place in UnitFacts::chunks
    uint32_t function = 0; // place in Chunk::functions
    uint32_t bytes = 0;
  };
  struct Read {
    Chunk chunk; // the function first, then those in it
    /// Why the body is no Python: the facts of all of its unit, where one is not as it should be.
    std::vector<Gap> gaps;
  };

  virtual ~UnreadBodies() = default;

  const std::vector<Body>& bodies() const { return all; }
  /// Gives the words of all bodies away, and those that name what a body defines. A hash may be that of
  /// another word.
  WordHashes takeWords() { return std::move(words); }
  WordHashes takeDefined() { return std::move(defined); }
  /// Whether the text of this body has the word, used so somewhere.
  virtual bool has(size_t body, llvm::StringRef word, WordUse use) const = 0;
  /// Whether this body defines a function or class of the name.
  virtual bool defines(size_t body, llvm::StringRef name) const = 0;
  /// Calls `visit` with what stands between quotes and is a name of several parts ("a.b"), also in comments.
  virtual void namesInTexts(size_t body, llvm::function_ref<void(llvm::StringRef)> visit) const = 0;
  virtual Read read(size_t body) = 0;

  /// By which a word is asked for in many units. FNV-1a, for words are short.
  static uint32_t hashOf(llvm::StringRef word) {
    uint32_t hash = 2166136261u;
    for (char c : word)
      hash = (hash ^ static_cast<uint8_t>(c)) * 16777619u;
    return hash;
  }

protected:
  std::vector<Body> all;
  WordHashes words, defined;
};

} // namespace forklint::facts
