// try, except, else, finally and raise. Inside of a try (or a with) whatever can raise ends its block with
// edges to the handlers in order, then to the landing of a finally; `finally` is lowered once for each way
// out.

#include "python-frontend/lowering.h"

namespace forklint::python {

using namespace facts;

bool Lowering::guarded() const {
  for (const Frame& frame : frames)
    if (frame.kind != Frame::Loop) return true;
  return false;
}

/// Edges for an exception that leaves `from`, inside out, up to the first that takes all of them.
void Lowering::connectExceptions(BlockId from) {
  auto edge = [&](BlockId target, std::vector<ValueId> types) {
    Edge edge;
    edge.kind = EdgeKind::Exception;
    edge.target = target;
    edge.types = std::move(types);
    builder.connect(from, std::move(edge));
  };
  for (size_t i = frames.size(); i-- > 0;) {
    Frame& frame = frames[i];
    if (frame.kind == Frame::Loop) continue;
    if (frame.kind == Frame::Handlers) {
      for (const Frame::Handler& handler : frame.handlers) {
        edge(handler.block, handler.types);
        if (handler.types.empty()) return;
      }
      continue;
    }
    if (frame.landing == noBlock) frame.landing = builder.createBlock();
    edge(frame.landing, {});
    return;
  }
}

ValueId Lowering::raising(ValueId value) {
  if (!guarded() || builder.ended()) return value;
  BlockId from = builder.block();
  connectExceptions(from);
  BlockId next = builder.createBlock();
  connect(from, next);
  builder.seal(next);
  builder.setBlock(next);
  return value;
}

void Lowering::raiseStatement(Node node) {
  ValueId raised = noValue, cause = noValue;
  for (Node each : node.children())
    (each.field() == Field::Cause ? cause : raised) = value(each);
  raiseValue(raised, cause, node);
}

void Lowering::raiseValue(ValueId value, ValueId cause, Node node) {
  if (builder.ended()) return;
  std::vector<Operand> operands;
  if (value != noValue) operands.push_back(plain(value));
  if (cause != noValue) operands.push_back({cause, "from", Spread::Single});
  emit(InstructionKind::Raise, node, "", std::move(operands));
  connectExceptions(builder.block());
}

/// The classes of `except A`, `except (A, B)` and `except A, B`; none for a bare except.
std::vector<ValueId> Lowering::handlerTypes(Node clause) {
  std::vector<ValueId> types;
  for (Node each : clause.children(Field::Value)) {
    if (each.kind() == Kind::AsPattern) each = each.first();
    while (each.kind() == Kind::Parenthesized && each.first())
      each = each.first();
    if (each.kind() != Kind::Tuple) {
      types.push_back(value(each));
      continue;
    }
    for (Node item : each.children())
      types.push_back(value(item));
  }
  // `except ():` catches nothing.
  bool nothing = types.empty() && clause.child(Field::Value);
  if (nothing) types.push_back(builder.unknown("no exception", clause.position()));
  return types;
}

static Node aliasOf(Node clause) {
  if (Node alias = clause.child(Field::Alias)) return alias;
  Node caught = clause.child(Field::Value);
  return caught.kind() == Kind::AsPattern ? caught.child(Field::Alias) : Node();
}

void Lowering::handlerBody(Node clause) {
  if (Node alias = aliasOf(clause)) assign(alias, builder.unknown("exception", alias.position()));
  suiteOf(clause);
}

void Lowering::tryStatement(Node node) {
  Node last = node.child(Kind::Finally);
  if (!last) return tryHandlers(node);
  frames.push_back({Frame::Finally, last});
  tryHandlers(node);
  Frame frame = frames.back();
  frames.pop_back();
  BlockId after = builder.createBlock();
  if (!builder.ended()) finallyCopy(last);
  builder.jump(after);
  if (frame.landing != noBlock) {
    builder.seal(frame.landing);
    builder.setBlock(frame.landing);
    finallyCopy(last);
    raiseValue(noValue, noValue, last);
  }
  builder.seal(after);
  builder.setBlock(after);
}

/// The body, else and handlers of a try statement. Handler types are evaluated before the body, where every
/// edge can name them.
void Lowering::tryHandlers(Node node) {
  Frame frame{Frame::Handlers, node};
  std::vector<Node> clauses;
  for (Node each : node.children())
    if (each.kind() == Kind::Except) clauses.push_back(each);
  for (Node clause : clauses)
    frame.handlers.push_back({noBlock, handlerTypes(clause)});
  for (Frame::Handler& handler : frame.handlers)
    handler.block = builder.createBlock();
  BlockId after = builder.createBlock();
  BlockId entry = builder.block();
  if (!clauses.empty() && !builder.ended()) {
    BlockId start = builder.createBlock();
    builder.jump(start);
    builder.seal(start);
    builder.setBlock(start);
  }
  frames.push_back(frame);
  suite(node.child(Field::Body));
  // Where only loads and operators can raise, handlers are entered from the start of the body.
  bool reached = clauses.empty() || !builder.body().blocks[frame.handlers[0].block].predecessors.empty();
  if (!reached) connectExceptions(entry);
  frames.pop_back();
  if (Node otherwise = node.child(Kind::Else); otherwise && !builder.ended()) suiteOf(otherwise);
  builder.jump(after);
  for (size_t i = 0; i < clauses.size(); ++i) {
    builder.seal(frame.handlers[i].block);
    builder.setBlock(frame.handlers[i].block);
    handlerBody(clauses[i]);
    builder.jump(after);
  }
  builder.seal(after);
  builder.setBlock(after);
}

/// One copy of a finally suite. Copies within copies double with each level, so they are bounded.
void Lowering::finallyCopy(Node clause) {
  if (finallyDepth >= 5) {
    lost(clause, "finally nested too deep");
    return;
  }
  ++finallyDepth;
  suiteOf(clause);
  --finallyDepth;
}

} // namespace forklint::python
