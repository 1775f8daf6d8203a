// Equal leaves by a key of all their members.
#include "analyzers/facts/leaves.h"

#include <bit>

namespace forklint::facts {
namespace {

void addNumber(std::string& key, uint64_t number) {
  key += std::to_string(number);
  key += ',';
}

void addText(std::string& key, const std::string& text) {
  addNumber(key, text.size());
  key += text;
}

struct LiteralKey {
  std::string& key;
  void operator()(None) const {}
  void operator()(Ellipsis) const {}
  void operator()(bool value) const { addNumber(key, value); }
  void operator()(int64_t value) const { addNumber(key, static_cast<uint64_t>(value)); }
  void operator()(double value) const { addNumber(key, std::bit_cast<uint64_t>(value)); }
  void operator()(const std::string& value) const { addText(key, value); }
  void operator()(const Bytes& value) const { addText(key, value.data); }
};

std::string keyOf(const Instruction& leaf) {
  std::string key;
  addNumber(key, static_cast<uint64_t>(leaf.kind));
  const Position& at = leaf.position;
  for (uint32_t number : {at.file, at.line, at.column, at.endLine, at.endColumn, leaf.index})
    addNumber(key, number);
  addText(key, leaf.variable);
  addText(key, leaf.name);
  addNumber(key, leaf.literal.index());
  std::visit(LiteralKey{key}, leaf.literal);
  return key;
}

} // namespace

uint32_t LeafTable::add(const Instruction& leaf) {
  auto [entry, isNew] = indices.try_emplace(keyOf(leaf), static_cast<uint32_t>(leaves.size()));
  if (isNew) leaves.push_back(leaf);
  return entry->second;
}

} // namespace forklint::facts
