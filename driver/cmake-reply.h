// What CMake says of a build, where somebody has asked it (cmake-file-api(7)): its executables and libraries,
// their sources, and what is linked into each.
#pragma once

#include "analyzers/link/build-targets.h"
#include "driver/discover.h"

#include <string>
#include <vector>

namespace forklint::driver {

/// The targets of one build folder, with absolute paths of sources; none where it holds no reply. A reply
/// that cannot be read is told in `notes`.
std::vector<link::BuildTarget> readCMakeReply(const std::string& buildFolder,
                                              std::vector<std::string>& notes);

/// The targets of the workset's build folders that have units of it, by the names that facts give these.
std::vector<link::BuildTarget> builtTargets(Workset& workset);

} // namespace forklint::driver
