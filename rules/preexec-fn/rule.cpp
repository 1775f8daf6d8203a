// preexec-fn: Python code that runs between fork and exec.
#include "analyzers/check/rule.h"

using namespace forklint;
using namespace forklint::check;

FORKLINT_RULE("preexec-fn") {
  for (const solve::Fork& fork : context.solution.forks) {
    Variants variants = fork.variants & context.targets;
    if (!fork.beforeExec || !variants) continue;
    Finding finding;
    finding.rule = "preexec-fn";
    finding.location = locationOf(fork.path.back());
    finding.level = fork.alive.empty() ? Level::Warning : Level::Error;
    finding.message = fork.alive.empty()
                          ? "runs Python code between fork and exec, which can hang when a thread exists"
                          : "runs Python code between fork and exec while a thread may be alive";
    finding.python = versions(variants);
    finding.platform = "linux";
    for (const solve::Living& living : fork.alive)
      appendPath(finding.steps, living.begun, "thread-start", "`" + living.model + "` begins a thread here");
    appendPath(finding.steps, fork.path, "fork",
               "`" + fork.model + "` forks here and runs the function in the child");
    context.report(std::move(finding));
  }
}
