// Conditions: `and`, `or`, `not`, chained comparisons and `?:` become branches, a comparison with a literal
// becomes the relation of two edges. Outside of a condition the same branches meet again in a merge.

#include "python-frontend/lowering.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSwitch.h"

namespace forklint::python {

using namespace facts;

const Literal* Lowering::literalOf(ValueId value) {
  const Instruction& instruction = builder.instruction(value);
  return instruction.kind == InstructionKind::Constant ? &instruction.literal : nullptr;
}

static bool truth(const Literal& literal) {
  if (const auto* boolean = std::get_if<bool>(&literal)) return *boolean;
  if (const auto* integer = std::get_if<int64_t>(&literal)) return *integer != 0;
  if (const auto* number = std::get_if<double>(&literal)) return *number != 0;
  if (const auto* text = std::get_if<Text>(&literal)) return !text->empty();
  if (const auto* bytes = std::get_if<Bytes>(&literal)) return !bytes->data.empty();
  return !std::holds_alternative<None>(literal);
}

void Lowering::split(ValueId value, Relation relation, const Literal& literal, BlockId yes, BlockId no) {
  static constexpr Relation opposites[] = {
      Relation::NotEqual, Relation::Equal, Relation::GreaterEqual, Relation::Greater, Relation::LessEqual,
      Relation::Less,     Relation::Falsy, Relation::Truthy,       Relation::Done,    Relation::More};
  if (builder.ended()) return;
  for (bool first : {true, false}) {
    Edge edge;
    edge.kind = EdgeKind::When;
    edge.target = first ? yes : no;
    edge.value = value;
    edge.relation = first ? relation : opposites[size_t(relation)];
    edge.literal = literal;
    builder.connect(builder.block(), std::move(edge));
  }
}

void Lowering::test(ValueId value, BlockId yes, BlockId no) {
  if (const Literal* literal = literalOf(value))
    builder.jump(truth(*literal) ? yes : no);
  else
    split(value, Relation::Truthy, None{}, yes, no);
}

void Lowering::branch(Node condition, BlockId yes, BlockId no) {
  if (depth >= maxDepth) {
    test(lost(condition, "nesting too deep"), yes, no);
    return;
  }
  ++depth;
  branchWithin(condition, yes, no);
  --depth;
}

void Lowering::branchWithin(Node condition, BlockId yes, BlockId no) {
  switch (condition.kind()) {
  case Kind::Parenthesized:
    if (condition.first()) return branch(condition.first(), yes, no);
    break;
  case Kind::Not: return branch(condition.child(Field::Argument), no, yes);
  case Kind::Boolean: return branchBoolean(condition, yes, no);
  case Kind::Comparison: return branchComparison(condition, yes, no);
  case Kind::Conditional: {
    std::vector<Node> parts = condition.children();
    if (parts.size() != 3) break;
    BlockId first = builder.createBlock(), second = builder.createBlock();
    branch(parts[1], first, second);
    builder.seal(first);
    builder.setBlock(first);
    branch(parts[0], yes, no);
    builder.seal(second);
    builder.setBlock(second);
    return branch(parts[2], yes, no);
  }
  default: break;
  }
  test(value(condition), yes, no);
}

/// `a or b or c` nests to the left: its operands in order.
static std::vector<Node> operandsOf(Node node) {
  std::vector<Node> operands;
  llvm::StringRef name = node.child(Field::Operator).text();
  while (node.kind() == Kind::Boolean && node.child(Field::Operator).text() == name) {
    operands.push_back(node.child(Field::Right));
    node = node.child(Field::Left);
  }
  operands.push_back(node);
  std::reverse(operands.begin(), operands.end());
  return operands;
}

void Lowering::branchBoolean(Node node, BlockId yes, BlockId no) {
  bool isAnd = node.child(Field::Operator).text() == "and";
  std::vector<Node> operands = operandsOf(node);
  for (size_t i = 0; i + 1 < operands.size(); ++i) {
    BlockId next = builder.createBlock();
    branch(operands[i], isAnd ? next : yes, isAnd ? no : next);
    builder.seal(next);
    builder.setBlock(next);
  }
  branch(operands.back(), yes, no);
}

ValueId Lowering::boolean(Node node) {
  bool isAnd = node.child(Field::Operator).text() == "and";
  std::string result = temporary();
  BlockId after = builder.createBlock();
  std::vector<Node> operands = operandsOf(node);
  for (size_t i = 0; i < operands.size(); ++i) {
    ValueId each = value(operands[i]);
    builder.write(result, each);
    if (i + 1 == operands.size()) break;
    BlockId next = builder.createBlock();
    test(each, isAnd ? next : after, isAnd ? after : next);
    builder.seal(next);
    builder.setBlock(next);
  }
  builder.jump(after);
  builder.seal(after);
  builder.setBlock(after);
  return builder.read(result, node.position());
}

namespace {

struct Compared {
  std::string name; // operator in the facts' spelling
  Node operand;     // right of it
};

std::string spelled(llvm::StringRef name) {
  if (name == "<>") return "!=";
  if (name.starts_with("not")) return "not-in";
  return name.starts_with("is") && name.size() > 2 ? "is-not" : name.str();
}

/// The first operand, then each operator with what stands right of it.
std::pair<Node, std::vector<Compared>> partsOf(Node node) {
  std::vector<Compared> rest;
  Node first;
  std::string name;
  for (Node each = node.firstAny(); each; each = each.nextAny()) {
    if (each.field() == Field::Operators)
      name = spelled(each.text());
    else if (!first)
      first = each;
    else if (each.kind() != Kind::Token)
      rest.push_back({name, each});
  }
  return {first, rest};
}

std::optional<Relation> relationOf(llvm::StringRef name) {
  return llvm::StringSwitch<std::optional<Relation>>(name)
      .Cases("==", "is", Relation::Equal)
      .Cases("!=", "is-not", Relation::NotEqual)
      .Case("<", Relation::Less)
      .Case("<=", Relation::LessEqual)
      .Case(">", Relation::Greater)
      .Case(">=", Relation::GreaterEqual)
      .Default(std::nullopt);
}

/// `0 < x` says of x what `x > 0` says.
Relation mirrored(Relation relation) {
  switch (relation) {
  case Relation::Less: return Relation::Greater;
  case Relation::LessEqual: return Relation::GreaterEqual;
  case Relation::Greater: return Relation::Less;
  case Relation::GreaterEqual: return Relation::LessEqual;
  default: return relation;
  }
}

} // namespace

void Lowering::compare(ValueId left, llvm::StringRef name, ValueId right, Node at, BlockId yes, BlockId no) {
  std::optional<Relation> relation = relationOf(name);
  const Literal* leftLiteral = literalOf(left);
  const Literal* rightLiteral = literalOf(right);
  if (relation && rightLiteral && !leftLiteral)
    return split(left, *relation, Literal(*rightLiteral), yes, no);
  if (relation && leftLiteral && !rightLiteral)
    return split(right, mirrored(*relation), Literal(*leftLiteral), yes, no);
  test(operation(name.str().c_str(), left, right, at), yes, no);
}

void Lowering::branchComparison(Node node, BlockId yes, BlockId no) {
  auto [first, rest] = partsOf(node);
  ValueId left = value(first);
  for (size_t i = 0; i < rest.size(); ++i) {
    ValueId right = value(rest[i].operand);
    bool last = i + 1 == rest.size();
    BlockId next = last ? yes : builder.createBlock();
    compare(left, rest[i].name, right, node, next, no);
    if (last) return;
    builder.seal(next);
    builder.setBlock(next);
    left = right;
  }
  test(left, yes, no); // only when the parser lost a side
}

ValueId Lowering::comparison(Node node) {
  auto [first, rest] = partsOf(node);
  ValueId left = value(first);
  if (rest.empty()) return left;
  if (rest.size() == 1) return operation(rest[0].name.c_str(), left, value(rest[0].operand), node);
  std::string result = temporary();
  BlockId after = builder.createBlock();
  for (size_t i = 0; i < rest.size(); ++i) {
    ValueId right = value(rest[i].operand);
    ValueId each = operation(rest[i].name.c_str(), left, right, node);
    builder.write(result, each);
    left = right;
    if (i + 1 == rest.size()) break;
    BlockId next = builder.createBlock();
    test(each, next, after);
    builder.seal(next);
    builder.setBlock(next);
  }
  builder.jump(after);
  builder.seal(after);
  builder.setBlock(after);
  return builder.read(result, node.position());
}

} // namespace forklint::python
