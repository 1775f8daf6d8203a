// unsafe-call-in-child: a call in the child that takes a lock of the C library which fork does not reset.
#include "analyzers/check/rule.h"

using namespace forklint;
using namespace forklint::check;

FORKLINT_RULE("unsafe-call-in-child") {
  for (const solve::Fork& fork : context.solution.forks) {
    if (fork.python || fork.alive.empty()) continue;
    for (const solve::UnsafeCall& call : fork.unsafeCalls) {
      Finding finding;
      finding.rule = "unsafe-call-in-child";
      finding.level = call.tier == 1 ? Level::Error : Level::Note;
      finding.location = locationOf(call.path.back());
      finding.message = "`" + call.model + "` in a forked child takes " + call.lock +
                        ", which a vanished thread may hold for ever";
      for (const solve::Living& living : fork.alive)
        appendPath(finding.steps, living.begun, "thread-start",
                   "`" + living.model + "` begins a thread here");
      appendPath(finding.steps, fork.path, "fork", "`" + fork.model + "` forks here");
      appendPath(finding.steps, call.path, "child", "the child calls `" + call.model + "`");
      context.report(std::move(finding));
    }
  }
}
