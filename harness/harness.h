// The run-time companion as the driver sees it. Guarantees: no exceptions; exit codes as in the command
// line's contract (0 all as expected, 1 not, 2 usage or nothing to run on); no process of a run is left when
// a call returns.
#pragma once

#include "llvm/Support/raw_ostream.h"

#include <cstdint>
#include <string>
#include <vector>

namespace forklint::harness {

enum class Mode : uint8_t { Naive, Forced, Fixed };

/// `--output FORMAT[=FILE]`, unparsed: text, json-lines, html.
using OutputOption = std::string;

/// Where shim, scenarios and measurements are, and the interposer. Empty: found beside the executable.
struct Places {
  std::string data;
  std::string interposer;
};

struct ReproduceOptions {
  std::vector<std::string> names; // scenarios by name or rule; empty = all
  unsigned runs = 10;
  std::vector<Mode> modes;           // empty = all three
  std::vector<std::string> pythons;  // VERSION, PATH or "all"; empty = python3 of PATH
  std::vector<OutputOption> outputs; // empty = text
  double limitSeconds = 20;          // of one run that neither ends nor is proven to hang
  Places places;
};

struct MeasureOptions {
  std::string what = "article";
  std::string venv; // else FORKLINT_MEASURE_PYTHON, else the .venv-measure above the executable
  uint64_t bytes = uint64_t(256) << 20;
  unsigned repeats = 3;
  std::vector<OutputOption> outputs;
  Places places;
};

int reproduce(const ReproduceOptions& options, llvm::raw_ostream& out, llvm::raw_ostream& err);
int measure(const MeasureOptions& options, llvm::raw_ostream& out, llvm::raw_ostream& err);

} // namespace forklint::harness
