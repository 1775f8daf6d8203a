#include "cpp-frontend/lookups.h"

namespace forklint::cpp {

void Lookups::note(const llvm::Twine& path, std::error_code error) {
  if (error != std::errc::no_such_file_or_directory) return;
  llvm::SmallString<256> absolute;
  path.toVector(absolute);
  if (!makeAbsolute(absolute)) missing.insert(std::string(absolute));
}

llvm::ErrorOr<llvm::vfs::Status> Lookups::status(const llvm::Twine& path) {
  auto found = ProxyFileSystem::status(path);
  if (!found) note(path, found.getError());
  return found;
}

llvm::ErrorOr<std::unique_ptr<llvm::vfs::File>> Lookups::openFileForRead(const llvm::Twine& path) {
  auto found = ProxyFileSystem::openFileForRead(path);
  if (!found) note(path, found.getError());
  return found;
}

} // namespace forklint::cpp
