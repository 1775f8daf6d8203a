#include "driver/entrypoints/settings.h"

#include "driver/entrypoints/sections.h"
#include "driver/entrypoints/yaml.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Path.h"

namespace forklint::driver {

const Setting* Settings::find(llvm::ArrayRef<std::string> names) const {
  auto last = llvm::find_if(llvm::reverse(all),
                            [&](const Setting& each) { return llvm::is_contained(names, each.name); });
  return last == all.rend() ? nullptr : &*last;
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

/// Is the value one that only the language itself computes: a text, a number, a constant?
static bool isLiteral(llvm::StringRef value) {
  double number = 0;
  return value == "True" || value == "False" || value == "None" || !value.getAsDouble(number);
}

Settings pythonSettings(const DeclaringFile& file) {
  Settings settings;
  uint32_t number = 0;
  for (llvm::StringRef line : llvm::split(file.text, '\n')) {
    ++number;
    llvm::StringRef name = line.take_while([](char c) { return llvm::isAlnum(c) || c == '_'; });
    llvm::StringRef rest = line.drop_front(name.size()).ltrim();
    if (name.empty() || rest.starts_with("==") || !rest.consume_front("=")) continue;
    rest = rest.trim();
    if (rest.starts_with("\"") || rest.starts_with("'")) {
      auto [value, behind] = rest.drop_front().split(rest.front());
      settings.add(name.str(), value.str(), {file.path, number});
    } else if (llvm::StringRef value = rest.split('#').first.rtrim(); isLiteral(value)) {
      settings.add(name.str(), value.str(), {file.path, number});
    }
  }
  return settings;
}

Settings sectionSettings(const DeclaringFile& file, llvm::StringRef section) {
  Settings settings;
  llvm::StringRef extension = llvm::sys::path::extension(file.path);
  if (extension == ".yaml" || extension == ".yml") {
    readYaml(file.text, [&](const YamlValue& value) {
      if (value.path.size() == 2 && value.path[0] == section && !value.words)
        settings.add(value.path[1], value.text, {file.path, value.line});
    });
    return settings;
  }
  readSections(file.text, [&](const SectionLine& line, bool continues) {
    if (line.section != section) return;
    // Lines may be indented here: each is a setting of its own.
    auto [name, value] = llvm::StringRef(line.value).split('=');
    if (continues)
      settings.add(name.trim().str(), value.trim().str(), {file.path, line.line});
    else
      settings.add(line.key.str(), line.value, {file.path, line.line});
  });
  return settings;
}

} // namespace forklint::driver
