// fork-in-signal-handler: a fork in a handler of a signal, which may have interrupted anything.
#include "analyzers/check/rule.h"

using namespace forklint;
using namespace forklint::check;

namespace {

/// Python runs a handler between two steps of the program. A child that does nothing but exec is then like
/// any other.
bool execsAtOnce(const solve::Fork& fork) {
  return fork.python && fork.child.execs && !fork.child.unseen && fork.child.meets.empty();
}

} // namespace

FORKLINT_RULE("fork-in-signal-handler") {
  for (const solve::Fork& fork : context.solution.forks) {
    Variants variants = fork.variants & (fork.python ? context.targets : allVariants);
    bool inHandler = (fork.contexts & bit(link::Context::SignalHandler)) != 0;
    if (!variants || !inHandler || execsAtOnce(fork)) continue;
    Finding finding;
    finding.rule = "fork-in-signal-handler";
    finding.cause = threadsAt(fork.path);
    finding.level = fork.doubtful ? Level::Note : Level::Error;
    if (fork.doubtful) finding.confidence = Confidence::Low;
    finding.location = locationOf(fork.path.back());
    finding.message =
        "forks in a handler of a signal: the child inherits what the signal has interrupted, locks included";
    if (fork.python) {
      finding.python = versions(variants);
      finding.platform = "linux";
    }
    appendFork(finding.steps, fork, "`" + fork.model + "` forks here, in the handler");
    context.report(std::move(finding));
  }
}
