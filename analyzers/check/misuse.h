// What rules about a single call have in common: a misuse that the solver noted as a finding.
#pragma once

#include "analyzers/check/rule.h"

#include <optional>

namespace forklint::check {

/// How a rule tells a misuse.
struct Telling {
  const char* rule;
  Level level = Level::Warning;
  std::string message;
  const char* earlierRole = ""; // of the step that shows what came before
  std::optional<std::string> earlierMessage = std::nullopt;
  const char* here = nullptr; // what the last step says; else it is the call
};

/// A child uses what its parent has opened: the rules about it differ in what that does.
Telling useOfInherited(const solve::Misuse& misuse, const char* rule, Level level, std::string message);

/// What a handler does that runs in every child: a finding at where the handler is given, whose call is told
/// as `here`.
Finding findingOfHandler(const solve::Misuse& misuse, Variants variants, const char* rule, Level level,
                         std::string message, const char* here);

/// Calls `judge(misuse, versions)` for each of the kind that concerns a supported version.
void eachMisuse(const RuleContext& context, llvm::StringRef kind,
                llvm::function_ref<void(const solve::Misuse&, Variants)> judge);

/// At the call of the misuse; a doubtful one is a note.
Finding findingOf(const solve::Misuse& misuse, Variants variants, const Telling& telling);

/// The level of what fails in some versions only: an error where all that are supported are meant.
inline Level levelFor(const RuleContext& context, Variants variants) {
  return (context.targets & ~variants) == 0 ? Level::Error : Level::Note;
}

} // namespace forklint::check
