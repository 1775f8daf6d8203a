// One run of a program under watch. Guarantees: when it returns, no process of the run is left; only
// processes that descend from the one started here are ever signalled; PYTHONUNBUFFERED never reaches the
// program.
#pragma once

#include "harness/supervisor/proof.h"

#include "llvm/Support/Error.h"

#include <string>
#include <utility>
#include <vector>

namespace forklint::harness {

struct RunSpec {
  std::vector<std::string> command;                             // command[0] is a path
  std::vector<std::pair<std::string, std::string>> environment; // set on top of ours; an empty value removes
  std::string workDirectory;                                    // where the run's own files go; exists
  bool directed = false;                                        // load the interposer with a record
  std::string interposer;                                       // path of libforkwatch.so, when directed
  ParkAt parkAt = ParkAt::Write;                                // where another thread is held, when directed
  unsigned targetDescriptor = 2;                                // of the write to be held at
  bool armInFork = false;                                       // no shim arms: fork itself does
  double limitSeconds = 20; // after which a run that is neither over nor proven is ended, as a suspect
};

/// What the shim noted at the directed fork.
struct Note {
  std::vector<std::string> fields;
};

struct RunResult {
  enum class End : uint8_t { Exited, Hung, Suspect, Interrupted } end = End::Exited;
  int status = 0; // of waitpid
  double seconds = 0;
  HangFacts hang;
  bool reached = false; // directed: a thread was parked when the fork was made
  pid_t parkedTid = 0;
  std::string parkedName;
  std::vector<HeldLock> held; // by the parked thread, in the order taken
  std::vector<Note> notes;
  std::string childStack; // of a proven child, as faulthandler prints it
  bool clearedUnbuffered = false;
  std::string errorTail;
};

llvm::Expected<RunResult> watchRun(const RunSpec& spec);

} // namespace forklint::harness
