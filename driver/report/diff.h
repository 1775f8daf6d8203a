// A fix as the lines it takes away and the lines it puts in their place.
#pragma once

#include "analyzers/check/finding.h"
#include "driver/report/source.h"

#include <string>
#include <vector>

namespace forklint::driver {

struct DiffLine {
  char mark = ' '; // '-', '+', or '@' for the place of a hunk
  std::string text;
};

/// Edits of one file must not overlap. A file that cannot be read gives only what is inserted.
std::vector<DiffLine> diffOf(const check::Fix& fix, SourceCache& sources);

} // namespace forklint::driver
