// dead-pool-in-child: a pool of threads that was used before the fork is used in the child.
#include "analyzers/check/misuse.h"

using namespace forklint;
using namespace forklint::check;

FORKLINT_RULE("dead-pool-in-child") {
  eachMisuse(context, "pool", [&](const solve::Misuse& misuse, Variants variants) {
    Finding finding =
        findingOf(misuse, variants,
                  useOfInherited(misuse, "dead-pool-in-child", Level::Error,
                                 "the child uses a pool of threads that was started before the fork: its "
                                 "threads do not exist there"));
    finding.cause = causeAt(misuse.fork);
    context.report(std::move(finding));
  });
}
