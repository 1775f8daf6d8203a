// A JSON text as a tree that knows where its strings stand. Reads what RFC 8259 allows and stops at the first
// break; strings stay as they are written, for their places are what is asked for.
#pragma once

#include "llvm/ADT/StringRef.h"

#include <optional>
#include <string>
#include <vector>

namespace forklint::python {

struct JsonMember;

struct JsonValue {
  enum class Kind : uint8_t { Object, Array, String, Other } kind = Kind::Other;
  llvm::StringRef raw; // of a string: between the quotes; of a number or a word: all of it
  std::vector<JsonMember> members;
  std::vector<JsonValue> items;

  /// Null where there is none of that name.
  const JsonValue* member(llvm::StringRef name) const;
};

struct JsonMember {
  llvm::StringRef key;
  JsonValue value;
};

struct JsonBreak {
  size_t offset = 0;
};

/// The value, or the place where the text is broken, or nested deeper than anybody writes.
std::optional<JsonBreak> readJson(llvm::StringRef text, JsonValue& value);

/// Takes one character off what stands in a string; gives it in UTF-8.
std::string takeJsonCharacter(llvm::StringRef& raw);

} // namespace forklint::python
