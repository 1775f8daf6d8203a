// The guards of function-local statics. A module that brings its own C++ library still finds these first, and
// the real ones may then not be in sight; so the protocol is spoken here where they are not: bit 0 done, bit
// 8 under way, bit 16 somebody waits, and a futex on the first word. It is that of the GNU library.
#include "harness/interposer/park.h"
#include "harness/interposer/reals.h"

#include <linux/futex.h>
#include <sys/syscall.h>

using namespace forklint::harness;

namespace {

constexpr int done = 1, underWay = 1 << 8, awaited = 1 << 16;

int acquire(int* word) {
  for (;;) {
    int seen = 0;
    if (__atomic_compare_exchange_n(word, &seen, underWay, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
      return 1;
    if (seen == done) return 0;
    const int waiting = seen | awaited;
    if (seen == waiting ||
        __atomic_compare_exchange_n(word, &seen, waiting, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
      syscall(SYS_futex, word, FUTEX_WAIT, waiting, nullptr);
  }
}

void leave(int* word, int state) {
  if (__atomic_exchange_n(word, state, __ATOMIC_ACQ_REL) & awaited)
    syscall(SYS_futex, word, FUTEX_WAKE, 0x7fffffff);
}

} // namespace

extern "C" {

[[gnu::visibility("default")]] int __cxa_guard_acquire(int64_t* guard) {
  const Reals* real = reals();
  const int mine =
      real && real->guardAcquire ? real->guardAcquire(guard) : acquire(reinterpret_cast<int*>(guard));
  if (mine && record) noteTaken(guard, LockKind::Guard, __builtin_return_address(0));
  return mine;
}

[[gnu::visibility("default")]] void __cxa_guard_release(int64_t* guard) {
  if (record) noteReleased(guard);
  const Reals* real = reals();
  if (real && real->guardRelease) return real->guardRelease(guard);
  leave(reinterpret_cast<int*>(guard), done);
}

[[gnu::visibility("default")]] void __cxa_guard_abort(int64_t* guard) {
  if (record) noteReleased(guard);
  const Reals* real = reals();
  if (real && real->guardAbort) return real->guardAbort(guard);
  leave(reinterpret_cast<int*>(guard), 0);
}
}
