#include "driver/entrypoints/settings.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringRef.h"

namespace forklint::driver {

const Setting* Settings::find(llvm::ArrayRef<std::string> names) const {
  auto last = llvm::find_if(llvm::reverse(all),
                            [&](const Setting& each) { return llvm::is_contained(names, each.name); });
  return last == all.rend() ? nullptr : &*last;
}

void Settings::remove(llvm::StringRef name) {
  llvm::erase_if(all, [&](const Setting& each) { return each.name == name; });
}

std::vector<const Setting*> Settings::findAll(llvm::ArrayRef<std::string> names) const {
  std::vector<const Setting*> found;
  for (const Setting& each : all)
    if (llvm::is_contained(names, each.name)) found.push_back(&each);
  return found;
}

const Setting* Settings::isOn(llvm::ArrayRef<std::string> names) const {
  static const llvm::StringRef no[] = {"false", "0", "no", "off", "none"};
  const Setting* setting = find(names);
  return setting && !llvm::is_contained(no, llvm::StringRef(setting->value).lower()) ? setting : nullptr;
}

void Settings::addBefore(const Settings& configuration) {
  all.insert(all.begin(), configuration.all.begin(), configuration.all.end());
}

} // namespace forklint::driver
