// The table of texts, in parts with a lock of their own, so that front ends that run beside each other seldom
// wait.
#include "analyzers/support/text.h"

#include "llvm/Support/Allocator.h"

#include <array>
#include <mutex>

namespace forklint {
namespace {

struct Shard {
  std::mutex lock;
  llvm::StringMap<std::nullopt_t, llvm::BumpPtrAllocator> texts;
};

constexpr unsigned shardBits = 6;

/// Never destroyed: texts may be used until the process has ended.
Shard& shardOf(uint32_t hash) {
  static auto& shards = *new std::array<Shard, 1 << shardBits>;
  return shards[hash >> (32 - shardBits)]; // a table finds its place by the low bits
}

} // namespace

const Text::Entry* Text::intern(llvm::StringRef text) {
  if (text.empty()) return nullptr;
  uint32_t hash = llvm::StringMapImpl::hash(text);
  Shard& shard = shardOf(hash);
  std::lock_guard guard(shard.lock);
  return &*shard.texts.try_emplace_with_hash(text, hash).first;
}

} // namespace forklint
