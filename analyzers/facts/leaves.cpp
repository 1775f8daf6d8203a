// Equal leaves by a key of all their members.
#include "analyzers/facts/leaves.h"

#include "llvm/ADT/Hashing.h"

#include <bit>

namespace forklint::facts {
namespace {

struct LiteralBits {
  uint64_t operator()(None) const { return 0; }
  uint64_t operator()(Ellipsis) const { return 0; }
  uint64_t operator()(bool value) const { return value; }
  uint64_t operator()(int64_t value) const { return std::bit_cast<uint64_t>(value); }
  uint64_t operator()(double value) const { return std::bit_cast<uint64_t>(value); }
  uint64_t operator()(Text value) const { return value.identity(); }
  uint64_t operator()(Bytes value) const { return value.data.identity(); }
};

} // namespace

LeafTable::Key::Key(const Instruction& leaf)
    : kind(leaf.kind), position(leaf.position), index(leaf.index), variable(leaf.variable), name(leaf.name),
      literalKind(leaf.literal.index()), literal(std::visit(LiteralBits(), leaf.literal)) {}

size_t LeafTable::Hash::operator()(const Key& key) const {
  const Position& at = key.position;
  return llvm::hash_combine(key.kind, at.file, at.line, at.column, at.endLine, at.endColumn, key.index,
                            key.variable.identity(), key.name.identity(), key.literalKind, key.literal);
}

uint32_t LeafTable::add(const Instruction& leaf) {
  auto [entry, isNew] = indices.try_emplace(Key(leaf), static_cast<uint32_t>(leaves.size()));
  if (isNew) leaves.push_back(leaf);
  return entry->second;
}

} // namespace forklint::facts
