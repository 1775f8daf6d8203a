// Runs Clang on one unit: cleans its command, parses, gives facts. Never prints.
#pragma once

#include "cpp-frontend/protocol.h"

#include "analyzers/facts/facts.h"

#include <string>
#include <vector>

namespace forklint::cpp {

/// The command with what does not matter to a parse removed: outputs, dependency files, warnings as errors,
/// and flags that only other compilers know.
std::vector<std::string> cleanCommand(const WorkItem& item);

/// What one unit says, and what it looked for in vain (lookups.h).
struct Extraction {
  facts::UnitFacts facts;
  std::vector<std::string> absent;
};

/// What does not compile has facts of what was understood, and a gap with the first error.
Extraction extractUnit(const WorkItem& item);

/// The same, and a crash is a gap of the whole unit.
Extraction extractSafely(const WorkItem& item);

} // namespace forklint::cpp
