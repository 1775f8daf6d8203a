// Files of sections with `key = value` lines, as configparser, systemd, supervisor and uWSGI have them.
#pragma once

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"

#include <cstdint>
#include <string>

namespace forklint::driver {

struct SectionLine {
  llvm::StringRef section; // without brackets; empty before the first
  llvm::StringRef key;     // empty for a line that only carries on the value before
  std::string value;       // lines that end in a backslash are one
  uint32_t line = 0;
};

/// Visits the lines in order. A line that begins with a blank carries on the value of the key before it, and
/// is visited by itself under that key with `continues` set.
void readSections(llvm::StringRef text,
                  llvm::function_ref<void(const SectionLine& line, bool continues)> visit);

} // namespace forklint::driver
