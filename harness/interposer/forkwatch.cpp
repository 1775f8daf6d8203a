// libforkwatch.so, loaded with LD_PRELOAD: where it begins, what a fork does to it, and write(2). Guarantees:
// a wrapper never allocates, takes a lock or uses stdio; without a record in the environment, with
// FORKLINT_WATCH=0, or under ThreadSanitizer, every wrapper is a plain call of the real function; a forked
// child is never directed, and only that of the directed fork notes what it asks for.
#include "harness/interposer/park.h"
#include "harness/interposer/reals.h"

#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/syscall.h>

using namespace forklint::harness;

namespace {

/// Decided before the fork: in the record the parent may have disarmed before the child looks.
bool forkIsDirected;

void beforeFork() { forkIsDirected = record && record->armedBy.load() != 0; }

void afterForkInParent() {
  if (!record) return;
  record->armedBy.store(0);
  record->forks.fetch_add(1);
}

void afterForkInChild() {
  childRecord = forkIsDirected ? record : nullptr;
  record = nullptr;
  forkIsDirected = false;
  forgetAll();
}

WatchRecord* mapRecord(const char* path) {
  const int fd = open(path, O_RDWR | O_CLOEXEC);
  if (fd < 0) return nullptr;
  void* memory = mmap(nullptr, sizeof(WatchRecord), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  close(fd);
  return memory == MAP_FAILED ? nullptr : static_cast<WatchRecord*>(memory);
}

[[gnu::constructor]] void start() {
  reals();
  const char* enabled = getenv("FORKLINT_WATCH");
  const char* path = getenv("FORKLINT_WATCH_RECORD");
  if ((enabled && strcmp(enabled, "0") == 0) || !path || dlsym(RTLD_DEFAULT, "__tsan_init")) return;
  WatchRecord* candidate = mapRecord(path);
  if (!candidate) return;
  uint32_t owner = 0;
  const auto pid = static_cast<uint32_t>(getpid());
  const bool claimed = candidate->magic == watchMagic &&
                       (candidate->ownerPid.compare_exchange_strong(owner, pid) || owner == pid);
  if (!claimed) {
    munmap(candidate, sizeof(WatchRecord));
    return;
  }
  // Registered early: our prepare handler runs last, our child handler before any that could hang.
  pthread_atfork(beforeFork, afterForkInParent, afterForkInChild);
  record = candidate;
}

/// `real` is one of libc's: the one that runs the handlers, or the one that does not, for which we call ours.
template <typename Function> pid_t forkBy(Function real, bool runsHandlers) {
  if (!record) return real();
  if (record->armInFork && record->forks.load() == 0) armAndWait();
  record->forkingTid.store(currentTid());
  const bool directed = record->armedBy.load() != 0;
  if (!runsHandlers) beforeFork();
  const pid_t child = real();
  if (child == 0) {
    if (!runsHandlers) afterForkInChild();
    return child;
  }
  if (!runsHandlers) afterForkInParent();
  record->forkingTid.store(0);
  if (directed && child > 0) record->childPid.store(static_cast<uint32_t>(child));
  return child;
}

} // namespace

extern "C" {

[[gnu::visibility("default")]] ssize_t write(int fd, const void* bytes, size_t size) {
  if (parksAt(ParkAt::Write) && static_cast<uint32_t>(fd) == record->targetFd) [[unlikely]] {
    pace();
    parkIfArmed();
  }
  return realFunctions.write ? realFunctions.write(fd, bytes, size) : syscall(SYS_write, fd, bytes, size);
}

[[gnu::visibility("default")]] pid_t fork() noexcept { return forkBy(reals()->fork, true); }

[[gnu::visibility("default")]] pid_t _Fork() noexcept { return forkBy(reals()->_Fork, false); }
}
