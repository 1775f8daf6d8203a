#include "driver/pins.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

#include <toml++/toml.h>

namespace forklint::driver {
namespace {

/// "Foo_Bar" is "foo-bar" (PEP 503).
std::string normalized(llvm::StringRef package) {
  std::string name;
  for (char each : package.lower())
    if (bool isSeparator = each == '-' || each == '_' || each == '.'; !isSeparator)
      name += each;
    else if (!name.empty() && name.back() != '-')
      name += '-';
  return name;
}

void add(link::Pins& pins, llvm::StringRef package, llvm::StringRef range) {
  std::optional<Releases> releases = Releases::parse(range);
  if (!package.empty()) pins[normalized(package)].push_back(releases.value_or(Releases()));
}

/// A requirement (PEP 508): a name, perhaps extras, a range, a condition. A condition may not hold here, and
/// says nothing of the range.
void addRequirement(link::Pins& pins, llvm::StringRef line) {
  line = line.split(" #").first.split(';').first.split(" --").first.trim().rtrim('\\').trim();
  llvm::StringRef package = line.take_while(
      [](char each) { return llvm::isAlnum(each) || each == '-' || each == '_' || each == '.'; });
  llvm::StringRef range = line.drop_front(package.size()).ltrim();
  if (range.starts_with("[")) range = range.split(']').second;
  range = range.trim();
  if (range.consume_front("(")) range.consume_back(")");
  if (package.empty() || line.starts_with("-") || line.starts_with("#")) return;
  add(pins, package, range.starts_with("@") ? "" : range);
}

void addRequirements(link::Pins& pins, const toml::array* list) {
  if (!list) return;
  for (const toml::node& each : *list)
    addRequirement(pins, each.value_or(std::string()));
}

void readProject(const toml::table& table, link::Pins& pins) {
  addRequirements(pins, table["project"]["dependencies"].as_array());
  if (const toml::table* extras = table["project"]["optional-dependencies"].as_table())
    for (const auto& [name, list] : *extras)
      addRequirements(pins, list.as_array());
  if (const toml::table* poetry = table["tool"]["poetry"]["dependencies"].as_table())
    for (const auto& [name, value] : *poetry) {
      auto text = value.is_table() ? (*value.as_table())["version"].value_or(std::string())
                                   : value.value_or(std::string());
      add(pins, llvm::StringRef(name.str().data(), name.str().size()), text);
    }
}

void readLock(const toml::table& table, link::Pins& pins) {
  const toml::array* packages = table["package"].as_array();
  if (!packages) return;
  for (const toml::node& each : *packages)
    if (const toml::table* package = each.as_table())
      add(pins, (*package)["name"].value_or(std::string()),
          "==" + (*package)["version"].value_or(std::string()));
}

/// The lines below `install_requires =`, which are indented.
void readSetup(llvm::StringRef text, link::Pins& pins) {
  bool isInside = false;
  for (llvm::StringRef line : llvm::split(text, '\n')) {
    bool isIndented = line.starts_with(" ") || line.starts_with("\t");
    if (!isIndented) isInside = line.trim().starts_with("install_requires");
    llvm::StringRef requirement = isIndented ? line : line.split('=').second;
    if (isInside && !requirement.trim().empty()) addRequirement(pins, requirement.trim());
  }
}

bool isLock(llvm::StringRef name) { return name == "poetry.lock" || name == "uv.lock"; }

} // namespace

void readPins(llvm::StringRef fileName, llvm::StringRef text, link::Pins& pins) {
  if (fileName == "setup.cfg") return readSetup(text, pins);
  if (fileName.ends_with(".txt")) {
    for (llvm::StringRef line : llvm::split(text, '\n'))
      addRequirement(pins, line.trim());
    return;
  }
  try {
    toml::table table = toml::parse(std::string_view(text));
    isLock(fileName) ? readLock(table, pins) : readProject(table, pins);
  } catch (const toml::parse_error&) {
    return; // the configuration tells of a broken pyproject.toml; others are not ours
  }
}

link::Pins pinsOf(llvm::ArrayRef<std::string> folders) {
  link::Pins pins;
  for (const std::string& folder : folders) {
    link::Pins asked, locked;
    std::error_code error;
    std::vector<std::string> files;
    for (llvm::sys::fs::directory_iterator each(folder, error), end; each != end && !error;
         each.increment(error))
      files.push_back(each->path());
    llvm::sort(files);
    for (const std::string& file : files) {
      llvm::StringRef name = llvm::sys::path::filename(file);
      bool isRequirements = name.starts_with("requirements") && name.ends_with(".txt");
      if (!isRequirements && !isLock(name) && name != "pyproject.toml" && name != "setup.cfg") continue;
      if (auto text = llvm::MemoryBuffer::getFile(file))
        readPins(name, (*text)->getBuffer(), isLock(name) ? locked : asked);
    }
    for (auto& [package, ranges] : asked)
      if (!locked.contains(package)) llvm::append_range(pins[package], ranges);
    for (auto& [package, ranges] : locked)
      llvm::append_range(pins[package], ranges);
  }
  return pins;
}

} // namespace forklint::driver
