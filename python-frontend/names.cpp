// Names and assignment targets: where a name leads, and how values get into names, attributes and items.

#include "python-frontend/lowering.h"

namespace forklint::python {

using namespace facts;

static Place localPlace(std::string name) { return {PlaceKind::Local, noValue, std::move(name), noValue}; }
static Place globalPlace(std::string symbol) {
  return {PlaceKind::Global, noValue, std::move(symbol), noValue};
}
static Place derefPlace(ValueId pointer) { return {PlaceKind::Deref, pointer, "", noValue}; }

ValueId Lowering::readName(Node node) {
  llvm::StringRef name = node.text();
  Position at = node.position();
  if (name == "__debug__") return builder.constant(true, at);
  return readResolved(module.scopes.resolve(scope, name, node.span().begin), at);
}

ValueId Lowering::readResolved(const Resolution& to, Position at) {
  std::string key = module.scopes.key(to.owner, to.name);
  switch (to.kind) {
  case Resolution::Builtin: return builder.functionRef("builtins." + to.name.str(), at);
  case Resolution::Global: return builder.load(globalPlace(global(to.name)), at);
  case Resolution::TypeParameter: return builder.unknown("type parameter", at);
  case Resolution::ClassName: return builder.read(key, at);
  case Resolution::Local:
    return to.variable->boxed ? builder.load(localPlace(key), at) : builder.read(key, at);
  case Resolution::Captured: {
    ValueId captured = builder.read(key, at);
    return to.variable->boxed ? builder.load(derefPlace(captured), at) : captured;
  }
  }
  return builder.unknown("name", at);
}

void Lowering::nameValue(ValueId value, llvm::StringRef name) {
  Instruction& instruction = builder.instruction(value);
  bool leaf = fields(instruction.kind) & FieldLeaf;
  if (!leaf && instruction.kind != InstructionKind::Merge && instruction.variable.empty())
    instruction.variable = name.str();
}

/// The binding occurrence resolves at the end of the scope, where every name of a class body is bound.
void Lowering::bindName(Node node, ValueId value, Node at) {
  llvm::StringRef name = node.text();
  nameValue(value, name);
  declareName(node);
  bindResolved(module.scopes.resolve(scope, name, UINT32_MAX), value, at.position());
}

void Lowering::bindResolved(const Resolution& to, ValueId value, Position at) {
  std::string key = module.scopes.key(to.owner, to.name);
  switch (to.kind) {
  case Resolution::Local:
    to.variable->boxed ? builder.store(localPlace(key), value, at) : builder.write(key, value);
    return;
  case Resolution::Captured: {
    ValueId address = builder.read(key, at);
    builder.store(derefPlace(address), value, at);
    return;
  }
  case Resolution::ClassName:
    builder.write(key, value);
    builder.store({PlaceKind::Attribute, classes.lookup(to.owner), to.name.str(), noValue}, value, at);
    return;
  default: builder.store(globalPlace(global(to.name)), value, at);
  }
}

/// The place of an attribute or a subscript; its object and index are evaluated.
Place Lowering::placeOf(Node target) {
  if (target.kind() == Kind::Attribute) {
    ValueId object = value(target.child(Field::Object));
    return {PlaceKind::Attribute, object, nameOf(target.child(Field::Attribute)).str(), noValue};
  }
  ValueId object = value(target.child(Field::Value));
  return {PlaceKind::Item, object, "", index(target)};
}

bool isBracketed(Node target) {
  if (target.kind() == Kind::Parenthesized) return bool(target.first());
  return target.kind() == Kind::TuplePattern && target.children().size() == 1 && !target.hasToken(",") &&
         target.first().kind() != Kind::ListSplatPattern;
}

void Lowering::assign(Node target, ValueId assigned) {
  while (isBracketed(target))
    target = target.first();
  switch (target.kind()) {
  case Kind::Identifier: bindName(target, assigned, target); return;
  case Kind::Attribute:
  case Kind::Subscript: {
    Place place = placeOf(target);
    builder.store(std::move(place), assigned, target.position());
    return;
  }
  case Kind::AsPatternTarget:
  case Kind::ListSplat:
  case Kind::ListSplatPattern: assign(target.first(), assigned); return;
  case Kind::TuplePattern:
  case Kind::ListPattern:
  case Kind::PatternList:
  case Kind::ExpressionList:
  case Kind::Tuple:
  case Kind::List:
    if (depth < maxDepth) {
      ++depth;
      unpack(target, assigned);
      --depth;
      return;
    }
    [[fallthrough]];
  default: lost(target, "assignment target");
  }
}

static bool isSplat(Node node) {
  return node.kind() == Kind::ListSplatPattern || node.kind() == Kind::ListSplat;
}

/// Item i of the value to target i; behind a star, items count from the end; the star takes a slice.
void Lowering::unpack(Node target, ValueId from) {
  std::vector<Node> targets = target.children();
  bool starred = false;
  for (size_t i = 0; i < targets.size(); ++i) {
    Position at = targets[i].position();
    int64_t fromEnd = int64_t(i) - int64_t(targets.size());
    ValueId item;
    if (isSplat(targets[i]) && !starred) {
      starred = true;
      ValueId stop = fromEnd == -1 ? builder.constant(None{}, at) : builder.constant(fromEnd + 1, at);
      item = emit(InstructionKind::Operator, targets[i], "slice",
                  plain({builder.constant(int64_t(i), at), stop}));
    } else {
      item = builder.constant(starred ? fromEnd : int64_t(i), at);
    }
    assign(targets[i], builder.load({PlaceKind::Item, from, "", item}, at));
  }
}

/// `a, b = x, y` gives each target its own value: nothing of it is lost in a tuple.
bool Lowering::assignElementwise(Node target, Node from) {
  bool display = from.kind() == Kind::ExpressionList || from.kind() == Kind::Tuple;
  bool list = target.kind() == Kind::PatternList || target.kind() == Kind::TuplePattern;
  if (!display || !list) return false;
  if (isBracketed(target)) return false;
  std::vector<Node> targets = target.children(), values = from.children();
  if (targets.size() != values.size()) return false;
  for (size_t i = 0; i < targets.size(); ++i)
    if (isSplat(targets[i]) || isSplat(values[i]) || values[i].kind() == Kind::Yield) return false;
  std::vector<ValueId> evaluated;
  evaluated.reserve(values.size());
  for (Node each : values)
    evaluated.push_back(value(each));
  for (size_t i = 0; i < targets.size(); ++i)
    assign(targets[i], evaluated[i]);
  return true;
}

void Lowering::assignFrom(const std::vector<Node>& targets, Node from) {
  if (targets.size() == 1 && assignElementwise(targets.front(), from)) return;
  ValueId assigned = value(from);
  for (Node target : targets)
    assign(target, assigned);
}

} // namespace forklint::python
