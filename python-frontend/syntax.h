// The syntax of one Python file as a flat tree, and the only door to the parser behind it: whoever fills
// `Tree::nodes` in this shape can replace it. Building the tree never recurses; children keep source order.
//
// Kept: named nodes, and of the tokens those that carry meaning (operators, `async`, `*`, `_` ...) as
// Kind::Token. Comments are kept apart.
#pragma once

#include "analyzers/facts/facts.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

#include <cstdint>
#include <string>
#include <vector>

namespace forklint::python {

enum class Kind : uint8_t {
  Other,
  Token,
#define KIND(Kind, Spelling) Kind,
#include "python-frontend/kinds.def"
};
enum class Field : uint8_t {
  Unnamed,
#define FIELD(Field, Spelling) Field,
#include "python-frontend/kinds.def"
};

/// Byte offsets into the text; the end is exclusive.
struct Span {
  uint32_t begin = 0;
  uint32_t end = 0;
};

struct SyntaxNode {
  Kind kind = Kind::Other;
  Field field = Field::Unnamed;
  bool hasError = false; // an error stands in it, or it was missing
  uint32_t begin = 0;
  uint32_t end = 0;
  uint32_t firstChild = 0; // 0: none
  uint32_t nextSibling = 0;
};

class Tree;

/// A node of a Tree, by reference; an absent node is false and of kind Other.
class Node {
public:
  Node() = default;
  Node(const Tree* tree, uint32_t id) : tree(tree), index(id) {}
  explicit operator bool() const { return tree != nullptr; }
  bool operator==(const Node& other) const { return tree == other.tree && index == other.index; }

  uint32_t id() const { return index; }
  Kind kind() const;
  Field field() const;
  bool hasError() const;
  Span span() const;
  llvm::StringRef text() const;
  facts::Position position() const;

  Node first() const; // named children only
  Node next() const;
  Node firstAny() const; // tokens too
  Node nextAny() const;
  Node child(Field field) const;
  Node child(Kind kind) const;
  bool hasToken(llvm::StringRef text) const;
  std::vector<Node> children() const; // named
  std::vector<Node> children(Field field) const;

private:
  const Tree* tree = nullptr;
  uint32_t index = 0;
};

class Tree {
public:
  explicit Tree(std::string text);

  Node root() const { return Node(this, 0); }
  llvm::StringRef source() const { return text; }
  facts::Position position(Span span) const;
  /// Frees them; the text and its lines stay.
  void forgetNodes();

  std::string text;
  std::vector<SyntaxNode> nodes; // nodes[0] is the module; parents stand before children
  std::vector<Span> comments;

private:
  std::vector<uint32_t> lines; // offset of each line's first byte
};

/// Fills the tree's nodes from its text, or where there are `ranges` (ascending) from these alone, as if
/// nothing stood between them. Gives false when nothing could be parsed.
bool parse(Tree& tree, llvm::ArrayRef<Span> ranges = {});

/// Whether `text` on its own parses without an error.
bool parses(llvm::StringRef text);

} // namespace forklint::python
