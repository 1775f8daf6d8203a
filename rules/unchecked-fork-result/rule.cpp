// unchecked-fork-result: nobody asks whether a fork has failed; worst where -1 is then taken for a child's
// number.
#include "analyzers/check/misuse.h"

#include "llvm/ADT/STLExtras.h"

#include <set>

using namespace forklint;
using namespace forklint::check;

FORKLINT_RULE("unchecked-fork-result") {
  // Whoever asks somewhere means what follows; that the answer is not followed is not his mistake.
  std::set<std::string> asked, told;
  for (const solve::Fork& fork : context.solution.forks)
    if (fork.failureIsTested) asked.insert(causeAt(fork.path));
  for (const solve::Misuse& misuse : context.solution.misuses) {
    if (misuse.kind != "unchecked-fork-result" || asked.contains(causeAt(misuse.earlier))) continue;
    Finding finding =
        findingOf(misuse, misuse.variants,
                  {.rule = "unchecked-fork-result",
                   .message = "where `" + misuse.earlierModel + "` fails, its -1 is the process that `" +
                              misuse.model + "` acts on: all processes, or whichever child",
                   .earlierRole = "fork",
                   .earlierMessage = "`" + misuse.earlierModel + "` forks here, or gives -1",
                   .here = "-1 gets here"});
    finding.location = locationOf(misuse.earlier.back());
    told.insert(causeAt(misuse.earlier));
    context.report(std::move(finding));
  }
  for (const solve::Fork& fork : context.solution.forks) {
    bool isSeen = fork.failureIsTested || fork.failureIsGiven || told.contains(causeAt(fork.path));
    if (fork.python || !fork.comesBack || !fork.parentGoesOn || fork.doubtful || isSeen) continue;
    Finding finding;
    finding.rule = "unchecked-fork-result";
    finding.level = Level::Note;
    finding.location = locationOf(fork.path.back());
    finding.message =
        "nobody asks whether `" + fork.model + "` has failed: the program goes on without its child";
    appendFork(finding.steps, fork, "`" + fork.model + "` forks here");
    context.report(std::move(finding));
  }
}
