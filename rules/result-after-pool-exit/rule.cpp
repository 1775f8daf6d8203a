// result-after-pool-exit: a result is awaited from a pool that was terminated.
#include "analyzers/check/misuse.h"

using namespace forklint;
using namespace forklint::check;

FORKLINT_RULE("result-after-pool-exit") {
  eachMisuse(context, "result-after-pool-exit", [&](const solve::Misuse& misuse, Variants variants) {
    context.report(findingOf(misuse, variants,
                             {.rule = "result-after-pool-exit",
                              .level = Level::Error,
                              .message = "awaits a result of a pool that was terminated: it never comes",
                              .earlierRole = "end",
                              .earlierMessage = "the pool is terminated here",
                              .here = "the result is awaited here"}));
  });
}
