// What `--stats` tells: how much of the program was discovered, read and parsed, and of how many calls in
// functions that lead to a fork the callee is known. The same for any number of jobs.
#pragma once

#include "analyzers/check/finding.h"
#include "analyzers/facts/facts.h"
#include "analyzers/solve/solution.h"
#include "driver/discover.h"
#include "driver/extract.h"

#include "llvm/Support/raw_ostream.h"

namespace forklint::driver {

/// The files of the program before demand takes some away. Python files are read for what they import.
check::Statistics countFiles(const Workset& workset);
/// Those whose facts were made.
void countParsed(check::Statistics& statistics, const Workset& workset, const Extraction& extraction);
/// The bodies of functions that were left out at first, and why some were read.
void countBodies(check::Statistics& statistics, const link::Program& program);
void countCalls(check::Statistics& statistics, const solve::Solution& solution);

void print(const check::Statistics& statistics, llvm::raw_ostream& out);

} // namespace forklint::driver
