// if, while, for, with, return, break and continue. A way out of a suite (return, break, continue, exception)
// runs what stands around it: `finally` suites and the exits of `with`, from the inside out.

#include "python-frontend/lowering.h"

namespace forklint::python {

using namespace facts;

/// The elif or else behind a clause of `node`.
static Node nextClause(Node node, Node clause) {
  clause = clause == node ? clause.child(Field::Alternative) : clause.next();
  while (clause && clause.kind() != Kind::Elif && clause.kind() != Kind::Else)
    clause = clause.next();
  return clause;
}

void Lowering::ifStatement(Node node) {
  BlockId after = builder.createBlock();
  Node clause = node;
  while (clause && clause.kind() != Kind::Else) {
    Node following = nextClause(node, clause);
    BlockId yes = builder.createBlock(), no = following ? builder.createBlock() : after;
    branch(clause.child(Field::Condition), yes, no);
    builder.seal(yes);
    builder.setBlock(yes);
    suite(clause.child(Field::Consequence));
    builder.jump(after);
    if (following) {
      builder.seal(no);
      builder.setBlock(no);
    }
    clause = following;
  }
  if (clause) {
    suiteOf(clause);
    builder.jump(after);
  }
  builder.seal(after);
  builder.setBlock(after);
}

/// Where a loop ends by itself: its else, which a break jumps over.
void Lowering::loopEnd(Node otherwise, BlockId done, BlockId after) {
  builder.seal(done);
  builder.setBlock(done);
  if (!otherwise) return;
  suiteOf(otherwise);
  builder.jump(after);
  builder.seal(after);
  builder.setBlock(after);
}

void Lowering::loopBody(Node body, BlockId breakTarget, BlockId continueTarget) {
  frames.push_back({Frame::Loop, body, breakTarget, continueTarget});
  suite(body);
  frames.pop_back();
  builder.jump(continueTarget);
}

void Lowering::whileStatement(Node node) {
  BlockId head = builder.createBlock(), body = builder.createBlock();
  Node otherwise = node.child(Field::Alternative);
  BlockId done = builder.createBlock(), after = otherwise ? builder.createBlock() : done;
  builder.jump(head);
  builder.setBlock(head);
  branch(node.child(Field::Condition), body, done);
  builder.seal(body);
  builder.setBlock(body);
  loopBody(node.child(Field::Body), after, head);
  builder.seal(head);
  loopEnd(otherwise, done, after);
}

void Lowering::forStatement(Node node) {
  BlockId head = builder.createBlock(), body = builder.createBlock();
  Node otherwise = node.child(Field::Alternative);
  BlockId done = builder.createBlock(), after = otherwise ? builder.createBlock() : done;
  ValueId iterable = value(node.child(Field::Right));
  builder.jump(head);
  builder.setBlock(head);
  ValueId element = emit(InstructionKind::Iterate, node.child(Field::Left), "", plain({iterable}));
  connectExceptions(head);
  split(element, Relation::More, None{}, body, done);
  builder.seal(body);
  builder.setBlock(body);
  assign(node.child(Field::Left), element);
  loopBody(node.child(Field::Body), after, head);
  builder.seal(head);
  loopEnd(otherwise, done, after);
}

/// `with (a as b, c as d):` reaches us as one tuple or one pair of brackets.
static std::vector<Node> managersOf(Node clause) {
  std::vector<Node> managers;
  for (Node item : clause.children()) {
    Node manager = item.kind() == Kind::WithItem ? item.child(Field::Value) : item;
    bool isList = false;
    if (manager.kind() == Kind::Tuple || manager.kind() == Kind::Parenthesized)
      for (Node each : manager.children())
        isList |= each.kind() == Kind::AsPattern;
    if (!isList) {
      managers.push_back(manager);
      continue;
    }
    for (Node each : manager.children())
      managers.push_back(each);
  }
  return managers;
}

void Lowering::withStatement(Node node) { withItems(node, managersOf(node.child(Kind::WithClause)), 0); }

/// Item `at`, with the items behind it and the body inside of it.
void Lowering::withItems(Node node, const std::vector<Node>& items, size_t at) {
  if (at >= items.size() || at >= maxDepth) return suite(node.child(Field::Body));
  Node item = items[at];
  bool async = node.hasToken("async"), named = item.kind() == Kind::AsPattern;
  Frame frame{Frame::With, item};
  frame.async = async;
  frame.manager = value(named ? item.first() : item);
  ValueId entered = raising(emit(InstructionKind::EnterScope, item, "", plain({frame.manager})));
  if (async) entered = raising(emit(InstructionKind::Await, item, "", plain({entered})));
  frames.push_back(frame);
  if (named && item.child(Field::Alias)) assign(item.child(Field::Alias), entered);
  withItems(node, items, at + 1);
  frame = frames.back();
  frames.pop_back();
  BlockId after = builder.createBlock();
  if (!builder.ended()) leaveScope(frame);
  builder.jump(after);
  withLanding(frame, after);
  builder.seal(after);
  builder.setBlock(after);
}

ValueId Lowering::leaveScope(const Frame& frame) {
  ValueId left = raising(emit(InstructionKind::LeaveScope, frame.node, "", plain({frame.manager})));
  return frame.async ? raising(emit(InstructionKind::Await, frame.node, "", plain({left}))) : left;
}

/// An exception in the body: the exit runs, swallows it when it gives a true value, and lets it go on
/// otherwise.
void Lowering::withLanding(const Frame& frame, BlockId after) {
  if (frame.landing == noBlock) return;
  builder.seal(frame.landing);
  builder.setBlock(frame.landing);
  ValueId swallowed = leaveScope(frame);
  BlockId onward = builder.createBlock();
  split(swallowed, Relation::Truthy, None{}, after, onward);
  builder.seal(onward);
  builder.setBlock(onward);
  raiseValue(noValue, noValue, frame.node);
}

void Lowering::returnStatement(Node node) {
  std::vector<Operand> operands;
  if (Node each = node.first()) operands.push_back(plain(value(each)));
  unwind(0);
  if (!builder.ended()) emit(InstructionKind::Return, node, "", std::move(operands));
}

void Lowering::leaveLoop(bool isBreak) {
  for (size_t i = frames.size(); i-- > 0;) {
    if (frames[i].kind != Frame::Loop) continue;
    BlockId target = isBreak ? frames[i].breakTarget : frames[i].continueTarget;
    unwind(i + 1);
    builder.jump(target);
    break;
  }
  if (!builder.ended()) { // outside of a loop: no Python
    BlockId dead = startBlock();
    builder.seal(dead);
  }
}

/// Runs what stands between here and the frame number `depth`, as seen from there.
void Lowering::unwind(size_t depth) {
  std::vector<Frame> inner;
  while (frames.size() > depth) {
    inner.push_back(frames.back());
    frames.pop_back();
    const Frame frame = inner.back();
    if (frame.kind == Frame::With && !builder.ended()) leaveScope(frame);
    if (frame.kind == Frame::Finally && !builder.ended()) finallyCopy(frame.node);
  }
  // Copies may have made landings of the frames that stayed; the ones taken off get back as they were.
  while (!inner.empty()) {
    frames.push_back(inner.back());
    inner.pop_back();
  }
}

} // namespace forklint::python
