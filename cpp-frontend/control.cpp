// Control: from the blocks of clang::CFG to blocks of facts. Two-way branches become `when` edges on the
// value that is compared, a switch a chain of them. Inside `try` every call ends its block; what was
// constructed in the try block is destroyed on the way to the handler.
#include "cpp-frontend/lowering.h"

#include "clang/AST/StmtCXX.h"

using namespace clang;

namespace forklint::cpp {

using facts::BlockId;
using facts::Edge;
using facts::EdgeKind;
using facts::Instruction;
using facts::InstructionKind;
using facts::Literal;
using facts::Relation;
using facts::ValueId;

std::vector<const CFGBlock*> Lowering::order(const CFG& graph) const {
  std::vector<const CFGBlock*> blocks;
  llvm::DenseSet<const CFGBlock*> seen;
  auto visit = [&](const CFGBlock* root) {
    std::vector<const CFGBlock*> postorder;
    std::vector<std::pair<const CFGBlock*, CFGBlock::const_succ_iterator>> stack;
    if (root && seen.insert(root).second) stack.emplace_back(root, root->succ_begin());
    while (!stack.empty()) {
      auto& [block, next] = stack.back();
      if (next == block->succ_end()) {
        postorder.push_back(block);
        stack.pop_back();
        continue;
      }
      const CFGBlock* successor = *next++;
      if (successor && seen.insert(successor).second) stack.emplace_back(successor, successor->succ_begin());
    }
    blocks.insert(blocks.end(), postorder.rbegin(), postorder.rend());
  };
  visit(&graph.getEntry());
  // Handlers are reached by exceptions, for which the graph has no edges.
  for (const CFGBlock* dispatch : graph.try_blocks())
    visit(dispatch);
  return blocks;
}

BlockId Lowering::startOf(const CFGBlock* block) {
  if (block == exitBlock) { // each way to the exit returns for itself
    BlockId from = builder.block();
    BlockId out = builder.createBlock();
    builder.setBlock(out);
    endFunction();
    builder.setBlock(from);
    return out;
  }
  auto [slot, fresh] = starts.try_emplace(block, 0);
  if (fresh) slot->second = builder.createBlock();
  return slot->second;
}

bool Lowering::lowerBody(const Decl* declaration, Stmt* body) {
  CFG::BuildOptions options;
  options.AddInitializers = true;
  options.AddImplicitDtors = true;
  options.AddTemporaryDtors = true;
  options.AddStaticInitBranches = true;
  options.AddCXXDefaultInitExprInCtors = true;
  options.AddCXXNewAllocator = true;
  options.setAllAlwaysAdd();
  std::unique_ptr<CFG> graph = CFG::buildCFG(declaration, body, &unit.ast, options);
  if (!graph) {
    unit.gap(at(body), "no control flow graph for " + symbol);
    builder.setBlock(0);
    emit(InstructionKind::Return, at(body), {{builder.unknown("body was not lowered", at(body)), ""}});
    return false;
  }
  exitBlock = &graph->getExit();
  for (const CXXBindTemporaryExpr* temporary : scan.conditionalTemporaries())
    builder.write(flagName(temporary), builder.constant(false, lastPosition));
  starts[&graph->getEntry()] = 0;
  for (const CFGBlock* dispatch : graph->try_blocks())
    for (const CFGBlock* handler : dispatch->succs())
      if (const auto* label = handler ? dyn_cast_or_null<CXXCatchStmt>(handler->getLabel()) : nullptr) {
        handlers[label] = startOf(handler);
        handlerBlocks[label] = handler;
      }
  std::vector<const CFGBlock*> blocks = order(*graph);
  llvm::DenseSet<const CFGBlock*> reached(blocks.begin(), blocks.end());
  for (const CFGBlock* block : blocks)
    for (const CFGBlock* predecessor : block->preds())
      waiting[block] += predecessor && reached.contains(predecessor);
  // The entry is empty: what follows it takes its place.
  if (const CFGBlock* first = *graph->getEntry().succ_begin();
      first && first != exitBlock && waiting[first] == 1) {
    starts[first] = 0;
    blocks.erase(blocks.begin());
  }
  for (const CFGBlock* block : blocks) {
    bool isDispatch = isa_and_nonnull<CXXTryStmt>(block->getTerminatorStmt());
    if (block == exitBlock || isDispatch) continue;
    state = states.lookup(block);
    builder.setBlock(startOf(block));
    if (const auto* handler = dyn_cast_or_null<CXXCatchStmt>(block->getLabel())) enterHandler(*handler);
    lowerBlock(*block);
    leaveBlock(*block);
  }
  return true;
}

void Lowering::enterHandler(const CXXCatchStmt& handler) {
  const VarDecl* variable = handler.getExceptionDecl();
  if (!variable) return;
  facts::Position position = unit.positions.range(variable->getSourceRange());
  ValueId exception = builder.unknown("exception", position);
  if (scan.isValue(variable))
    builder.write(scan.name(variable), exception);
  else
    builder.store(local(scan.name(variable)), exception, position);
}

void Lowering::lowerBlock(const CFGBlock& block) {
  for (const CFGElement& element : block)
    lowerElement(element);
}

void Lowering::goTo(const CFGBlock* target) { builder.jump(startOf(target)); }

void Lowering::endFunction() {
  if (builder.ended()) return;
  facts::Position position = lastPosition;
  if (globalVariable) {
    initialize(global(unit.symbols.global(globalVariable)), globalVariable->getType(),
               globalVariable->getInit());
    registerDestructor(*globalVariable, builder.body().position);
  }
  if (state.returned)
    position = at(state.returned);
  else if (owner && owner->getBody())
    position = unit.positions.point(owner->getBody()->getEndLoc());
  std::vector<facts::Operand> operands;
  if (state.result != facts::noValue) operands.push_back({state.result, ""});
  emit(InstructionKind::Return, position, std::move(operands));
}

void Lowering::leaveBlock(const CFGBlock& block) {
  std::vector<const CFGBlock*> targets;
  for (const CFGBlock* successor : block.succs())
    if (successor) targets.push_back(successor);
  CFGTerminator terminator = block.getTerminator();
  const Stmt* statement = terminator.getStmt();
  if (block.hasNoReturnElement()) {
    if (!builder.ended()) emit(InstructionKind::NoReturn, lastPosition);
  } else if (const auto* many = dyn_cast_or_null<SwitchStmt>(statement); many && terminator.isStmtBranch()) {
    switchOn(block, *many);
  } else if (targets.size() == 1 && targets[0] == exitBlock) {
    endFunction();
  } else if (targets.size() == 1) {
    goTo(targets[0]);
  } else if (targets.size() == 2 && block.succ_size() == 2) {
    if (const auto* temporary = dyn_cast_or_null<CXXBindTemporaryExpr>(statement);
        temporary && scan.conditionalTemporaries().contains(temporary)) {
      branch(builder.read(flagName(temporary), lastPosition), targets[0], targets[1]);
      return handOn(targets);
    }
    if (const auto* loop = dyn_cast_or_null<CXXForRangeStmt>(statement)) {
      iterate(*loop, targets[0], targets[1]);
      return handOn(targets);
    }
    const auto* declaration = dyn_cast_or_null<DeclStmt>(statement);
    const auto* declared = declaration && declaration->isSingleDecl()
                               ? dyn_cast<VarDecl>(declaration->getSingleDecl())
                               : nullptr;
    if (declared && isGuarded(*declared)) { // the way of who has been here before comes first
      ValueId isMade = builder.load(guardOf(*declared), at(statement));
      builder.store(guardOf(*declared), builder.constant(true, at(statement)), at(statement));
      branch(isMade, targets[0], targets[1]);
      return handOn(targets);
    }
    bool isCondition = terminator.isStmtBranch() && !declaration;
    const auto* tested = isCondition ? dyn_cast_or_null<Expr>(block.getTerminatorCondition()) : nullptr;
    branch(tested ? condition(tested) : builder.unknown("whether this is evaluated", at(statement)),
           targets[0], targets[1]);
  } else if (targets.size() >= 2) {
    for (size_t i = 0; i + 1 < targets.size(); ++i) { // a computed goto
      BlockId next = builder.createBlock();
      ValueId which = builder.unknown("the target of a computed goto", at(statement));
      branchTo(builder.block(), which, Relation::Truthy, {}, startOf(targets[i]));
      branchTo(builder.block(), which, Relation::Falsy, {}, next);
      builder.seal(next);
      builder.setBlock(next);
    }
    goTo(targets.back());
  }
  handOn(targets);
}

/// A loop over a range steps through its elements; what its iterators do is beside that.
void Lowering::iterate(const CXXForRangeStmt& loop, const CFGBlock* body, const CFGBlock* done) {
  facts::Position position = at(loop.getRangeInit());
  const auto* range = cast<VarDecl>(loop.getRangeStmt()->getSingleDecl());
  ValueId iterable = scan.isValue(range) ? builder.read(scan.name(range), position)
                                         : builder.load(local(scan.name(range)), position);
  ValueId element = emit(InstructionKind::Iterate, position, {{iterable, ""}});
  elements[loop.getLoopVariable()] = element;
  branchTo(builder.block(), element, Relation::More, {}, startOf(body));
  branchTo(builder.block(), element, Relation::Done, {}, startOf(done));
}

/// Each way out hands the state on; a block is sealed with its last predecessor.
void Lowering::handOn(llvm::ArrayRef<const CFGBlock*> targets) {
  for (const CFGBlock* target : targets) {
    states.try_emplace(target, state);
    if (target != exitBlock && --waiting[target] == 0 && !isa_and_nonnull<CXXCatchStmt>(target->getLabel()))
      builder.seal(startOf(target));
  }
}

void Lowering::branchTo(BlockId from, ValueId value, Relation relation, Literal literal, BlockId target) {
  Edge edge;
  edge.kind = EdgeKind::When;
  edge.target = target;
  edge.value = value;
  edge.relation = relation;
  edge.literal = std::move(literal);
  builder.connect(from, std::move(edge));
}

/// `&&` and `||` of a condition are branches of their own: the last part is what this block tests.
ValueId Lowering::condition(const Expr* expression) {
  while (true) {
    expression = expression->IgnoreParens();
    if (auto known = values.find(expression); known != values.end()) return known->second;
    const auto* logical = dyn_cast<BinaryOperator>(expression);
    if (!logical || !logical->isLogicalOp()) return value(expression);
    expression = logical->getRHS();
  }
}

static std::optional<Relation> comparison(llvm::StringRef name) {
  return llvm::StringSwitch<std::optional<Relation>>(name)
      .Case("==", Relation::Equal)
      .Case("!=", Relation::NotEqual)
      .Case("<", Relation::Less)
      .Case("<=", Relation::LessEqual)
      .Case(">", Relation::Greater)
      .Case(">=", Relation::GreaterEqual)
      .Default(std::nullopt);
}

static Relation opposite(Relation relation) {
  switch (relation) {
  case Relation::Equal: return Relation::NotEqual;
  case Relation::NotEqual: return Relation::Equal;
  case Relation::Less: return Relation::GreaterEqual;
  case Relation::LessEqual: return Relation::Greater;
  case Relation::Greater: return Relation::LessEqual;
  case Relation::GreaterEqual: return Relation::Less;
  case Relation::Truthy: return Relation::Falsy;
  default: return Relation::Truthy;
  }
}

/// `0 < x` is `x > 0`.
static Relation swapped(Relation relation) {
  switch (relation) {
  case Relation::Less: return Relation::Greater;
  case Relation::LessEqual: return Relation::GreaterEqual;
  case Relation::Greater: return Relation::Less;
  case Relation::GreaterEqual: return Relation::LessEqual;
  default: return relation;
  }
}

/// A comparison with a literal, however often negated, becomes a relation on the value compared, also when it
/// came through a variable.
void Lowering::branch(ValueId tested, const CFGBlock* whenTrue, const CFGBlock* whenFalse) {
  Relation relation = Relation::Truthy;
  Literal literal;
  bool negated = false;
  while (true) {
    const Instruction& instruction = builder.instruction(tested);
    if (instruction.kind != InstructionKind::Operator) break;
    if (instruction.name == "not") {
      negated = !negated;
      tested = instruction.operands[0].value;
      continue;
    }
    std::optional<Relation> compared = comparison(instruction.name);
    if (!compared || instruction.operands.size() != 2) break;
    ValueId left = instruction.operands[0].value;
    ValueId right = instruction.operands[1].value;
    bool isRight = builder.instruction(right).kind == InstructionKind::Constant;
    if (!isRight && builder.instruction(left).kind != InstructionKind::Constant) break;
    const Instruction& constant = builder.instruction(isRight ? right : left);
    const Instruction& other = builder.instruction(isRight ? left : right);
    const auto* number = std::get_if<int64_t>(&constant.literal);
    bool isEquality = *compared == Relation::Equal || *compared == Relation::NotEqual;
    // `(a == b) == 0` is a negation of the inner test.
    if (number && *number == 0 && isEquality && other.kind == InstructionKind::Operator &&
        (comparison(other.name) || other.name == "not")) {
      negated ^= *compared == Relation::Equal;
      tested = isRight ? left : right;
      continue;
    }
    relation = isRight ? *compared : swapped(*compared);
    literal = constant.literal;
    tested = isRight ? left : right;
    break;
  }
  if (negated) relation = opposite(relation);
  BlockId from = builder.block();
  branchTo(from, tested, relation, literal, startOf(whenTrue));
  branchTo(from, tested, opposite(relation), literal, startOf(whenFalse));
}

void Lowering::switchOn(const CFGBlock& block, const SwitchStmt& statement) {
  ValueId tested = condition(statement.getCond());
  const CFGBlock* otherwise = nullptr;
  auto test = [&](Relation relation, int64_t bound, BlockId target) {
    BlockId next = builder.createBlock();
    branchTo(builder.block(), tested, relation, bound, target);
    branchTo(builder.block(), tested, opposite(relation), bound, next);
    builder.seal(next);
    builder.setBlock(next);
  };
  auto number = [&](const Expr* expression) {
    Expr::EvalResult result;
    bool known = !expression->isValueDependent() && expression->EvaluateAsInt(result, unit.ast);
    return known ? result.Val.getInt().extOrTrunc(64).getSExtValue() : 0;
  };
  for (const CFGBlock* target : block.succs()) {
    if (!target) continue;
    const auto* label = dyn_cast_or_null<CaseStmt>(target->getLabel());
    if (!label) {
      otherwise = target;
      continue;
    }
    if (!label->getRHS()) {
      test(Relation::Equal, number(label->getLHS()), startOf(target));
      continue;
    }
    BlockId inRange = builder.createBlock(); // case LOW ... HIGH
    BlockId next = builder.createBlock();
    BlockId from = builder.block();
    int64_t low = number(label->getLHS());
    int64_t high = number(label->getRHS());
    branchTo(from, tested, Relation::GreaterEqual, low, inRange);
    branchTo(from, tested, Relation::Less, low, next);
    builder.seal(inRange);
    branchTo(inRange, tested, Relation::LessEqual, high, startOf(target));
    branchTo(inRange, tested, Relation::Greater, high, next);
    builder.seal(next);
    builder.setBlock(next);
  }
  if (!otherwise)
    emit(InstructionKind::NoReturn, at(&statement)); // an enumeration whose values all have a case
  else if (otherwise == exitBlock)
    endFunction();
  else
    goTo(otherwise);
}

/// The block on the way to a handler: destroys what the try block made, the newest first.
BlockId Lowering::landing(int tryIndex, const CXXCatchStmt* handler) {
  std::vector<const Alive*> dying;
  State after;
  for (const Alive& object : state.alive) {
    int around = scan.tryAround(object.variable);
    while (around >= 0 && around != tryIndex)
      around = scan.tries()[around].outer;
    if (around == tryIndex)
      dying.push_back(&object);
    else
      after.alive.push_back(object);
  }
  states.try_emplace(handlerBlocks[handler], std::move(after));
  BlockId target = handlers[handler];
  if (dying.empty()) return target;
  std::vector<const VarDecl*> key;
  key.reserve(dying.size());
  for (const Alive* object : dying)
    key.push_back(object->variable);
  auto [known, fresh] = landings.try_emplace({handler, std::move(key)}, 0);
  if (!fresh) return known->second;
  BlockId from = builder.block();
  BlockId block = known->second = builder.createBlock();
  builder.setBlock(block);
  for (const Alive* object : llvm::reverse(dying))
    emit(InstructionKind::Destroy, at(scan.tries()[tryIndex].statement), {}, object->className,
         object->place);
  builder.jump(target);
  builder.setBlock(from);
  return block;
}

void Lowering::addExceptionEdges(const Stmt* thrower) {
  int around = scan.tryAround(thrower);
  if (around < 0) return;
  BlockId from = builder.block();
  bool ends = builder.ended();
  for (bool caught = false; around >= 0 && !caught; around = scan.tries()[around].outer) {
    const CXXTryStmt* statement = scan.tries()[around].statement;
    for (unsigned i = 0; i < statement->getNumHandlers(); ++i) {
      const CXXCatchStmt* handler = statement->getHandler(i);
      if (!handlers.count(handler)) continue;
      Edge edge;
      edge.kind = EdgeKind::Exception;
      edge.target = landing(around, handler);
      caught = handler->getCaughtType().isNull();
      if (!caught)
        edge.types.push_back(builder.classRef(unit.symbols.className(handler->getCaughtType()), at(handler)));
      builder.connect(from, std::move(edge));
    }
  }
  if (ends) return;
  BlockId next = builder.createBlock();
  builder.jump(next);
  builder.seal(next);
  builder.setBlock(next);
}

} // namespace forklint::cpp
