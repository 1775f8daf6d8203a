// What a reproduction says, as text, as records of the contract `forklint-record/1`, and as a page.
#pragma once

#include "harness/harness.h"
#include "harness/reproduce/compilers.h"
#include "harness/reproduce/interpreters.h"
#include "harness/reproduce/scenario.h"
#include "harness/supervisor/run.h"

#include "llvm/Support/JSON.h"

#include <optional>

namespace forklint::harness {

/// Totals over the runs of one scenario on one interpreter in one mode.
struct Tally {
  const Scenario* scenario = nullptr;
  const Interpreter* python = nullptr; // of the two, what the program's language needs
  const Compiler* compiler = nullptr;
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
  /// "CPython 3.12.1", "g++ 12.2.0".
  std::string subject() const;
};

/// A hang in words and places, for text and page alike.
struct Story {
  std::string headline;
  std::string fork;
  std::string lock;
  std::string holder; // empty: nobody is known to hold it
  std::string waits;
  std::vector<std::string> proof;
};
Story storyOf(const Tally& tally);

llvm::StringRef nameOf(Mode mode);
llvm::json::Object recordOf(const Tally& tally);
void printText(llvm::raw_ostream& out, llvm::ArrayRef<Tally> tallies);
void printPage(llvm::raw_ostream& out, llvm::ArrayRef<Tally> tallies);
/// What went wrong besides hangs, as clauses; empty when nothing did.
std::string remarksOf(const Tally& tally);

} // namespace forklint::harness
