// atfork-cannot-unlock: a handler that runs in every child unlocks what cannot be unlocked there.
#include "analyzers/check/misuse.h"

using namespace forklint;
using namespace forklint::check;

FORKLINT_RULE("atfork-cannot-unlock") {
  eachMisuse(context, "atfork-cannot-unlock", [&](const solve::Misuse& misuse, Variants variants) {
    context.report(findingOfHandler(misuse, variants, "atfork-cannot-unlock", Level::Error,
                                    "the handler that runs in every child unlocks " + misuse.why,
                                    "the lock is not free behind this"));
  });
}
