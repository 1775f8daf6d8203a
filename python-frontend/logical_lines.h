// Splits Python text into logical lines without parsing it: strings, brackets, comments and continuations are
// followed, nothing else. Works on text that is no Python, without recursion; a bracket or string that is
// never closed costs the rest of its line, not of the text.
#pragma once

#include "python-frontend/syntax.h"

#include <vector>

namespace forklint::python {

struct LogicalLine {
  Span span;                // from the first character behind the indentation, without a comment at the end
  uint32_t indent = 0;      // in columns
  bool header = false;      // ends with a colon: a suite follows
  bool dedented = false;    // a continuation in brackets stands further left than the line
  std::vector<Span> breaks; // line ends and comments within brackets
};

std::vector<LogicalLine> logicalLines(llvm::StringRef text);

} // namespace forklint::python
