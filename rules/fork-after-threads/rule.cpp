// fork-after-threads: a fork whose child goes on running the program, at a point where a thread may be alive.
#include "analyzers/check/rule.h"

#include "llvm/ADT/Twine.h"

using namespace forklint;
using namespace forklint::check;

namespace {

/// A child that does nothing but exec or leave meets nothing that a vanished thread held.
bool meetsNothing(const solve::Fork& fork) {
  const solve::ChildDeeds& child = fork.child;
  return child.execs && !child.exitsFull && !child.unseen;
}

Finding describe(const solve::Fork& fork, Variants variants) {
  const solve::Living& first = fork.alive.front();
  Finding finding;
  finding.rule = "fork-after-threads";
  finding.location = locationOf(fork.path.back());
  finding.message =
      "forks while a thread may be alive: the child inherits locks that the thread holds, and nobody "
      "there will release them";
  if (fork.python) {
    finding.python = versions(variants);
    finding.platform = "linux";
  }
  for (const solve::Living& living : fork.alive) {
    appendPath(finding.steps, living.begun, "thread-start", "`" + living.model + "` begins a thread here");
    if (!living.made.empty()) finding.steps.back().object = locationOf(living.made.back());
  }
  appendPath(finding.steps, fork.path, "fork",
             "`" + fork.model + "` forks here while the thread may hold a lock");
  if (first.begun.size() > 12 || fork.path.size() > 12) finding.confidence = Confidence::Medium;
  return finding;
}

} // namespace

FORKLINT_RULE("fork-after-threads") {
  for (const solve::Fork& fork : context.solution.forks) {
    Variants variants = fork.variants & (fork.python ? context.targets : allVariants);
    if (!variants || fork.alive.empty() || fork.beforeExec || meetsNothing(fork)) continue;
    context.report(describe(fork, variants));
  }
}
