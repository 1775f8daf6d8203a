// The interface of a rule, and the registry. A rule is a folder rules/<name>/ with rule.cpp and rule.md: the
// code registers itself, the page's front matter gives level, summary and languages. Rules read Program and
// Solution and report findings; they keep no state.
#pragma once

#include "analyzers/check/finding.h"
#include "analyzers/solve/solution.h"

#include "llvm/ADT/StringRef.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace forklint::check {

/// The text of a file that facts name, or nothing where it cannot be read.
using ReadSource = std::function<std::optional<std::string>(const std::string& path)>;

/// What a rule works on. `targets` are the versions that the user supports, `libc` as in "glibc-2.36".
struct RuleContext {
  const link::Program& program;
  const solve::Solution& solution;
  Variants targets = allVariants;
  llvm::StringRef libc;
  std::function<void(Finding)> report;
  ReadSource readSource;
};

struct Rule {
  const char* name;
  void (*check)(const RuleContext& context);
};

/// All rules, by name.
std::vector<Rule> allRules();

struct RuleRegistration {
  RuleRegistration(const char* name, void (*check)(const RuleContext& context));
};

/// Where a hop is, for a report.
Location locationOf(const solve::Hop& hop);
/// The cause of what is wrong at a fork, whose path it is: the strongest of it is told.
std::string causeAt(const solve::Path& fork);
/// The calls of a path as steps that lead to its last hop, without those that the steps begin with already;
/// the last hop has `role` and `message`.
void appendPath(std::vector<Step>& steps, const solve::Path& path, llvm::StringRef role,
                llvm::StringRef message);
/// The way to a fork, and where what forks was made, if that is known.
void appendFork(std::vector<Step>& steps, const solve::Path& fork, const std::optional<solve::Hop>& made,
                llvm::StringRef message);
inline void appendFork(std::vector<Step>& steps, const solve::Fork& fork, llvm::StringRef message) {
  appendFork(steps, fork.path, fork.made, message);
}

/// Runs all rules; findings are sorted, equal ones (same rule and place) merged, levels lowered in test code.
std::vector<Finding> runRules(const link::Program& program, const solve::Solution& solution, Variants targets,
                              llvm::StringRef libc = "glibc", ReadSource readSource = {});

} // namespace forklint::check

/// Defines and registers the rule of this folder: FORKLINT_RULE("name") { … uses `context` … }
#define FORKLINT_RULE(name)                                                                                  \
  static void checkRule(const forklint::check::RuleContext& context);                                        \
  static const forklint::check::RuleRegistration registration{name, &checkRule};                             \
  static void checkRule([[maybe_unused]] const forklint::check::RuleContext& context)
