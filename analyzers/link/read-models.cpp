// Reads files of rows: locks, ways of transfer and what is said once; rows themselves are read by
// read-rows.cpp.
#include "analyzers/link/models.h"
#include "analyzers/link/read-tables.h"
#include "analyzers/link/vocabulary.h"

#include "llvm/ADT/STLExtras.h"

namespace forklint::link {
namespace {

/// A table whose keys and values are texts.
llvm::Error readTexts(const toml::table& table, llvm::StringRef key, llvm::StringRef file,
                      std::vector<std::pair<std::string, std::string>>& out) {
  const toml::node* node = table.get(std::string_view(key));
  if (!node) return llvm::Error::success();
  if (!node->is_table()) return wrong(file, node->source(), "'" + key + "' must be a table");
  for (const auto& [name, value] : *node->as_table()) {
    if (!value.is_string()) return wrong(file, value.source(), "'" + key + "' must be a table of texts");
    out.emplace_back(std::string(name.str()), *value.value<std::string>());
  }
  return llvm::Error::success();
}

llvm::Error readPlatform(const toml::table& table, llvm::StringRef file, Platform& platform) {
  std::vector<std::pair<std::string, std::string>> methods;
  if (llvm::Error error = readTable(table, "platform", file,
                                    {{"name", &platform.name},
                                     {"libc", &platform.libc},
                                     {"source", &platform.source},
                                     {"default-start-method", std::monostate()},
                                     {"same-as", std::monostate()},
                                     {"values", std::monostate()}}))
    return error;
  if (llvm::Error error =
          needs(table, {"name", "libc", "default-start-method", "source"}, "a platform", file))
    return error;
  if (llvm::Error error = readTexts(table, "default-start-method", file, methods)) return error;
  if (llvm::Error error = readTexts(table, "same-as", file, platform.primitives)) return error;
  if (llvm::Error error = readTexts(table, "values", file, platform.values)) return error;
  for (const auto& [method, versions] : methods) {
    if (std::optional<std::string> mistake = mistakeInWord(method, methodWords))
      return wrong(file, table.source(), "a key of 'default-start-method' " + *mistake);
    std::optional<Variants> variants = parseVersions(versions);
    if (!variants) return wrong(file, table.source(), "expected versions such as \"3.8-3.13\"");
    platform.startMethods.emplace_back(method, *variants);
  }
  for (const auto& [primitive, here] : platform.primitives)
    for (llvm::StringRef word : {llvm::StringRef(primitive), llvm::StringRef(here)})
      if (std::optional<std::string> mistake = mistakeInWord(word, primitiveWords))
        return wrong(file, table.source(), "in 'same-as' '" + word + "' " + *mistake);
  return llvm::Error::success();
}

llvm::Error readTransferWay(const toml::table& table, llvm::StringRef file, TransferWay& way) {
  if (llvm::Error error = readTable(table, "transfer-way", file,
                                    {{"name", &way.name},
                                     {"seconds-per-byte", &way.secondsPerByte},
                                     {"low", &way.lowSecondsPerByte},
                                     {"high", &way.highSecondsPerByte},
                                     {"source", &way.source}}))
    return error;
  if (llvm::Error error = needs(table, {"name", "source"}, "a way of transfer", file)) return error;
  bool inOrder = 0 < way.lowSecondsPerByte && way.lowSecondsPerByte <= way.secondsPerByte &&
                 way.secondsPerByte <= way.highSecondsPerByte;
  return inOrder ? llvm::Error::success()
                 : wrong(file, table.source(),
                         "a way of transfer needs 0 < 'low' <= 'seconds-per-byte' <= 'high'");
}

llvm::Error readThreshold(const toml::node& node, llvm::StringRef file, TransferThreshold& threshold) {
  auto bytes = static_cast<int64_t>(threshold.bytes);
  llvm::Error error =
      readTable(node, "large-transfer", file, {{"bytes", &bytes}, {"seconds", &threshold.seconds}});
  threshold.bytes = static_cast<uint64_t>(bytes);
  return error;
}

llvm::Error readStandardLibrary(const toml::node& node, llvm::StringRef file, llvm::StringSet<>& modules,
                                llvm::StringSet<>& present) {
  std::vector<std::string> all, everywhere;
  std::string source;
  if (llvm::Error error = readTable(node, "standard-library", file,
                                    {{"modules", &all}, {"present", &everywhere}, {"source", &source}}))
    return error;
  modules.insert(all.begin(), all.end());
  present.insert(everywhere.begin(), everywhere.end());
  return needs(*node.as_table(), {"modules", "present", "source"}, "'standard-library'", file);
}

llvm::Error readLock(const toml::table& table, llvm::StringRef file, Lock& lock) {
  if (llvm::Error error = readTable(table, "lock", file,
                                    {{"name", &lock.name},
                                     {"source", &lock.source},
                                     {"reset", &lock.reset},
                                     {"renewed-by", &lock.renewedBy},
                                     {"only-where-seen", &lock.isOnlyKnown},
                                     {"keeps-promise", &lock.isKept}}))
    return error;
  if (llvm::Error error = needs(table, {"name", "source"}, "a lock", file)) return error;
  for (llvm::StringRef way : lock.reset) {
    auto [library, primitive] = way.split(' ');
    std::optional<std::string> mistake = mistakeInWord(library, libraryWords);
    if (!mistake && !primitive.empty()) mistake = mistakeInWord(primitive, primitiveWords);
    if (mistake)
      return wrong(file, table.get("reset")->source(),
                   "in '" + way + "' the word '" +
                       (mistakeInWord(library, libraryWords) ? library : primitive) + "' " + *mistake);
  }
  return llvm::Error::success();
}

llvm::Error readPromise(const toml::table& table, llvm::StringRef file, PromisingName& promise) {
  if (llvm::Error error = readTable(table, "promise", file,
                                    {{"names", &promise.names},
                                     {"except", &promise.except},
                                     {"vague", &promise.isVague},
                                     {"source", &promise.source}}))
    return error;
  if (llvm::Error error = needs(table, {"names", "source"}, "a promise", file)) return error;
  for (llvm::StringRef name : promise.names)
    if (name.trim('*').empty())
      return wrong(file, table.get("names")->source(), "'" + name + "' would be the name of anything");
  return llvm::Error::success();
}

} // namespace

llvm::Error Models::add(llvm::StringRef text, llvm::StringRef file, Origin origin) {
  toml::table document;
  try {
    document = toml::parse(std::string_view(text), std::string_view(file));
  } catch (const toml::parse_error& error) {
    return wrong(file, error.source(), std::string(error.description()));
  }
  names.read(origin);
  auto introduce = [&](NameKind kind, llvm::StringRef name, const toml::table& table) {
    return names.introduce(kind, name, placeOf(file, table.get("name")->source()));
  };
  auto addModel = [&](const toml::table& table) -> llvm::Error {
    llvm::Expected<Row> row = readRow(table, file, names);
    if (!row) return row.takeError();
    for (const std::string& name : row->names) {
      row->model.name = name;
      add(row->model);
    }
    return llvm::Error::success();
  };
  auto addLock = [&](const toml::table& table) -> llvm::Error {
    Lock lock;
    if (llvm::Error error = readLock(table, file, lock)) return error;
    locks[lock.name] = lock;
    return introduce(NameKind::Lock, lock.name, table);
  };
  auto addWay = [&](const toml::table& table) -> llvm::Error {
    TransferWay way;
    if (llvm::Error error = readTransferWay(table, file, way)) return error;
    llvm::erase_if(ways, [&](const TransferWay& each) { return each.name == way.name; });
    ways.push_back(way);
    return introduce(NameKind::Way, way.name, table);
  };
  auto addBinding = [&](const toml::table& table) -> llvm::Error {
    llvm::Expected<Binding> binding = readBinding(table, file, names);
    if (!binding) return binding.takeError();
    bindingRows.push_back(std::move(*binding));
    return llvm::Error::success();
  };
  auto addPlatform = [&](const toml::table& table) -> llvm::Error {
    return readPlatform(table, file, platforms.emplace_back());
  };
  auto addPromise = [&](const toml::table& table) -> llvm::Error {
    return readPromise(table, file, promising.emplace_back());
  };
  llvm::SmallVector<llvm::StringRef> known{"model",        "lock",           "binding",
                                           "transfer-way", "large-transfer", "promise"};
  // How programs begin is read before the configuration of anybody.
  if (origin == Origin::BuiltIn) known.append({"platform", "standard-library"});
  if (origin == Origin::BuiltIn) llvm::append_range(known, commandKeys());
  for (const auto& [key, node] : document) {
    llvm::StringRef name(key.str());
    llvm::Error error = llvm::Error::success();
    if (!llvm::is_contained(known, name))
      error = unknownKey(file, key, "", known);
    else if (name == "platform")
      error = eachTable(node, name, file, addPlatform);
    else if (name == "large-transfer")
      error = readThreshold(node, file, threshold);
    else if (name == "transfer-way")
      error = eachTable(node, name, file, addWay);
    else if (name == "lock")
      error = eachTable(node, name, file, addLock);
    else if (name == "binding")
      error = eachTable(node, name, file, addBinding);
    else if (name == "promise")
      error = eachTable(node, name, file, addPromise);
    else if (name == "model")
      error = eachTable(node, name, file, addModel);
    else if (name == "standard-library")
      error = readStandardLibrary(node, file, standardModules, presentModules);
    else
      error = readCommands(name, node, file, commands, names);
    if (error) return error;
  }
  return llvm::Error::success();
}

llvm::Error Models::checkNames() {
  llvm::Error error = names.unknown([&](NameKind kind, llvm::StringRef name) {
    bool isRow = kind == NameKind::Row || kind == NameKind::Thing;
    return isRow ? isIncomplete : kind == NameKind::State && name == "new";
  });
  names.forgetMentions();
  return error;
}

} // namespace forklint::link
