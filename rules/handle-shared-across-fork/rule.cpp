// handle-shared-across-fork: what was opened before the fork is used in the child.
#include "analyzers/check/misuse.h"

using namespace forklint;
using namespace forklint::check;

FORKLINT_RULE("handle-shared-across-fork") {
  eachMisuse(context, "handle", [&](const solve::Misuse& misuse, Variants variants) {
    context.report(findingOf(
        misuse, variants,
        useOfInherited(
            misuse, "handle-shared-across-fork", Level::Warning,
            "the child uses what its parent opened before the fork: both work on one connection or file")));
  });
}
