// match: a pattern is a chain of tests that leads to the next case where one fails. Tests on literals are
// edge relations, class patterns are isinstance calls, the shape of sequences and mappings is not known.

#include "python-frontend/lowering.h"

namespace forklint::python {

using namespace facts;

void Lowering::matchStatement(Node node) {
  ValueId subject = valueOrTuple(node.children(Field::Subject), node);
  BlockId after = builder.createBlock();
  for (Node clause : node.child(Field::Body).children()) {
    if (clause.kind() != Kind::Case) {
      statement(clause);
      continue;
    }
    BlockId next = builder.createBlock();
    caseBody(clause, subject, after, next);
    builder.seal(next);
    builder.setBlock(next);
  }
  builder.jump(after);
  builder.seal(after);
  builder.setBlock(after);
}

void Lowering::caseBody(Node clause, ValueId subject, BlockId after, BlockId next) {
  std::vector<Node> patterns;
  for (Node each : clause.children())
    if (each.kind() == Kind::CasePattern) patterns.push_back(each);
  bool several = patterns.size() > 1 || clause.hasToken(",");
  if (several)
    sequencePattern(patterns, subject, clause, next);
  else if (!patterns.empty())
    pattern(patterns[0], subject, next);
  if (Node guard = clause.child(Field::Guard)) {
    BlockId yes = builder.createBlock();
    branch(guard.first(), yes, next);
    builder.seal(yes);
    builder.setBlock(yes);
  }
  suite(clause.child(Field::Consequence));
  builder.jump(after);
}

/// Leaves the current block at the place where the pattern has matched.
void Lowering::pattern(Node node, ValueId subject, BlockId no) {
  if (depth >= maxDepth) {
    lost(node, "nesting too deep");
    return;
  }
  ++depth;
  switch (node.kind()) {
  case Kind::CasePattern: casePattern(node, subject, no); break;
  case Kind::AsPattern: {
    std::vector<Node> parts = node.children();
    pattern(parts[0], subject, no);
    if (parts.size() > 1) bindName(parts.back(), subject, parts.back());
    break;
  }
  case Kind::DottedName:
    if (node.children().size() == 1)
      bindName(node.first(), subject, node);
    else
      literalPattern(node, dotted(node), subject, no);
    break;
  case Kind::UnionPattern: unionPattern(node, subject, no); break;
  case Kind::ClassPattern: classPattern(node, subject, no); break;
  case Kind::DictPattern: dictPattern(node, subject, no); break;
  case Kind::TuplePattern:
    if (node.children().size() == 1 && !node.hasToken(",") &&
        node.first().child(Kind::SplatPattern) == Node()) {
      pattern(node.first(), subject, no); // brackets only
      break;
    }
    [[fallthrough]];
  case Kind::ListPattern: sequencePattern(node.children(), subject, node, no); break;
  case Kind::SplatPattern:
    if (Node name = node.first()) bindName(name, subject, node);
    break;
  case Kind::KeywordPattern: lost(node, "syntax"); break;
  default: literalPattern(node, value(node), subject, no);
  }
  --depth;
}

/// What stands in a case_pattern: another pattern, `_`, or a number with its sign as a token before it.
void Lowering::casePattern(Node node, ValueId subject, BlockId no) {
  Node inner = node.first();
  if (!inner) return; // `_`
  if (node.hasToken("-") && (inner.kind() == Kind::Integer || inner.kind() == Kind::Float)) {
    return literalPattern(node, negated(inner), subject, no);
  }
  if (inner.kind() == Kind::ComplexPattern)
    return literalPattern(inner, builder.unknown("number", inner.position()), subject, no);
  pattern(inner, subject, no);
}

ValueId Lowering::negated(Node number) {
  ValueId positive = value(number);
  const Literal* literal = literalOf(positive);
  const auto* integer = literal ? std::get_if<int64_t>(literal) : nullptr;
  return integer ? builder.constant(-*integer, number.position())
                 : emit(InstructionKind::Operator, number, "neg", plain({positive}));
}

void Lowering::literalPattern(Node node, ValueId expected, ValueId subject, BlockId no) {
  BlockId yes = builder.createBlock();
  compare(subject, "==", expected, node, yes, no);
  builder.seal(yes);
  builder.setBlock(yes);
}

ValueId Lowering::dotted(Node name) {
  std::vector<Node> parts = name.children();
  ValueId result = readName(parts[0]);
  for (size_t i = 1; i < parts.size(); ++i)
    result = attribute(result, parts[i].text(), name);
  return result;
}

static Node withoutCase(Node node) {
  while (node.kind() == Kind::CasePattern && node.first())
    node = node.first();
  return node;
}

void Lowering::shapeTest(const char* reason, Node node, BlockId no) {
  BlockId yes = builder.createBlock();
  test(builder.unknown(reason, node.position()), yes, no);
  builder.seal(yes);
  builder.setBlock(yes);
}

void Lowering::sequencePattern(const std::vector<Node>& items, ValueId subject, Node node, BlockId no) {
  shapeTest("sequence pattern", node, no);
  bool starred = false;
  for (size_t i = 0; i < items.size(); ++i) {
    Position at = items[i].position();
    int64_t fromEnd = int64_t(i) - int64_t(items.size());
    Node item = withoutCase(items[i]);
    ValueId index;
    if (item.kind() == Kind::SplatPattern) {
      starred = true;
      ValueId stop = fromEnd == -1 ? builder.constant(None{}, at) : builder.constant(fromEnd + 1, at);
      index = emit(InstructionKind::Operator, item, "slice", plain({builder.constant(int64_t(i), at), stop}));
    } else {
      index = builder.constant(starred ? fromEnd : int64_t(i), at);
    }
    pattern(items[i], builder.load({PlaceKind::Item, subject, "", index}, at), no);
  }
}

void Lowering::dictPattern(Node node, ValueId subject, BlockId no) {
  shapeTest("mapping pattern", node, no);
  ValueId key = noValue;
  bool negative = false;
  for (Node each = node.firstAny(); each; each = each.nextAny()) {
    if (each.kind() == Kind::Token) {
      negative = each.text() == "-";
    } else if (each.field() == Field::Key) {
      key = each.kind() == Kind::DottedName ? dotted(each) : negative ? negated(each) : value(each);
      negative = false;
    } else if (each.kind() == Kind::SplatPattern) {
      if (Node name = each.first())
        bindName(name, builder.unknown("rest of a mapping", each.position()), each);
    } else if (key != noValue) {
      pattern(each, builder.load({PlaceKind::Item, subject, "", key}, each.position()), no);
    }
  }
}

void Lowering::classPattern(Node node, ValueId subject, BlockId no) {
  std::vector<Node> parts = node.children();
  ValueId type = dotted(parts[0]);
  ValueId is =
      raising(emit(InstructionKind::Call, node, "", plain({builtin("isinstance", node), subject, type})));
  BlockId yes = builder.createBlock();
  test(is, yes, no);
  builder.seal(yes);
  builder.setBlock(yes);
  for (size_t i = 1; i < parts.size(); ++i) {
    Node inner = withoutCase(parts[i]), name;
    // In `key=PATTERN as name` the grammar takes the key for a part of what has the name.
    if (Node named = withoutCase(inner.first());
        inner.kind() == Kind::AsPattern && named.kind() == Kind::KeywordPattern)
      name = std::exchange(inner, named).children().back();
    if (inner.kind() == Kind::KeywordPattern)
      keywordPattern(inner, name, subject, no);
    else
      pattern(parts[i], builder.unknown("positional pattern", parts[i].position()), no);
  }
}

/// `key=PATTERN`; `name` is bound to the member if there is one.
void Lowering::keywordPattern(Node keyword, Node name, ValueId subject, BlockId no) {
  ValueId member = attribute(subject, keyword.first().text(), keyword);
  Node nested = keyword.first().next();
  if (nested && keyword.hasToken("-"))
    literalPattern(keyword, negated(nested), member, no);
  else if (nested)
    pattern(nested, member, no);
  if (name) bindName(name, member, name);
}

void Lowering::unionPattern(Node node, ValueId subject, BlockId no) {
  BlockId matched = builder.createBlock();
  std::vector<std::pair<Node, bool>> parts; // with whether a minus stands before
  bool negative = false;
  for (Node each = node.firstAny(); each; each = each.nextAny()) {
    bool minus = each.kind() == Kind::Token && each.text() == "-";
    if (!minus && (each.kind() != Kind::Token || each.text() == "_")) parts.push_back({each, negative});
    negative = minus;
  }
  for (size_t i = 0; i < parts.size(); ++i) {
    bool last = i + 1 == parts.size();
    BlockId next = last ? no : builder.createBlock();
    auto [part, minus] = parts[i];
    if (minus)
      literalPattern(part, negated(part), subject, next);
    else if (part.kind() != Kind::Token)
      pattern(part, subject, next);
    builder.jump(matched);
    if (!last) {
      builder.seal(next);
      builder.setBlock(next);
    }
  }
  builder.seal(matched);
  builder.setBlock(matched);
}

} // namespace forklint::python
