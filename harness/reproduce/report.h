// What a reproduction says, as text and as records of the contract `forklint-record/1`.
#pragma once

#include "harness/harness.h"
#include "harness/reproduce/interpreters.h"
#include "harness/reproduce/scenario.h"
#include "harness/supervisor/run.h"

#include "llvm/Support/JSON.h"

#include <optional>

namespace forklint::harness {

/// Totals over the runs of one scenario on one interpreter in one mode.
struct Tally {
  const Scenario* scenario = nullptr;
  const Interpreter* python = nullptr;
  Mode mode = Mode::Naive;
  unsigned runs = 0;
  unsigned failures = 0; // hangs that were proven, nothing else
  unsigned suspects = 0; // ended without a proof
  unsigned errors = 0;   // ended by themselves, but not with 0
  unsigned missed = 0;   // forced: no thread could be parked
  double seconds = 0;    // median
  bool clearedUnbuffered = false;
  std::string sourceDigest;
  std::optional<RunResult> example; // the first failure
  std::string complaint;            // the end of stderr of the first run that went wrong

  bool asExpected() const;
};

llvm::StringRef nameOf(Mode mode);
llvm::json::Object recordOf(const Tally& tally);
void printHang(llvm::raw_ostream& out, const Tally& tally);
void printSummary(llvm::raw_ostream& out, llvm::ArrayRef<Tally> tallies);
void printFix(llvm::raw_ostream& out, const Scenario& scenario, llvm::StringRef diff);

} // namespace forklint::harness
