// Programs for the supervisor's tests, one a mode: `harness-probes MODE`. Each forks one child and waits for
// it; the safe ones end with 0 by themselves, the others hang until they are ended.
#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <csignal>
#include <cstring>
#include <ctime>
#include <mutex>
#include <pthread.h>
#include <semaphore.h>
#include <shared_mutex>
#include <string_view>
#include <sys/mman.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace {

void sleepSeconds(long seconds) {
  timespec pause = {seconds, 0};
  while (nanosleep(&pause, &pause) != 0 && errno == EINTR) {
  }
}

int waitFor(pid_t child) {
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

/// Forks a child that ends with what `work` gives.
template <typename Work> int inChild(Work work) {
  const pid_t child = fork();
  if (child == 0) _exit(work());
  return waitFor(child);
}

template <typename Lock> int lockInChild(Lock& lock) {
  return inChild([&lock] {
    lock.lock();
    return 0;
  });
}

/// The child waits, without a limit, for a post that another process gives five seconds later.
int sharedSemaphore() {
  void* memory = mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  auto* ready = static_cast<sem_t*>(memory);
  sem_init(ready, 1, 0);
  const pid_t child = fork();
  if (child == 0) _exit(sem_wait(ready) == 0 ? 0 : 1);
  sleepSeconds(5);
  sem_post(ready);
  return waitFor(child);
}

int sleeping() {
  return inChild([] {
    sleepSeconds(2);
    return 0;
  });
}

int timedWait() {
  static sem_t never;
  sem_init(&never, 0, 0);
  return inChild([] {
    timespec until{};
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += 2;
    return sem_timedwait(&never, &until) == -1 && errno == ETIMEDOUT ? 0 : 1;
  });
}

/// A private wait that a timer's handler ends: nobody else could, and yet it ends.
int signalWait() {
  static sem_t ready;
  sem_init(&ready, 0, 0);
  return inChild([] {
    signal(SIGALRM, [](int) { sem_post(&ready); });
    alarm(2);
    while (sem_wait(&ready) != 0) {
    }
    return 0;
  });
}

/// A computation that is long, but comes to an end.
int computing() {
  return inChild([] {
    volatile unsigned long counter = 0;
    const clock_t end = clock() + 2 * CLOCKS_PER_SEC;
    while (clock() < end)
      for (int i = 0; i < 100'000; ++i)
        counter = counter + 1;
    return 0;
  });
}

int counting() {
  return inChild([] {
    volatile unsigned long counter = 0;
    while (counter < 1'500'000'000)
      counter = counter + 1;
    return 0;
  });
}

template <typename Lock> int vanishedOwner() {
  static Lock lock;
  static std::atomic<bool> held = false;
  std::thread holder([] {
    const std::lock_guard<Lock> guard(lock);
    held = true;
    sleepSeconds(3600);
  });
  while (!held)
    sleepSeconds(0);
  const int status = lockInChild(lock);
  holder.detach();
  return status;
}

/// A lock that is taken by spinning, as many libraries still have.
struct SpinLock {
  std::atomic<bool> taken = false;
  void lock() {
    while (taken.exchange(true)) {
    }
  }
  void unlock() { taken = false; }
};

/// One thread takes the lock again and again; the child takes it once. As it comes, a hang is rare.
template <typename Lock> int seldomHeld() {
  static Lock lock;
  std::thread worker([] {
    for (;;) {
      lock.lock();
      lock.unlock();
      sleepSeconds(0);
    }
  });
  const int status = lockInChild(lock);
  worker.detach();
  _exit(status);
}

struct PosixSpinLock {
  pthread_spinlock_t word;
  PosixSpinLock() { pthread_spin_init(&word, PTHREAD_PROCESS_PRIVATE); }
  void lock() { pthread_spin_lock(&word); }
  void unlock() { pthread_spin_unlock(&word); }
};

std::mutex waitedMutex;
std::condition_variable waitedFor;
std::atomic<bool> come = false;

/// The thread holds the mutex again when its wait is over, though it calls no function that locks.
int wokenWaiter() {
  std::thread worker([] {
    std::unique_lock<std::mutex> lock(waitedMutex);
    waitedFor.wait(lock, [] { return come.load(); });
  });
  sleepSeconds(1); // the worker waits by now
  come = true;
  waitedFor.notify_one();
  const int status = lockInChild(waitedMutex);
  worker.join();
  return status;
}

sem_t nestedSemaphore;
pthread_once_t nestedOnce = PTHREAD_ONCE_INIT;
std::mutex nestedMutex;
bool lockInside = false;

int lockWithinOnce() {
  pthread_once(&nestedOnce, [] {
    if (lockInside) nestedMutex.lock();
  });
  return 1;
}

void passGuard() {
  static const int value = lockWithinOnce();
  (void)value;
}

/// Takes one of each kind, each within the one before; or gives all back before it takes a mutex.
int nested(bool giveBack) {
  lockInside = !giveBack;
  sem_init(&nestedSemaphore, 0, 1);
  std::thread worker([giveBack] {
    sem_wait(&nestedSemaphore);
    passGuard();
    if (!giveBack) return;
    sem_post(&nestedSemaphore);
    nestedMutex.lock();
  });
  const int status = lockInChild(nestedMutex);
  worker.join();
  return status;
}

} // namespace

int main(int count, char** values) {
  const std::string_view mode = count > 1 ? values[1] : "";
  if (mode == "shared-semaphore") return sharedSemaphore();
  if (mode == "sleep") return sleeping();
  if (mode == "timed-wait") return timedWait();
  if (mode == "signal-wait") return signalWait();
  if (mode == "computing") return computing();
  if (mode == "counting") return counting();
  if (mode == "mutex") return vanishedOwner<std::mutex>();
  if (mode == "shared-mutex") return vanishedOwner<std::shared_mutex>();
  if (mode == "spin") return vanishedOwner<SpinLock>();
  if (mode == "seldom-mutex") return seldomHeld<std::mutex>();
  if (mode == "seldom-rwlock") return seldomHeld<std::shared_mutex>();
  if (mode == "seldom-spin") return seldomHeld<PosixSpinLock>();
  if (mode == "woken-waiter") return wokenWaiter();
  if (mode == "nested") return nested(false);
  if (mode == "given-back") return nested(true);
  return 2;
}
