// stale-global-in-workers: workers read a global that their parent assigns after it has made them.
#include "analyzers/check/misuse.h"

using namespace forklint;
using namespace forklint::check;

FORKLINT_RULE("stale-global-in-workers") {
  eachMisuse(context, "stale-global-in-workers", [&](const solve::Misuse& misuse, Variants variants) {
    Finding finding = findingOf(misuse, variants,
                                {.rule = "stale-global-in-workers",
                                 .message = "makes workers before `" + misuse.why +
                                            "` is assigned, which their tasks read: there it is not set",
                                 .earlierRole = "fork",
                                 .earlierMessage = "`" + misuse.earlierModel + "` forks the workers here",
                                 .here = "a task that reads it is sent here"});
    finding.location = locationOf(misuse.earlier.back());
    context.report(std::move(finding));
  });
}
