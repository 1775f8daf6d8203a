// Render: Report -> bytes, once for each `--output`.
#pragma once

#include "analyzers/check/finding.h"
#include "driver/options.h"

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"

#include <string>
#include <vector>

namespace forklint::driver {

using Write = llvm::function_ref<void(const Output& output, llvm::raw_ostream& out)>;

/// Writes each output to its file, or to standard output. An error names a file or stream that cannot be
/// written.
llvm::Error writeOutputs(const std::vector<Output>& outputs, Write write);

/// An error names a file or stream that cannot be written.
llvm::Error render(const CheckOptions& options, check::Level show, const check::Report& report);

/// True where standard output shall be coloured: --color, then NO_COLOR, FORCE_COLOR, then whether it is a
/// terminal.
bool usesColor(ColorMode mode);

/// "found 2 warnings; checked 12 Python units ...", for standard error. `fails`: the exit status is 1.
std::string closingLine(const check::Report& report, check::Level show, bool fails);

} // namespace forklint::driver
