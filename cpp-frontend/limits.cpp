#include "cpp-frontend/limits.h"

#include "cpp-frontend/protocol.h"

#include "llvm/Support/ErrorHandling.h"

#include <algorithm>
#include <mutex>
#include <new>
#include <sys/resource.h>
#include <unistd.h>

namespace forklint::cpp {

/// Nothing is written any more: what was is whole frames.
[[noreturn]] static void endForMemory() { _exit(outOfMemory); }

static void soften(int resource, rlim_t limit) {
  rlimit both{};
  if (getrlimit(resource, &both) != 0) return;
  both.rlim_cur = std::min(limit, both.rlim_max);
  setrlimit(resource, &both);
}

void limitResources(uint32_t seconds, uint32_t megabytes) {
  static std::once_flag once;
  std::call_once(once, [] {
    llvm::install_bad_alloc_error_handler([](void*, const char*, bool) { endForMemory(); });
    std::set_new_handler([] { endForMemory(); });
    soften(RLIMIT_CORE, 0);
  });
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  // The kernel counts whole seconds: one more, so that the unit has all of its own.
  auto before = static_cast<rlim_t>(used.ru_utime.tv_sec + used.ru_stime.tv_sec + 1);
  soften(RLIMIT_CPU, seconds ? before + seconds : RLIM_INFINITY);
  soften(RLIMIT_AS, megabytes ? rlim_t{megabytes} << 20 : RLIM_INFINITY);
}

} // namespace forklint::cpp
