// Reads suppression comments as they are written; which rules exist is not known here.

#include "python-frontend/suppressions.h"

#include "llvm/ADT/SmallVector.h"

namespace forklint::python {

static bool isDirective(llvm::StringRef word) {
  return word == "ignore" || word == "disable" || word == "enable" || word == "file-ignore" ||
         word == "fork-safe";
}

/// A comment that has its line to itself speaks of the next line that has code.
static uint32_t lineMeant(const Tree& tree, Span comment, uint32_t line) {
  llvm::StringRef text = tree.source();
  size_t start = text.rfind('\n', comment.begin);
  start = start == llvm::StringRef::npos ? 0 : start + 1;
  if (!text.slice(start, comment.begin).trim().empty()) return line;
  llvm::StringRef rest = text.substr(comment.end).split('\n').second;
  for (uint32_t next = line + 1; !rest.empty(); ++next) {
    auto [current, below] = rest.split('\n');
    llvm::StringRef trimmed = current.trim();
    if (!trimmed.empty() && !trimmed.starts_with("#")) return next;
    rest = below;
  }
  return line;
}

static void readOne(const Tree& tree, Span span, facts::UnitFacts& unit) {
  llvm::StringRef text = tree.source().slice(span.begin, span.end);
  size_t at = text.find("forklint:");
  // It begins the comment, or stands behind another tool's: `# noqa  # forklint: ...`.
  if (at == llvm::StringRef::npos || !text.take_front(at).rtrim().ends_with("#")) return;
  text = text.drop_front(at + 9).trim();
  llvm::StringRef word = text.take_while([](char c) { return (c >= 'a' && c <= 'z') || c == '-'; });
  facts::Suppression suppression;
  suppression.directive = isDirective(word) ? word.str() : "unknown";
  if (!isDirective(word)) {
    suppression.reason = text.take_until([](char c) { return c == ' ' || c == '['; }).str();
    suppression.position = tree.position(span);
    suppression.line = suppression.position.line;
    unit.suppressions.push_back(std::move(suppression));
    return;
  }
  text = text.drop_front(word.size()).ltrim();
  if (text.starts_with("[") && text.contains(']')) {
    auto [list, reason] = text.drop_front().split(']');
    llvm::SmallVector<llvm::StringRef, 4> rules;
    list.split(rules, ',', -1, false);
    for (llvm::StringRef rule : rules)
      if (!rule.trim().empty()) suppression.rules.push_back(rule.trim().str());
    text = reason;
  }
  suppression.reason = text.trim().str();
  suppression.position = tree.position(span);
  bool nextLine = word == "ignore" || word == "fork-safe";
  suppression.line = nextLine ? lineMeant(tree, span, suppression.position.line) : suppression.position.line;
  unit.suppressions.push_back(std::move(suppression));
}

void readSuppressions(const Tree& tree, facts::UnitFacts& unit) {
  for (Span comment : tree.comments)
    readOne(tree, comment, unit);
}

} // namespace forklint::python
