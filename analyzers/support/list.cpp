// Rooms by size, in chunks of the thread. Under the address sanitizer every room is an allocation of its own,
// so that it sees what is written beyond one.
#include "analyzers/support/list.h"

#include <array>

namespace forklint {

#if __has_feature(address_sanitizer)

void* takeRoom(size_t bytes) { return ::operator new(bytes); }
void giveRoom(void* room, size_t bytes) { ::operator delete(room); }

#else

namespace {

constexpr size_t grain = alignof(uint64_t);
constexpr size_t largest = 256; // what is larger gains nothing here
constexpr size_t chunkSize = 1 << 16;

struct FreeRoom {
  FreeRoom* next;
};

struct Pool {
  std::array<FreeRoom*, largest / grain + 1> free; // by size in grains
  char* next;
  char* end;
};
thread_local Pool pool;

size_t rounded(size_t bytes) { return (bytes + grain - 1) / grain * grain; }

} // namespace

void* takeRoom(size_t bytes) {
  bytes = rounded(bytes);
  if (bytes > largest) return ::operator new(bytes);
  if (FreeRoom*& first = pool.free[bytes / grain]) return std::exchange(first, first->next);
  if (pool.next == nullptr || bytes > static_cast<size_t>(pool.end - pool.next)) {
    pool.next = static_cast<char*>(::operator new(chunkSize));
    pool.end = pool.next + chunkSize;
  }
  return std::exchange(pool.next, pool.next + bytes);
}

void giveRoom(void* room, size_t bytes) {
  bytes = rounded(bytes);
  if (bytes > largest) return ::operator delete(room);
  FreeRoom*& first = pool.free[bytes / grain];
  first = new (room) FreeRoom{first};
}

#endif

} // namespace forklint
