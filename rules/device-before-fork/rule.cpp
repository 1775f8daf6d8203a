// device-before-fork: a runtime of a device that was initialised before the fork is used in the child.
#include "analyzers/check/misuse.h"

using namespace forklint;
using namespace forklint::check;

FORKLINT_RULE("device-before-fork") {
  eachMisuse(context, "device", [&](const solve::Misuse& misuse, Variants variants) {
    context.report(findingOf(misuse, variants,
                             useOfInherited(misuse, "device-before-fork", Level::Error,
                                            "the child uses a device that was initialised before the fork: "
                                            "its runtime does not work there")));
  });
}
