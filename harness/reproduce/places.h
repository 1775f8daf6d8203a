// Where the harness keeps its files, and where its output goes.
#pragma once

#include "harness/harness.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Error.h"

#include <memory>

namespace forklint::harness {

/// Fills what is empty, relative to the running executable: ../share/forklint/harness and ../lib.
llvm::Expected<Places> locate(const Places& given);

struct Output {
  std::string format;
  std::unique_ptr<llvm::raw_fd_ostream> file; // null: the stream given by the caller
};

/// One text output when none is asked for; an unknown format or a file that cannot be written is an error.
llvm::Expected<std::vector<Output>> openOutputs(llvm::ArrayRef<OutputOption> options);

/// A path as reports give it: relative inside the working directory, absolute outside.
std::string shownPath(const std::string& path);

llvm::Error usageError(const llvm::Twine& message);

} // namespace forklint::harness
