#include "analyzers/support/amounts.h"

#include "llvm/Support/FormatVariadic.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <iterator>

namespace forklint {

std::string bytesText(uint64_t bytes) {
  if (bytes < 1024) return std::to_string(bytes) + (bytes == 1 ? " byte" : " bytes");
  const char* units[] = {"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  double value = static_cast<double>(bytes) / 1024;
  size_t unit = 0;
  while (value >= 1023.5 && unit + 1 < std::size(units))
    value /= 1024, ++unit;
  double rounded = value < 9.95 ? std::round(value * 10) / 10 : std::round(value);
  bool whole = rounded == std::floor(rounded);
  return llvm::formatv(whole ? "{0:f0} {1}" : "{0:f1} {1}", rounded, units[unit]).str();
}

std::string secondsText(double seconds, unsigned digits) {
  if (!(seconds > 0)) return "0 s";
  double unit = std::pow(10, std::floor(std::log10(seconds)) + 1 - digits);
  double rounded = std::round(seconds / unit) * unit;
  if (std::log10(rounded) - std::log10(unit) > digits - 0.01) unit *= 10; // 0.96 became 1.0
  int decimals = std::max(0, static_cast<int>(-std::floor(std::log10(unit) + 0.5)));
  char buffer[64];
  std::snprintf(buffer, sizeof buffer, "%.*f s", decimals, rounded);
  return buffer;
}

} // namespace forklint
