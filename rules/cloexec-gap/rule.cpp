// cloexec-gap: a pipe that children inherit whom it does not concern, so that its reader waits for ever.
#include "analyzers/check/rule.h"

using namespace forklint;
using namespace forklint::check;

FORKLINT_RULE("cloexec-gap") {
  for (const solve::OpenPipe& pipe : context.solution.openPipes) {
    bool hasThreads = pipe.isRaced;
    for (const solve::Fork& fork : context.solution.forks)
      hasThreads |=
          fork.mayHaveThreads() && fork.path.back().function->unit == pipe.path.back().function->unit;
    if (!hasThreads) continue;
    Finding finding;
    finding.rule = "cloexec-gap";
    finding.level = Level::Warning;
    finding.confidence = Confidence::Medium;
    finding.location = locationOf(pipe.path.back());
    finding.message =
        pipe.isRaced
            ? "a child that another thread starts before this pipe is closed at exec inherits its "
              "ends: whoever reads it waits for that child too"
            : "the end of this pipe to write into stays open, and exec does not close it: each later "
              "child inherits it, and the reader waits for all of them";
    appendPath(finding.steps, pipe.path, "object",
               "`" + pipe.model + "` opens both ends here, for all children");
    context.report(std::move(finding));
  }
}
