// scratch-any-fork: every fork; a rule that exists in a test only.
#include "analyzers/check/rule.h"

using namespace forklint;
using namespace forklint::check;

FORKLINT_RULE("scratch-any-fork") {
  for (const solve::Fork& fork : context.solution.forks) {
    Finding finding;
    finding.rule = "scratch-any-fork";
    finding.location = locationOf(fork.path.back());
    finding.message = "forks here";
    context.report(finding);
  }
}
