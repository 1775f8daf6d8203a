// A persistent map of numbers: a big-endian Patricia tree (Okasaki and Gill, "Fast Mergeable Integer Maps",
// 1998). A copy is a pointer. Changing gives a new map that shares what did not change; joining and comparing
// skip what two maps share, so that their cost is that of the difference.
//
// Nodes live in an Arena until it is reset; no map may be used after that.
#pragma once

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Allocator.h"

#include <bit>
#include <cstdint>
#include <type_traits>
#include <utility>

namespace forklint {

class PersistentMap {
  struct Node {
    uint32_t key; // of a leaf; of a branch: the bits above `bit` that all its keys share
    uint32_t bit; // of a branch: the highest one in which its keys differ; 0: a leaf
    uint32_t value = 0;
    const Node* left = nullptr; // keys without the bit
    const Node* right = nullptr;
  };

public:
  using Arena = llvm::BumpPtrAllocator;

  const uint32_t* find(uint32_t key) const {
    const Node* node = root;
    while (node && node->bit)
      node = key & node->bit ? node->right : node->left;
    return node && node->key == key ? &node->value : nullptr;
  }
  bool contains(uint32_t key) const { return find(key); }
  bool empty() const { return !root; }

  [[nodiscard]] PersistentMap with(uint32_t key, uint32_t value, Arena& arena) const {
    return PersistentMap(insert(root, key, value, arena));
  }
  [[nodiscard]] PersistentMap without(uint32_t key, Arena& arena) const {
    return PersistentMap(erase(root, key, arena));
  }

  /// A map of what is given: sorted by key, each key once.
  static PersistentMap of(llvm::ArrayRef<std::pair<uint32_t, uint32_t>> sorted, Arena& arena) {
    return PersistentMap(sorted.empty() ? nullptr : build(sorted, arena));
  }

  /// All keys of both; `both(key, value, other)` decides where the values differ. Gives this very map where
  /// nothing is new. `alone(key, value)` is told what only one of them has.
  template <typename Both, typename Alone>
  PersistentMap joined(const PersistentMap& other, Arena& arena, Both both, Alone alone) const {
    Joining<Both, Alone> joining{arena, both, alone};
    return PersistentMap(join(root, other.root, joining));
  }
  template <typename Both> PersistentMap joined(const PersistentMap& other, Arena& arena, Both both) const {
    return joined(other, arena, both, Untold());
  }

  /// The same map. Equal maps that share nothing are compared whole.
  bool operator==(const PersistentMap& other) const { return equal(root, other.root); }

  /// Visits (key, value) in the order of keys.
  template <typename Visit> void forEach(Visit visit) const { walk(root, visit); }

  /// Visits (key, value), or (key, null) where it is gone, of all that is otherwise in `after`. Equal maps
  /// that share nothing are compared whole.
  template <typename Visit> void forEachChange(const PersistentMap& after, Visit visit) const {
    changes(root, after.root, visit);
  }

  PersistentMap() = default;

private:
  explicit PersistentMap(const Node* root) : root(root) {}

  static uint32_t prefixOf(uint32_t key, uint32_t bit) { return key & ~(bit | (bit - 1)); }
  static bool holds(const Node* branch, uint32_t key) { return prefixOf(key, branch->bit) == branch->key; }

  static const Node* leaf(uint32_t key, uint32_t value, Arena& arena) {
    return new (arena.Allocate<Node>()) Node{key, 0, value, nullptr, nullptr};
  }
  static const Node* branch(uint32_t key, uint32_t bit, const Node* left, const Node* right, Arena& arena) {
    if (!left || !right) return left ? left : right;
    return new (arena.Allocate<Node>()) Node{key, bit, 0, left, right};
  }
  /// Two trees with different prefixes under one branch.
  static const Node* link(const Node* one, const Node* two, Arena& arena) {
    uint32_t bit = std::bit_floor(one->key ^ two->key);
    if (one->key & bit) std::swap(one, two);
    return branch(prefixOf(one->key, bit), bit, one, two, arena);
  }

  static const Node* build(llvm::ArrayRef<std::pair<uint32_t, uint32_t>> sorted, Arena& arena) {
    auto [first, value] = sorted.front();
    if (sorted.size() == 1) return leaf(first, value, arena);
    uint32_t bit = std::bit_floor(first ^ sorted.back().first);
    size_t left =
        llvm::partition_point(sorted, [&](const auto& each) { return !(each.first & bit); }) - sorted.begin();
    return branch(prefixOf(first, bit), bit, build(sorted.take_front(left), arena),
                  build(sorted.drop_front(left), arena), arena);
  }

  static const Node* insert(const Node* node, uint32_t key, uint32_t value, Arena& arena) {
    if (!node) return leaf(key, value, arena);
    if (!node->bit) {
      if (node->key != key) return link(node, leaf(key, value, arena), arena);
      return node->value == value ? node : leaf(key, value, arena);
    }
    if (!holds(node, key)) return link(node, leaf(key, value, arena), arena);
    bool right = key & node->bit;
    const Node* old = right ? node->right : node->left;
    const Node* now = insert(old, key, value, arena);
    if (now == old) return node;
    return right ? branch(node->key, node->bit, node->left, now, arena)
                 : branch(node->key, node->bit, now, node->right, arena);
  }

  static const Node* erase(const Node* node, uint32_t key, Arena& arena) {
    if (!node) return nullptr;
    if (!node->bit) return node->key == key ? nullptr : node;
    if (!holds(node, key)) return node;
    bool right = key & node->bit;
    const Node* old = right ? node->right : node->left;
    const Node* now = erase(old, key, arena);
    if (now == old) return node;
    return right ? branch(node->key, node->bit, node->left, now, arena)
                 : branch(node->key, node->bit, now, node->right, arena);
  }

  /// What only one map has is not told, and not walked.
  struct Untold {};
  template <typename Both, typename Alone> struct Joining {
    Arena& arena;
    Both& both;
    Alone& alone;
    const Node* onlyIn(const Node* node) {
      if constexpr (!std::is_same_v<Alone, Untold>) walk(node, alone);
      return node;
    }
  };

  template <typename Joined> static const Node* join(const Node* a, const Node* b, Joined& how) {
    if (a == b) return a;
    if (!a || !b) return how.onlyIn(a ? a : b);
    if (!a->bit && !b->bit && a->key == b->key) {
      uint32_t value = a->value == b->value ? a->value : how.both(a->key, a->value, b->value);
      return value == a->value ? a : leaf(a->key, value, how.arena);
    }
    if (a->bit == b->bit && a->key == b->key)
      return rebuilt(a, join(a->left, b->left, how), join(a->right, b->right, how), how.arena);
    if (a->bit > b->bit && holds(a, b->key)) {
      bool right = b->key & a->bit;
      return rebuilt(a, right ? how.onlyIn(a->left) : join(a->left, b, how),
                     right ? join(a->right, b, how) : how.onlyIn(a->right), how.arena);
    }
    if (b->bit > a->bit && holds(b, a->key)) {
      bool right = a->key & b->bit;
      return branch(b->key, b->bit, right ? how.onlyIn(b->left) : join(a, b->left, how),
                    right ? join(a, b->right, how) : how.onlyIn(b->right), how.arena);
    }
    return link(how.onlyIn(a), how.onlyIn(b), how.arena);
  }
  static const Node* rebuilt(const Node* node, const Node* left, const Node* right, Arena& arena) {
    return left == node->left && right == node->right ? node
                                                      : branch(node->key, node->bit, left, right, arena);
  }

  static bool equal(const Node* a, const Node* b) {
    if (a == b) return true;
    if (!a || !b || a->key != b->key || a->bit != b->bit || a->value != b->value) return false;
    return equal(a->left, b->left) && equal(a->right, b->right);
  }
  template <typename Visit> static void walk(const Node* node, Visit& visit) {
    if (!node) return;
    if (!node->bit) return visit(node->key, node->value);
    walk(node->left, visit);
    walk(node->right, visit);
  }

  template <typename Visit> static void changes(const Node* a, const Node* b, Visit& visit) {
    if (a == b) return;
    auto gone = [&](uint32_t key, uint32_t) { visit(key, static_cast<const uint32_t*>(nullptr)); };
    auto come = [&](uint32_t key, const uint32_t& value) { visit(key, &value); };
    if (a && b && !a->bit && !b->bit && a->key == b->key) {
      if (a->value != b->value) come(b->key, b->value);
    } else if (a && b && a->bit == b->bit && a->key == b->key) {
      changes(a->left, b->left, visit);
      changes(a->right, b->right, visit);
    } else if (a && b && a->bit > b->bit && holds(a, b->key)) {
      bool right = b->key & a->bit;
      changes(a->left, right ? nullptr : b, visit);
      changes(a->right, right ? b : nullptr, visit);
    } else if (a && b && b->bit > a->bit && holds(b, a->key)) {
      bool right = a->key & b->bit;
      changes(right ? nullptr : a, b->left, visit);
      changes(right ? a : nullptr, b->right, visit);
    } else {
      walk(a, gone);
      walk(b, come);
    }
  }

  const Node* root = nullptr;
};

} // namespace forklint
