// implicit-start-method: a process starts in the way of the version's default, and the versions differ in it.
#include "analyzers/check/rule.h"

using namespace forklint;
using namespace forklint::check;

FORKLINT_RULE("implicit-start-method") {
  for (const solve::Fork& fork : context.solution.forks) {
    Variants forked = fork.byDefault & fork.variants & context.targets;
    // A version has one default: where that is a fork, the program itself may choose the other way elsewhere.
    Variants spawned = fork.byDefault & fork.spawned & context.targets & ~forked;
    if (!forked || !spawned) continue;
    Finding finding;
    finding.rule = "implicit-start-method";
    finding.level = Level::Note;
    finding.location = locationOf(fork.path.back());
    finding.message = "starts a process in the default way, which is a fork for Python " + versions(forked) +
                      " and a new interpreter for " + versions(spawned);
    finding.python = versions(forked | spawned);
    finding.platform = "linux";
    appendFork(finding.steps, fork, "`" + fork.model + "` starts a process here");
    context.report(std::move(finding));
  }
}
