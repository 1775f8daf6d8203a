// Copies the parser's tree into the flat one, by cursor and with an explicit stack. Node kinds and fields are
// translated by tables made once from the grammar's own names.

#include "python-frontend/syntax.h"

#include "tree_sitter/api.h"
#include "llvm/ADT/StringSwitch.h"

#include <algorithm>
#include <memory>
#include <optional>

extern "C" const TSLanguage* tree_sitter_python(void);

namespace forklint::python {

namespace {

Kind kindOf(llvm::StringRef name) {
  return llvm::StringSwitch<Kind>(name)
#define KIND(K, Spelling) .Case(Spelling, Kind::K)
#include "python-frontend/kinds.def"
      .Default(Kind::Other);
}

Field fieldOf(llvm::StringRef name) {
  return llvm::StringSwitch<Field>(name)
#define FIELD(F, Spelling) .Case(Spelling, Field::F)
#include "python-frontend/kinds.def"
      .Default(Field::Unnamed);
}

struct Tables {
  std::vector<Kind> kinds;
  std::vector<bool> kept; // tokens with a meaning wherever they stand
  std::vector<Field> fields;

  Tables() {
    const TSLanguage* language = tree_sitter_python();
    uint32_t count = ts_language_symbol_count(language);
    for (uint32_t symbol = 0; symbol < count; ++symbol) {
      const char* name = ts_language_symbol_name(language, symbol);
      bool named = ts_language_symbol_type(language, symbol) == TSSymbolTypeRegular;
      llvm::StringRef spelled = name ? name : "";
      kinds.push_back(named ? kindOf(spelled) : Kind::Token);
      kept.push_back(llvm::StringSwitch<bool>(spelled)
                         .Cases("async", "*", "**", "from", "-", "+", "_", true)
                         .Default(false));
    }
    fields.push_back(Field::Unnamed);
    for (uint32_t field = 1; field <= ts_language_field_count(language); ++field)
      fields.push_back(fieldOf(ts_language_field_name_for_id(language, field)));
  }

  Kind kind(TSSymbol symbol) const { return symbol < kinds.size() ? kinds[symbol] : Kind::Error; }
};

const Tables& tables() {
  static const Tables once;
  return once;
}

using ParserPointer = std::unique_ptr<TSParser, decltype(&ts_parser_delete)>;
using TreePointer = std::unique_ptr<TSTree, decltype(&ts_tree_delete)>;

/// A parser of this thread: to make one costs as much as to parse a short body.
TSParser* newParser() {
  TSParser* parser = ts_parser_new();
  if (ts_parser_set_language(parser, tree_sitter_python())) return parser;
  ts_parser_delete(parser);
  return nullptr;
}

TreePointer parseText(llvm::StringRef text) {
  thread_local const ParserPointer parser(newParser(), ts_parser_delete);
  if (!parser) return TreePointer(nullptr, ts_tree_delete);
  ts_parser_reset(parser.get());
  return TreePointer(ts_parser_parse_string(parser.get(), nullptr, text.data(), text.size()), ts_tree_delete);
}

/// A token is kept for its field (operators), for what it is, or for what its parent needs of it.
bool keepsToken(TSNode node, Field field, Kind parent) {
  if (field == Field::Operator || field == Field::Operators || tables().kept[ts_node_symbol(node)])
    return true;
  llvm::StringRef type = ts_node_type(node);
  return (parent == Kind::Slice && type == ":") ||
         ((parent == Kind::Case || parent == Kind::TuplePattern || parent == Kind::Subscript) && type == ",");
}

/// Pieces of a text put together, and where each byte of them stands in the text. Nodes come in the order of
/// their begins, which is what `begin` is fast for.
class Pieces {
public:
  Pieces(llvm::StringRef text, llvm::ArrayRef<Span> ranges) {
    for (Span each : ranges) {
      pieces.push_back({uint32_t(together.size()), each.begin});
      together += text.slice(each.begin, each.end);
    }
  }

  llvm::StringRef text() const { return together; }
  uint32_t begin(uint32_t at) {
    while (newest + 1 < pieces.size() && pieces[newest + 1].at <= at)
      ++newest;
    return at < pieces[newest].at ? original(at) : pieces[newest].begin + (at - pieces[newest].at);
  }
  uint32_t end(uint32_t at) const { return at ? original(at - 1) + 1 : original(0); }

private:
  struct Piece {
    uint32_t at, begin;
  };
  uint32_t original(uint32_t at) const {
    auto piece = std::upper_bound(pieces.begin() + 1, pieces.end(), at,
                                  [](uint32_t offset, const Piece& other) { return offset < other.at; });
    --piece;
    return piece->begin + (at - piece->at);
  }

  std::string together;
  std::vector<Piece> pieces;
  size_t newest = 0;
};

/// One walk over the parser's tree. Each open node knows its last child, to which the next one is linked.
class Copier {
public:
  Copier(Tree& tree, Pieces* pieces) : tree(tree), pieces(pieces) {}

  void copy(TSNode root) {
    TSTreeCursor cursor = ts_tree_cursor_new(root);
    add(cursor, Kind::Other);
    while (true) {
      if (descends && ts_tree_cursor_goto_first_child(&cursor)) {
        open.push_back({added, 0});
      } else {
        while (!ts_tree_cursor_goto_next_sibling(&cursor)) {
          if (open.empty() || !ts_tree_cursor_goto_parent(&cursor)) {
            ts_tree_cursor_delete(&cursor);
            return;
          }
          open.pop_back();
        }
      }
      add(cursor, tree.nodes[open.back().node].kind);
    }
  }

private:
  struct Open {
    uint32_t node;
    uint32_t lastChild;
  };

  void add(TSTreeCursor& cursor, Kind parent) {
    TSNode node = ts_tree_cursor_current_node(&cursor);
    Kind kind = tables().kind(ts_node_symbol(node));
    Field field = tables().fields[ts_tree_cursor_current_field_id(&cursor)];
    Span span{ts_node_start_byte(node), ts_node_end_byte(node)};
    if (pieces) span = {pieces->begin(span.begin), pieces->end(span.end)};
    descends = false;
    if (kind == Kind::Comment) tree.comments.push_back(span);
    if (kind == Kind::Comment || kind == Kind::LineContinuation ||
        (kind == Kind::Token && !keepsToken(node, field, parent) && !ts_node_is_missing(node)))
      return;
    added = tree.nodes.size();
    descends = kind != Kind::Token;
    bool error = ts_node_has_error(node) || ts_node_is_missing(node);
    tree.nodes.push_back(
        {ts_node_is_missing(node) ? Kind::Error : kind, field, error, span.begin, span.end, 0, 0});
    link();
  }

  void link() {
    if (open.empty()) return;
    Open& parent = open.back();
    (parent.lastChild ? tree.nodes[parent.lastChild].nextSibling : tree.nodes[parent.node].firstChild) =
        added;
    parent.lastChild = added;
  }

  Tree& tree;
  Pieces* pieces; // null where the text is parsed as a whole
  std::vector<Open> open;
  uint32_t added = 0;
  bool descends = true;
};

} // namespace

Tree::Tree(std::string source) : text(std::move(source)) {
  lines.push_back(0);
  for (size_t at = text.find('\n'); at != std::string::npos; at = text.find('\n', at + 1))
    lines.push_back(at + 1);
}

void Tree::forgetNodes() {
  // To clear a vector, or to assign an empty list to it, keeps its room.
  std::vector<SyntaxNode>().swap(nodes);
  std::vector<Span>().swap(comments);
}

facts::Position Tree::position(Span span) const {
  auto lineOf = [&](uint32_t offset) {
    return uint32_t(std::upper_bound(lines.begin(), lines.end(), offset) - lines.begin());
  };
  uint32_t first = lineOf(span.begin), last = lineOf(span.end);
  return {0, first, span.begin - lines[first - 1] + 1, last, span.end - lines[last - 1] + 1};
}

/// Stands for the name `type` where the parser would see the start of a type statement.
static constexpr llvm::StringLiteral typeName = "\xC2\xAAyp";

/// `type(x).y = z` comes back as a type statement whose name is no name. Gives whether any was found; each
/// has its first word replaced by one that the parser takes for a plain name, and Node::text() undoes it.
static bool renameTypeCalls(Tree& tree) {
  bool found = false;
  for (const SyntaxNode& node : tree.nodes) {
    if (node.kind != Kind::TypeAlias) continue;
    llvm::StringRef rest = llvm::StringRef(tree.text).slice(node.begin, node.end).drop_front(4).ltrim();
    if (!rest.starts_with("(") && !rest.starts_with("[") && !rest.starts_with(".")) continue;
    tree.text.replace(node.begin, 4, typeName.str());
    found = true;
  }
  return found;
}

static bool parseOnce(Tree& tree, llvm::ArrayRef<Span> ranges);

bool parse(Tree& tree, llvm::ArrayRef<Span> ranges) {
  if (!parseOnce(tree, ranges)) return false;
  return !renameTypeCalls(tree) || parseOnce(tree, ranges);
}

static bool parseOnce(Tree& tree, llvm::ArrayRef<Span> ranges) {
  tree.nodes.clear();
  tree.comments.clear();
  std::optional<Pieces> pieces;
  if (!ranges.empty()) pieces.emplace(tree.text, ranges);
  TreePointer parsed = parseText(pieces ? pieces->text() : llvm::StringRef(tree.text));
  if (!parsed) return false;
  Copier(tree, pieces ? &*pieces : nullptr).copy(ts_tree_root_node(parsed.get()));
  return true;
}

bool parses(llvm::StringRef text) {
  TreePointer parsed = parseText(text);
  return parsed && !ts_node_has_error(ts_tree_root_node(parsed.get()));
}

Kind Node::kind() const { return tree ? tree->nodes[index].kind : Kind::Other; }
Field Node::field() const { return tree ? tree->nodes[index].field : Field::Unnamed; }
bool Node::hasError() const { return tree && tree->nodes[index].hasError; }
Span Node::span() const { return tree ? Span{tree->nodes[index].begin, tree->nodes[index].end} : Span{}; }
facts::Position Node::position() const { return tree ? tree->position(span()) : facts::Position{}; }

llvm::StringRef Node::text() const {
  Span at = span();
  if (!tree) return {};
  llvm::StringRef text = tree->source().slice(at.begin, at.end);
  return text == typeName ? llvm::StringRef("type") : text;
}

Node Node::firstAny() const {
  uint32_t id = tree ? tree->nodes[index].firstChild : 0;
  return id ? Node(tree, id) : Node();
}

Node Node::nextAny() const {
  uint32_t id = tree ? tree->nodes[index].nextSibling : 0;
  return id ? Node(tree, id) : Node();
}

static Node skipTokens(Node node) {
  while (node && node.kind() == Kind::Token)
    node = node.nextAny();
  return node;
}

Node Node::first() const { return skipTokens(firstAny()); }
Node Node::next() const { return skipTokens(nextAny()); }

Node Node::child(Field field) const {
  Node node = firstAny();
  while (node && node.field() != field)
    node = node.nextAny();
  return node;
}

Node Node::child(Kind kind) const {
  Node node = firstAny();
  while (node && node.kind() != kind)
    node = node.nextAny();
  return node;
}

bool Node::hasToken(llvm::StringRef text) const {
  for (Node node = firstAny(); node; node = node.nextAny())
    if (node.kind() == Kind::Token && node.text() == text) return true;
  return false;
}

std::vector<Node> Node::children() const {
  std::vector<Node> all;
  for (Node node = first(); node; node = node.next())
    all.push_back(node);
  return all;
}

std::vector<Node> Node::children(Field field) const {
  std::vector<Node> all;
  for (Node node = first(); node; node = node.next())
    if (node.field() == field) all.push_back(node);
  return all;
}

} // namespace forklint::python
