// Leaves and the order in which values are named. A canonical function numbers what stands in blocks first,
// in block order, then the leaves in the order of their first use, equal leaves once: so a leaf written
// inline in the text finds its number again.
#pragma once

#include "analyzers/facts/facts.h"

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace forklint::facts {

inline bool isLeaf(const Instruction& instruction) { return fields(instruction.kind) & FieldLeaf; }

/// Calls `visit` with each value (by reference) that an instruction names, in the order of the text.
template <typename I, typename Visit> void forEachValue(I& instruction, Visit visit) {
  if (instruction.place.base != noValue) visit(instruction.place.base);
  if (instruction.place.index != noValue) visit(instruction.place.index);
  for (auto& operand : instruction.operands)
    visit(operand.value);
}

/// The same for an edge.
template <typename E, typename Visit> void forEachEdgeValue(E& edge, Visit visit) {
  for (auto& type : edge.types)
    visit(type);
  if (edge.value != noValue) visit(edge.value);
}

class LeafTable {
public:
  /// The index of an equal leaf, added when it is new.
  uint32_t add(const Instruction& leaf);
  std::vector<Instruction> take() { return std::move(leaves); }

private:
  std::vector<Instruction> leaves;
  std::map<std::string, uint32_t> indices;
};

} // namespace forklint::facts
