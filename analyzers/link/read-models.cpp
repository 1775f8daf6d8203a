// Reads model rows, but for their effects (read-effects.cpp). `readModel` has the only list of the keys of a
// row.
#include "analyzers/link/models.h"
#include "analyzers/link/read-tables.h"
#include "analyzers/link/row-mistakes.h"

#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

namespace forklint::link {
namespace {

llvm::Error readValue(const toml::node& node, llvm::StringRef file, Model& model) {
  if (node.is_string())
    model.value = facts::Literal(*node.value<std::string>());
  else if (node.is_boolean())
    model.value = facts::Literal(*node.value<bool>());
  else if (node.is_integer())
    model.value = facts::Literal(*node.value<int64_t>());
  else
    return wrong(file, node.source(), "'value' must be a string, a number or a truth value");
  return llvm::Error::success();
}

llvm::Error readReturns(const toml::node& node, llvm::StringRef file, std::string& out) {
  if (llvm::Error error = readText(node, "returns", file, out)) return error;
  std::optional<std::string> mistake = mistakeInPath(out);
  return mistake ? wrong(file, node.source(), *mistake) : llvm::Error::success();
}

constexpr std::pair<const char*, Role> roleNames[] = {
    {"version", Role::Version},
    {"end of program", Role::EndOfProgram},
    {"end of iteration", Role::EndOfIteration},
    {"start at import", Role::StartAtImport},
};

/// `top = true`: nothing but `object` is above the class.
llvm::Error readTop(const toml::node& node, llvm::StringRef file, Model& model) {
  if (!node.is_boolean()) return wrong(file, node.source(), "'top' must be true or false");
  model.isTop = *node.value<bool>();
  return llvm::Error::success();
}

/// `is = "version"`: what a name is to the language itself.
llvm::Error readRole(const toml::node& node, llvm::StringRef file, Model& model) {
  std::string word = node.value_or(std::string());
  const auto* found = llvm::find_if(roleNames, [&](const auto& row) { return word == row.first; });
  if (found == std::end(roleNames)) {
    std::string known;
    for (const char* name : llvm::make_first_range(roleNames))
      known += (known.empty() ? "\"" : ", \"") + std::string(name) + "\"";
    return wrong(file, node.source(), "'is' must be one of " + known);
  }
  model.role = found->second;
  return llvm::Error::success();
}

llvm::Error readEffects(const toml::node& node, llvm::StringRef file, Model& model) {
  const toml::array* array = node.as_array();
  if (!array) return wrong(file, node.source(), "'effects' must be an array of tables");
  for (const toml::node& item : *array) {
    if (!item.is_table()) return wrong(file, item.source(), "an effect must be a table");
    llvm::Expected<Effect> effect = readEffect(*item.as_table(), file);
    if (!effect) return effect.takeError();
    model.effects.push_back(std::move(*effect));
  }
  return llvm::Error::success();
}

llvm::Error readMembers(const toml::node& node, llvm::StringRef file, Model& model) {
  if (!node.is_table()) return wrong(file, node.source(), "'members' must be a table");
  for (const auto& [key, value] : *node.as_table()) {
    if (!value.is_string()) return wrong(file, value.source(), "a member must be a string");
    model.members.emplace_back(std::string(key.str()), *value.value<std::string>());
  }
  return llvm::Error::success();
}

llvm::Error readStartMethods(const toml::node& node, llvm::StringRef file,
                             std::vector<std::pair<std::string, Variants>>& out) {
  if (!node.is_table()) return wrong(file, node.source(), "'default-start-method' must be a table");
  for (const auto& [key, value] : *node.as_table()) {
    std::optional<Variants> variants = parseVersions(value.value_or(std::string()));
    if (!variants) return wrong(file, value.source(), "expected versions such as \"3.8-3.13\"");
    out.emplace_back(std::string(key.str()), *variants);
  }
  return llvm::Error::success();
}

llvm::Error readBeforeExec(const toml::node& node, llvm::StringRef file, Model& model) {
  if (!node.is_table()) return wrong(file, node.source(), "'before-exec' must be a table");
  BeforeExec& means = model.beforeExec.emplace();
  for (const auto& [key, value] : *node.as_table()) {
    llvm::StringRef name(key.str().data(), key.str().size());
    std::optional<Variants> versions = allVariants;
    if (name == "write")
      means.write = value.value_or(std::string());
    else if (name == "versions")
      versions = parseVersions(value.value_or(std::string()));
    else if (name != "arguments")
      return wrong(file, key.source(), "unknown key '" + name + "' in 'before-exec'");
    else if (llvm::Error error = readStrings(value, name, file, means.arguments))
      return error;
    if (!versions) return wrong(file, value.source(), "expected versions such as \"3.9-\"");
    means.versions &= *versions;
  }
  if (means.write.empty()) return wrong(file, node.source(), "'before-exec' needs 'write'");
  return llvm::Error::success();
}

/// `package-versions = "redis <2.7.2"`: a package, and a range of its releases.
llvm::Error readPackageVersions(const toml::node& node, llvm::StringRef file, Model& model) {
  std::string text;
  if (llvm::Error error = readText(node, "package-versions", file, text)) return error;
  auto [package, range] = llvm::StringRef(text).split(' ');
  std::optional<Releases> releases = Releases::parse(range);
  if (package.empty() || range.trim().empty() || !releases)
    return wrong(
        file, node.source(),
        "'package-versions' must be a package and a range of its versions, such as \"redis >=2.7.2\"");
  if (!releases->meets(*releases))
    return wrong(file, node.source(), "no version is in the range '" + range.trim() + "'");
  model.releases = PackageReleases{package.str(), std::move(*releases)};
  return llvm::Error::success();
}

llvm::Error readPickling(const toml::node& node, llvm::StringRef file, Model& model) {
  std::string word = node.value_or(std::string());
  if (word == "never")
    model.pickling = Pickling::Never;
  else if (word == "by inheritance")
    model.pickling = Pickling::ByInheritance;
  else
    return wrong(file, node.source(), "'pickles' must be \"never\" or \"by inheritance\"");
  return llvm::Error::success();
}

llvm::Expected<TransferWay> readTransferWay(const toml::table& table, llvm::StringRef file) {
  TransferWay way;
  for (const auto& [key, node] : table) {
    llvm::StringRef name(key.str().data(), key.str().size());
    llvm::Error error = llvm::Error::success();
    if (name == "name")
      error = readText(node, name, file, way.name);
    else if (name == "seconds-per-byte")
      error = readNumber(node, name, file, way.secondsPerByte);
    else if (name == "low")
      error = readNumber(node, name, file, way.lowSecondsPerByte);
    else if (name == "high")
      error = readNumber(node, name, file, way.highSecondsPerByte);
    else if (name == "source")
      error = readText(node, name, file, way.source);
    else
      error = wrong(file, key.source(), "unknown key '" + name + "' in a way of transfer");
    if (error) return std::move(error);
  }
  bool inOrder = 0 < way.lowSecondsPerByte && way.lowSecondsPerByte <= way.secondsPerByte &&
                 way.secondsPerByte <= way.highSecondsPerByte;
  if (way.name.empty() || way.source.empty() || !inOrder)
    return wrong(file, table.source(),
                 "a way of transfer needs 'name', 'source' and 0 < 'low' <= 'seconds-per-byte' <= 'high'");
  return way;
}

llvm::Error readThreshold(const toml::node& node, llvm::StringRef file, TransferThreshold& threshold) {
  if (!node.is_table()) return wrong(file, node.source(), "'large-transfer' must be a table");
  for (const auto& [key, value] : *node.as_table()) {
    if (key.str() == "bytes" && value.is_integer())
      threshold.bytes = static_cast<uint64_t>(value.value_or(int64_t{0}));
    else if (key.str() == "seconds" && value.is_number())
      threshold.seconds = value.value_or(0.0);
    else
      return wrong(file, key.source(), "expected 'bytes' and 'seconds', both numbers");
  }
  return llvm::Error::success();
}

llvm::Error readStandardLibrary(const toml::node& node, llvm::StringRef file, llvm::StringSet<>& modules,
                                llvm::StringSet<>& present) {
  const toml::table* table = node.as_table();
  if (!table || !table->contains("modules") || !table->contains("present") || !table->contains("source"))
    return wrong(file, node.source(), "'standard-library' needs 'modules', 'present' and 'source'");
  auto readNames = [&](const char* key, llvm::StringSet<>& into) -> llvm::Error {
    std::vector<std::string> read;
    if (llvm::Error error = readStrings(*table->get(key), key, file, read)) return error;
    for (const std::string& name : read)
      into.insert(name);
    return llvm::Error::success();
  };
  if (llvm::Error error = readNames("modules", modules)) return error;
  return readNames("present", present);
}

llvm::Expected<Lock> readLock(const toml::table& table, llvm::StringRef file) {
  Lock lock;
  for (const auto& [key, node] : table) {
    llvm::StringRef name(key.str().data(), key.str().size());
    llvm::Error error = llvm::Error::success();
    if (name == "name")
      error = readText(node, name, file, lock.name);
    else if (name == "source")
      error = readText(node, name, file, lock.source);
    else if (name == "reset")
      error = readStrings(node, name, file, lock.reset);
    else
      error = wrong(file, key.source(), "unknown key '" + name + "' in a lock");
    if (error) return std::move(error);
  }
  if (lock.name.empty()) return wrong(file, table.source(), "a lock needs 'name'");
  if (lock.source.empty()) return wrong(file, table.source(), "lock '" + lock.name + "' needs 'source'");
  return lock;
}

/// `name`, `names` and `also`.
llvm::Error readNames(const toml::node& node, llvm::StringRef key, llvm::StringRef file,
                      std::vector<std::string>& names) {
  std::vector<std::string> read;
  if (llvm::Error error =
          key == "name" ? readText(node, key, file, read.emplace_back()) : readStrings(node, key, file, read))
    return error;
  for (const std::string& name : read)
    if (std::optional<std::string> mistake = name.empty() ? std::nullopt : mistakeInName(name))
      return wrong(file, node.source(), *mistake);
  llvm::append_range(names, read);
  return llvm::Error::success();
}

llvm::Expected<Model> readModel(const toml::table& table, llvm::StringRef file,
                                std::vector<std::string>& names) {
  Model model;
  for (const auto& [key, node] : table) {
    llvm::StringRef name(key.str().data(), key.str().size());
    llvm::Error error = llvm::Error::success();
    if (name == "name" || name == "names")
      error = readNames(node, name, file, names);
    else if (name == "returns")
      error = readReturns(node, file, model.returns);
    else if (name == "size")
      error = readText(node, name, file, model.size);
    else if (name == "count")
      error = readText(node, name, file, model.count);
    else if (name == "source")
      error = readText(node, name, file, model.source);
    else if (name == "top")
      error = readTop(node, file, model);
    else if (name == "is")
      error = readRole(node, file, model);
    else if (name == "value")
      error = readValue(node, file, model);
    else if (name == "also")
      error = readNames(node, name, file, model.also);
    else if (name == "parameters")
      error = readStrings(node, name, file, model.parameters);
    else if (name == "bases")
      error = readStrings(node, name, file, model.bases);
    else if (name == "members")
      error = readMembers(node, file, model);
    else if (name == "package-versions")
      error = readPackageVersions(node, file, model);
    else if (name == "in-child")
      error = readText(node, name, file, model.inChild);
    else if (name == "before-exec")
      error = readBeforeExec(node, file, model);
    else if (name == "dropped" && node.value_or(std::string()) == "ends")
      model.endsWhenDropped = true;
    else if (name == "pickles")
      error = readPickling(node, file, model);
    else if (name == "effects")
      error = readEffects(node, file, model);
    else
      error = wrong(file, key.source(), "unknown key '" + name + "' in a model");
    if (error) return std::move(error);
  }
  if (names.empty() || llvm::is_contained(names, ""))
    return wrong(file, table.source(), "a model needs 'name'");
  if (model.source.empty()) return wrong(file, table.source(), "model '" + names[0] + "' needs 'source'");
  return model;
}

} // namespace

llvm::Error Models::add(llvm::StringRef text, llvm::StringRef file) {
  toml::table document;
  try {
    document = toml::parse(std::string_view(text), std::string_view(file));
  } catch (const toml::parse_error& error) {
    return wrong(file, error.source(), std::string(error.description()));
  }
  auto addModel = [&](const toml::table& table) -> llvm::Error {
    std::vector<std::string> names;
    llvm::Expected<Model> model = readModel(table, file, names);
    if (!model) return model.takeError();
    for (const std::string& name : names) {
      model->name = name;
      add(*model);
    }
    return llvm::Error::success();
  };
  auto addLock = [&](const toml::table& table) -> llvm::Error {
    llvm::Expected<Lock> lock = readLock(table, file);
    if (!lock) return lock.takeError();
    locks[lock->name] = std::move(*lock);
    return llvm::Error::success();
  };
  auto addWay = [&](const toml::table& table) -> llvm::Error {
    llvm::Expected<TransferWay> way = readTransferWay(table, file);
    if (!way) return way.takeError();
    ways.push_back(std::move(*way));
    return llvm::Error::success();
  };
  for (const auto& [key, node] : document) {
    llvm::StringRef name(key.str().data(), key.str().size());
    llvm::Error error = llvm::Error::success();
    if (name == "default-start-method")
      error = readStartMethods(node, file, startMethods);
    else if (name == "large-transfer")
      error = readThreshold(node, file, threshold);
    else if (name == "transfer-way")
      error = eachTable(node, name, file, addWay);
    else if (name == "lock")
      error = eachTable(node, name, file, addLock);
    else if (name == "model")
      error = eachTable(node, name, file, addModel);
    else if (name == "standard-library")
      error = readStandardLibrary(node, file, standardModules, presentModules);
    else if (isAboutCommands(name))
      error = readCommands(name, node, file, commands);
    else
      error = wrong(file, key.source(), "unknown key '" + name + "'");
    if (error) return error;
  }
  return llvm::Error::success();
}

} // namespace forklint::link
