// What all readers of model files share: errors with their place, lists of texts, tables of tables.
#pragma once

#include "analyzers/link/models.h"

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <toml++/toml.h>

#include <string>
#include <vector>

namespace forklint::link {

inline llvm::Error wrong(llvm::StringRef file, const toml::source_region& where, const llvm::Twine& what) {
  return llvm::createStringError(file + ":" + llvm::Twine(where.begin.line) + ":" +
                                 llvm::Twine(where.begin.column) + ": " + what);
}

inline llvm::Error readStrings(const toml::node& node, llvm::StringRef key, llvm::StringRef file,
                               std::vector<std::string>& out) {
  const toml::array* array = node.as_array();
  if (!array) return wrong(file, node.source(), "'" + key + "' must be an array of strings");
  for (const toml::node& item : *array) {
    if (!item.is_string()) return wrong(file, item.source(), "'" + key + "' must be an array of strings");
    out.push_back(*item.value<std::string>());
  }
  return llvm::Error::success();
}

inline llvm::Error readText(const toml::node& node, llvm::StringRef key, llvm::StringRef file,
                            std::string& out) {
  if (!node.is_string()) return wrong(file, node.source(), "'" + key + "' must be a string");
  out = *node.value<std::string>();
  return llvm::Error::success();
}

inline llvm::Error readNumber(const toml::node& node, llvm::StringRef key, llvm::StringRef file,
                              double& out) {
  if (!node.is_number()) return wrong(file, node.source(), "'" + key + "' must be a number");
  out = *node.value<double>();
  return llvm::Error::success();
}

/// Calls `read` with each table of `[[key]]`.
template <typename Read>
llvm::Error eachTable(const toml::node& node, llvm::StringRef key, llvm::StringRef file, Read read) {
  const toml::array* array = node.as_array();
  if (!array) return wrong(file, node.source(), "'" + key + "' must be written as [[" + key + "]]");
  for (const toml::node& item : *array) {
    if (!item.is_table()) return wrong(file, item.source(), "'" + key + "' must be a table");
    if (llvm::Error error = read(*item.as_table())) return error;
  }
  return llvm::Error::success();
}

/// Whether a key of a model file is about command lines.
bool isAboutCommands(llvm::StringRef key);
llvm::Error readCommands(llvm::StringRef key, const toml::node& node, llvm::StringRef file,
                         Commands& commands);

llvm::Expected<Effect> readEffect(const toml::table& table, llvm::StringRef file);

} // namespace forklint::link
