// A command of a compile database as Clang shall see it.
#pragma once

#include "cpp-frontend/protocol.h"

#include <string>
#include <vector>

namespace forklint::cpp {

/// The command with what does not matter to a parse removed: outputs, dependency files, warnings as errors,
/// and flags that only other compilers know.
std::vector<std::string> cleanCommand(const WorkItem& item);

} // namespace forklint::cpp
