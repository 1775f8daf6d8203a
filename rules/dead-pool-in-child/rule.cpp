// dead-pool-in-child: a pool of threads that was used before the fork is used in the child.
#include "analyzers/check/misuse.h"

using namespace forklint;
using namespace forklint::check;

FORKLINT_RULE("dead-pool-in-child") {
  eachMisuse(context, "pool", [&](const solve::Misuse& misuse, Variants variants) {
    Finding finding =
        findingOf(misuse, variants,
                  {.rule = "dead-pool-in-child",
                   .level = Level::Error,
                   .message = "the child uses a pool of threads that was started before the fork: its "
                              "threads do not exist there",
                   .earlierRole = "object",
                   .earlierMessage = "`" + misuse.earlierModel + "` is opened here, before the fork",
                   .here = "the child uses it here"});
    finding.cause = threadsAt(misuse.fork);
    context.report(std::move(finding));
  });
}
