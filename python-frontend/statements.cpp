// Statements without a shape of control of their own, and the walk over suites.

#include "python-frontend/lowering.h"

namespace forklint::python {

using namespace facts;

void ModuleContext::gap(Node node, std::string reason) {
  if (gaps.insert(node.id()).second) unit.gaps.push_back({node.position(), std::move(reason), false});
}

void ModuleContext::declare(EntityKind kind, const std::string& symbol, Node node, const std::string& display,
                            const std::string& type, Text klass) {
  if (!declared.insert(symbol).second) return;
  Entity entity;
  entity.kind = kind;
  entity.linkage = llvm::StringRef(symbol).contains(".<locals>") ? Linkage::None : Linkage::External;
  entity.symbol = symbol;
  entity.position = node.position();
  entity.display = display;
  entity.type = type;
  entity.klass = klass;
  chunk->entities.push_back(std::move(entity));
}

Lowering::Lowering(ModuleContext& module, const std::string& symbol, FunctionKind kind, Node node,
                   ScopeId scope)
    : module(module), builder(symbol, kind, node.position()), scope(scope) {}

ValueId Lowering::emit(InstructionKind kind, Node at, const std::string& name,
                       std::vector<Operand> operands) {
  Instruction instruction;
  instruction.kind = kind;
  instruction.position = at.position();
  instruction.name = name;
  instruction.operands = std::move(operands);
  return builder.append(std::move(instruction));
}

ValueId Lowering::attribute(ValueId object, llvm::StringRef name, Node at) {
  return builder.load({PlaceKind::Attribute, object, name.str(), noValue}, at.position());
}

ValueId Lowering::builtin(const char* name, Node at) {
  return builder.functionRef(std::string("builtins.") + name, at.position());
}

ValueId Lowering::operation(const char* name, ValueId left, ValueId right, Node at) {
  return emit(InstructionKind::Operator, at, name, plain({left, right}));
}

void Lowering::connect(BlockId from, BlockId to) {
  Edge edge;
  edge.target = to;
  builder.connect(from, std::move(edge));
}

/// Merges carry the names of variables as they were written, and our own temporaries none.
Function Lowering::finish() {
  Function function = builder.finish();
  for (Instruction& instruction : function.instructions)
    if (instruction.kind == InstructionKind::Merge)
      instruction.variable =
          instruction.variable.ref().split(instruction.variable.ref().starts_with(".") ? '.' : '@').first;
  return function;
}

/// A new current block that `builder.jump` and `branch` may lead to until it is sealed.
BlockId Lowering::startBlock() {
  BlockId block = builder.createBlock();
  builder.setBlock(block);
  return block;
}

void Lowering::topLevel(Node node) {
  statement(node);
  if (!builder.ended()) emit(InstructionKind::Return, node, "", {});
}

void Lowering::suite(Node block) {
  if (block && block.kind() != Kind::Block) return statement(block);
  for (Node each = block.first(); each; each = each.next())
    statement(each);
}

/// The suite of a clause: its body field, or its last block.
void Lowering::suiteOf(Node clause) {
  Node body = clause.child(Field::Body);
  suite(body ? body : clause.child(Kind::Block));
}

void Lowering::statement(Node node) {
  if (depth >= maxDepth) {
    lost(node, "nesting too deep");
    return;
  }
  if (builder.ended()) { // dead code: lowered for the functions in it
    BlockId dead = startBlock();
    builder.seal(dead);
  }
  ++depth;
  statementWithin(node);
  --depth;
}

void Lowering::statementWithin(Node node) {
  switch (node.kind()) {
  case Kind::ExpressionStatement:
    for (Node each = node.first(); each; each = each.next()) {
      if (each.kind() == Kind::Assignment)
        assignment(each);
      else if (each.kind() == Kind::AugmentedAssignment)
        augmented(each);
      else
        value(each);
    }
    return;
  case Kind::Import:
  case Kind::FutureImport: importStatement(node); return;
  case Kind::ImportFrom: importFrom(node); return;
  case Kind::Print:
  case Kind::Exec: printStatement(node); return;
  case Kind::Assert: assertStatement(node); return;
  case Kind::Return: returnStatement(node); return;
  case Kind::Delete: deleteStatement(node); return;
  case Kind::Raise: raiseStatement(node); return;
  case Kind::Break: leaveLoop(true); return;
  case Kind::Continue: leaveLoop(false); return;
  case Kind::TypeAlias: typeAlias(node); return;
  case Kind::Pass:
  case Kind::Global:
  case Kind::Nonlocal: return;
  default: compound(node);
  }
}

void Lowering::compound(Node node) {
  switch (node.kind()) {
  case Kind::If: ifStatement(node); return;
  case Kind::For: forStatement(node); return;
  case Kind::While: whileStatement(node); return;
  case Kind::Try: tryStatement(node); return;
  case Kind::With: withStatement(node); return;
  case Kind::Match: matchStatement(node); return;
  case Kind::FunctionDefinition:
  case Kind::ClassDefinition: definition(node, {}); return;
  case Kind::DecoratedDefinition: decorated(node); return;
  case Kind::Block: suite(node); return;
  default: lost(node, "syntax");
  }
}

void Lowering::assertStatement(Node node) {
  std::vector<Node> parts = node.children();
  if (parts.empty()) return;
  BlockId yes = builder.createBlock(), no = builder.createBlock();
  branch(parts[0], yes, no);
  builder.seal(no);
  builder.setBlock(no);
  std::vector<Operand> operands = plain({builtin("AssertionError", node)});
  if (parts.size() > 1) operands.push_back(plain(value(parts[1])));
  ValueId error = emit(InstructionKind::Call, node, "", std::move(operands));
  raiseValue(error, noValue, node);
  builder.seal(yes);
  builder.setBlock(yes);
}

void Lowering::deleteStatement(Node node) {
  for (Node each : node.children())
    deleteTarget(each);
}

void Lowering::deleteTarget(Node target) {
  switch (target.kind()) {
  case Kind::Identifier: deleteName(target); return;
  case Kind::Attribute:
  case Kind::Subscript: {
    Instruction instruction;
    instruction.kind = InstructionKind::Delete;
    instruction.place = placeOf(target);
    instruction.position = target.position();
    builder.append(std::move(instruction));
    return;
  }
  default:
    if (!target.first() && target.kind() != Kind::Tuple && target.kind() != Kind::List)
      lost(target, "syntax");
    if (depth < maxDepth) {
      ++depth;
      for (Node each : target.children())
        deleteTarget(each);
      --depth;
    }
  }
}

void Lowering::deleteName(Node name) {
  Resolution to = module.scopes.resolve(scope, name.text(), UINT32_MAX);
  std::string key = module.scopes.key(to.owner, to.name);
  Instruction instruction;
  instruction.kind = InstructionKind::Delete;
  instruction.position = name.position();
  if (to.kind == Resolution::ClassName) {
    instruction.place = {PlaceKind::Attribute, classes.lookup(to.owner), to.name.str(), noValue};
    builder.write(key, builder.unknown("deleted", name.position()));
  } else if (to.kind == Resolution::Local && !to.variable->boxed) {
    builder.write(key, builder.unknown("deleted", name.position()));
    return;
  } else if (to.kind == Resolution::Local) {
    instruction.place = {PlaceKind::Local, noValue, key, noValue};
  } else if (to.kind == Resolution::Captured) {
    instruction.place = {PlaceKind::Deref, builder.read(key, name.position()), "", noValue};
  } else {
    instruction.place = {PlaceKind::Global, noValue, global(to.name), noValue};
  }
  builder.append(std::move(instruction));
}

/// `a = b = v`: v first, then the targets from the left.
void Lowering::assignment(Node node) {
  std::vector<Node> targets;
  Node right = node;
  for (; right.kind() == Kind::Assignment; right = right.child(Field::Right)) {
    Node target = right.child(Field::Left);
    Node type = right.child(Field::Type);
    if (target.kind() == Kind::Identifier)
      declareName(target, type);
    else if (target.kind() == Kind::Attribute && type)
      declareField(target, type);
    if (right.child(Field::Right)) targets.push_back(target);
  }
  if (right.kind() == Kind::AugmentedAssignment)
    augmented(right);
  else if (right)
    assignFrom(targets, right);
}

/// Load, operator, store; the target's object and index are evaluated once.
void Lowering::augmented(Node node) {
  Node target = node.child(Field::Left);
  std::string name = node.child(Field::Operator).text().drop_back().str();
  while (isBracketed(target))
    target = target.first();
  if (target.kind() == Kind::Attribute || target.kind() == Kind::Subscript) {
    Place place = placeOf(target);
    ValueId before = builder.load(place, target.position());
    ValueId right = value(node.child(Field::Right));
    ValueId after = operation(name.c_str(), before, right, node);
    builder.store(place, after, target.position());
    return;
  }
  if (target.kind() != Kind::Identifier) {
    lost(node, "assignment target");
    return;
  }
  ValueId before = readName(target);
  ValueId right = value(node.child(Field::Right));
  bindName(target, operation(name.c_str(), before, right, node), target);
}

/// Python 2's statements, read as a call of the builtin of that name.
void Lowering::printStatement(Node node) {
  const char* name = node.kind() == Kind::Print ? "print" : "exec";
  std::vector<Operand> operands = plain({builtin(name, node)});
  for (Node each : node.children()) {
    bool chevron = each.kind() == Kind::Chevron;
    operands.push_back({value(chevron ? each.first() : each), chevron ? "file" : "", Spread::Single});
  }
  raising(emit(InstructionKind::Call, node, "", std::move(operands)));
}

/// The aliased type is evaluated when somebody asks for it: nothing happens here.
void Lowering::typeAlias(Node node) {
  Node name = node.child(Field::Left);
  while (name && name.kind() != Kind::Identifier)
    name = name.first();
  if (name) bindName(name, builder.unknown("type alias", node.position()), node);
}

} // namespace forklint::python
