// unsafe-call-in-child: a call in the child that takes a lock of the C library. An error where the way the
// child was made leaves the lock as a vanished thread held it, a note where it does not.
#include "analyzers/check/rule.h"

using namespace forklint;
using namespace forklint::check;

namespace {

/// A child of vfork runs on its parent's memory: there the lock has an owner, and what it guards is the
/// parent's.
std::string hazard(const solve::Fork& fork, const solve::UnsafeCall& call) {
  std::string what = "`" + call.model + "` in a child of `" + fork.model + "` takes " + call.lock;
  return fork.primitive == "vfork" ? what + " in its parent's memory"
                                   : what + ", which a vanished thread may hold for ever";
}

void judge(const RuleContext& context, const solve::Fork& fork, const solve::UnsafeCall& call) {
  bool isReset = context.program.models().isReset(call.lock, context.libc, fork.primitive);
  Finding finding;
  finding.rule = "unsafe-call-in-child";
  finding.cause = threadsAt(fork.path);
  bool certain = fork.isCertain();
  finding.level = isReset || !certain ? Level::Note : Level::Error;
  if (!certain) finding.confidence = Confidence::Low;
  finding.location = locationOf(call.path.back());
  finding.message = isReset ? "`" + call.model + "` in a child of `" + fork.model + "` takes " + call.lock +
                                  ", which " + context.libc.str() + " makes free there"
                            : hazard(fork, call);
  for (const solve::Living& living : fork.alive)
    if (!living.doubtful || !certain)
      appendPath(finding.steps, living.begun, "thread-start", "`" + living.model + "` begins a thread here");
  appendFork(finding.steps, fork, "`" + fork.model + "` forks here");
  appendPath(finding.steps, call.path, "child", "the child calls `" + call.model + "`");
  context.report(std::move(finding));
}

} // namespace

FORKLINT_RULE("unsafe-call-in-child") {
  for (const solve::Fork& fork : context.solution.forks) {
    if (fork.python || fork.alive.empty()) continue;
    for (const solve::UnsafeCall& call : fork.unsafeCalls)
      judge(context, fork, call);
  }
}
