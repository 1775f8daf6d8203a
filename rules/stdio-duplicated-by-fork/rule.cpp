// stdio-duplicated-by-fork: what the parent has left in the buffer of a stream is written by its child, too.
#include "analyzers/check/rule.h"
#include "analyzers/check/child-only.h"

#include "llvm/ADT/STLExtras.h"

using namespace forklint;
using namespace forklint::check;

FORKLINT_RULE("stdio-duplicated-by-fork") {
  for (const solve::Fork& fork : context.solution.forks) {
    if (fork.python || fork.writtenTwice.empty() || !fork.parentGoesOn || fork.sharesMemory()) continue;
    // A child that goes on as the program, as a daemon does, has sent its streams elsewhere by then.
    auto own = llvm::find_if(fork.writtenAt,
                             [&](const solve::Path& exit) { return isOnlyOfChild(context, fork, exit); });
    if (own == fork.writtenAt.end()) continue;
    Finding finding;
    finding.rule = "stdio-duplicated-by-fork";
    finding.cause = causeAt(fork.path);
    finding.remainder = true;
    finding.level = fork.doubtful ? Level::Note : Level::Warning;
    if (fork.doubtful) finding.confidence = Confidence::Low;
    finding.location = locationOf(fork.path.back());
    finding.message =
        "what is in the buffer of a stream here is written twice: by the program, and by this child when it "
        "ends with exit handlers";
    appendPath(finding.steps, fork.writtenTwice, "object", "this is written, and stays in the buffer");
    appendFork(finding.steps, fork, "`" + fork.model + "` copies the buffer here");
    appendPath(finding.steps, *own, "child", "the child writes its copy when it ends here");
    context.report(std::move(finding));
  }
}
