// What /proc tells about a process. Guarantees: every function answers "nothing" for a process that is gone
// or may not be read; none of them blocks, stops or changes the process.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace forklint::harness {

struct ProcessStat {
  char state = '?';
  pid_t parent = 0;
  uint64_t cpuTicks = 0;
  uint64_t startTime = 0;
};

/// The system call that a task is blocked in; `running` when it is in none.
struct TaskSyscall {
  bool running = false;
  long number = -1;
  std::array<uint64_t, 6> arguments{};
  uint64_t programCounter = 0;
};

struct Mapping {
  uint64_t begin = 0;
  uint64_t end = 0;
  bool writable = false;
  bool shared = false;
  std::string path;
};

std::optional<ProcessStat> readStat(pid_t pid);
std::optional<TaskSyscall> readSyscall(pid_t pid, pid_t task);
std::vector<pid_t> readTasks(pid_t pid);
std::vector<pid_t> readChildren(pid_t pid);
std::optional<Mapping> findMapping(pid_t pid, uint64_t address);
std::vector<Mapping> readMappings(pid_t pid);
/// Signals with a handler, one bit each, signal 1 in bit 0.
std::optional<uint64_t> readCaughtSignals(pid_t pid);
/// How often the process gave up the processor of its own accord.
std::optional<uint64_t> readVoluntarySwitches(pid_t pid);
bool readMemory(pid_t pid, uint64_t address, void* into, size_t size);
std::string readTaskName(pid_t pid, pid_t task);

} // namespace forklint::harness
