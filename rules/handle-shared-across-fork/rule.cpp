// handle-shared-across-fork: what was opened before the fork is used in the child.
#include "analyzers/check/misuse.h"

#include "llvm/ADT/STLExtras.h"

using namespace forklint;
using namespace forklint::check;

namespace {

/// Does the parent end at once, and leave the file to its child?
bool isLeftToChild(const RuleContext& context, const solve::Misuse& misuse) {
  return llvm::none_of(context.solution.forks, [&](const solve::Fork& fork) {
    return fork.path == misuse.fork && (!fork.comesBack || fork.parentGoesOn);
  });
}

} // namespace

FORKLINT_RULE("handle-shared-across-fork") {
  eachMisuse(context, "handle", [&](const solve::Misuse& misuse, Variants variants) {
    context.report(findingOf(
        misuse, variants,
        useOfInherited(
            misuse, "handle-shared-across-fork", Level::Warning,
            "the child uses what its parent opened before the fork: both work on one connection or file")));
  });
  eachMisuse(context, "buffer", [&](const solve::Misuse& misuse, Variants variants) {
    if (isLeftToChild(context, misuse)) return;
    context.report(
        findingOf(misuse, variants,
                  {.rule = "handle-shared-across-fork",
                   .message = "the child writes out what its parent had left in the buffer of this file "
                              "before the fork: it is written twice",
                   .earlierRole = "object",
                   .earlierMessage = "this is written, and stays in the buffer",
                   .here = "the child writes it out here"}));
  });
}
