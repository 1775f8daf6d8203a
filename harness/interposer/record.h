// The memory shared by the supervisor, the interposer and the Python shim of one run: a file of this layout,
// mapped by all three. Guarantees: fixed offsets (the shim writes by number), only lock-free fields, no
// pointers that are followed.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace forklint::harness {

constexpr uint32_t watchMagic = 0x4c4b5246; // "FRKL"
constexpr uint32_t watchHeldMax = 16;

struct WatchRecord {
  uint32_t magic;
  uint32_t targetFd;              // whose write(2) parks; set by the supervisor
  std::atomic<uint32_t> ownerPid; // the one process that takes part: the first to claim it
  std::atomic<uint32_t>
      armedBy; // tid that is about to fork; 0 = disarmed. Written by the shim, cleared by us
  std::atomic<uint32_t> parkedTid; // the thread that stands in its write(2)
  std::atomic<uint32_t> forks;     // forks that returned in the owner process
  std::atomic<uint32_t> forkingTid;
  std::atomic<uint32_t> heldCount;
  char parkedComm[16];
  uint64_t held[watchHeldMax];    // semaphores the parked thread had taken
  std::atomic<uint32_t> childPid; // child of the directed fork
  std::atomic<uint32_t> reached;  // a thread was parked when that fork was made
  uint32_t paceMicroseconds; // how much each such write is slowed until the first fork; set by the supervisor
};

static_assert(std::atomic<uint32_t>::is_always_lock_free);
static_assert(offsetof(WatchRecord, armedBy) == 12 && offsetof(WatchRecord, parkedTid) == 16,
              "shim/sitecustomize.py writes by offset");

} // namespace forklint::harness
