// atfork-cannot-unlock: a handler that runs in every child unlocks what cannot be unlocked there.
#include "analyzers/check/misuse.h"

using namespace forklint;
using namespace forklint::check;

FORKLINT_RULE("atfork-cannot-unlock") {
  eachMisuse(context, "atfork-cannot-unlock", [&](const solve::Misuse& misuse, Variants variants) {
    Finding finding = findingOf(misuse, variants,
                                {.rule = "atfork-cannot-unlock",
                                 .level = Level::Error,
                                 .message = "the handler that runs in every child unlocks " + misuse.why,
                                 .earlierRole = "handler",
                                 .earlierMessage = "the handler is given here",
                                 .here = "the lock is not free behind this"});
    finding.location = locationOf(misuse.earlier.back());
    context.report(std::move(finding));
  });
}
