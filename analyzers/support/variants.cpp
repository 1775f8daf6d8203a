#include "analyzers/support/variants.h"

#include <algorithm>

namespace forklint {
namespace {

std::optional<unsigned> minorOf(llvm::StringRef text) {
  unsigned minor = 0;
  if (!text.consume_front("3.") || text.getAsInteger(10, minor)) return std::nullopt;
  return minor;
}

} // namespace

std::optional<Variants> parseVersions(llvm::StringRef text) {
  auto [from, to] = text.trim().split('-');
  std::optional<unsigned> low = minorOf(from);
  if (!low) return std::nullopt;
  unsigned high = *low;
  if (text.contains('-')) {
    if (to.empty())
      high = lastMinor;
    else if (std::optional<unsigned> given = minorOf(to))
      high = *given;
    else
      return std::nullopt;
  }
  Variants bits = 0;
  for (unsigned minor = std::max(*low, firstMinor); minor <= std::min(high, lastMinor); ++minor)
    bits |= 1u << (minor - firstMinor);
  return bits;
}

std::string versions(Variants variants) {
  std::string text;
  for (unsigned minor = firstMinor; minor <= lastMinor; ++minor) {
    if (!(variants >> (minor - firstMinor) & 1)) continue;
    unsigned end = minor;
    while (end < lastMinor && (variants >> (end + 1 - firstMinor) & 1))
      ++end;
    if (!text.empty()) text += ", ";
    text += "3." + std::to_string(minor);
    if (end > minor) text += "-3." + std::to_string(end);
    minor = end;
  }
  return text;
}

} // namespace forklint
