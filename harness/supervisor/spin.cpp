// Single-steps a spinning process; see the header for what a cycle proves.
#include "harness/supervisor/spin.h"

#include "harness/supervisor/procfs.h"

#include "llvm/ADT/Hashing.h"
#include "llvm/ADT/StringRef.h"

#include <csignal>
#include <cstring>
#include <string>
#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <vector>

namespace forklint::harness {
#ifdef __x86_64__
namespace {

constexpr unsigned maximumSteps = 4096;
constexpr uint64_t maximumMemory = uint64_t(256) << 20;

/// A value for all writable memory; nothing when there is too much of it or some of it belongs to others too.
std::optional<uint64_t> memoryState(pid_t pid, const std::string& ourFile) {
  uint64_t total = 0;
  uint64_t state = 0;
  std::string bytes;
  for (const Mapping& mapping : readMappings(pid)) {
    if (!mapping.writable || (!ourFile.empty() && mapping.path == ourFile)) continue;
    if (mapping.shared) return std::nullopt;
    const uint64_t size = mapping.end - mapping.begin;
    total += size;
    if (total > maximumMemory) return std::nullopt;
    bytes.resize(size);
    if (!readMemory(pid, mapping.begin, bytes.data(), size)) return std::nullopt;
    state = llvm::hash_combine(state, llvm::hash_value(llvm::StringRef(bytes)));
  }
  return state;
}

bool waitForStop(pid_t pid) {
  int status = 0;
  return waitpid(pid, &status, __WALL) == pid && WIFSTOPPED(status);
}

bool atSystemCall(pid_t pid, uint64_t programCounter) {
  unsigned char code[2] = {};
  return !readMemory(pid, programCounter, code, 2) ||
         (code[0] == 0x0f && (code[1] == 0x05 || code[1] == 0x34)) ||
         (code[0] == 0x0f && code[1] == 0x31); // also rdtsc: a loop that reads the clock may end
}

std::optional<Cycle> stepRound(pid_t pid, const std::string& ourFile) {
  user_regs_struct first{};
  if (ptrace(PTRACE_GETREGS, pid, nullptr, &first) != 0) return std::nullopt;
  const auto before = memoryState(pid, ourFile);
  if (!before) return std::nullopt;
  for (unsigned step = 1; step <= maximumSteps; ++step) {
    user_regs_struct now{};
    if (ptrace(PTRACE_GETREGS, pid, nullptr, &now) != 0 || atSystemCall(pid, now.rip) ||
        ptrace(PTRACE_SINGLESTEP, pid, nullptr, nullptr) != 0 || !waitForStop(pid) ||
        ptrace(PTRACE_GETREGS, pid, nullptr, &now) != 0)
      return std::nullopt;
    now.orig_rax = first.orig_rax; // the kernel's, not the program's
    if (std::memcmp(&now, &first, sizeof now) == 0) {
      if (memoryState(pid, ourFile) == before) return Cycle{first.rip, step};
      return std::nullopt;
    }
  }
  return std::nullopt;
}

} // namespace

std::optional<Cycle> findCycle(pid_t pid, const std::string& ourFile) {
  if (ptrace(PTRACE_SEIZE, pid, nullptr, nullptr) != 0) return std::nullopt;
  std::optional<Cycle> cycle;
  if (ptrace(PTRACE_INTERRUPT, pid, nullptr, nullptr) == 0 && waitForStop(pid)) {
    // The registers of the first stop may be those of the kernel's entry; the next ones are the program's.
    if (ptrace(PTRACE_SINGLESTEP, pid, nullptr, nullptr) == 0 && waitForStop(pid))
      cycle = stepRound(pid, ourFile);
  }
  ptrace(PTRACE_DETACH, pid, nullptr, nullptr);
  return cycle;
}
#else
std::optional<Cycle> findCycle(pid_t, const std::string&) { return std::nullopt; }
#endif

} // namespace forklint::harness
