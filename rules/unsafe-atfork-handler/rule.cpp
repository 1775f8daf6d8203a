// unsafe-atfork-handler: a handler that runs in every child takes what a thread may have held at the fork.
#include "analyzers/check/misuse.h"

using namespace forklint;
using namespace forklint::check;

FORKLINT_RULE("unsafe-atfork-handler") {
  eachMisuse(context, "unsafe-atfork-handler", [&](const solve::Misuse& misuse, Variants variants) {
    Finding finding = findingOf(misuse, variants,
                                {.rule = "unsafe-atfork-handler",
                                 .message = "the handler that runs in every child " + misuse.why,
                                 .earlierRole = "handler",
                                 .earlierMessage = "the handler is given here",
                                 .here = "it is taken here"});
    finding.location = locationOf(misuse.earlier.back());
    context.report(std::move(finding));
  });
}
