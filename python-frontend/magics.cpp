#include "python-frontend/magics.h"

#include "python-frontend/logical_lines.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

namespace forklint::python {
namespace {

/// Their line, or the rest of their cell, is Python that is run here.
constexpr llvm::StringLiteral ofPython[] = {"time", "timeit", "prun", "capture", "memit", "debug"};

llvm::StringRef magicWord(llvm::StringRef behind) {
  return behind.take_while([](char c) { return llvm::isAlnum(c) || c == '_' || c == '.'; });
}

class Blanker {
public:
  explicit Blanker(llvm::MutableArrayRef<char> cell) : cell(cell), text(cell.data(), cell.size()) {}

  std::string run() {
    size_t first = text.size() - text.ltrim().size();
    llvm::StringRef behind = text.drop_front(first);
    if (behind.consume_front("%%")) {
      llvm::StringRef word = magicWord(behind);
      if (!llvm::is_contained(ofPython, word)) {
        std::string magic = ("%%" + word).str();
        blank(0, text.size());
        return magic;
      }
      first = std::min(text.find('\n', first), text.size());
      blank(0, first);
    } else {
      first = 0;
    }
    // What a magic's line holds may look like an open string: each begins the text anew behind it.
    while (first < text.size())
      first = blankNext(first);
    return "";
  }

private:
  /// Blanks the first line from `from` on that is no Python; gives what is behind it.
  size_t blankNext(size_t from) {
    for (const LogicalLine& line : logicalLines(text.drop_front(from))) {
      size_t begin = from + line.span.begin, end = physicalEnd(begin);
      llvm::StringRef first = text.slice(begin, end).rtrim();
      if (first.starts_with("%")) return blankMagic(begin, end);
      bool isHelp = first.starts_with("?") || first.ends_with("?");
      if (first.starts_with("!") || isHelp) return blank(begin, end, "0");
      size_t sign = first.find('=');
      llvm::StringRef value = sign == llvm::StringRef::npos ? "" : first.drop_front(sign + 1).ltrim();
      if (value.starts_with("!") || value.starts_with("%"))
        return blank(value.data() - text.data(), end, "_"); // what was computed last: nobody knows
    }
    return text.size();
  }

  size_t blankMagic(size_t begin, size_t end) {
    llvm::StringRef word = magicWord(text.drop_front(begin + 1));
    size_t behind = begin + 1 + word.size();
    bool hasStatement = llvm::is_contained(ofPython, word) && behind < end &&
                        !text.slice(behind, end).ltrim().starts_with("-");
    return blank(begin, hasStatement ? behind : end, hasStatement ? "0;" : "0"), end;
  }

  /// Where the line that holds `at` ends; a backslash carries it on.
  size_t physicalEnd(size_t at) const {
    size_t end = text.find('\n', at);
    while (end != llvm::StringRef::npos && end > at && text[end - 1] == '\\')
      end = text.find('\n', end + 1);
    return std::min(end, text.size());
  }

  size_t blank(size_t begin, size_t end, llvm::StringRef instead = "") {
    for (size_t at = begin; at < end; ++at)
      if (at - begin < instead.size())
        cell[at] = instead[at - begin];
      else if (cell[at] != '\n')
        cell[at] = ' ';
    return end;
  }

  llvm::MutableArrayRef<char> cell;
  llvm::StringRef text; // sees what is blanked
};

} // namespace

std::string blankMagics(llvm::MutableArrayRef<char> cell) { return Blanker(cell).run(); }

} // namespace forklint::python
