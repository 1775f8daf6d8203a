#include "analyzers/check/misuse.h"

namespace forklint::check {

void eachMisuse(const RuleContext& context, llvm::StringRef kind,
                llvm::function_ref<void(const solve::Misuse&, Variants)> judge) {
  for (const solve::Misuse& misuse : context.solution.misuses) {
    bool isPython = misuse.path.back().function->unit->language == "python";
    Variants variants = misuse.variants & (isPython ? context.targets : allVariants);
    if (misuse.kind == kind && variants) judge(misuse, variants);
  }
}

Finding findingOf(const solve::Misuse& misuse, Variants variants, const Telling& telling) {
  Finding finding;
  finding.rule = telling.rule;
  finding.level = misuse.doubtful ? Level::Note : telling.level;
  if (misuse.doubtful) finding.confidence = Confidence::Low;
  finding.location = locationOf(misuse.path.back());
  finding.message = telling.message;
  if (misuse.path.back().function->unit->language == "python") {
    finding.python = versions(variants);
    finding.platform = "linux";
  }
  if (telling.earlierMessage && !misuse.earlier.empty())
    appendPath(finding.steps, misuse.earlier, telling.earlierRole, *telling.earlierMessage);
  if (!misuse.fork.empty()) appendFork(finding.steps, misuse.fork, misuse.made, "the child is made here");
  appendPath(finding.steps, misuse.path, misuse.fork.empty() ? "call" : "child",
             telling.here ? telling.here : "`" + misuse.model + "` is called here");
  return finding;
}

Finding findingOfHandler(const solve::Misuse& misuse, Variants variants, const char* rule, Level level,
                         std::string message, const char* here) {
  Finding finding = findingOf(misuse, variants,
                              {.rule = rule,
                               .level = level,
                               .message = std::move(message),
                               .earlierRole = "handler",
                               .earlierMessage = "the handler is given here",
                               .here = here});
  finding.location = locationOf(misuse.earlier.back());
  return finding;
}

Telling useOfInherited(const solve::Misuse& misuse, const char* rule, Level level, std::string message) {
  return {.rule = rule,
          .level = level,
          .message = std::move(message),
          .earlierRole = "object",
          .earlierMessage = "`" + misuse.earlierModel + "` is opened here, before the fork",
          .here = "the child uses it here"};
}

} // namespace forklint::check
