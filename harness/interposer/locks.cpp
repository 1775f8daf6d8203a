// The wrappers of everything that is taken and given back. Each keeps the table of held.h, and does what the
// run asks for: it parks, it slows down, or, in the child of the directed fork, it notes what is asked for.
#include "harness/interposer/park.h"
#include "harness/interposer/reals.h"

#include <cerrno>

using namespace forklint::harness;

#define EXPORTED [[gnu::visibility("default")]]
#define CALLER __builtin_return_address(0)

namespace {

bool isLock(LockKind kind) {
  return kind == LockKind::Mutex || kind == LockKind::ReadWrite || kind == LockKind::Spin;
}

void beforeTaking(const void* lock, LockKind kind, const void* caller) {
  if (childRecord) [[unlikely]] {
    childRecord->childLock.store(reinterpret_cast<uint64_t>(lock));
    childRecord->childCaller.store(reinterpret_cast<uint64_t>(caller));
    childRecord->childKind.store(kind);
  }
  if (parksAt(ParkAt::Lock) && isLock(kind)) [[unlikely]]
    pace();
}

void afterTaking(const void* lock, LockKind kind, const void* caller) {
  if (!record) return;
  noteTaken(lock, kind, caller);
  if (parksAt(ParkAt::Lock) && isLock(kind)) [[unlikely]]
    parkIfArmed();
}

/// `function` names the real one; a libc without it has no caller either.
template <typename Function, typename... Arguments>
int take(Function Reals::* function, LockKind kind, const void* caller, void* lock, Arguments... arguments) {
  const Reals* real = reals();
  if (!real) [[unlikely]]
    return 0;
  if (!(real->*function)) [[unlikely]]
    return ENOSYS;
  beforeTaking(lock, kind, caller);
  const int result = (real->*function)(arguments...);
  if (result == 0 || result == EOWNERDEAD) afterTaking(lock, kind, caller);
  return result;
}

/// Noted before it is done: another thread may take the lock at once.
template <typename Function, typename Lock> int giveBack(Function Reals::* function, Lock* lock) {
  const Reals* real = reals();
  if (!real) [[unlikely]]
    return 0;
  if (record) noteReleased(const_cast<const void*>(static_cast<const volatile void*>(lock)));
  return (real->*function)(lock);
}

/// A wait gives the mutex back and takes it again inside libc, where no wrapper sees it.
template <typename Function, typename... Arguments>
int waitOn(Function Reals::* function, const void* caller, pthread_mutex_t* mutex, Arguments... arguments) {
  const Reals* real = reals();
  if (!real || !(real->*function)) [[unlikely]]
    return real ? ENOSYS : 0;
  if (record) noteReleased(mutex);
  const int result = (real->*function)(arguments...);
  if (result == EPERM || !record) return result; // the mutex was not the caller's
  noteTaken(mutex, LockKind::Mutex, caller);
  if (record->parkAt == ParkAt::Lock) [[unlikely]] {
    pace();
    parkIfArmed();
  }
  return result;
}

[[gnu::tls_model("initial-exec")]] thread_local struct {
  pthread_once_t* control;
  void (*routine)();
  const void* caller;
} pendingOnce;

/// A routine that is left by an exception is not noted as over; nobody waits for its control then.
void runOnce() {
  const auto mine = pendingOnce;
  if (record) noteTaken(mine.control, LockKind::Once, mine.caller);
  mine.routine();
  if (record) noteReleased(mine.control);
}

} // namespace

extern "C" {

EXPORTED int pthread_mutex_lock(pthread_mutex_t* lock) noexcept {
  return take(&Reals::pthread_mutex_lock, LockKind::Mutex, CALLER, lock, lock);
}
EXPORTED int pthread_mutex_trylock(pthread_mutex_t* lock) noexcept {
  return take(&Reals::pthread_mutex_trylock, LockKind::Mutex, CALLER, lock, lock);
}
EXPORTED int pthread_mutex_timedlock(pthread_mutex_t* lock, const timespec* until) noexcept {
  return take(&Reals::pthread_mutex_timedlock, LockKind::Mutex, CALLER, lock, lock, until);
}
EXPORTED int pthread_mutex_clocklock(pthread_mutex_t* lock, clockid_t clock, const timespec* until) noexcept {
  return take(&Reals::pthread_mutex_clocklock, LockKind::Mutex, CALLER, lock, lock, clock, until);
}
EXPORTED int pthread_mutex_unlock(pthread_mutex_t* lock) noexcept {
  return giveBack(&Reals::pthread_mutex_unlock, lock);
}

EXPORTED int pthread_rwlock_rdlock(pthread_rwlock_t* lock) noexcept {
  return take(&Reals::pthread_rwlock_rdlock, LockKind::ReadWrite, CALLER, lock, lock);
}
EXPORTED int pthread_rwlock_wrlock(pthread_rwlock_t* lock) noexcept {
  return take(&Reals::pthread_rwlock_wrlock, LockKind::ReadWrite, CALLER, lock, lock);
}
EXPORTED int pthread_rwlock_tryrdlock(pthread_rwlock_t* lock) noexcept {
  return take(&Reals::pthread_rwlock_tryrdlock, LockKind::ReadWrite, CALLER, lock, lock);
}
EXPORTED int pthread_rwlock_trywrlock(pthread_rwlock_t* lock) noexcept {
  return take(&Reals::pthread_rwlock_trywrlock, LockKind::ReadWrite, CALLER, lock, lock);
}
EXPORTED int pthread_rwlock_timedrdlock(pthread_rwlock_t* lock, const timespec* until) noexcept {
  return take(&Reals::pthread_rwlock_timedrdlock, LockKind::ReadWrite, CALLER, lock, lock, until);
}
EXPORTED int pthread_rwlock_timedwrlock(pthread_rwlock_t* lock, const timespec* until) noexcept {
  return take(&Reals::pthread_rwlock_timedwrlock, LockKind::ReadWrite, CALLER, lock, lock, until);
}
EXPORTED int pthread_rwlock_clockrdlock(pthread_rwlock_t* lock, clockid_t clock,
                                        const timespec* until) noexcept {
  return take(&Reals::pthread_rwlock_clockrdlock, LockKind::ReadWrite, CALLER, lock, lock, clock, until);
}
EXPORTED int pthread_rwlock_clockwrlock(pthread_rwlock_t* lock, clockid_t clock,
                                        const timespec* until) noexcept {
  return take(&Reals::pthread_rwlock_clockwrlock, LockKind::ReadWrite, CALLER, lock, lock, clock, until);
}
EXPORTED int pthread_rwlock_unlock(pthread_rwlock_t* lock) noexcept {
  return giveBack(&Reals::pthread_rwlock_unlock, lock);
}

EXPORTED int pthread_spin_lock(pthread_spinlock_t* lock) noexcept {
  return take(&Reals::pthread_spin_lock, LockKind::Spin, CALLER, const_cast<int*>(lock), lock);
}
EXPORTED int pthread_spin_trylock(pthread_spinlock_t* lock) noexcept {
  return take(&Reals::pthread_spin_trylock, LockKind::Spin, CALLER, const_cast<int*>(lock), lock);
}
EXPORTED int pthread_spin_unlock(pthread_spinlock_t* lock) noexcept {
  return giveBack(&Reals::pthread_spin_unlock, lock);
}

EXPORTED int pthread_cond_wait(pthread_cond_t* condition, pthread_mutex_t* mutex) {
  return waitOn(&Reals::pthread_cond_wait, CALLER, mutex, condition, mutex);
}
EXPORTED int pthread_cond_timedwait(pthread_cond_t* condition, pthread_mutex_t* mutex,
                                    const timespec* until) {
  return waitOn(&Reals::pthread_cond_timedwait, CALLER, mutex, condition, mutex, until);
}
EXPORTED int pthread_cond_clockwait(pthread_cond_t* condition, pthread_mutex_t* mutex, clockid_t clock,
                                    const timespec* until) {
  return waitOn(&Reals::pthread_cond_clockwait, CALLER, mutex, condition, mutex, clock, until);
}

EXPORTED int pthread_once(pthread_once_t* control, void (*routine)()) {
  const Reals* real = reals();
  if (!real) [[unlikely]]
    return EAGAIN;
  if (!record) return real->pthread_once(control, routine);
  pendingOnce = {control, routine, CALLER};
  return real->pthread_once(control, runOnce);
}

EXPORTED int sem_wait(sem_t* lock) { return take(&Reals::sem_wait, LockKind::Semaphore, CALLER, lock, lock); }
EXPORTED int sem_trywait(sem_t* lock) noexcept {
  return take(&Reals::sem_trywait, LockKind::Semaphore, CALLER, lock, lock);
}
EXPORTED int sem_timedwait(sem_t* lock, const timespec* until) {
  return take(&Reals::sem_timedwait, LockKind::Semaphore, CALLER, lock, lock, until);
}
EXPORTED int sem_clockwait(sem_t* lock, clockid_t clock, const timespec* until) {
  return take(&Reals::sem_clockwait, LockKind::Semaphore, CALLER, lock, lock, clock, until);
}
EXPORTED int sem_post(sem_t* lock) noexcept { return giveBack(&Reals::sem_post, lock); }
}
