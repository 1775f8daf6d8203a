// What all readers of model files share: errors with their place, tables whose keys are listed, lists of
// tables.
#pragma once

#include "analyzers/link/models.h"
#include "analyzers/link/register.h"
#include "analyzers/support/suggest.h"

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <toml++/toml.h>

#include <string>
#include <variant>
#include <vector>

namespace forklint::link {

inline std::string placeOf(llvm::StringRef file, const toml::source_region& where) {
  return (file + ":" + llvm::Twine(where.begin.line) + ":" + llvm::Twine(where.begin.column)).str();
}

inline llvm::Error wrong(llvm::StringRef file, const toml::source_region& where, const llvm::Twine& what) {
  return llvm::createStringError(placeOf(file, where) + ": " + what);
}

/// A key that nothing reads; `names` are those that something does.
template <typename Names>
llvm::Error unknownKey(llvm::StringRef file, const toml::key& key, const llvm::Twine& where,
                       const Names& names) {
  return wrong(file, key.source(),
               "unknown key '" + llvm::StringRef(key.str()) + "'" + where + suggestion(key.str(), names));
}

/// Where the value of a key goes; what kind of value it is follows from that. What has no target is read by
/// whoever asks for it.
using Target =
    std::variant<std::string*, std::vector<std::string>*, bool*, int64_t*, double*, std::monostate>;
struct Key {
  llvm::StringRef name;
  Target target;
};
llvm::Error readValue(const toml::node& node, const Key& key, llvm::StringRef file);

/// Reads a table whose keys are all that it may have; `what` names it in errors.
llvm::Error readTable(const toml::node& node, llvm::StringRef what, llvm::StringRef file,
                      llvm::ArrayRef<Key> keys);

/// The keys, which are not empty, are there.
llvm::Error needs(const toml::table& table, llvm::ArrayRef<llvm::StringRef> keys, llvm::StringRef what,
                  llvm::StringRef file);

/// Calls `read` with each table of `[[key]]`.
template <typename Read>
llvm::Error eachTable(const toml::node& node, llvm::StringRef key, llvm::StringRef file, Read read) {
  const toml::array* array = node.as_array();
  if (!array)
    return wrong(file, node.source(),
                 "'" + key + "' must be an array of tables, as [[" + key + "]] makes one");
  for (const toml::node& item : *array) {
    if (!item.is_table()) return wrong(file, item.source(), "what stands in '" + key + "' must be a table");
    if (llvm::Error error = read(*item.as_table())) return error;
  }
  return llvm::Error::success();
}

/// Keys of a model file that are about command lines.
llvm::ArrayRef<llvm::StringRef> commandKeys();
llvm::Error readCommands(llvm::StringRef key, const toml::node& node, llvm::StringRef file,
                         Commands& commands, Register& names);

/// A row, and the names that it is for.
struct Row {
  Model model;
  std::vector<std::string> names;
};
llvm::Expected<Row> readRow(const toml::table& table, llvm::StringRef file, Register& names);

llvm::Expected<Binding> readBinding(const toml::table& table, llvm::StringRef file, Register& names);

/// `names` is told what the effect mentions.
llvm::Expected<Effect> readEffect(const toml::table& table, llvm::StringRef file, Register& names);

} // namespace forklint::link
