// The argument behind a proof: a process with a single task, asleep in a futex wait with the private flag, on
// a word in no shared mapping, without a time limit, whose memory is no one else's and which has no signal
// handler that could post, can be woken by nobody: a private futex is woken only from within the same memory,
// and nothing runs there. Time plays no part; the polls only make sure that the state was read in one piece.
#include "harness/supervisor/proof.h"

#include "harness/supervisor/spin.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include <csignal>
#include <linux/futex.h>
#include <pthread.h>
#include <semaphore.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace forklint::harness {
namespace {

constexpr unsigned pollsNeeded = 5;
constexpr int kcmpMemory = 1; // KCMP_VM

/// glibc's pthread_mutex_t begins like this on every 64-bit Linux.
struct MutexWords {
  uint32_t lock;
  uint32_t count;
  int32_t owner;
  uint32_t users;
  int32_t kind;
};

bool isUntimedWait(const TaskSyscall& call) {
  if (call.running || call.number != SYS_futex) return false;
  const auto command = call.arguments[1] & static_cast<uint64_t>(FUTEX_CMD_MASK);
  return command == FUTEX_WAIT || command == FUTEX_WAIT_BITSET;
}

/// Signals whose handler cannot be what wakes the wait: faults of the thread itself, those of glibc, and
/// SIGINT, which CPython always catches and nobody sends.
uint64_t harmlessSignals(int knownSignal) {
  uint64_t mask = 0;
  for (const int signal : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP, SIGINT, 32, 33})
    mask |= uint64_t(1) << (signal - 1);
  if (knownSignal > 0) mask |= uint64_t(1) << (knownSignal - 1);
  return mask;
}

/// A vfork child lives in its parent's memory, where other threads run.
bool sharesMemoryWithParent(pid_t pid, pid_t parent) {
  const long order = syscall(SYS_kcmp, pid, parent, kcmpMemory, 0, 0);
  if (order >= 0) return order == 0;
  // Not allowed here: a parent that waits for its vfork child stands in the call that made it.
  for (const pid_t task : readTasks(parent)) {
    const auto call = readSyscall(parent, task);
    if (!call) return true;
#ifdef SYS_vfork
    if (call->number == SYS_vfork) return true;
#endif
    if (call->number == SYS_clone || call->number == SYS_clone3) return true;
  }
  return false;
}

llvm::StringRef typeOf(LockKind kind) {
  switch (kind) {
  case LockKind::Mutex: return "pthread_mutex_t";
  case LockKind::ReadWrite: return "pthread_rwlock_t";
  case LockKind::Spin: return "pthread_spinlock_t";
  case LockKind::Semaphore: return "sem_t";
  case LockKind::Once: return "pthread_once_t";
  case LockKind::Guard: return "guard of a function-local static";
  case LockKind::None: break;
  }
  return "unknown futex word";
}

uint64_t sizeOf(LockKind kind) {
  switch (kind) {
  case LockKind::Mutex: return sizeof(pthread_mutex_t);
  case LockKind::ReadWrite: return sizeof(pthread_rwlock_t);
  case LockKind::Spin: return sizeof(pthread_spinlock_t);
  case LockKind::Semaphore: return sizeof(sem_t);
  case LockKind::Once: return sizeof(pthread_once_t);
  case LockKind::Guard: return 8;
  case LockKind::None: break;
  }
  return 0;
}

/// The lock of the parked thread that the word belongs to; the word may stand anywhere in it.
const HeldLock* heldLock(const WatchRecord* record, uint64_t address) {
  if (!record) return nullptr;
  for (const HeldLock& lock : llvm::ArrayRef(record->held, std::min(record->heldCount.load(), watchHeldMax)))
    if (address >= lock.address && address < lock.address + sizeOf(lock.kind)) return &lock;
  return nullptr;
}

/// Without a record: by what the word and those around it look like.
void classifyWord(HangFacts& facts, uint64_t expected) {
  MutexWords words{};
  const bool readable = readMemory(facts.pid, facts.address, &words, sizeof words);
  const bool bitset = (facts.operation & static_cast<uint64_t>(FUTEX_CMD_MASK)) == FUTEX_WAIT_BITSET;
  LockKind kind = LockKind::None;
  if (readable && !bitset && words.lock == 2 && words.owner > 0 && words.users >= 1 && words.users < 65536) {
    kind = LockKind::Mutex;
    facts.ownerTid = words.owner;
  } else if (readable && bitset && expected == 0 && words.lock == 0 && words.count > 0 &&
             words.count < 65536) {
    kind = LockKind::Semaphore; // value 0 in the low half, waiters in the high one; no owner is kept
  } else if (expected == 0x10100) {
    kind = LockKind::Guard;
  }
  facts.lockKind = typeOf(kind).str();
}

} // namespace

llvm::StringRef nameOf(Verdict verdict) {
  switch (verdict) {
  case Verdict::Suspect: return "SUSPECT";
  case Verdict::ProvenOwner: return "PROVEN-OWNER";
  case Verdict::ProvenNoOwner: return "PROVEN-NO-OWNER";
  case Verdict::Spin: return "SPIN";
  case Verdict::ParentInPrefork: return "PARENT-IN-PREFORK";
  }
  return "SUSPECT";
}

CodePlace codePlace(pid_t pid, uint64_t programCounter) {
  const auto mappings = readMappings(pid);
  const auto inside = llvm::find_if(mappings, [&](const Mapping& mapping) {
    return mapping.begin <= programCounter && programCounter < mapping.end && !mapping.path.empty();
  });
  if (inside == mappings.end()) return {"", programCounter};
  const auto first =
      llvm::find_if(mappings, [&](const Mapping& mapping) { return mapping.path == inside->path; });
  return {inside->path, programCounter - first->begin};
}

void HangProver::nameLock(HangFacts& facts, uint64_t expected) const {
  if (record && static_cast<pid_t>(record->childPid.load()) == facts.pid && record->childCaller.load() != 0) {
    const uint64_t asked = record->childLock.load();
    const LockKind kind = record->childKind.load();
    if (facts.address == 0) facts.address = asked; // a spin has no word of its own
    if (facts.address >= asked && facts.address < asked + sizeOf(kind)) {
      facts.lockKind = typeOf(kind).str();
      facts.waitsAt = codePlace(facts.pid, record->childCaller.load() - 1);
    }
  }
  if (const HeldLock* lock = heldLock(record, facts.address)) {
    facts.lockKind = typeOf(lock->kind).str();
    facts.ownerTid = static_cast<pid_t>(record->parkedTid.load());
    facts.takenAt = codePlace(facts.pid, lock->caller - 1);
  } else if (facts.lockKind.empty()) {
    classifyWord(facts, expected);
  }
}

std::optional<HangFacts> HangProver::observe(pid_t pid) {
  const auto stat = readStat(pid);
  if (!stat || stat->state == 'Z' || stat->state == 'X') {
    histories.erase(pid);
    return std::nullopt;
  }
  History& history = histories[pid];
  if (history.startTime != stat->startTime) {
    history = History{};
    history.startTime = stat->startTime;
  }
  const auto tasks = readTasks(pid);
  const auto call = tasks.size() == 1 ? readSyscall(pid, tasks.front()) : std::nullopt;
  if (stat->state == 'R' && call && call->running) return observeSpin(pid, history, stat->cpuTicks);
  history.spinning = 0;

  HangFacts now;
  now.pid = pid;
  now.tasks = static_cast<unsigned>(tasks.size());
  const uint64_t switches = readVoluntarySwitches(pid).value_or(0);
  const auto again = [&](llvm::StringRef doubt) {
    now.doubt = doubt.str();
    history.facts = now;
    return std::nullopt;
  };
  if (stat->state == 'T' || stat->state == 't') return again("it is stopped");
  if (tasks.size() != 1) return again("it has more than one task");
  if (!call || stat->state != 'S') return again("its system call could not be read");
  if (call->number != SYS_futex) return again("it waits in a system call that others may end");
  now.syscall = "futex";
  now.address = call->arguments[0];
  now.operation = call->arguments[1];
  now.privateFutex = (now.operation & FUTEX_PRIVATE_FLAG) != 0;
  now.timeout = call->arguments[3] != 0;
  const auto mapping = findMapping(pid, now.address);
  now.shared = !mapping || mapping->shared;
  now.waitsAt = codePlace(pid, call->programCounter);
  if (!isUntimedWait(*call)) return again("it waits in another futex operation");
  if (now.timeout) return again("its wait has a time limit");
  if (!now.privateFutex || now.shared) return again("another process may wake it");
  if (sharesMemoryWithParent(pid, stat->parent)) return again("it shares its memory with its parent");
  const auto caught = readCaughtSignals(pid);
  if (!caught || (*caught & ~harmlessSignals(knownSignal)) != 0)
    return again("a signal handler of the program may wake it");

  const bool same = history.facts.doubt.empty() && history.facts.address == now.address &&
                    history.switches == switches && history.cpuTicks == stat->cpuTicks;
  now.polls = same ? history.facts.polls + 1 : 1;
  history.facts = now;
  history.switches = switches;
  history.cpuTicks = stat->cpuTicks;
  if (now.polls < pollsNeeded) return std::nullopt;
  nameLock(now, call->arguments[2]);
  const bool ownerGone = now.ownerTid != 0 && !llvm::is_contained(tasks, now.ownerTid);
  now.verdict = ownerGone ? Verdict::ProvenOwner : Verdict::ProvenNoOwner;
  return now;
}

std::optional<HangFacts> HangProver::observeSpin(pid_t pid, History& history, uint64_t cpuTicks) {
  const bool growing = cpuTicks > history.cpuTicks;
  history.cpuTicks = cpuTicks;
  history.facts = HangFacts{};
  history.facts.pid = pid;
  history.facts.tasks = 1;
  history.facts.syscall = "none";
  history.facts.doubt = "it is computing";
  history.spinning = growing || history.spinning ? history.spinning + 1 : 0;
  if (history.spinning < 4 * pollsNeeded) return std::nullopt;
  history.spinning = 0; // a failed attempt is made again only after as many more polls
  const auto caught = readCaughtSignals(pid);
  if (!caught || (*caught & ~harmlessSignals(knownSignal)) != 0) return std::nullopt;
  const auto cycle = findCycle(pid, recordFile);
  if (!cycle) return std::nullopt;
  HangFacts facts = history.facts;
  facts.doubt.clear();
  facts.verdict = Verdict::Spin;
  facts.polls = 4 * pollsNeeded;
  facts.waitsAt = codePlace(pid, cycle->programCounter);
  nameLock(facts, 0);
  if (facts.ownerTid == 0) facts.lockKind = "spinning wait";
  return facts;
}

std::optional<HangFacts> HangProver::observeForking(pid_t pid, pid_t forkingTid) {
  const auto stat = readStat(pid);
  if (!stat) return std::nullopt;
  HangFacts now;
  now.pid = pid;
  const auto tasks = readTasks(pid);
  now.tasks = static_cast<unsigned>(tasks.size());
  History& history = histories[-pid]; // apart from what the same process is as a child
  uint64_t waits = 0;
  for (const pid_t task : tasks) {
    const auto call = readSyscall(pid, task);
    // While one task can still move, the fork may yet return.
    if (!call || !isUntimedWait(*call) || call->arguments[3] != 0) {
      history = History{};
      return std::nullopt;
    }
    const auto mapping = findMapping(pid, call->arguments[0]);
    if (!mapping || mapping->shared) {
      history = History{};
      return std::nullopt;
    }
    waits += call->arguments[0] * static_cast<uint64_t>(task);
    if (task == forkingTid) {
      now.syscall = "futex";
      now.address = call->arguments[0];
      now.operation = call->arguments[1];
      now.privateFutex = (now.operation & FUTEX_PRIVATE_FLAG) != 0;
      now.waitsAt = codePlace(pid, call->programCounter);
    }
  }
  const auto caught = readCaughtSignals(pid);
  if (now.syscall.empty() || !caught || (*caught & ~harmlessSignals(knownSignal)) != 0) return std::nullopt;
  const bool same = history.switches == waits && history.cpuTicks == stat->cpuTicks;
  now.polls = same ? history.facts.polls + 1 : 1;
  history.facts = now;
  history.switches = waits;
  history.cpuTicks = stat->cpuTicks;
  if (now.polls < 4 * pollsNeeded) return std::nullopt;
  now.lockKind = "wait in a prepare handler of fork";
  now.verdict = Verdict::ParentInPrefork;
  return now;
}

HangFacts HangProver::suspicion(pid_t pid) const {
  const auto found = histories.find(pid);
  return found == histories.end() ? HangFacts{} : found->second.facts;
}

} // namespace forklint::harness
