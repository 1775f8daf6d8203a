#include "analyzers/link/read-tables.h"

namespace forklint::link {

llvm::Error readValue(const toml::node& node, const Key& key, llvm::StringRef file) {
  auto mustBe = [&](const char* kind) {
    return wrong(file, node.source(), "'" + key.name + "' must be " + kind);
  };
  if (auto* const* list = std::get_if<std::vector<std::string>*>(&key.target)) {
    const toml::array* array = node.as_array();
    if (!array) return mustBe("an array of strings");
    for (const toml::node& item : *array) {
      if (!item.is_string())
        return wrong(file, item.source(), "'" + key.name + "' must be an array of strings");
      (*list)->push_back(*item.value<std::string>());
    }
  } else if (auto* const* text = std::get_if<std::string*>(&key.target)) {
    if (!node.is_string()) return mustBe("a string");
    **text = *node.value<std::string>();
  } else if (auto* const* flag = std::get_if<bool*>(&key.target)) {
    if (!node.is_boolean()) return mustBe("true or false");
    **flag = *node.value<bool>();
  } else if (auto* const* whole = std::get_if<int64_t*>(&key.target)) {
    if (!node.is_integer()) return mustBe("a whole number");
    **whole = *node.value<int64_t>();
  } else if (auto* const* number = std::get_if<double*>(&key.target)) {
    if (!node.is_number()) return mustBe("a number");
    **number = *node.value<double>();
  }
  return llvm::Error::success();
}

llvm::Error readTable(const toml::node& node, llvm::StringRef what, llvm::StringRef file,
                      llvm::ArrayRef<Key> keys) {
  if (!node.is_table()) return wrong(file, node.source(), "'" + what + "' must be a table");
  for (const auto& [key, value] : *node.as_table()) {
    const Key* known =
        llvm::find_if(keys, [&](const Key& each) { return each.name == llvm::StringRef(key.str()); });
    if (known == keys.end())
      return unknownKey(file, key, " in '" + what + "'",
                        llvm::map_range(keys, [](const Key& each) { return each.name; }));
    if (llvm::Error error = readValue(value, *known, file)) return error;
  }
  return llvm::Error::success();
}

llvm::Error needs(const toml::table& table, llvm::ArrayRef<llvm::StringRef> keys, llvm::StringRef what,
                  llvm::StringRef file) {
  for (llvm::StringRef key : keys) {
    const toml::node* node = table.get(std::string_view(key));
    if (!node) return wrong(file, table.source(), what + " needs '" + key + "'");
    if (node->is_string() && node->value_or(std::string()).empty())
      return wrong(file, node->source(), "'" + key + "' of " + what + " is empty");
  }
  return llvm::Error::success();
}

} // namespace forklint::link
