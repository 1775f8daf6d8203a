// sync-primitive-as-task-argument: a lock, queue or event that can only be inherited is sent with a task.
#include "analyzers/check/misuse.h"

using namespace forklint;
using namespace forklint::check;

FORKLINT_RULE("sync-primitive-as-task-argument") {
  eachMisuse(context, "sync-primitive-as-task-argument", [&](const solve::Misuse& misuse, Variants variants) {
    context.report(findingOf(misuse, variants,
                             {.rule = "sync-primitive-as-task-argument",
                              .level = Level::Error,
                              .message = "sends " + misuse.why +
                                         " with a task, which can only be inherited when the process starts",
                              .here = "it is pickled here"}));
  });
}
