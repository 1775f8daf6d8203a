// Leaves and the order in which values are named. A canonical function numbers what stands in blocks first,
// in block order, then the leaves in the order of their first use, equal leaves once: so a leaf written
// inline in the text finds its number again.
#pragma once

#include "analyzers/facts/facts.h"

#include <unordered_map>
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
  /// All members of a leaf; of a literal the bits, so that two kinds of zero stay two.
  struct Key {
    explicit Key(const Instruction& leaf);

    InstructionKind kind;
    Position position;
    uint32_t index;
    Text variable, name;
    size_t literalKind;
    uint64_t literal;
    bool operator==(const Key&) const = default;
  };
  struct Hash {
    size_t operator()(const Key& key) const;
  };

  std::vector<Instruction> leaves;
  std::unordered_map<Key, uint32_t, Hash> indices;
};

} // namespace forklint::facts
