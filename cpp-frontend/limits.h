// What one unit may take of the machine, so that an endless parse costs a unit and not the run.
#pragma once

#include <cstdint>

namespace forklint::cpp {

/// From now on: CPU of this process in seconds, then it ends by SIGXCPU; address space in megabytes, then it
/// ends with status `outOfMemory` (protocol.h). 0: any.
void limitResources(uint32_t seconds, uint32_t megabytes);

} // namespace forklint::cpp
