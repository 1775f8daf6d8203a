#include "driver/own-models.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

namespace forklint::driver {

llvm::Error addOwnModels(const CheckOptions& options, const Workset& workset, Configurations& configurations,
                         link::Models& models) {
  std::vector<std::pair<std::string, link::Origin>> files;
  auto add = [&](const std::string& file, link::Origin origin) {
    if (!llvm::is_contained(llvm::make_first_range(files), file)) files.emplace_back(file, origin);
  };
  for (const Unit& unit : workset.units) {
    auto config = configurations.of(llvm::sys::path::parent_path(unit.path));
    if (!config) return config.takeError();
    for (const std::string& file : (*config)->models)
      add(file, link::Origin::Configuration);
  }
  for (const std::string& file : options.models)
    add(absolutePath(file), link::Origin::CommandLine);
  for (const auto& [file, origin] : files) {
    std::string shown = displayPath(file);
    auto text = llvm::MemoryBuffer::getFile(file);
    if (!text) return llvm::createStringError("--models: " + shown + ": " + text.getError().message());
    if (llvm::Error error = models.add((*text)->getBuffer(), shown, origin)) return error;
  }
  return models.checkNames();
}

} // namespace forklint::driver
