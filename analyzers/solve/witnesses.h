// The ways to where lives began, numbered: equal ways have one number, so that states which hold them
// compare.
#pragma once

#include "analyzers/solve/solution.h"

#include "llvm/ADT/Hashing.h"

#include <unordered_map>
#include <vector>

namespace forklint::solve {

class Witnesses {
public:
  uint32_t number(Path path) {
    auto [slot, fresh] = numbers.try_emplace(std::move(path), static_cast<uint32_t>(paths.size()));
    if (fresh) paths.push_back(&slot->first);
    return slot->second;
  }
  const Path& operator[](uint32_t number) const { return *paths[number]; }

private:
  struct Hash {
    size_t operator()(const Path& path) const {
      llvm::hash_code hash(path.size());
      for (const Hop& hop : path)
        hash = llvm::hash_combine(hash, hop.function, hop.position.line, hop.position.column);
      return hash;
    }
  };
  std::unordered_map<Path, uint32_t, Hash> numbers; // its keys stay where they are
  std::vector<const Path*> paths;
};

} // namespace forklint::solve
