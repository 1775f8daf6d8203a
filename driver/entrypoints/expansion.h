// What `$NAME` and `${NAME:-default}` stand for in a text for a shell, or for what is like one. What nobody
// can know stays as it is written.
#pragma once

#include "driver/entrypoints/settings.h"

#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"

#include <optional>
#include <string>

namespace forklint::driver {

/// `$NAME`, or `${NAME}` with an operator and a word behind the name.
struct Parameter {
  llvm::StringRef name, word;
  char how = 0;         // the operator: `-`, `=`, `?`, or any other one; 0: none
  bool ofEmpty = false; // `:-`: an empty value counts as none
  size_t length = 0;    // of the whole
};

/// The one that the text begins with; nothing where it begins otherwise.
std::optional<Parameter> parameterAt(llvm::StringRef text);

/// Is something left in a text that nobody here has computed?
bool isComputed(llvm::StringRef value);

class Variables {
public:
  Variables() = default;
  explicit Variables(const Settings& settings);
  /// A value in which something is left to compute is not known.
  void set(llvm::StringRef name, llvm::StringRef value);
  /// It has a value that is not known, so that no default counts.
  void forget(llvm::StringRef name) { known[name] = std::nullopt; }

  /// Nothing where it is not known. Of a variable that nothing here sets the default counts.
  std::optional<std::string> valueOf(const Parameter& parameter) const;
  std::string expanded(llvm::StringRef text) const;

private:
  std::optional<std::string> defaultOf(llvm::StringRef word) const;

  llvm::StringMap<std::optional<std::string>> known;
};

} // namespace forklint::driver
