// join-before-drain: a child is waited for before what it puts into a queue or a pipe is read.
#include "analyzers/check/misuse.h"

using namespace forklint;
using namespace forklint::check;

FORKLINT_RULE("join-before-drain") {
  eachMisuse(context, "join-before-drain", [&](const solve::Misuse& misuse, Variants variants) {
    context.report(findingOf(
        misuse, variants,
        {.rule = "join-before-drain",
         .level = Level::Error,
         .message =
             "waits for a child before its queue or pipe is read: the child can not end while it is full",
         .earlierRole = "child",
         .earlierMessage = "the child puts something into it here",
         .here = "the parent waits here, and reads it later"}));
  });
}
