// unpicklable-task: what is sent to another process can not be pickled.
#include "analyzers/check/misuse.h"

using namespace forklint;
using namespace forklint::check;

FORKLINT_RULE("unpicklable-task") {
  eachMisuse(context, "unpicklable-task", [&](const solve::Misuse& misuse, Variants variants) {
    context.report(
        findingOf(misuse, variants,
                  {.rule = "unpicklable-task",
                   .level = levelFor(context, variants),
                   .message = "sends " + misuse.why + ", which can not be pickled, to another process",
                   .here = "it is pickled here"}));
  });
}
