// Finds the numbers of things by what they are. The things are kept elsewhere: the table holds nothing but
// numbers and hashes, so that what is kept in millions is kept once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace forklint {

class IdTable {
public:
  /// The number of the thing with this hash of which `is(number)` is true; if there is none, the one that
  /// `make()` gives. Neither may use the table.
  template <typename Is, typename Make> uint32_t find(size_t whole, Is is, Make make) {
    if (4 * (used + 1) > 3 * slots.size()) grow();
    auto hash = static_cast<uint32_t>(whole ^ (whole >> 32));
    size_t at = placeOf(hash);
    while (slots[at].id != none) {
      if (slots[at].hash == hash && is(slots[at].id)) return slots[at].id;
      at = next(at);
    }
    ++used;
    slots[at].hash = hash;
    return slots[at].id = make();
  }

private:
  static constexpr uint32_t none = UINT32_MAX;
  struct Slot {
    uint32_t hash = 0, id = none;
  };

  size_t placeOf(uint32_t hash) const { return hash & (slots.size() - 1); }
  size_t next(size_t at) const { return (at + 1) & (slots.size() - 1); }

  void grow() {
    constexpr size_t first = 64;
    std::vector<Slot> old = std::exchange(slots, std::vector<Slot>(slots.empty() ? first : 2 * slots.size()));
    for (const Slot& slot : old) {
      if (slot.id == none) continue;
      size_t at = placeOf(slot.hash);
      while (slots[at].id != none)
        at = next(at);
      slots[at] = slot;
    }
  }

  std::vector<Slot> slots; // a power of two
  size_t used = 0;
};

} // namespace forklint
