// child-runs-exit-handlers: the child of a fork ends as a program ends, with the handlers of its parent.
#include "analyzers/check/rule.h"

using namespace forklint;
using namespace forklint::check;

FORKLINT_RULE("child-runs-exit-handlers") {
  for (const solve::Fork& fork : context.solution.forks) {
    Variants variants = fork.variants & context.targets;
    if (!fork.python || !variants || !fork.comesBack || !fork.parentGoesOn || !fork.child.exitsFull) continue;
    Finding finding;
    finding.rule = "child-runs-exit-handlers";
    finding.level = fork.hasExitHandlers && !fork.doubtful ? Level::Warning : Level::Note;
    if (fork.doubtful) finding.confidence = Confidence::Low;
    finding.location = locationOf(fork.path.back());
    finding.message = "the child ends like a program: it runs the exit handlers of its parent a second time";
    finding.python = versions(variants);
    finding.platform = "linux";
    appendPath(finding.steps, fork.path, "fork", "`" + fork.model + "` forks here");
    context.report(std::move(finding));
  }
}
