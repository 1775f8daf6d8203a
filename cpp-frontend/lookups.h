// What a parse looked for and did not find. Together with the files that it read this is all that the facts
// of a unit depend on: a header that appears where none was changes them too.
#pragma once

#include "llvm/Support/VirtualFileSystem.h"

#include <set>
#include <string>
#include <vector>

namespace forklint::cpp {

class Lookups : public llvm::vfs::ProxyFileSystem {
public:
  using ProxyFileSystem::ProxyFileSystem;

  llvm::ErrorOr<llvm::vfs::Status> status(const llvm::Twine& path) override;
  llvm::ErrorOr<std::unique_ptr<llvm::vfs::File>> openFileForRead(const llvm::Twine& path) override;

  /// Absolute paths, sorted. What lies in a folder that is absent is not looked for, and not here.
  std::vector<std::string> absent() const { return {missing.begin(), missing.end()}; }

private:
  void note(const llvm::Twine& path, std::error_code error);

  std::set<std::string> missing;
};

} // namespace forklint::cpp
