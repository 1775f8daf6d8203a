// See the header. A row of the table belongs to one thread, which alone adds to it.
#include "harness/interposer/held.h"

#include <cerrno>
#include <sys/syscall.h>
#include <unistd.h>

namespace forklint::harness {

WatchRecord* record;
WatchRecord* childRecord;

namespace {

struct Slot {
  std::atomic<uint64_t> address; // 0: free
  std::atomic<uint64_t> caller;
  std::atomic<LockKind> kind;
};

/// A stack with gaps: locks are not always given back in the order opposite to their taking.
struct Row {
  std::atomic<uint32_t> tid;
  std::atomic<uint32_t> top; // no slot at or above it is in use; only the row's own thread writes it
  Slot slots[watchHeldMax];
};

/// Rows are claimed in order and reused when their thread is gone.
Row rows[1024];
[[gnu::tls_model("initial-exec")]] thread_local Row* myRow;

Row* claimRow() {
  const uint32_t tid = currentTid();
  const pid_t pid = getpid();
  for (Row& row : rows) {
    uint32_t before = row.tid.load(std::memory_order_relaxed);
    if (before != 0 && syscall(SYS_tgkill, pid, before, 0) == 0) continue;
    if (!row.tid.compare_exchange_strong(before, tid)) continue;
    for (Slot& slot : row.slots)
      slot.address.store(0, std::memory_order_relaxed);
    row.top.store(0, std::memory_order_relaxed);
    return &row;
  }
  return nullptr;
}

/// The newest entry goes first, as a recursive lock is left in the order opposite to its entering.
bool forget(Row& row, uint64_t address) {
  for (uint32_t i = row.top.load(std::memory_order_relaxed); i-- > 0;)
    if (row.slots[i].address.load(std::memory_order_relaxed) == address) {
      row.slots[i].address.store(0, std::memory_order_release);
      return true;
    }
  return false;
}

void dropGaps(Row& row) {
  uint32_t top = row.top.load(std::memory_order_relaxed);
  while (top > 0 && row.slots[top - 1].address.load(std::memory_order_relaxed) == 0)
    --top;
  row.top.store(top, std::memory_order_relaxed);
}

} // namespace

uint32_t currentTid() { return static_cast<uint32_t>(syscall(SYS_gettid)); }

void nap(long microseconds) {
  const timespec pause = {microseconds / 1'000'000, microseconds % 1'000'000 * 1000};
  syscall(SYS_nanosleep, &pause, nullptr);
}

void noteTaken(const void* lock, LockKind kind, const void* caller) {
  if (!myRow) [[unlikely]] {
    const int keep = errno;
    myRow = claimRow();
    errno = keep;
    if (!myRow) return;
  }
  dropGaps(*myRow);
  const uint32_t top = myRow->top.load(std::memory_order_relaxed);
  if (top == watchHeldMax) return;
  Slot& slot = myRow->slots[top];
  slot.caller.store(reinterpret_cast<uint64_t>(caller), std::memory_order_relaxed);
  slot.kind.store(kind, std::memory_order_relaxed);
  slot.address.store(reinterpret_cast<uint64_t>(lock), std::memory_order_release);
  myRow->top.store(top + 1, std::memory_order_release);
}

void noteReleased(const void* lock) {
  const auto address = reinterpret_cast<uint64_t>(lock);
  if (myRow && forget(*myRow, address)) return;
  for (Row& row : rows) {
    if (row.tid.load(std::memory_order_relaxed) == 0) return; // nothing follows the first free row
    if (forget(row, address)) return;
  }
}

void publishHeld() {
  uint32_t count = 0;
  if (myRow)
    for (const Slot& slot : myRow->slots)
      if (const uint64_t address = slot.address.load(std::memory_order_relaxed))
        record->held[count++] = {address, slot.caller.load(std::memory_order_relaxed),
                                 slot.kind.load(std::memory_order_relaxed), 0};
  record->heldCount.store(count);
}

void forgetAll() { myRow = nullptr; }

} // namespace forklint::harness
