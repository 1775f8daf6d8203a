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

enum class LockKind : uint32_t { None, Mutex, ReadWrite, Spin, Semaphore, Once, Guard };

/// Where a thread is held while another one forks.
enum class ParkAt : uint32_t { Write, Lock };

/// A lock, and the instruction after the call that took it.
struct HeldLock {
  uint64_t address;
  uint64_t caller;
  LockKind kind;
  uint32_t reserved;
};

struct WatchRecord {
  uint32_t magic;
  uint32_t targetFd;              // ParkAt::Write: on whose write(2); set by the supervisor
  std::atomic<uint32_t> ownerPid; // the one process that takes part: the first to claim it
  std::atomic<uint32_t> armedBy;  // tid that is about to fork; 0 = disarmed. The shim may arm; we disarm
  std::atomic<uint32_t> parkedTid;
  std::atomic<uint32_t> forks; // forks that returned in the owner process
  std::atomic<uint32_t> forkingTid;
  std::atomic<uint32_t> heldCount;
  char parkedComm[16];
  HeldLock held[watchHeldMax];       // by the parked thread
  std::atomic<uint32_t> childPid;    // child of the directed fork
  std::atomic<uint32_t> reached;     // a thread was parked when that fork was made
  ParkAt parkAt;                     // set by the supervisor
  uint32_t armInFork;                // set by the supervisor: fork() itself arms, no shim does
  std::atomic<int32_t> paceBudget;   // microseconds by which other threads may yet be held up before the fork
  std::atomic<LockKind> childKind;   // the lock that the directed child asked for last ...
  std::atomic<uint64_t> childLock;   // ...
  std::atomic<uint64_t> childCaller; // ... and from where
};

static_assert(std::atomic<uint64_t>::is_always_lock_free);
static_assert(offsetof(WatchRecord, armedBy) == 12 && offsetof(WatchRecord, parkedTid) == 16,
              "shim/sitecustomize.py writes by offset");

} // namespace forklint::harness
