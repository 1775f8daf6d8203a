// Notebooks: the code cells of an .ipynb file, in order, as one source. What only IPython understands
// (magics,
// `!command`, `?`) is blanked, so that lines and columns of the rest stay; a cell in another language is left
// out. Each line knows where it stands in the file.
#pragma once

#include "llvm/ADT/StringRef.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace forklint::python {

class Notebook {
public:
  explicit Notebook(llvm::StringRef file);

  std::string text;
  std::string problem; // why it is no notebook that can be read; empty where it is one
  struct LeftOut {
    uint32_t line; // of the text
    std::string magic;
  };
  std::vector<LeftOut> leftOut;

  /// The place in the file of a place in the text, both from 1.
  std::pair<uint32_t, uint32_t> placeOf(uint32_t line, uint32_t column) const;

private:
  struct Line {
    uint32_t line, column; // in the file, of its first character
    llvm::StringRef raw;   // as it is written there, to the end of its string
  };
  void finishCell(size_t begin, uint32_t firstLine);

  std::vector<Line> lines;
};

} // namespace forklint::python
