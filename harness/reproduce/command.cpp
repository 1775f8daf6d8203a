// See the header.
#include "harness/reproduce/command.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FileUtilities.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Program.h"

#include <vector>

namespace forklint::harness {
namespace {

std::string contents(llvm::StringRef path) {
  auto buffer = llvm::MemoryBuffer::getFile(path);
  return buffer ? (*buffer)->getBuffer().str() : "";
}

} // namespace

std::optional<std::string> outputOf(llvm::ArrayRef<std::string> command, unsigned limitSeconds,
                                    std::string* errors) {
  llvm::SmallString<128> output;
  llvm::SmallString<128> complaints;
  if (llvm::sys::fs::createTemporaryFile("forklint-output", "txt", output)) return std::nullopt;
  const llvm::FileRemover removeOutput(output);
  if (errors && llvm::sys::fs::createTemporaryFile("forklint-errors", "txt", complaints)) return std::nullopt;
  const llvm::FileRemover removeErrors(complaints, errors != nullptr);
  const std::vector<llvm::StringRef> words(command.begin(), command.end());
  const std::optional<llvm::StringRef> redirects[] = {llvm::StringRef(""), output.str(), complaints.str()};
  const int code = llvm::sys::ExecuteAndWait(words.front(), words, std::nullopt, redirects, limitSeconds);
  if (errors) *errors = contents(complaints);
  if (code != 0) return std::nullopt;
  return contents(output);
}

} // namespace forklint::harness
