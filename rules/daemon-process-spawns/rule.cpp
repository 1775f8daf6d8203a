// daemon-process-spawns: a daemonic process starts a process, which is not allowed.
#include "analyzers/check/misuse.h"

using namespace forklint;
using namespace forklint::check;

FORKLINT_RULE("daemon-process-spawns") {
  eachMisuse(context, "daemon-process-spawns", [&](const solve::Misuse& misuse, Variants variants) {
    context.report(findingOf(
        misuse, variants,
        {.rule = "daemon-process-spawns",
         .level = Level::Error,
         .message = "starts a process in a daemonic one, which may have no children: an AssertionError",
         .here = "the daemonic child starts a process here"}));
  });
}
