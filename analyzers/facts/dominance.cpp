// Immediate dominators by iteration in reverse postorder (Cooper, Harvey, Kennedy), then times of a walk of
// the tree, so that each question takes constant time.
#include "analyzers/facts/promises.h"

#include <algorithm>
#include <utility>

namespace forklint::facts {

Dominance::Dominance(const Function& function)
    : number(function.blocks.size(), UINT32_MAX), parent(function.blocks.size()),
      enter(function.blocks.size()), leave(function.blocks.size()) {
  numberBlocks(function);
  std::vector<std::vector<BlockId>> predecessors(function.blocks.size());
  for (BlockId block : order)
    for (const Edge& edge : function.blocks[block].edges)
      predecessors[edge.target].push_back(block);
  findParents(predecessors);
  walkTree();
}

void Dominance::numberBlocks(const Function& function) {
  std::vector<bool> seen(function.blocks.size());
  std::vector<std::pair<BlockId, size_t>> stack = {{0, 0}};
  seen[0] = true;
  while (!stack.empty()) {
    auto& [block, edge] = stack.back();
    if (edge == function.blocks[block].edges.size()) {
      order.push_back(block);
      stack.pop_back();
      continue;
    }
    BlockId target = function.blocks[block].edges[edge++].target;
    if (!seen[target]) {
      seen[target] = true;
      stack.emplace_back(target, 0);
    }
  }
  std::ranges::reverse(order);
  for (uint32_t i = 0; i < order.size(); ++i)
    number[order[i]] = i;
}

void Dominance::findParents(const std::vector<std::vector<BlockId>>& predecessors) {
  std::vector<uint32_t> above(order.size(), UINT32_MAX); // by number
  above[0] = 0;
  auto common = [&](uint32_t left, uint32_t right) {
    while (left != right)
      (left > right ? left : right) = above[left > right ? left : right];
    return left;
  };
  for (bool changed = true; changed;) {
    changed = false;
    for (uint32_t i = 1; i < order.size(); ++i) {
      uint32_t best = UINT32_MAX;
      for (BlockId predecessor : predecessors[order[i]])
        if (uint32_t from = number[predecessor]; above[from] != UINT32_MAX)
          best = best == UINT32_MAX ? from : common(best, from);
      changed |= above[i] != best;
      above[i] = best;
    }
  }
  for (uint32_t i = 0; i < order.size(); ++i)
    parent[order[i]] = order[above[i]];
}

void Dominance::walkTree() {
  std::vector<std::vector<BlockId>> children(parent.size());
  for (size_t i = 1; i < order.size(); ++i)
    children[parent[order[i]]].push_back(order[i]);
  uint32_t time = 0;
  std::vector<std::pair<BlockId, size_t>> stack = {{0, 0}};
  enter[0] = time++;
  while (!stack.empty()) {
    auto& [block, child] = stack.back();
    if (child == children[block].size()) {
      leave[block] = time++;
      stack.pop_back();
      continue;
    }
    BlockId next = children[block][child++];
    enter[next] = time++;
    stack.emplace_back(next, 0);
  }
}

} // namespace forklint::facts
