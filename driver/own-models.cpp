#include "driver/own-models.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

namespace forklint::driver {

llvm::Error addOwnModels(const CheckOptions& options, const Workset& workset, Configurations& configurations,
                         link::Models& models) {
  std::vector<std::string> files;
  for (const Unit& unit : workset.units) {
    auto config = configurations.of(llvm::sys::path::parent_path(unit.path));
    if (!config) return config.takeError();
    for (const std::string& file : (*config)->models)
      if (!llvm::is_contained(files, file)) files.push_back(file);
  }
  for (const std::string& file : options.models)
    if (std::string whole = absolutePath(file); !llvm::is_contained(files, whole)) files.push_back(whole);
  for (const std::string& file : files) {
    std::string shown = displayPath(file);
    auto text = llvm::MemoryBuffer::getFile(file);
    if (!text) return llvm::createStringError("--models: " + shown + ": " + text.getError().message());
    if (llvm::Error error = models.add((*text)->getBuffer(), shown)) return error;
  }
  return llvm::Error::success();
}

} // namespace forklint::driver
