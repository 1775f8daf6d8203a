// Comprehensions, lowered in place: a new container, a loop for each `for`, a branch for each `if`, and the
// element added by the container's own method (a dict's by an item store). A generator expression is read as
// a container that is filled where it stands: when it would run later, its body is still there.

#include "python-frontend/lowering.h"

namespace forklint::python {

using namespace facts;

ValueId Lowering::comprehension(Node node) {
  Kind kind = node.kind();
  const char* name = kind == Kind::DictionaryComprehension ? "dict"
                     : kind == Kind::SetComprehension      ? "set"
                     : kind == Kind::GeneratorExpression   ? "generator"
                                                           : "list";
  std::vector<Node> clauses;
  for (Node each : node.children())
    if (each.kind() == Kind::ForIn || each.kind() == Kind::IfClause) clauses.push_back(each);
  if (clauses.empty()) return lost(node, "syntax");
  ValueId first = iterableOf(clauses[0]);
  ValueId result = emit(InstructionKind::Container, node, name, {});
  ScopeId around = scope;
  scope = module.scopes.of(node);
  comprehensionClause(node, clauses, 0, first, result);
  scope = around;
  return result;
}

ValueId Lowering::iterableOf(Node clause) { return valueOrTuple(clause.children(Field::Right), clause); }

/// Clause number `at` and what is inside of it.
void Lowering::comprehensionClause(Node node, const std::vector<Node>& clauses, size_t at, ValueId iterable,
                                   ValueId result) {
  if (at == clauses.size() || at >= maxDepth) return element(node.child(Field::Body), result);
  Node clause = clauses[at];
  if (clause.kind() == Kind::IfClause) {
    BlockId yes = builder.createBlock(), after = builder.createBlock();
    branch(clause.first(), yes, after);
    builder.seal(yes);
    builder.setBlock(yes);
    comprehensionClause(node, clauses, at + 1, noValue, result);
    builder.jump(after);
    builder.seal(after);
    builder.setBlock(after);
    return;
  }
  if (iterable == noValue) iterable = iterableOf(clause);
  BlockId head = builder.createBlock(), body = builder.createBlock(), after = builder.createBlock();
  builder.jump(head);
  builder.setBlock(head);
  ValueId each = emit(InstructionKind::Iterate, clause.child(Field::Left), "", plain({iterable}));
  connectExceptions(head);
  split(each, Relation::More, None{}, body, after);
  builder.seal(body);
  builder.setBlock(body);
  assign(clause.child(Field::Left), each);
  comprehensionClause(node, clauses, at + 1, noValue, result);
  builder.jump(head);
  builder.seal(head);
  builder.seal(after);
  builder.setBlock(after);
}

void Lowering::element(Node body, ValueId result) {
  if (body.kind() == Kind::Pair) {
    ValueId key = value(body.child(Field::Key));
    ValueId item = value(body.child(Field::Value));
    builder.store({PlaceKind::Item, result, "", key}, item, body.position());
    return;
  }
  ValueId item = value(body);
  bool isSet = builder.instruction(result).name == "set";
  ValueId add = attribute(result, isSet ? "add" : "append", body);
  raising(emit(InstructionKind::Call, body, "", plain({add, item})));
}

} // namespace forklint::python
