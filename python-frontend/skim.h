// Finds, without parsing, the bodies of functions that can be read later: those of a module's functions and
// of the methods of its classes. One pass over the bytes: lines, indents, strings, brackets and comments are
// followed, nothing else.
//
// Conservative: a body is named only where the rest of the module means the same without it. It declares no
// global, imports nothing, captures nothing, declares no field, makes no generator of its function and holds
// no comment that speaks to us. Where anything is in doubt, no body of the text is.
#pragma once

#include "analyzers/facts/unread.h"
#include "python-frontend/syntax.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

#include <cstdint>
#include <vector>

namespace forklint::python {

struct SkimmedBody {
  Span definition; // from the first byte of the line of its `def` to its end
  Span body;       // from behind the header's colon to where the parser ends the function
  Span around;     // the header of the class around it, with its colon; empty in a module's function
};

/// In the order of the text.
std::vector<SkimmedBody> skim(llvm::StringRef text);

/// The words of pieces of a text: names, keywords, what looks like one in strings and comments. Which texts
/// can have a word is asked far more often than the answer is yes.
class Words {
public:
  void add(llvm::StringRef text);
  /// Only the names of the functions and classes that the text defines.
  void addDefined(llvm::StringRef text);
  /// To be called once, when all texts have been added.
  void finish();
  /// May be true where no text has it.
  bool mayHave(uint32_t hash) const;

private:
  std::vector<uint32_t> hashes;
};

bool hasWord(llvm::StringRef text, llvm::StringRef word, facts::WordUse use = facts::WordUse::Any);
/// Does the text define a function or class of this name?
bool definesWord(llvm::StringRef text, llvm::StringRef name);

/// Calls `visit` with what stands between quotes and is a name of several parts.
void eachNameInTexts(llvm::StringRef text, llvm::function_ref<void(llvm::StringRef)> visit);

} // namespace forklint::python
