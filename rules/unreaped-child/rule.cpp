// unreaped-child: a process that nobody waits for stays as a zombie while its parent lives.
#include "analyzers/check/rule.h"

#include "llvm/ADT/STLExtras.h"

using namespace forklint;
using namespace forklint::check;

FORKLINT_RULE("unreaped-child") {
  for (const solve::Fork& fork : context.solution.forks) {
    Variants variants = fork.variants & context.targets;
    bool isOwned = fork.manyChildren || fork.daemonic || fork.beforeExec; // a pool's, or a library's
    if (!fork.python || !variants || isOwned || fork.isWaitedFor || fork.doubtful) continue;
    if (fork.comesBack && !fork.parentGoesOn) continue; // the parent ends at once
    bool isCut = llvm::any_of(context.solution.cutRoots,
                              [&](const link::ProgramRoot* root) { return root->symbol == fork.root; });
    if (isCut) continue; // who waits for it may not have been run
    Finding finding;
    finding.rule = "unreaped-child";
    finding.level = Level::Note;
    finding.location = locationOf(fork.path.back());
    finding.message = "nobody is seen to wait for this process: it stays as a zombie while its parent lives";
    finding.python = versions(variants);
    finding.platform = "linux";
    appendFork(finding.steps, fork, "`" + fork.model + "` starts a process here");
    context.report(std::move(finding));
  }
}
