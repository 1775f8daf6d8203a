// See the header.
#include "harness/reproduce/places.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

namespace forklint::harness {

llvm::Error usageError(const llvm::Twine& message) {
  return llvm::createStringError(std::make_error_code(std::errc::invalid_argument), message);
}

llvm::Expected<Places> locate(const Places& given) {
  Places places = given;
  // The address of any function of ours serves; getMainExecutable needs one on some systems.
  const std::string program =
      llvm::sys::fs::getMainExecutable("forklint", reinterpret_cast<void*>(&shownPath));
  const llvm::StringRef root = llvm::sys::path::parent_path(llvm::sys::path::parent_path(program));
  if (places.data.empty()) places.data = (root + "/share/forklint/harness").str();
  if (places.interposer.empty()) places.interposer = (root + "/lib/libforkwatch.so").str();
  if (!llvm::sys::fs::is_directory(places.data))
    return usageError("the harness's files are not at " + places.data);
  if (!llvm::sys::fs::exists(places.interposer))
    return usageError("the interposer is not at " + places.interposer);
  return places;
}

llvm::Expected<std::vector<Output>> openOutputs(llvm::ArrayRef<OutputOption> options) {
  std::vector<Output> outputs;
  for (const OutputOption& option : options) {
    auto [format, path] = llvm::StringRef(option).split('=');
    if (format != "text" && format != "json-lines" && format != "html")
      return usageError("unknown output format '" + format + "'; use text, json-lines or html");
    Output output;
    output.format = format.str();
    if (llvm::StringRef(option).contains('=')) {
      std::error_code error;
      output.file = std::make_unique<llvm::raw_fd_ostream>(path, error);
      if (error) return usageError("cannot write " + path + ": " + error.message());
    }
    outputs.push_back(std::move(output));
  }
  if (outputs.empty()) outputs.push_back(Output{"text", nullptr});
  return outputs;
}

std::string shownPath(const std::string& path) {
  llvm::SmallString<256> here;
  if (llvm::sys::fs::current_path(here)) return path;
  llvm::StringRef rest(path);
  if (rest.consume_front(here) && rest.consume_front("/")) return rest.str();
  return path;
}

} // namespace forklint::harness
