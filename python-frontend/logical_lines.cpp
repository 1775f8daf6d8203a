// The splitter keeps a stack of what is open: brackets, strings, and the replacement fields of f-strings, in
// which any Python may stand again.

#include "python-frontend/logical_lines.h"

#include "llvm/ADT/StringExtras.h"

namespace forklint::python {

namespace {

class Splitter {
public:
  explicit Splitter(llvm::StringRef text) : text(text) {}

  std::vector<LogicalLine> run() {
    while (at < text.size()) {
      startLine();
      size_t from = at;
      while (at < text.size() && !step()) {
      }
      if (!open.empty()) cutLine(from);
      endLine();
    }
    return std::move(lines);
  }

private:
  struct Open {
    char bracket;   // '(' '[' '{', or the quote of a string
    uint8_t quotes; // 1 or 3 in a string, 0 for brackets
    bool raw, formatted;
  };

  void startLine() {
    line = {};
    for (; at < text.size() && (text[at] == ' ' || text[at] == '\t' || text[at] == '\f'); ++at)
      line.indent = text[at] == '\t' ? (line.indent / 8 + 1) * 8 : text[at] == '\f' ? 0 : line.indent + 1;
    line.span.begin = line.span.end = at;
    last = 0;
    open.clear();
  }

  void endLine() {
    line.header = last == ':';
    if (line.span.end > line.span.begin) lines.push_back(line);
  }

  /// What was opened is never closed: the line ends where its first one in the text does. Each cut reads the
  /// rest again, so there are not many.
  void cutLine(size_t from) {
    size_t end = text.find('\n', from);
    if (end == llvm::StringRef::npos || ++cuts > 64) return;
    llvm::StringRef first = text.slice(from, end).rtrim();
    line.span.end = from + first.size();
    line.breaks.clear();
    line.dedented = false;
    last = first.back();
    open.clear();
    at = end + 1;
  }

  /// Takes one character or token; true at the end of the logical line.
  bool step() {
    if (!open.empty() && open.back().quotes) return stepInString();
    char c = text[at];
    if (c == '\n') {
      if (!open.empty()) continueLine();
      ++at;
      return open.empty();
    }
    if (c == '#') {
      uint32_t end = std::min(text.find('\n', at), text.size());
      if (!open.empty()) line.breaks.push_back({uint32_t(at), end});
      at = end;
      return false;
    }
    if (c == '\\' && (text.substr(at + 1).starts_with("\n") || text.substr(at + 1).starts_with("\r\n"))) {
      at = text.find('\n', at) + 1;
      return false;
    }
    if (c == '"' || c == '\'') {
      openString();
      return false;
    }
    if (c == '(' || c == '[' || c == '{')
      open.push_back({c, 0, false, false});
    else if ((c == ')' || c == ']' || c == '}') && !open.empty())
      open.pop_back();
    take(1);
    return false;
  }

  void continueLine() {
    line.breaks.push_back({uint32_t(at), uint32_t(at + 1)});
    llvm::StringRef below = text.substr(at + 1).split('\n').first;
    size_t indent = below.size() - below.ltrim().size();
    line.dedented |= indent < below.size() && indent < line.indent;
  }

  void take(size_t length) {
    if (!llvm::isSpace(text[at])) {
      last = open.empty() ? text[at] : '\0';
      line.span.end = at + length;
    }
    at += length;
  }

  void openString() {
    bool raw = false, formatted = false;
    for (size_t back = at; back > line.span.begin && at - back < 2 && llvm::isAlpha(text[back - 1]); --back) {
      char prefix = llvm::toLower(text[back - 1]);
      raw |= prefix == 'r';
      formatted |= prefix == 'f' || prefix == 't';
    }
    char quote = text[at];
    bool triple = text.substr(at).starts_with(std::string(3, quote));
    uint8_t quotes = triple ? 3 : 1;
    open.push_back({quote, quotes, raw, formatted});
    take(quotes);
  }

  bool stepInString() {
    Open string = open.back();
    char c = text[at];
    if (c == '\\' && at + 1 < text.size()) {
      take(1);
      take(1);
    } else if (c == '\n' && string.quotes == 1) { // never closed
      open.clear();
      ++at;
      return true;
    } else if (text.substr(at).starts_with(std::string(string.quotes, string.bracket))) {
      open.pop_back();
      take(string.quotes);
    } else if (string.formatted && c == '{' && !text.substr(at).starts_with("{{")) {
      open.push_back({c, 0, false, false});
      take(1);
    } else {
      take(string.formatted && text.substr(at).starts_with("{{") ? 2 : 1);
    }
    return false;
  }

  llvm::StringRef text;
  size_t at = 0;
  unsigned cuts = 0;
  LogicalLine line;
  char last = 0;
  std::vector<Open> open;
  std::vector<LogicalLine> lines;
};

} // namespace

std::vector<LogicalLine> logicalLines(llvm::StringRef text) { return Splitter(text).run(); }

} // namespace forklint::python
