// lock-held-across-fork: the forking thread itself holds a lock at the fork.
#include "analyzers/check/rule.h"

using namespace forklint;
using namespace forklint::check;

namespace {

/// The child goes on as the program, alone: what the thread held it holds itself, and gives it back as
/// before.
bool isHandedOn(const solve::Fork& fork) {
  return !fork.python && fork.comesBack && !fork.parentGoesOn && fork.alive.empty();
}

/// Nothing in the child is known to take it, and all that the child does is seen.
bool isHarmless(const solve::Fork& fork) {
  return fork.child.execs || (!fork.child.unseen && !fork.child.returns);
}

Finding describe(const solve::Fork& fork, const solve::Held& held, Variants variants) {
  bool isTaken = !held.takenInChild.empty();
  Finding finding;
  finding.rule = "lock-held-across-fork";
  if (!fork.python && !isTaken) {
    finding.cause = causeAt(fork.path);
    finding.remainder = true;
  }
  finding.level = fork.doubtful || held.doubtful ? Level::Note
                  : isTaken                      ? Level::Error
                  : isHarmless(fork)             ? Level::Note
                                                 : Level::Warning;
  if (fork.doubtful || held.doubtful) finding.confidence = Confidence::Low;
  finding.location = locationOf(fork.path.back());
  finding.message = isTaken
                        ? "forks while it holds a lock that the child takes again: the child waits for itself"
                        : "forks while it holds a lock: in the child nobody gives it back";
  if (fork.python) {
    finding.python = versions(variants);
    finding.platform = "linux";
  }
  appendPath(finding.steps, held.acquired, "lock", "the lock is taken here");
  appendFork(finding.steps, fork, "`" + fork.model + "` forks here while it is held");
  if (isTaken) appendPath(finding.steps, held.takenInChild, "child", "the child takes it again here");
  return finding;
}

} // namespace

FORKLINT_RULE("lock-held-across-fork") {
  for (const solve::Fork& fork : context.solution.forks) {
    Variants variants = fork.variants & (fork.python ? context.targets : allVariants);
    if (!variants || fork.beforeExec || isHandedOn(fork)) continue;
    for (const solve::Held& held : fork.held)
      if (!held.isGivenBack || !held.takenInChild.empty()) context.report(describe(fork, held, variants));
  }
}
