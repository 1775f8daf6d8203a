// Expressions to values, in the order Python evaluates them.

#include "python-frontend/literals.h"
#include "python-frontend/lowering.h"

#include "llvm/ADT/StringSwitch.h"

#include <utility>

namespace forklint::python {

using namespace facts;

ValueId Lowering::value(Node node) {
  if (depth >= maxDepth) return lost(node, "nesting too deep");
  ++depth;
  ValueId result = valueWithin(node);
  --depth;
  return result;
}

ValueId Lowering::lost(Node node, const char* reason) {
  module.gap(node, reason);
  return builder.unknown(reason, node.position());
}

ValueId Lowering::valueWithin(Node node) {
  Position at = node.position();
  switch (node.kind()) {
  case Kind::Identifier: return isLost(node) ? builder.unknown("syntax", at) : readName(node);
  case Kind::True: return builder.constant(true, at);
  case Kind::False: return builder.constant(false, at);
  case Kind::None: return builder.constant(None{}, at);
  case Kind::Ellipsis: return builder.constant(Ellipsis{}, at);
  case Kind::Integer:
  case Kind::Float: {
    std::optional<Literal> literal = number(node.text());
    return literal ? builder.constant(*literal, at) : builder.unknown("number", at);
  }
  case Kind::String:
  case Kind::ConcatenatedString: return string(node);
  case Kind::Parenthesized: return node.first() ? value(node.first()) : lost(node, "syntax");
  case Kind::Attribute: {
    ValueId object = value(node.child(Field::Object));
    return attribute(object, nameOf(node.child(Field::Attribute)), node);
  }
  case Kind::Call: return call(node);
  case Kind::Subscript: return subscript(node);
  case Kind::Slice: return slice(node);
  case Kind::Binary: return binary(node);
  case Kind::Unary: return unary(node);
  case Kind::ComplexPattern: return builder.unknown("number", at);
  default: return compoundValue(node);
  }
}

ValueId Lowering::compoundValue(Node node) {
  switch (node.kind()) {
  case Kind::Comparison: return comparison(node);
  case Kind::Boolean: return boolean(node);
  case Kind::Not:
    return emit(InstructionKind::Operator, node, "not", plain({value(node.child(Field::Argument))}));
  case Kind::Conditional: return conditional(node);
  case Kind::NamedExpression: return named(node);
  case Kind::Lambda: return lambda(node);
  case Kind::Tuple:
  case Kind::ExpressionList:
  case Kind::TuplePattern:
  case Kind::PatternList: return container(node, "tuple");
  case Kind::List:
  case Kind::ListPattern: return container(node, "list");
  case Kind::Set: return container(node, "set");
  case Kind::Dictionary: return dictionary(node);
  case Kind::ListComprehension:
  case Kind::SetComprehension:
  case Kind::DictionaryComprehension:
  case Kind::GeneratorExpression: return comprehension(node);
  case Kind::Yield: return yield(node);
  case Kind::Await: return await(node);
  case Kind::AsPattern: // only in places where the grammar took too much
  case Kind::ListSplat:
  case Kind::ListSplatPattern:
  case Kind::Type: return node.first() ? value(node.first()) : lost(node, "syntax");
  case Kind::Assignment: assignment(node); return builder.unknown("assignment", node.position());
  default: return lost(node, "syntax");
  }
}

/// Long sums nest to the left: that side is walked, not recursed into.
ValueId Lowering::binary(Node node) {
  std::vector<Node> chain;
  for (; node.kind() == Kind::Binary; node = node.child(Field::Left))
    chain.push_back(node);
  ValueId left = value(node);
  for (size_t i = chain.size(); i-- > 0;) {
    ValueId right = value(chain[i].child(Field::Right));
    std::string name = chain[i].child(Field::Operator).text().str();
    left = emit(InstructionKind::Operator, chain[i], name, plain({left, right}));
  }
  return left;
}

ValueId Lowering::unary(Node node) {
  char sign = node.child(Field::Operator).text().front();
  ValueId operand = value(node.child(Field::Argument));
  if (const Literal* literal = sign == '-' ? literalOf(operand) : nullptr) {
    if (const auto* integer = std::get_if<int64_t>(literal); integer && *integer != INT64_MIN)
      return builder.constant(-*integer, node.position());
    if (const auto* number = std::get_if<double>(literal)) return builder.constant(-*number, node.position());
  }
  return emit(InstructionKind::Operator, node,
              sign == '-'   ? "neg"
              : sign == '+' ? "pos"
                            : "~",
              plain({operand}));
}

ValueId Lowering::conditional(Node node) {
  std::vector<Node> parts = node.children();
  if (parts.size() != 3) return lost(node, "syntax");
  std::string result = temporary();
  BlockId yes = builder.createBlock(), no = builder.createBlock(), after = builder.createBlock();
  branch(parts[1], yes, no);
  const std::pair<BlockId, Node> ways[] = {{yes, parts[0]}, {no, parts[2]}};
  for (auto& [block, part] : ways) {
    builder.seal(block);
    builder.setBlock(block);
    ValueId each = value(part);
    builder.write(result, each);
    builder.jump(after);
  }
  builder.seal(after);
  builder.setBlock(after);
  return builder.read(result, node.position());
}

ValueId Lowering::named(Node node) {
  Node name = node.child(Field::Name);
  ValueId result = value(node.child(Field::Value));
  ScopeId inner = scope; // a comprehension's walrus binds around it
  while (module.scopes[scope].kind == ScopeKind::Comprehension)
    scope = module.scopes[scope].parent;
  bindName(name, result, name);
  scope = inner;
  return result;
}

ValueId Lowering::subscript(Node node) { return builder.load(placeOf(node), node.position()); }

/// `*f(x)` may come as a call of `*f`: the star at its start tells.
static bool isSpread(Node element) { return element.text().starts_with("*"); }

/// The index of a subscript; several make a tuple.
ValueId Lowering::index(Node node) {
  std::vector<Node> all = node.children(Field::Subscript);
  if (all.size() == 1 && !isSpread(all[0]) && !node.hasToken(",")) return value(all[0]);
  std::vector<Operand> items;
  for (Node each : all) {
    bool splat = isSpread(each);
    items.push_back({value(each), "", splat ? Spread::Positional : Spread::Single});
  }
  return emit(InstructionKind::Container, node, "tuple", std::move(items));
}

ValueId Lowering::slice(Node node) {
  std::vector<Operand> parts = plain({noValue, noValue, noValue});
  size_t part = 0;
  for (Node each = node.firstAny(); each; each = each.nextAny()) {
    if (each.kind() == Kind::Token)
      part = std::min<size_t>(part + 1, 2);
    else
      parts[part].value = value(each);
  }
  for (Operand& operand : parts)
    if (operand.value == noValue) operand.value = builder.constant(None{}, node.position());
  return emit(InstructionKind::Operator, node, "slice", std::move(parts));
}

/// Behind so many elements of a display, those that are data are one unknown: a table, which no code tells
/// apart.
static constexpr size_t mostElements = 1000;

ValueId Lowering::container(Node node, const char* kind) {
  std::vector<Operand> items;
  bool hasMore = false;
  for (Node each = node.first(); each; each = each.next()) {
    if (items.size() >= mostElements && isData(each)) {
      if (!std::exchange(hasMore, true))
        items.push_back({builder.unknown("more elements", each.position()), "", Spread::Positional});
      continue;
    }
    bool splat = isSpread(each);
    ValueId item = value(each);
    items.push_back({item, "", splat ? Spread::Positional : Spread::Single});
  }
  return emit(InstructionKind::Container, node, kind, std::move(items));
}

/// Of one expression its value, of several without brackets a tuple.
ValueId Lowering::valueOrTuple(const std::vector<Node>& expressions, Node at) {
  if (expressions.size() == 1) return value(expressions[0]);
  std::vector<Operand> items;
  items.reserve(expressions.size());
  for (Node each : expressions)
    items.push_back(plain(value(each)));
  return emit(InstructionKind::Container, at, "tuple", std::move(items));
}

ValueId Lowering::dictionary(Node node) {
  std::vector<Operand> items;
  bool hasMore = false;
  for (Node each = node.first(); each; each = each.next()) {
    if (items.size() >= 2 * mostElements && isData(each)) {
      if (!std::exchange(hasMore, true))
        items.push_back({builder.unknown("more elements", each.position()), "", Spread::Keywords});
      continue;
    }
    if (each.kind() == Kind::Pair) {
      ValueId key = value(each.child(Field::Key));
      items.push_back(plain(key));
      items.push_back(plain(value(each.child(Field::Value))));
    } else {
      ValueId spread = value(each.kind() == Kind::DictionarySplat ? each.first() : each);
      items.push_back({spread, "", Spread::Keywords});
    }
  }
  return emit(InstructionKind::Container, node, "dict", std::move(items));
}

ValueId Lowering::yield(Node node) {
  std::vector<Operand> operands;
  if (Node each = node.first())
    operands.push_back({value(each), node.hasToken("from") ? "from" : "", Spread::Single});
  return raising(emit(InstructionKind::Yield, node, "", std::move(operands)));
}

ValueId Lowering::await(Node node) {
  ValueId awaited = value(node.first());
  return raising(emit(InstructionKind::Await, node, "", plain({awaited})));
}

/// Adjacent strings are one; without interpolation they are a constant.
ValueId Lowering::string(Node node) {
  bool several = node.kind() == Kind::ConcatenatedString;
  std::vector<Node> strings = several ? node.children() : std::vector<Node>{node};
  std::vector<Operand> parts;
  bool constant = true, bytes = false;
  std::string all;
  for (Node each : strings) {
    bytes |= prefixOf(each).bytes;
    size_t from = parts.size();
    stringParts(each, parts);
    for (size_t i = from; i < parts.size(); ++i) {
      const Literal* literal = literalOf(parts[i].value);
      const auto* text = literal ? std::get_if<Text>(literal) : nullptr;
      constant &= text != nullptr;
      all += text ? *text : "";
    }
  }
  if (!constant) return emit(InstructionKind::Operator, node, "format", std::move(parts));
  return bytes ? builder.constant(Bytes{all}, node.position()) : builder.constant(all, node.position());
}

/// Literal stretches and interpolated values of one string, in order.
void Lowering::stringParts(Node node, std::vector<Operand>& parts) {
  StringPrefix prefix = prefixOf(node);
  Node start = node.first();
  uint32_t from = start.span().end;
  llvm::StringRef whole = node.text();
  uint32_t base = node.span().begin, end = node.span().end;
  auto literal = [&](uint32_t to) {
    if (to > from)
      parts.push_back(
          plain(builder.constant(unescape(whole.slice(from - base, to - base), prefix), node.position())));
  };
  for (Node each = start.next(); each; each = each.next()) {
    if (each.kind() == Kind::Interpolation) {
      literal(each.span().begin);
      from = each.span().end;
      interpolation(each, parts);
    } else if (each.kind() == Kind::StringEnd) {
      end = each.span().begin;
    }
  }
  literal(end);
}

/// The value, then what stands in its format specifier.
void Lowering::interpolation(Node node, std::vector<Operand>& parts) {
  Node expression = node.child(Field::Expression);
  // An interpolated constant still is formatted: it never joins the literal stretches.
  ValueId inner = expression ? value(expression) : lost(node, "syntax");
  if (literalOf(inner)) inner = emit(InstructionKind::Operator, node, "format", plain({inner}));
  parts.push_back(plain(inner));
  for (Node each : node.child(Field::FormatSpecifier).children())
    if (each.kind() == Kind::FormatExpression && depth < maxDepth) {
      ++depth;
      interpolation(each, parts);
      --depth;
    }
}

ValueId Lowering::call(Node node) {
  std::vector<Operand> operands = plain({value(node.child(Field::Function))});
  Node list = node.child(Field::Arguments);
  if (list.kind() == Kind::GeneratorExpression)
    operands.push_back(plain(comprehension(list)));
  else if (list.first())
    arguments(list, operands);
  else
    addImpliedArguments(node, operands);
  return raising(emit(InstructionKind::Call, node, "", std::move(operands)));
}

/// `super()` in a method means `super(CLASS, SELF)`: the class around it and the method's first parameter.
void Lowering::addImpliedArguments(Node call, std::vector<Operand>& operands) {
  Node function = call.child(Field::Function);
  if (function.kind() != Kind::Identifier || function.text() != "super") return;
  uint32_t offset = function.span().begin;
  if (module.scopes.resolve(scope, function.text(), offset).kind != Resolution::Builtin) return;
  const Scope& method = module.scopes[module.scopes[scope].host];
  Resolution around = module.scopes.resolve(scope, classCell, offset);
  if (around.kind != Resolution::Captured || method.kind != ScopeKind::Function) return;
  std::vector<ParameterSyntax> parameters = parametersOf(method.node, module.scopes);
  if (parameters.empty() || parameters[0].name.kind() != Kind::Identifier) return;
  operands.push_back(plain(readResolved(around, call.position())));
  llvm::StringRef self = parameters[0].name.text();
  operands.push_back(plain(readResolved(module.scopes.resolve(scope, self, offset), call.position())));
}

void Lowering::arguments(Node list, std::vector<Operand>& operands) {
  for (Node each = list.first(); each; each = each.next()) {
    Spread spread = Spread::Single;
    std::string keyword;
    Node expression = each;
    if (each.kind() == Kind::ListSplat) {
      spread = Spread::Positional;
      expression = each.first();
    } else if (each.kind() == Kind::DictionarySplat) {
      spread = Spread::Keywords;
      expression = each.first();
    } else if (each.kind() == Kind::KeywordArgument) {
      keyword = nameOf(each.child(Field::Name)).str();
      expression = each.child(Field::Value);
    } else if (each.kind() == Kind::Parenthesized && each.first().kind() == Kind::ListSplat) {
      spread = Spread::Positional;
      expression = each.first().first();
    }
    Position at = keyword.empty() ? Position{} : each.position();
    operands.push_back({value(expression), keyword, spread, at});
  }
}

bool Lowering::isLost(Node node) const {
  Span at = node.span();
  for (Span each : module.lost)
    if (each.begin <= at.begin && at.end <= each.end) return true;
  return false;
}

} // namespace forklint::python
