// missing-main-guard: a module starts processes while it is imported, which a new process does again.
#include "analyzers/check/misuse.h"

using namespace forklint;
using namespace forklint::check;

FORKLINT_RULE("missing-main-guard") {
  eachMisuse(context, "missing-main-guard", [&](const solve::Misuse& misuse, Variants variants) {
    context.report(findingOf(misuse, variants,
                             {.rule = "missing-main-guard",
                              .level = levelFor(context, variants),
                              .message = "starts a process while its module is imported: a process that "
                                         "begins anew imports it again and fails",
                              .here = "the process is started here"}));
  });
}
