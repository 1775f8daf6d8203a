// Proof of an endless loop. Guarantees: a cycle is reported only when a single-threaded process came back to
// the very same registers and the very same writable memory without any system call between; then it can only
// repeat itself.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <sys/types.h>

namespace forklint::harness {

struct Cycle {
  uint64_t programCounter = 0;
  unsigned steps = 0;
};

/// Stops the process for a moment, steps it and lets it go on. Nothing where the architecture or the rights
/// are missing. `ourFile`: a mapping that the program knows nothing of, and that so decides nothing.
std::optional<Cycle> findCycle(pid_t pid, const std::string& ourFile);

} // namespace forklint::harness
