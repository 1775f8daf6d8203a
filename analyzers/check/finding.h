// What a rule says, in the shape of the report contract `forklint-report/1`: every renderer, the
// suppressions, the baseline and the observations work on these types and on nothing else.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace forklint::check {

enum class Level : uint8_t { Note, Warning, Error };
enum class Confidence : uint8_t { Low, Medium, High };
enum class FixSafety : uint8_t { Safe, Unsafe, Display };

/// Lines and columns count from 1, columns in bytes, the end column is exclusive; 0 is "not known".
struct Location {
  std::string path;
  uint32_t line = 0;
  uint32_t column = 0;
  uint32_t endLine = 0;
  uint32_t endColumn = 0;
  auto operator<=>(const Location&) const = default;
};

/// One hop of the path behind a finding. `role` is a word such as thread-start, fork, lock, child, import,
/// send. `object` is the place that made the lock, thread or pool.
struct Step {
  std::string role;
  Location location;
  std::string function;
  std::string message;
  std::optional<Location> object;
};

/// Seconds are for this call site, over all its copies.
struct Cost {
  uint64_t bytes = 0;
  uint64_t copies = 0;
  double seconds = 0;
  double secondsLow = 0;
  double secondsHigh = 0;
  bool calibrated = false;
};

struct Evidence {
  std::string kind; // scenario, observed, confirmed, refuted
  std::string summary;
  std::string record;
};

struct Edit {
  Location location; // the range replaced
  std::string replacement;
};

struct Fix {
  FixSafety safety = FixSafety::Display;
  std::string title;
  std::vector<Edit> edits;
};

struct Finding {
  std::string rule;
  std::vector<std::string> also; // rules that this finding stands for
  std::string cause;             // findings with one cause are one hazard; empty: no other rule speaks of it
  bool remainder = false;        // given only where no other rule with its cause says something as strong
  Level level = Level::Warning;
  Confidence confidence = Confidence::High;
  Location location;
  std::string message; // lower case, no final period, stands alone
  std::string python;  // versions for which it holds, "3.8-3.13"; empty outside Python
  std::string platform;
  std::vector<Step> steps;
  std::optional<Cost> cost;
  std::vector<Evidence> evidence;
  std::vector<Fix> fixes;
  std::string fingerprint;
};

/// How many units there were and what became of them.
struct Summary {
  uint32_t pythonUnits = 0; // that were analysed, if only in part
  uint32_t cppUnits = 0;    // the same
  uint32_t lostUnits = 0;   // of which nothing is known
  uint32_t complete = 0;
  uint32_t suppressed = 0;
  uint32_t cutRoots = 0;      // programs and libraries that the solver left at its work bound
  uint32_t cutFunctions = 0;  // that took most of a root's work: the solver left them there
  uint32_t cutUnits = 0;      // units that hold one; they are not `complete`
  uint32_t closedFolders = 0; // that could not be listed, so that nobody knows what units they hold
};

/// What `--stats` tells of a run.
struct Statistics {
  struct Files {
    uint64_t files = 0, bytes = 0;
  };
  struct UnknownCallee {
    std::string name, reason;
    uint64_t sites = 0;
  };
  /// Of functions.
  struct Bodies {
    uint64_t bodies = 0, bytes = 0;
  };
  Files discovered, read, skimmed, cached, parsed; // cached: their facts were; those are not parsed
  Files sharing;                                   // parsed on top of headers that they share
  Bodies leftOut, leadingToForks, leadingToEffects,
      entered;                                      // those that were left out at first, and then read
  uint64_t resolved = 0, modelled = 0, unknown = 0; // call sites in functions that lead to a fork
  std::vector<UnknownCallee> unknownCallees;        // most frequent first
};

/// A finding that a comment excuses.
struct SuppressedFinding {
  Finding finding;
  Location comment;
};

/// What a run says: findings sorted by path, line, column, rule.
struct Report {
  std::vector<Finding> findings;
  Summary summary;
  std::optional<Statistics> statistics = std::nullopt; // where they are asked for
  std::vector<SuppressedFinding> suppressed;
};

const char* spelling(Level level);
const char* spelling(Confidence confidence);
const char* spelling(FixSafety safety);

} // namespace forklint::check
