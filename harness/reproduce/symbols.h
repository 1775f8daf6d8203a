// Names for instructions. Guarantees: a name comes from the file's own symbols and lines; without a tool to
// read them, or without symbols, it is file and offset.
#pragma once

#include "harness/supervisor/proof.h"

#include <string>

namespace forklint::harness {

/// "log.cpp:28 in log(...)": the innermost frame outside the system's headers; else "libc.so.6+0x8a0b9".
std::string describe(const CodePlace& place);

} // namespace forklint::harness
