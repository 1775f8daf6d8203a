// fork-in-event-loop: a fork while an event loop runs, whose descriptors and callbacks the child inherits.
#include "analyzers/check/rule.h"

using namespace forklint;
using namespace forklint::check;

FORKLINT_RULE("fork-in-event-loop") {
  for (const solve::Fork& fork : context.solution.forks) {
    Variants variants = fork.variants & (fork.python ? context.targets : allVariants);
    bool inLoop = (fork.contexts & bit(link::Context::EventLoop)) != 0;
    if (!variants || !inLoop || fork.beforeExec || (fork.child.execs && !fork.child.returns)) continue;
    Finding finding;
    finding.rule = "fork-in-event-loop";
    finding.cause = threadsAt(fork.path);
    // Workers of a pool, and a library's own server, run nothing of what was around the fork.
    bool runsProgram = fork.child.calls || fork.child.unseen || fork.child.returns;
    finding.level = fork.doubtful || fork.manyChildren || !runsProgram ? Level::Note : Level::Warning;
    if (fork.doubtful) finding.confidence = Confidence::Low;
    finding.location = locationOf(fork.path.back());
    finding.message = "forks while an event loop runs: parent and child share what the loop waits on";
    if (fork.python) {
      finding.python = versions(variants);
      finding.platform = "linux";
    }
    appendFork(finding.steps, fork, "`" + fork.model + "` forks here, inside of the loop");
    context.report(std::move(finding));
  }
}
