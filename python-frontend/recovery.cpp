// Recovery line by line: first the lines that do not parse by themselves, then, if the text still has errors,
// the top-level statements that do not. Length and positions of the text never change.

#include "python-frontend/recovery.h"

#include "python-frontend/logical_lines.h"

#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"

#include <algorithm>
#include <set>

namespace forklint::python {

namespace {

llvm::StringRef firstWord(llvm::StringRef line) {
  return line.take_while([](char c) { return llvm::isAlnum(c) || c == '_'; });
}

/// Whether a line parses when it stands where it may stand.
bool lineParses(llvm::StringRef line, bool header) {
  llvm::StringRef word = firstWord(line);
  std::string before = llvm::StringSwitch<std::string>(word)
                           .Cases("elif", "else", "if 1:\n pass\n")
                           .Cases("except", "finally", "try:\n pass\n")
                           .Default("");
  std::string after = header ? " pass\n" : line.starts_with("@") ? "\ndef f(): pass\n" : "\n";
  if (parses(before + line.str() + after)) return true;
  if (word == "case" && parses("match x:\n " + line.str() + after)) return true;
  return word == "match" && header && parses(line.str() + "\n case _: pass\n");
}

class Repair {
public:
  Repair(Tree& tree, facts::UnitFacts& unit) : tree(tree), unit(unit) {}

  std::vector<Span> run() {
    noteErrors();
    std::vector<LogicalLine> lines = logicalLines(tree.text);
    for (const LogicalLine& line : lines)
      if (line.dedented) join(line);
    for (const LogicalLine& line : lines)
      if (!lineParses(textOf(line.span), line.header)) repair(line);
    parse(tree);
    if (tree.root().hasError()) repairStatements(lines);
    for (uint32_t id = 1; id < tree.nodes.size(); ++id)
      if (tree.nodes[id].kind == Kind::Error) gap({tree.nodes[id].begin, tree.nodes[id].end});
    return std::move(lost);
  }

private:
  llvm::StringRef textOf(Span span) const { return llvm::StringRef(tree.text).slice(span.begin, span.end); }

  void blank(uint32_t begin, uint32_t end) {
    std::fill(tree.text.begin() + begin, tree.text.begin() + end, ' ');
  }

  /// The parser loses its indentation when a line goes on further left; on one line it does not.
  void join(const LogicalLine& line) {
    for (Span each : line.breaks)
      blank(each.begin, each.end);
  }

  /// Where the parser stumbled, before anything is repaired: an error, or what it found missing.
  void noteErrors() {
    for (const SyntaxNode& node : tree.nodes)
      if (node.kind == Kind::Error || (node.hasError && node.begin == node.end)) errors.insert(node.begin);
  }

  /// From the first error in the span on, else all of it.
  Span blamed(Span span) const {
    auto first = errors.lower_bound(span.begin);
    return first != errors.end() && *first < span.end ? Span{*first, span.end} : span;
  }

  void gap(Span span) {
    facts::Position at = tree.position(span);
    bool known = false;
    for (uint32_t line = at.line; line <= at.endLine; ++line)
      known |= !told.insert(line).second;
    if (known) return;
    unit.gaps.push_back({tree.position(blamed(span)), "syntax error", false});
  }

  void repair(const LogicalLine& line) {
    std::string original = textOf(line.span).str();
    if (repairTypeParameters(line)) return;
    tree.text.replace(line.span.begin, original.size(), original);
    gap(line.span);
    if (repairDefinition(line)) return;
    tree.text.replace(line.span.begin, original.size(), original);
    standIn(line);
  }

  /// The name's end in `def NAME`, `class NAME` or `type NAME`, 0 in other lines.
  uint32_t definitionName(const LogicalLine& line) const {
    llvm::StringRef text = textOf(line.span), rest = text;
    if (firstWord(rest) == "async") rest = rest.drop_front(5).ltrim();
    llvm::StringRef word = firstWord(rest);
    if (word != "def" && word != "class" && word != "type") return 0;
    rest = rest.drop_front(word.size()).ltrim();
    rest = rest.drop_while([](char c) { return llvm::isAlnum(c) || c == '_' || (c & 0x80); });
    return line.span.end - rest.size();
  }

  /// Where the bracket at `at` is closed.
  uint32_t closing(uint32_t at, uint32_t end) const {
    int depth = 0;
    for (; at < end; ++at) {
      char c = tree.text[at];
      depth += c == '(' || c == '[' || c == '{';
      depth -= c == ')' || c == ']' || c == '}';
      if (depth == 0) return at;
    }
    return end;
  }

  /// Blanks the defaults in `def f[T = int]` and `type A[T = int] = T`: nothing that runs is lost.
  bool repairTypeParameters(const LogicalLine& line) {
    uint32_t at = definitionName(line);
    if (!at || tree.text[at] != '[') return false;
    uint32_t end = closing(at, line.span.end);
    for (uint32_t i = at + 1; i < end; ++i) {
      if (tree.text[i] == '=') {
        uint32_t stop = i;
        while (stop < end && tree.text[stop] != ',')
          stop = llvm::StringRef("([{").contains(tree.text[stop]) ? closing(stop, end) + 1 : stop + 1;
        blank(i, std::min(stop, end));
        i = stop;
      } else if (llvm::StringRef("([{").contains(tree.text[i])) {
        i = closing(i, end);
      }
    }
    return lineParses(textOf(line.span), line.header);
  }

  /// Leaves `def NAME():` or `class NAME:` of a header.
  bool repairDefinition(const LogicalLine& line) {
    uint32_t at = definitionName(line);
    if (!at || !line.header) return false;
    bool isClass = textOf(line.span).starts_with("class");
    if (!isClass && line.span.end - at < 3) return false;
    blank(at, line.span.end - 1);
    if (!isClass) tree.text.replace(at, 2, "()");
    return lineParses(textOf(line.span), line.header);
  }

  /// Something of the same kind that parses, with an unknown value where one is needed.
  void standIn(const LogicalLine& line) {
    llvm::StringRef text = textOf(line.span);
    llvm::StringRef word = firstWord(text);
    std::string stand = llvm::StringSwitch<std::string>(word)
                            .Case("for", "for _ in _:")
                            .Cases("while", "with", "elif", "if", word.str() + " _:")
                            .Cases("case", "match", word.str() + " _:")
                            .Cases("else", "try", "finally", "except", word.str() + ":")
                            .Default(line.header ? "if _:" : "_");
    bool compound = stand != "_";
    if (compound && !line.header) stand += "_";
    if (text.starts_with("@")) stand = "@_";
    if (stand.size() > text.size() || (compound && !line.header && !lineParses(stand, false)))
      stand = line.header && text.size() >= 5 ? "if _:" : "_";
    blank(line.span.begin, line.span.end);
    tree.text.replace(line.span.begin, stand.size(), stand);
    lost.push_back(line.span);
  }

  /// Each top-level statement with its suites; those that do not parse are dropped as a whole.
  void repairStatements(const std::vector<LogicalLine>& lines) {
    size_t from = 0;
    bool decorated = false;
    for (size_t i = 1; i <= lines.size(); ++i) {
      if (i < lines.size()) {
        llvm::StringRef text = textOf(lines[i].span);
        bool belongs = llvm::is_contained({"elif", "else", "except", "finally"}, firstWord(text));
        decorated = textOf(lines[i - 1].span).starts_with("@") && lines[i - 1].indent == 0;
        if (lines[i].indent > 0 || belongs || decorated) continue;
      }
      if (from < lines.size()) dropUnparsed({lines[from].span.begin, lines[i - 1].span.end});
      from = i;
    }
    parse(tree);
  }

  void dropUnparsed(Span span) {
    if (parses(textOf(span).str() + "\n")) return;
    gap(span);
    blank(span.begin, span.end);
    tree.text[span.begin] = '_';
    lost.push_back(span);
  }

  Tree& tree;
  facts::UnitFacts& unit;
  std::vector<Span> lost;
  std::set<uint32_t> errors;     // offsets
  llvm::DenseSet<uint32_t> told; // lines with a gap
};

} // namespace

std::vector<Span> recover(Tree& tree, facts::UnitFacts& unit) {
  if (!tree.root().hasError()) return {};
  return Repair(tree, unit).run();
}

} // namespace forklint::python
