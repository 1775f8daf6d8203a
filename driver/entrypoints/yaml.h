// The scalars and lists of scalars of a YAML document, by the keys that lead to them; an element of a list
// has an empty one. Aliases and merge keys stand for what they name. A document that is broken gives what
// stands before the break.
#pragma once

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace forklint::driver {

struct YamlValue {
  std::vector<std::string> path; // keys, outermost first
  std::string text;
  std::optional<std::vector<std::string>> words; // of a list
  uint32_t line = 0;
};

void readYaml(llvm::StringRef text, llvm::function_ref<void(const YamlValue& value)> visit);

} // namespace forklint::driver
