// lock-shared-with-child: the child takes a lock that a thread which was alive at the fork takes too.
#include "analyzers/check/rule.h"

#include "llvm/ADT/STLExtras.h"

using namespace forklint;
using namespace forklint::check;

namespace {

Finding describe(const solve::Fork& fork, const solve::Living& thread, const std::string& lock,
                 Variants variants) {
  const solve::Met& inChild = fork.child.meets.at(lock);
  const solve::Met& inThread = thread.deeds.meets.at(lock);
  Finding finding;
  finding.rule = "lock-shared-with-child";
  finding.cause = causeAt(fork.path);
  // What only the end of the child takes, to write what the program has printed, is met less often.
  finding.level = fork.doubtful || thread.doubtful ? Level::Note
                  : inChild.isAtEnd                ? Level::Warning
                                                   : Level::Error;
  if (finding.level == Level::Note) finding.confidence = Confidence::Low;
  finding.location = locationOf(fork.path.back());
  finding.message = "the child takes " + (inChild.isNamed ? "the lock of " + lock : std::string("a lock")) +
                    " that a thread may hold at the fork: then it waits for ever";
  if (fork.python) {
    finding.python = versions(variants);
    finding.platform = "linux";
  }
  appendPath(finding.steps, thread.begun, "thread-start", "`" + thread.model + "` begins a thread here");
  appendPath(finding.steps, {inThread.at}, "lock", "the thread takes the lock here");
  appendFork(finding.steps, fork, "`" + fork.model + "` forks here while the thread may hold the lock");
  appendPath(finding.steps, {inChild.at}, "child", "the child takes the lock here");
  if (inChild.made.function) finding.steps.back().object = locationOf(inChild.made);
  return finding;
}

} // namespace

FORKLINT_RULE("lock-shared-with-child") {
  for (const solve::Fork& fork : context.solution.forks) {
    Variants variants = fork.variants & (fork.python ? context.targets : allVariants);
    if (!variants || fork.beforeExec) continue;
    for (const solve::Living& thread : fork.alive) {
      auto shared = llvm::find_if(fork.child.meets, [&](const auto& met) {
        auto inThread = thread.deeds.meets.find(met.first);
        // A promise covers what the thread's author does not own; a lock of the program is seen to be shared.
        if (thread.promise && !met.second.made.function) return false;
        return inThread != thread.deeds.meets.end() && !fork.keepsFrom(inThread->second.under);
      });
      if (shared == fork.child.meets.end()) continue;
      context.report(describe(fork, thread, shared->first, variants));
    }
  }
}
