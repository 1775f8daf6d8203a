// See the header.
#include "harness/interposer/reals.h"

#include <dlfcn.h>

namespace forklint::harness {

Reals realFunctions;
bool realsKnown;

namespace {

bool searching;

template <typename Function> void find(Function& slot, const char* name) {
  slot = reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}

/// A condition variable changed its layout once, and some systems keep the older functions under the same
/// name.
template <typename Function> void findNewest(Function& slot, const char* name) {
  slot = reinterpret_cast<Function>(dlvsym(RTLD_NEXT, name, "GLIBC_2.3.2"));
  if (!slot) find(slot, name);
}

} // namespace

bool findReals() {
  if (searching) return false;
  searching = true;
#define FORKLINT_FIND(name) find(realFunctions.name, #name);
  FORKLINT_REAL_FUNCTIONS(FORKLINT_FIND)
#undef FORKLINT_FIND
  findNewest(realFunctions.pthread_cond_wait, "pthread_cond_wait");
  findNewest(realFunctions.pthread_cond_timedwait, "pthread_cond_timedwait");
  find(realFunctions.guardAcquire, "__cxa_guard_acquire");
  find(realFunctions.guardRelease, "__cxa_guard_release");
  find(realFunctions.guardAbort, "__cxa_guard_abort");
  searching = false;
  return realsKnown = true;
}

} // namespace forklint::harness
