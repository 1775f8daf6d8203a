// Inside the verifier: the list of broken promises, dominance, and the checks of one function.
#pragma once

#include "analyzers/facts/facts.h"

#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/Twine.h"

#include <string>
#include <vector>

namespace forklint::facts {

class BrokenPromises {
public:
  /// Long names are cut: errors about arbitrary bytes must not take more memory than the bytes explain.
  void add(llvm::StringRef where, const llvm::Twine& what) {
    text += (text.empty() ? "" : "\n") + (where.take_front(200) + ": " + what).str();
  }
  bool none() const { return text.empty(); }
  std::string text;
};

/// Which block comes before which on every way from the entry. The function's edges must be in range.
class Dominance {
public:
  explicit Dominance(const Function& function);
  bool reachable(BlockId block) const { return number[block] != UINT32_MAX; }
  /// Every way from the entry to `below` passes `above` (or they are the same). Both reachable.
  bool dominates(BlockId above, BlockId below) const {
    return enter[above] <= enter[below] && leave[below] <= leave[above];
  }

private:
  void numberBlocks(const Function& function);
  void findParents(const std::vector<std::vector<BlockId>>& predecessors);
  void walkTree();

  std::vector<BlockId> order;         // reverse postorder
  std::vector<uint32_t> number;       // place in `order`
  std::vector<BlockId> parent;        // immediate dominator
  std::vector<uint32_t> enter, leave; // times in a walk of the tree
};

bool isPosition(const Position& position, const UnitFacts& unit);
void verifyFunction(const Function& function, const UnitFacts& unit, BrokenPromises& broken);

} // namespace forklint::facts
