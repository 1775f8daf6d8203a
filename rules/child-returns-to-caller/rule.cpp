// child-returns-to-caller: child and parent both come back to a caller that can not tell them apart.
#include "analyzers/check/rule.h"

using namespace forklint;
using namespace forklint::check;

FORKLINT_RULE("child-returns-to-caller") {
  for (const solve::Fork& fork : context.solution.forks) {
    Variants variants = fork.variants & (fork.python ? context.targets : allVariants);
    if (!variants || fork.bothReturn.empty()) continue;
    const solve::BothReturn& first = fork.bothReturn.front();
    Finding finding;
    finding.rule = "child-returns-to-caller";
    finding.level = first.knownCaller ? Level::Error : Level::Note;
    finding.location = locationOf(fork.path.back());
    finding.message = first.byException
                          ? "an exception in the child leaves `" + first.function.function->body->symbol +
                                "`, and the caller goes on twice"
                          : "child and parent both return from `" + first.function.function->body->symbol +
                                "`, and its caller can not tell them apart";
    if (fork.python) {
      finding.python = versions(variants);
      finding.platform = "linux";
    }
    appendPath(finding.steps, fork.path, "fork", "`" + fork.model + "` forks here");
    context.report(std::move(finding));
  }
}
