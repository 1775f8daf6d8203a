// Amounts as a person says them: no more digits than are known.
#pragma once

#include <cstdint>
#include <string>

namespace forklint {

/// "3 bytes", "64 MiB", "1.5 GiB": two digits below ten, else whole.
std::string bytesText(uint64_t bytes);
/// "0.3 s", "5 s", "20 s": one digit that counts, two where `digits` is 2.
std::string secondsText(double seconds, unsigned digits = 1);

} // namespace forklint
