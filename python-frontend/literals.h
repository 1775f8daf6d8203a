// Values of literals as Python reads them: integers in every base (one that does not fit 64 bits gives
// nothing), floats, and string and bytes content with its escapes.
#pragma once

#include "analyzers/facts/facts.h"
#include "python-frontend/syntax.h"

#include <optional>

namespace forklint::python {

std::optional<facts::Literal> number(llvm::StringRef text);

struct StringPrefix {
  bool raw = false;
  bool bytes = false;
  bool formatted = false; // an f- or t-string
};
StringPrefix prefixOf(Node string);

/// Literals, and displays that hold nothing else: an expression that is data.
bool isData(Node expression, unsigned depth = 0);

/// The content of `text` between quotes, escapes resolved unless raw, `{{` made `{` in formatted strings.
std::string unescape(llvm::StringRef text, StringPrefix prefix);

} // namespace forklint::python
