// Decides whether a process waits for ever. Guarantees: a verdict other than Suspect is drawn from what the
// kernel says of the process alone, never from how long it took; see proof.cpp for the argument.
#pragma once

#include "harness/interposer/record.h"
#include "harness/supervisor/procfs.h"

#include "llvm/ADT/StringRef.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace forklint::harness {

enum class Verdict : uint8_t { Suspect, ProvenOwner, ProvenNoOwner, Spin, ParentInPrefork };

llvm::StringRef nameOf(Verdict verdict);

/// An instruction, as an offset from where its file was loaded.
struct CodePlace {
  std::string file; // empty: unknown
  uint64_t offset = 0;
};

CodePlace codePlace(pid_t pid, uint64_t programCounter);

struct HangFacts {
  Verdict verdict = Verdict::Suspect;
  pid_t pid = 0;
  std::string syscall; // "futex"; "none" for a spin
  uint64_t address = 0;
  uint64_t operation = 0;
  bool privateFutex = false;
  bool shared = false; // the word lies in a mapping that others may write
  bool timeout = false;
  unsigned tasks = 0;
  unsigned polls = 0; // in a row, all alike
  pid_t ownerTid = 0;
  std::string lockKind; // "sem_t", "pthread_mutex_t", ...
  CodePlace
      waitsAt; // the caller of the lock function where the record knows it, else the waiting instruction
  CodePlace takenAt; // where the owner took it, if the record knows
  std::string doubt; // why it is only a suspect
};

/// Watches processes over several polls.
class HangProver {
public:
  /// `record`, when not null, tells who held which lock, and is mapped from `recordFile`. `knownSignal` is a
  /// handler of ours that only prints.
  HangProver(const WatchRecord* record, std::string recordFile, int knownSignal)
      : record(record), recordFile(std::move(recordFile)), knownSignal(knownSignal) {}

  /// One look at a child of a fork; facts once they have held for long enough.
  std::optional<HangFacts> observe(pid_t pid);
  /// The same for a process whose thread `forkingTid` is inside fork().
  std::optional<HangFacts> observeForking(pid_t pid, pid_t forkingTid);
  /// The last unproven state of a process, for the report of one that had to be ended.
  HangFacts suspicion(pid_t pid) const;

private:
  struct History {
    HangFacts facts;
    uint64_t switches = 0;
    uint64_t cpuTicks = 0;
    uint64_t startTime = 0;
    unsigned spinning = 0;
  };
  std::optional<HangFacts> observeSpin(pid_t pid, History& history, uint64_t cpuTicks);
  void nameLock(HangFacts& facts, uint64_t expected) const;

  const WatchRecord* record;
  std::string recordFile;
  int knownSignal;
  std::map<pid_t, History> histories;
};

} // namespace forklint::harness
