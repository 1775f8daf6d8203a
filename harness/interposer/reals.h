// The functions that ours stand before. Guarantees: all are looked up once, in the constructor or, where
// another library's constructor runs before, at its first call; a call that the look-up itself makes finds
// `reals()` null, and the caller lets it pass, since there is one thread only.
#pragma once

#include <cstdint>
#include <pthread.h>
#include <semaphore.h>
#include <unistd.h>

#define FORKLINT_REAL_FUNCTIONS(X)                                                                           \
  X(write)                                                                                                   \
  X(fork)                                                                                                    \
  X(_Fork)                                                                                                   \
  X(pthread_mutex_lock)                                                                                      \
  X(pthread_mutex_trylock)                                                                                   \
  X(pthread_mutex_timedlock)                                                                                 \
  X(pthread_mutex_clocklock)                                                                                 \
  X(pthread_mutex_unlock)                                                                                    \
  X(pthread_rwlock_rdlock)                                                                                   \
  X(pthread_rwlock_wrlock)                                                                                   \
  X(pthread_rwlock_tryrdlock)                                                                                \
  X(pthread_rwlock_trywrlock)                                                                                \
  X(pthread_rwlock_timedrdlock)                                                                              \
  X(pthread_rwlock_timedwrlock)                                                                              \
  X(pthread_rwlock_clockrdlock)                                                                              \
  X(pthread_rwlock_clockwrlock)                                                                              \
  X(pthread_rwlock_unlock)                                                                                   \
  X(pthread_spin_lock)                                                                                       \
  X(pthread_spin_trylock)                                                                                    \
  X(pthread_spin_unlock)                                                                                     \
  X(pthread_cond_wait)                                                                                       \
  X(pthread_cond_timedwait)                                                                                  \
  X(pthread_cond_clockwait)                                                                                  \
  X(pthread_once)                                                                                            \
  X(sem_wait)                                                                                                \
  X(sem_trywait)                                                                                             \
  X(sem_timedwait)                                                                                           \
  X(sem_clockwait)                                                                                           \
  X(sem_post)

namespace forklint::harness {

struct Reals {
#define FORKLINT_FIELD(name) decltype(&::name) name;
  FORKLINT_REAL_FUNCTIONS(FORKLINT_FIELD)
#undef FORKLINT_FIELD
  // The guards of function-local statics; null in a program without a C++ library.
  int (*guardAcquire)(int64_t*);
  void (*guardRelease)(int64_t*);
  void (*guardAbort)(int64_t*);
};

extern Reals realFunctions;
extern bool realsKnown;

/// False while the look-up is under way.
bool findReals();

inline const Reals* reals() {
  return realsKnown || findReals() ? &realFunctions : nullptr; // known, after the first call
}

} // namespace forklint::harness
