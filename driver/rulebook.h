// The rules by name, with their pages: what `forklint rule` prints and what a rule name is checked against.
#pragma once

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/Error.h"

#include <string>
#include <utility>
#include <vector>

namespace forklint::driver {

struct RuleOptions;

/// Folder name and text of each rules/*/rule.md (generated at build time).
llvm::ArrayRef<std::pair<llvm::StringRef, llvm::StringRef>> rulePages();

/// Every name that a command line, configuration or comment may use.
const llvm::StringSet<>& ruleNames();

/// The first words of the page's `Use instead`; empty where it begins with code.
std::string useInstead(llvm::StringRef rule);

/// Is a finding of the rule, where processes begin anew, only not seen any more? Its page says
/// `may-stay-unseen`.
bool mayStayUnseen(llvm::StringRef rule);

/// The verb `rule`; gives the exit status.
int showRules(const RuleOptions& options);

} // namespace forklint::driver
