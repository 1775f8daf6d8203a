// Single assignment form on the fly. A read in a sealed block with several predecessors makes a merge that is
// filled from a work list, not by recursion: generated code has functions of many thousand blocks.
#include "analyzers/facts/builder.h"

#include "analyzers/facts/leaves.h"

#include <algorithm>
#include <cassert>

namespace forklint::facts {

FunctionBuilder::FunctionBuilder(const std::string& symbol, FunctionKind kind, Position position) {
  function.symbol = symbol;
  function.kind = kind;
  function.position = position;
  seal(createBlock());
}

ValueId FunctionBuilder::addParameter(Parameter parameter, Position position) {
  Instruction instruction;
  instruction.kind = InstructionKind::Parameter;
  instruction.index = static_cast<uint32_t>(function.parameters.size());
  instruction.position = position;
  ValueId value = leaf(std::move(instruction));
  definitions[0][parameter.name] = value;
  function.parameters.push_back(parameter);
  return value;
}

ValueId FunctionBuilder::addCapture(const std::string& variable) {
  Instruction instruction;
  instruction.kind = InstructionKind::Capture;
  instruction.index = static_cast<uint32_t>(function.captures.size());
  ValueId value = leaf(std::move(instruction));
  definitions[0][variable] = value;
  function.captures.push_back(variable);
  return value;
}

BlockId FunctionBuilder::createBlock() {
  function.blocks.emplace_back();
  sealed.push_back(false);
  definitions.emplace_back();
  headMerges.emplace_back();
  openMerges.emplace_back();
  return static_cast<BlockId>(function.blocks.size() - 1);
}

static bool endsBlock(const Function& function, const Block& block) {
  return !block.instructions.empty() &&
         (fields(function.instructions[block.instructions.back()].kind) & FieldEnd);
}

bool FunctionBuilder::ended() const {
  const Block& block = function.blocks[current];
  return endsBlock(function, block) ||
         std::ranges::any_of(block.edges, [](const Edge& edge) { return edge.kind != EdgeKind::Exception; });
}

void FunctionBuilder::leaveEndedBlock() {
  if (!ended()) return;
  setBlock(createBlock());
  seal(current);
}

void FunctionBuilder::connect(BlockId from, Edge edge) {
  assert(!sealed[edge.target] && "an edge to a block that is sealed");
  Block& block = function.blocks[from];
  if (edge.kind != EdgeKind::Exception && endsBlock(function, block)) return;
  List<BlockId>& predecessors = function.blocks[edge.target].predecessors;
  if (std::ranges::find(predecessors, from) == predecessors.end()) predecessors.push_back(from);
  block.edges.push_back(std::move(edge));
}

void FunctionBuilder::jump(BlockId target) {
  if (ended()) return;
  Edge edge;
  edge.target = target;
  connect(current, std::move(edge));
}

void FunctionBuilder::seal(BlockId block) {
  if (sealed[block]) return;
  sealed[block] = true;
  pending = std::move(openMerges[block]);
  openMerges[block].clear();
  fillPending();
}

ValueId FunctionBuilder::leaf(Instruction instruction) {
  function.instructions.push_back(std::move(instruction));
  return static_cast<ValueId>(function.instructions.size() - 1);
}

ValueId FunctionBuilder::append(Instruction instruction) {
  if (isLeaf(instruction)) return leaf(std::move(instruction));
  leaveEndedBlock();
  ValueId value = leaf(std::move(instruction));
  function.blocks[current].instructions.push_back(value);
  return value;
}

ValueId FunctionBuilder::constant(Literal literal, Position position) {
  Instruction instruction;
  instruction.kind = InstructionKind::Constant;
  instruction.position = position;
  instruction.literal = literal;
  return leaf(std::move(instruction));
}

static Instruction named(InstructionKind kind, const std::string& name, Position position) {
  Instruction instruction;
  instruction.kind = kind;
  instruction.position = position;
  instruction.name = name;
  return instruction;
}

ValueId FunctionBuilder::functionRef(const std::string& symbol, Position position) {
  return leaf(named(InstructionKind::FunctionRef, symbol, position));
}

ValueId FunctionBuilder::classRef(const std::string& symbol, Position position) {
  return leaf(named(InstructionKind::ClassRef, symbol, position));
}

ValueId FunctionBuilder::unknown(const std::string& reason, Position position) {
  return leaf(named(InstructionKind::Unknown, reason, position));
}

ValueId FunctionBuilder::load(Place place, Position position) {
  Instruction instruction;
  instruction.kind = InstructionKind::Load;
  instruction.position = position;
  instruction.place = place;
  return append(std::move(instruction));
}

void FunctionBuilder::store(Place place, ValueId value, Position position) {
  Instruction instruction;
  instruction.kind = InstructionKind::Store;
  instruction.position = position;
  instruction.place = place;
  instruction.operands.push_back({value, "", Spread::Single});
  append(std::move(instruction));
}

void FunctionBuilder::write(const std::string& variable, ValueId value) {
  leaveEndedBlock();
  definitions[current][variable] = value;
}

ValueId FunctionBuilder::read(const std::string& variable, Position position) {
  ValueId value = readIn(current, variable, position);
  fillPending();
  return resolved(value);
}

/// Walks up while there is one way to come from; `block` is where it stopped, `path` the blocks passed below.
std::optional<ValueId> FunctionBuilder::definitionAbove(BlockId& block, const std::string& variable,
                                                        std::vector<BlockId>& path) {
  while (true) {
    auto found = definitions[block].find(variable);
    if (found != definitions[block].end()) return found->second;
    const List<BlockId>& predecessors = function.blocks[block].predecessors;
    // A chain of single predecessors can be a circle in dead code only.
    if (!sealed[block] || predecessors.size() != 1 || path.size() > function.blocks.size())
      return std::nullopt;
    path.push_back(block);
    block = predecessors.front();
  }
}

ValueId FunctionBuilder::readIn(BlockId block, const std::string& variable, Position position) {
  std::vector<BlockId> path;
  std::optional<ValueId> value = definitionAbove(block, variable, path);
  if (!value) {
    bool isMerge = !sealed[block] || function.blocks[block].predecessors.size() > 1;
    value = isMerge ? openMerge(block, variable, position) : unknown("unbound " + variable, position);
    definitions[block][variable] = *value;
  }
  for (BlockId below : path)
    definitions[below][variable] = *value;
  return *value;
}

ValueId FunctionBuilder::openMerge(BlockId block, const std::string& variable, Position position) {
  Instruction instruction;
  instruction.kind = InstructionKind::Merge;
  instruction.position = position;
  instruction.variable = variable;
  ValueId merge = leaf(std::move(instruction));
  merges[merge] = {block, {}};
  headMerges[block].push_back(merge);
  (sealed[block] ? pending : openMerges[block]).push_back(merge);
  return merge;
}

void FunctionBuilder::fillPending() {
  std::vector<ValueId> filled;
  while (!pending.empty()) {
    ValueId merge = pending.back();
    pending.pop_back();
    filled.push_back(merge);
    std::string variable = function.instructions[merge].variable;
    Position position = function.instructions[merge].position;
    List<BlockId> predecessors = function.blocks[merges[merge].block].predecessors;
    for (BlockId predecessor : predecessors) {
      ValueId value = resolved(readIn(predecessor, variable, position));
      function.instructions[merge].operands.push_back({value, "", Spread::Single});
      if (auto user = merges.find(value); user != merges.end()) user->second.users.push_back(merge);
    }
  }
  // The nearest to the entry first: what it becomes is passed down once, not handed up step by step.
  for (size_t i = filled.size(); i > 0; --i)
    removeIfTrivial(filled[i - 1]);
}

/// A merge of one value (and itself) is that value; merges that used it may then be trivial in turn.
void FunctionBuilder::removeIfTrivial(ValueId first) {
  std::vector<ValueId> work = {first};
  while (!work.empty()) {
    ValueId merge = work.back();
    work.pop_back();
    if (replaced.contains(merge)) continue;
    const Instruction& instruction = function.instructions[merge];
    if (instruction.operands.size() != function.blocks[merges[merge].block].predecessors.size())
      continue; // not filled yet: it is looked at again when it is
    ValueId same = noValue;
    bool trivial = true;
    for (const Operand& operand : instruction.operands) {
      ValueId value = resolved(operand.value);
      if (value == merge || value == same) continue;
      trivial = same == noValue;
      if (!trivial) break;
      same = value;
    }
    if (!trivial) continue;
    if (same == noValue)
      same = unknown("unbound " + std::string(instruction.variable), Position(instruction.position));
    replaced[merge] = same;
    std::vector<ValueId> users = std::move(merges[merge].users);
    std::erase_if(users, [&](ValueId user) { return user == merge || replaced.contains(user); });
    if (auto other = merges.find(same); other != merges.end())
      other->second.users.insert(other->second.users.end(), users.begin(), users.end());
    work.insert(work.end(), users.begin(), users.end());
  }
}

ValueId FunctionBuilder::resolved(ValueId value) {
  ValueId end = value;
  for (auto next = replaced.find(end); next != replaced.end(); next = replaced.find(end))
    end = next->second;
  for (auto next = replaced.find(value); next != replaced.end(); next = replaced.find(value)) {
    value = next->second;
    next->second = end;
  }
  return end;
}

Function FunctionBuilder::finish() {
  for (BlockId block = 0; block < function.blocks.size(); ++block)
    seal(block);
  std::vector<BlockId> order = reachableBlocks();
  dropUnreachablePredecessors(order);
  std::vector<bool> used = usedMerges(order);
  compact(order, used);
  return std::move(function);
}

/// Reverse postorder, the first edge's target first.
std::vector<BlockId> FunctionBuilder::reachableBlocks() const {
  std::vector<BlockId> order;
  std::vector<bool> seen(function.blocks.size());
  std::vector<std::pair<BlockId, size_t>> stack = {{0, function.blocks[0].edges.size()}};
  seen[0] = true;
  while (!stack.empty()) {
    auto& [block, edgesLeft] = stack.back();
    if (edgesLeft == 0) {
      order.push_back(block);
      stack.pop_back();
      continue;
    }
    BlockId target = function.blocks[block].edges[--edgesLeft].target;
    if (!seen[target]) {
      seen[target] = true;
      stack.emplace_back(target, function.blocks[target].edges.size());
    }
  }
  std::ranges::reverse(order);
  return order;
}

/// Also puts predecessors, and merge operands with them, in the new order of blocks.
void FunctionBuilder::dropUnreachablePredecessors(const std::vector<BlockId>& order) {
  std::vector<BlockId> number(function.blocks.size(), UINT32_MAX);
  for (BlockId i = 0; i < order.size(); ++i)
    number[order[i]] = i;
  for (BlockId block : order) {
    List<BlockId>& predecessors = function.blocks[block].predecessors;
    std::vector<std::pair<BlockId, size_t>> kept; // new number, old place
    for (size_t i = 0; i < predecessors.size(); ++i)
      if (number[predecessors[i]] != UINT32_MAX) kept.emplace_back(number[predecessors[i]], i);
    std::ranges::sort(kept);
    for (ValueId merge : headMerges[block]) {
      List<Operand>& operands = function.instructions[merge].operands;
      List<Operand> ordered;
      for (auto& [predecessor, place] : kept)
        if (place < operands.size()) ordered.push_back(operands[place]);
      operands = std::move(ordered);
    }
    predecessors.clear();
    for (auto& [predecessor, place] : kept)
      predecessors.push_back(predecessor);
  }
  for (BlockId block : order)
    for (ValueId merge : headMerges[block])
      removeIfTrivial(merge);
}

std::vector<bool> FunctionBuilder::usedMerges(const std::vector<BlockId>& order) {
  std::vector<bool> used(function.instructions.size());
  std::vector<ValueId> work;
  auto mark = [&](ValueId& value) {
    value = resolved(value);
    if (value < used.size() && !used[value] && merges.contains(value)) {
      used[value] = true;
      work.push_back(value);
    }
  };
  for (BlockId block : order) {
    for (ValueId value : function.blocks[block].instructions)
      forEachValue(function.instructions[value], mark);
    for (Edge& edge : function.blocks[block].edges)
      forEachEdgeValue(edge, mark);
  }
  while (!work.empty()) {
    ValueId merge = work.back();
    work.pop_back();
    forEachValue(function.instructions[merge], mark);
  }
  return used;
}

namespace {

/// A function that is complete keeps no spare room: most of a run's memory is here.
void shrink(Function& function) {
  function.parameters.shrink();
  function.captures.shrink();
  for (Instruction& instruction : function.instructions)
    instruction.operands.shrink();
  for (Block& block : function.blocks) {
    block.predecessors.shrink();
    block.edges.shrink();
  }
}

} // namespace

void FunctionBuilder::compact(const std::vector<BlockId>& order, const std::vector<bool>& used) {
  std::vector<BlockId> blockNumber(function.blocks.size());
  std::vector<ValueId> number(function.instructions.size(), noValue);
  std::vector<Instruction> instructions;
  std::vector<Block> blocks;
  for (BlockId old : order) {
    blockNumber[old] = static_cast<BlockId>(blocks.size());
    Block block = std::move(function.blocks[old]);
    std::vector<ValueId> values;
    std::ranges::copy_if(headMerges[old], std::back_inserter(values),
                         [&](ValueId merge) { return used[merge]; });
    values.insert(values.end(), block.instructions.begin(), block.instructions.end());
    for (ValueId& value : values) {
      instructions.push_back(std::move(function.instructions[value]));
      value = number[value] = static_cast<ValueId>(instructions.size() - 1);
    }
    block.instructions = values;
    blocks.push_back(std::move(block));
  }
  LeafTable leaves;
  size_t ordered = instructions.size();
  auto renumber = [&](ValueId& value) {
    bool isLeafHere =
        value < number.size() && number[value] == noValue && isLeaf(function.instructions[value]);
    if (isLeafHere) number[value] = static_cast<ValueId>(ordered + leaves.add(function.instructions[value]));
    value = value < number.size() ? number[value] : noValue;
  };
  for (Block& block : blocks) {
    for (ValueId value : block.instructions)
      forEachValue(instructions[value], renumber);
    for (Edge& edge : block.edges) {
      forEachEdgeValue(edge, renumber);
      edge.target = blockNumber[edge.target];
    }
  }
  for (Instruction& leaf : leaves.take())
    instructions.push_back(std::move(leaf));
  function.instructions = std::move(instructions);
  function.blocks = std::move(blocks);
  shrink(function);
}

} // namespace forklint::facts
