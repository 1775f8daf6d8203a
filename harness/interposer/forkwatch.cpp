// libforkwatch.so, loaded with LD_PRELOAD. Guarantees: a wrapper never allocates, takes a lock or uses stdio;
// without a record in the environment, or with FORKLINT_WATCH=0, every wrapper is a plain call of the real
// function; a forked child is never directed and never writes to the record.
//
// Directed parking: while the record is armed, the first other thread that enters write(2) on the target
// descriptor stays there until the fork is over. A buffered stream holds its lock around that write, so the
// child inherits it held. Until the record is armed the same writes are slowed a little: a thread that prints
// a thousand lines in three milliseconds would be over before the main thread gets as far as its fork.
#include "harness/interposer/record.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

using forklint::harness::watchHeldMax;
using forklint::harness::watchMagic;
using forklint::harness::WatchRecord;

namespace {

struct Reals {
  ssize_t (*write)(int, const void*, size_t);
  pid_t (*fork)();
  int (*semWait)(sem_t*);
  int (*semTryWait)(sem_t*);
  int (*semTimedWait)(sem_t*, const timespec*);
  int (*semClockWait)(sem_t*, clockid_t, const timespec*);
  int (*semPost)(sem_t*);
};

Reals real;
WatchRecord* record; // null: take no part

/// What each thread holds. Rows are claimed once and reused when their thread is gone; a full table means
/// that a lock goes unnamed, never that a program waits.
struct HeldRow {
  std::atomic<uint32_t> tid;
  std::atomic<uint64_t> locks[watchHeldMax];
};
HeldRow rows[1024];
[[gnu::tls_model("initial-exec")]] thread_local HeldRow* myRow;

uint32_t currentTid() { return static_cast<uint32_t>(syscall(SYS_gettid)); }

template <typename Function> void find(Function& slot, const char* name) {
  slot = reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}

void resolve() {
  find(real.write, "write");
  find(real.fork, "fork");
  find(real.semWait, "sem_wait");
  find(real.semTryWait, "sem_trywait");
  find(real.semTimedWait, "sem_timedwait");
  find(real.semClockWait, "sem_clockwait");
  find(real.semPost, "sem_post");
}

/// Another library's constructor may run before ours; dlsym is allowed there and nowhere later.
const Reals& reals() {
  if (!real.semPost) [[unlikely]]
    resolve();
  return real;
}

HeldRow* claimRow() {
  const uint32_t tid = currentTid();
  const auto pid = static_cast<pid_t>(getpid());
  for (HeldRow& row : rows) {
    uint32_t before = row.tid.load(std::memory_order_relaxed);
    if (before != 0 && syscall(SYS_tgkill, pid, before, 0) == 0) continue;
    if (row.tid.compare_exchange_strong(before, tid)) {
      for (auto& lock : row.locks)
        lock.store(0, std::memory_order_relaxed);
      return &row;
    }
  }
  return nullptr;
}

void noteTaken(sem_t* lock) {
  if (!record) return;
  const int keep = errno;
  if (!myRow) myRow = claimRow();
  if (myRow)
    for (auto& slot : myRow->locks)
      if (slot.load(std::memory_order_relaxed) == 0) {
        slot.store(reinterpret_cast<uint64_t>(lock), std::memory_order_release);
        break;
      }
  errno = keep;
}

bool forget(HeldRow& row, uint64_t lock) {
  for (auto& slot : row.locks)
    if (slot.load(std::memory_order_relaxed) == lock) {
      slot.store(0, std::memory_order_release);
      return true;
    }
  return false;
}

/// A semaphore may be posted by a thread that did not take it: then the taker's entry goes.
void noteReleased(sem_t* lock) {
  if (!record) return;
  const auto address = reinterpret_cast<uint64_t>(lock);
  if (myRow && forget(*myRow, address)) return;
  for (HeldRow& row : rows) {
    if (row.tid.load(std::memory_order_relaxed) == 0) return; // rows are claimed in order, so nothing follows
    if (forget(row, address)) return;
  }
}

void nap(long microseconds) {
  const timespec pause = {0, microseconds * 1000};
  syscall(SYS_nanosleep, &pause, nullptr);
}

void park() {
  const int keep = errno;
  uint32_t nobody = 0;
  const uint32_t tid = currentTid();
  if (tid != record->armedBy.load() && record->parkedTid.compare_exchange_strong(nobody, tid)) {
    prctl(PR_GET_NAME, record->parkedComm);
    uint32_t count = 0;
    if (myRow)
      for (auto& slot : myRow->locks)
        if (const uint64_t lock = slot.load(std::memory_order_relaxed)) record->held[count++] = lock;
    record->heldCount.store(count);
    record->reached.store(1); // the shim goes on from here
    for (int naps = 0; record->armedBy.load() != 0 && naps < 200'000; ++naps)
      nap(50);
  }
  errno = keep;
}

void pace() {
  if (record->forks.load(std::memory_order_relaxed) != 0 || currentTid() == record->ownerPid.load()) return;
  const int keep = errno;
  nap(record->paceMicroseconds);
  errno = keep;
}

void afterForkInParent() {
  if (!record) return;
  record->armedBy.store(0);
  record->forks.fetch_add(1);
}

/// Only process-local state: the record still belongs to the parent.
void afterForkInChild() {
  record = nullptr;
  myRow = nullptr;
}

[[gnu::constructor]] void start() {
  resolve();
  const char* enabled = getenv("FORKLINT_WATCH");
  const char* path = getenv("FORKLINT_WATCH_RECORD");
  if ((enabled && strcmp(enabled, "0") == 0) || !path) return;
  const int fd = open(path, O_RDWR | O_CLOEXEC);
  if (fd < 0) return;
  void* memory = mmap(nullptr, sizeof(WatchRecord), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  close(fd);
  if (memory == MAP_FAILED) return;
  auto* candidate = static_cast<WatchRecord*>(memory);
  uint32_t owner = 0;
  const auto pid = static_cast<uint32_t>(getpid());
  const bool claimed = candidate->magic == watchMagic &&
                       (candidate->ownerPid.compare_exchange_strong(owner, pid) || owner == pid);
  if (!claimed) {
    munmap(memory, sizeof(WatchRecord));
    return;
  }
  record = candidate;
  pthread_atfork(nullptr, afterForkInParent, afterForkInChild);
}

} // namespace

extern "C" {

[[gnu::visibility("default")]] ssize_t write(int fd, const void* bytes, size_t size) {
  if (record && static_cast<uint32_t>(fd) == record->targetFd) [[unlikely]] {
    if (record->armedBy.load(std::memory_order_relaxed) == 0 && record->paceMicroseconds != 0) pace();
    if (record->armedBy.load() != 0) park();
  }
  return real.write ? real.write(fd, bytes, size) : syscall(SYS_write, fd, bytes, size);
}

[[gnu::visibility("default")]] pid_t fork() noexcept {
  if (record) record->forkingTid.store(currentTid());
  const bool directed = record && record->armedBy.load() != 0;
  const pid_t child = reals().fork();
  if (child != 0 && record) {
    record->forkingTid.store(0);
    if (directed && child > 0) record->childPid.store(static_cast<uint32_t>(child));
  }
  return child;
}

[[gnu::visibility("default")]] int sem_wait(sem_t* lock) {
  const int result = reals().semWait(lock);
  if (result == 0) noteTaken(lock);
  return result;
}

[[gnu::visibility("default")]] int sem_trywait(sem_t* lock) noexcept {
  const int result = reals().semTryWait(lock);
  if (result == 0) noteTaken(lock);
  return result;
}

[[gnu::visibility("default")]] int sem_timedwait(sem_t* lock, const timespec* until) {
  const int result = reals().semTimedWait(lock, until);
  if (result == 0) noteTaken(lock);
  return result;
}

[[gnu::visibility("default")]] int sem_clockwait(sem_t* lock, clockid_t clock, const timespec* until) {
  if (!reals().semClockWait) {
    errno = ENOSYS; // a libc without it has no caller either
    return -1;
  }
  const int result = reals().semClockWait(lock, clock, until);
  if (result == 0) noteTaken(lock);
  return result;
}

[[gnu::visibility("default")]] int sem_post(sem_t* lock) noexcept {
  noteReleased(lock); // before the post: another thread may take it at once
  return reals().semPost(lock);
}
}
