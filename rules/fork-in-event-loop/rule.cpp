// fork-in-event-loop: a fork while an event loop runs, whose descriptors and callbacks the child inherits;
// and a child that goes on with its parent's loop.
#include "analyzers/check/misuse.h"

#include "llvm/ADT/STLExtras.h"

using namespace forklint;
using namespace forklint::check;

namespace {

/// Does the parent end at once, and leave the loop to its child?
bool isLeftToChild(const RuleContext& context, const solve::Misuse& misuse) {
  // Where the loop has called who forks, the parent comes back to it.
  return llvm::none_of(context.solution.forks, [&](const solve::Fork& fork) {
    bool comesBack = (fork.contexts & bit(link::Context::EventLoop)) != 0;
    return fork.path == misuse.fork && (fork.parentGoesOn || comesBack);
  });
}

} // namespace

FORKLINT_RULE("fork-in-event-loop") {
  for (const solve::Fork& fork : context.solution.forks) {
    Variants variants = fork.variants & (fork.python ? context.targets : allVariants);
    bool inLoop = (fork.contexts & bit(link::Context::EventLoop)) != 0;
    if (!variants || !inLoop || fork.beforeExec || (fork.child.execs && !fork.child.returns)) continue;
    // In C and C++ what matters is only what it does with the loop.
    if (!fork.python) continue;
    Finding finding;
    finding.rule = "fork-in-event-loop";
    finding.cause = causeAt(fork.path);
    // Workers of a pool, and a library's own server, run nothing of what was around the fork.
    bool runsProgram = fork.child.calls || fork.child.unseen || fork.child.returns;
    finding.level = fork.doubtful || fork.manyChildren || !runsProgram ? Level::Note : Level::Warning;
    if (fork.doubtful) finding.confidence = Confidence::Low;
    finding.location = locationOf(fork.path.back());
    finding.message = "forks while an event loop runs: parent and child share what the loop waits on";
    finding.python = versions(variants);
    finding.platform = "linux";
    appendFork(finding.steps, fork, "`" + fork.model + "` forks here, inside of the loop");
    context.report(std::move(finding));
  }
  eachMisuse(context, "loop", [&](const solve::Misuse& misuse, Variants variants) {
    if (isLeftToChild(context, misuse)) return;
    context.report(
        findingOf(misuse, variants,
                  useOfInherited(misuse, "fork-in-event-loop", Level::Warning,
                                 "the child runs the event loop of its parent, and has not told it of "
                                 "the fork: both wait on one descriptor")));
  });
}
