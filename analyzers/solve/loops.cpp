#include "analyzers/solve/loops.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"

#include <optional>

namespace forklint::solve {

using facts::BlockId;

/// The head and what reaches a way back to it; nothing where there is no way back.
static llvm::DenseSet<BlockId> insideOf(const facts::Function& body, BlockId head) {
  llvm::SmallVector<BlockId> waiting;
  for (BlockId predecessor : body.blocks[head].predecessors)
    if (predecessor >= head) waiting.push_back(predecessor);
  llvm::DenseSet<BlockId> inside;
  if (waiting.empty()) return inside;
  inside.insert(head);
  while (!waiting.empty()) {
    BlockId block = waiting.pop_back_val();
    if (inside.insert(block).second) llvm::append_range(waiting, body.blocks[block].predecessors);
  }
  return inside;
}

/// Where the function goes on behind the end of an iteration, as far as it does not come to the head again.
static llvm::DenseSet<BlockId> behind(const facts::Function& body, BlockId head) {
  llvm::SmallVector<BlockId> waiting;
  for (const facts::Edge& edge : body.blocks[head].edges)
    if (edge.relation == facts::Relation::Done) waiting.push_back(edge.target);
  llvm::DenseSet<BlockId> reached;
  while (!waiting.empty()) {
    BlockId block = waiting.pop_back_val();
    if (block == head || !reached.insert(block).second) continue;
    for (const facts::Edge& edge : body.blocks[block].edges)
      waiting.push_back(edge.target);
  }
  return reached;
}

/// A way out that ends the function, or that an exception takes, is none: what comes then is another matter.
static bool isCut(const facts::Function& body, const Loop& loop) {
  llvm::DenseSet<BlockId> after = behind(body, loop.head);
  return llvm::any_of(loop.inside, [&](BlockId block) {
    return block != loop.head && llvm::any_of(body.blocks[block].edges, [&](const facts::Edge& edge) {
             return edge.kind != facts::EdgeKind::Exception && !loop.inside.contains(edge.target) &&
                    after.contains(edge.target);
           });
  });
}

/// The blocks behind the head that the loop's condition needs (`a or b`, `any(... for ...)`): they store
/// nothing, come from the head only, and lead to the one way out that the condition has.
static llvm::DenseSet<BlockId> testOf(const facts::Function& body, const Loop& loop) {
  std::optional<BlockId> done;
  llvm::SmallVector<BlockId> order{loop.head};
  llvm::DenseSet<BlockId> behind{loop.head}, test{loop.head};
  auto mayAsk = [&](BlockId block) {
    const facts::Block& here = body.blocks[block];
    return loop.inside.contains(block) &&
           llvm::all_of(here.predecessors,
                        [&](BlockId from) { return from >= block || behind.contains(from); }) &&
           llvm::none_of(here.edges, [&](const facts::Edge& edge) { return edge.target == loop.head; }) &&
           llvm::none_of(here.instructions, [&](facts::ValueId id) {
             return body.instructions[id].kind == facts::InstructionKind::Store;
           });
  };
  bool isIteration = llvm::any_of(body.blocks[loop.head].edges, [](const facts::Edge& edge) {
    return edge.relation == facts::Relation::Done;
  });
  if (isIteration) return test;
  for (size_t at = 0; at < order.size(); ++at)
    for (const facts::Edge& edge : body.blocks[order[at]].edges) {
      if (edge.kind == facts::EdgeKind::Exception) continue;
      bool isWhen = edge.kind == facts::EdgeKind::When;
      if (isWhen && !loop.inside.contains(edge.target) && !done) done = edge.target;
      if (mayAsk(edge.target) && behind.insert(edge.target).second) order.push_back(edge.target);
    }
  for (BlockId block : llvm::reverse(order))
    if (llvm::any_of(body.blocks[block].edges, [&](const facts::Edge& edge) {
          bool leadsOn = edge.target == done || (edge.target != loop.head && test.contains(edge.target));
          return edge.kind != facts::EdgeKind::Exception && leadsOn;
        }))
      test.insert(block);
  return test;
}

bool hasLoop(const facts::Function& body) {
  for (BlockId block = 0; block < body.blocks.size(); ++block)
    if (llvm::any_of(body.blocks[block].edges, [&](const facts::Edge& edge) { return edge.target <= block; }))
      return true;
  return false;
}

Loops::Loops(const facts::Function& body) : body(body) {
  for (BlockId head = 0; head < body.blocks.size(); ++head) {
    llvm::DenseSet<BlockId> inside = insideOf(body, head);
    if (inside.empty()) continue;
    Loop& loop = loops[head];
    loop.head = head;
    loop.inside = std::move(inside);
    loop.test = testOf(body, loop);
    loop.isCut = isCut(body, loop);
    ofBlock.resize(body.blocks.size());
    for (BlockId block : loop.inside)
      ofBlock[block].push_back(&loop);
  }
  for (std::vector<const Loop*>& around : ofBlock)
    llvm::stable_sort(around,
                      [](const Loop* a, const Loop* b) { return a->inside.size() < b->inside.size(); });
  for (BlockId block = 0; block < ofBlock.size(); ++block)
    if (!ofBlock[block].empty())
      for (facts::ValueId id : body.blocks[block].instructions)
        blockOf[id] = block;
}

const Loop* Loops::at(BlockId head) const {
  auto found = loops.find(head);
  return found == loops.end() ? nullptr : &found->second;
}

const Loop* Loops::testedAt(BlockId block) const {
  auto tests = [&](const Loop* loop) { return loop->head != block && loop->test.contains(block); };
  llvm::ArrayRef<const Loop*> those = around(block);
  const auto* outer = llvm::find_if(those, tests);
  return outer == those.end() ? nullptr : *outer;
}

llvm::ArrayRef<const Loop*> Loops::aroundValue(facts::ValueId id) const {
  auto found = blockOf.find(id);
  return found == blockOf.end() ? llvm::ArrayRef<const Loop*>() : around(found->second);
}

bool Loops::meetsEach(facts::ValueId id) const {
  llvm::ArrayRef<const Loop*> around = aroundValue(id);
  return !around.empty() && !around.front()->isCut;
}

bool Loops::repeats(const facts::Position& at) const {
  for (facts::ValueId id = 0; id < body.instructions.size(); ++id)
    if (body.instructions[id].position == at && repeats(id)) return true;
  return false;
}

/// What a value in the loop is made of: of a variable, what the loop stores there.
std::vector<facts::ValueId> Loops::sources(const Loop& loop, facts::ValueId id) const {
  const facts::Instruction& made = body.instructions[id];
  std::vector<facts::ValueId> found{made.place.base, made.place.index};
  for (const facts::Operand& operand : made.operands)
    found.push_back(operand.value);
  bool isVariable = made.kind == facts::InstructionKind::Load && made.place.base == facts::noValue;
  for (BlockId block : loop.inside)
    for (facts::ValueId other : body.blocks[block].instructions) {
      const facts::Instruction& store = body.instructions[other];
      if (isVariable && store.kind == facts::InstructionKind::Store && store.place.kind == made.place.kind &&
          store.place.name == made.place.name)
        found.push_back(store.operands[0].value);
    }
  llvm::erase_if(found, [](facts::ValueId value) { return value == facts::noValue; });
  return found;
}

bool Loops::comesRound(const Loop& loop, facts::ValueId id, bool orElement, Ways& ways) const {
  if (!llvm::is_contained(aroundValue(id), &loop)) return false;
  bool isElement = body.instructions[id].kind == facts::InstructionKind::Iterate;
  if (isElement) return orElement;
  auto [slot, fresh] = ways.try_emplace({id, orElement}, true); // met again on the way: it comes round
  if (!fresh) return slot->second;
  bool result = llvm::any_of(
      sources(loop, id), [&](facts::ValueId source) { return comesRound(loop, source, orElement, ways); });
  return ways[{id, orElement}] = result;
}

bool Loops::steps(facts::ValueId id, facts::ValueId use, bool orElement) const {
  if (id == facts::noValue) return false;
  return llvm::any_of(aroundValue(use), [&](const Loop* loop) {
    return !loop->isCut && comesRound(*loop, id, orElement, waysOf[loop->head]);
  });
}

} // namespace forklint::solve
