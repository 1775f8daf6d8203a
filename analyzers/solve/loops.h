// The loops of a function's blocks.
//
// Promise: a loop is a head with a way back to it, from a block that does not come before it, and all that
// reaches such a way without the head.
#pragma once

#include "analyzers/facts/facts.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/DenseSet.h"

#include <map>
#include <vector>

namespace forklint::solve {

struct Loop {
  facts::BlockId head = 0;
  llvm::DenseSet<facts::BlockId> inside; // the head too
  /// Where it is decided whether the loop goes on: the head, and the further tests of its condition.
  llvm::DenseSet<facts::BlockId> test;
  /// A loop over a container that can be left before its end, with its function going on as if it had ended.
  bool isCut = false;
};

/// Does the function go round somewhere?
bool hasLoop(const facts::Function& body);

/// The loops of one function.
class Loops {
public:
  explicit Loops(const facts::Function& body);
  /// Null where the block is no head of a loop.
  const Loop* at(facts::BlockId head) const;
  /// The loop to whose condition the block belongs without being its head; null where there is none.
  const Loop* testedAt(facts::BlockId block) const;
  /// The loops that the block lies in, the innermost one first.
  llvm::ArrayRef<const Loop*> around(facts::BlockId block) const {
    if (ofBlock.empty()) return {};
    return ofBlock[block];
  }
  /// Does a loop run the instruction on all that a container holds? One that counts is taken to.
  bool meetsEach(facts::ValueId id) const;
  /// Does the instruction lie in one?
  bool repeats(facts::ValueId id) const { return !aroundValue(id).empty(); }
  /// Does what stands there?
  bool repeats(const facts::Position& at) const;
  /// Is the value a step of such a loop, around the instruction `use`: made of what it was in the round
  /// before
  /// (`i + 1`, `node->next`) or, if `orElement`, of an element that an iteration gives?
  bool steps(facts::ValueId id, facts::ValueId use, bool orElement) const;

private:
  /// The loops that an instruction lies in; none for one that lies in no block.
  llvm::ArrayRef<const Loop*> aroundValue(facts::ValueId id) const;
  using Ways =
      std::map<std::pair<facts::ValueId, bool>, bool>; // whether known ones come round; true on the way
  bool comesRound(const Loop& loop, facts::ValueId id, bool orElement, Ways& ways) const;
  std::vector<facts::ValueId> sources(const Loop& loop, facts::ValueId id) const;

  const facts::Function& body;
  std::map<facts::BlockId, Loop> loops;
  std::vector<std::vector<const Loop*>> ofBlock;    // empty where there is no loop
  std::map<facts::ValueId, facts::BlockId> blockOf; // of what lies in a loop
  mutable std::map<facts::BlockId, Ways> waysOf;    // by head
};

} // namespace forklint::solve
