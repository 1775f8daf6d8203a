// rng-duplicated-by-fork: workers draw from a generator that was seeded before the fork.
#include "analyzers/check/misuse.h"

using namespace forklint;
using namespace forklint::check;

FORKLINT_RULE("rng-duplicated-by-fork") {
  eachMisuse(context, "generator", [&](const solve::Misuse& misuse, Variants variants) {
    if (!misuse.manyChildren) return;
    context.report(findingOf(
        misuse, variants,
        useOfInherited(
            misuse, "rng-duplicated-by-fork", Level::Warning,
            "each worker draws the same random numbers: the generator has its state from before the fork")));
  });
}
