// A temporary folder for the files of one command. Guarantees: when its owner ends, it is gone with all that
// is in it, as far as the system lets us.
#pragma once

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/FileSystem.h"

#include <string>
#include <system_error>

namespace forklint::harness {

class TemporaryFolder {
public:
  explicit TemporaryFolder(llvm::StringRef prefix)
      : failure(llvm::sys::fs::createUniqueDirectory(prefix, folder)) {}
  ~TemporaryFolder() {
    if (!failure) llvm::consumeError(llvm::errorCodeToError(llvm::sys::fs::remove_directories(folder)));
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  /// Why there is none.
  std::error_code error() const { return failure; }
  std::string path() const { return folder.str().str(); }

private:
  llvm::SmallString<128> folder;
  std::error_code failure;
};

} // namespace forklint::harness
