// What `check --compare` tells: the changes between two versions, by what they mean for the program.
#pragma once

#include "analyzers/check/finding.h"

#include "llvm/Support/raw_ostream.h"

#include <optional>
#include <string>
#include <vector>

namespace forklint::driver {

/// A finding that comes or goes, or where `rule` is empty a start or transfer that changes.
struct Change {
  std::string rule;
  check::Level level = check::Level::Note;
  check::Location at;
  std::string message;
  std::optional<check::Cost> cost;
  std::vector<std::string> fixes; // sentences
};

/// Each by path, line, column and rule.
struct Comparison {
  std::string from, to;
  std::vector<Change> breaks, mayBreak, slower, faster, safe;
};

void print(const Comparison& comparison, llvm::raw_ostream& out);
/// Schema `forklint-compare/1`.
void printJson(const Comparison& comparison, llvm::raw_ostream& out);

} // namespace forklint::driver
