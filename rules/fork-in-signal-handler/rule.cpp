// fork-in-signal-handler: a fork in a handler of a signal, which may have interrupted anything, or a call
// that makes processes or memory there.
#include "analyzers/check/misuse.h"

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
    finding.cause = causeAt(fork.path);
    // In a process of one thread the C library's fork takes no locks, and its other ways to make a child
    // never do.
    bool isSafe = !fork.python && (!fork.mayHaveThreads() || fork.primitive != "fork");
    finding.level = fork.doubtful || isSafe ? Level::Note : Level::Error;
    if (finding.level == Level::Note) finding.confidence = Confidence::Low;
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
  eachMisuse(context, "fork-in-signal-handler", [&](const solve::Misuse& misuse, Variants variants) {
    const link::Model* row = context.program.models().find(misuse.model);
    bool makesProcess = row && row->has(link::EffectKind::Spawns);
    // Far from where the handler begins much has been asked that nobody sees.
    constexpr size_t near = 3;
    bool isFar = misuse.path.size() > near;
    Finding finding = findingOf(misuse, variants,
                                {.rule = "fork-in-signal-handler",
                                 .level = makesProcess ? Level::Error
                                          : isFar      ? Level::Note
                                                       : Level::Warning,
                                 .message = "`" + misuse.model + "` in a handler of a signal " + misuse.why +
                                            ": the signal may have interrupted whoever holds it",
                                 .here = "it is called here, in the handler"});
    context.report(std::move(finding));
  });
}
