// unsafe-atfork-handler: a handler that runs in every child takes what a thread may have held at the fork, or
// the handlers of a library leave out one of its locks.
#include "analyzers/check/misuse.h"

using namespace forklint;
using namespace forklint::check;

FORKLINT_RULE("unsafe-atfork-handler") {
  eachMisuse(context, "unsafe-atfork-handler", [&](const solve::Misuse& misuse, Variants variants) {
    context.report(findingOfHandler(misuse, variants, "unsafe-atfork-handler", Level::Warning,
                                    "the handler that runs in every child " + misuse.why,
                                    "it is taken here"));
  });
  eachMisuse(context, "handlers-at-forks", [&](const solve::Misuse& misuse, Variants variants) {
    context.report(findingOfHandler(misuse, variants, "unsafe-atfork-handler", Level::Warning, misuse.why,
                                    "this is where it shows"));
  });
}
