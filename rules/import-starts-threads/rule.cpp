// import-starts-threads: importing a module starts a thread, and it is imported before a fork by design: in
// the master of a server that forks its workers, or in the process that forks for multiprocessing.
#include "analyzers/check/rule.h"

#include "llvm/ADT/STLExtras.h"

using namespace forklint;
using namespace forklint::check;

namespace {

/// Does the child begin it anew, at the same place?
bool isRecreated(const solve::Fork& fork, const solve::Living& thread) {
  return llvm::is_contained(fork.starts, thread.begun.back());
}

/// What holds for some of the supported versions only, the newest, is no news to who runs the others.
bool isOnlyNewest(Variants variants, Variants targets) {
  constexpr Variants newest = 1u << (lastMinor - firstMinor);
  return variants == newest && targets != newest;
}

/// A client whose own threads meet nothing of the program's: it is lost for the workers all the same.
bool isClient(const RuleContext& context, const solve::Living& thread) {
  const link::Model* row = context.program.models().find(thread.model);
  return row && llvm::any_of(row->effects,
                             [](const link::Effect& each) { return each.kind == link::EffectKind::Opens; });
}

std::string message(const solve::Living& thread) {
  if (thread.deeds.harmless)
    return "opens a client (`" + thread.model +
           "`) before the workers are forked: its threads are in none of them";
  return "starts a thread (`" + thread.model +
         "`) before the workers are forked: the thread is in none of them, and they inherit the locks that "
         "it "
         "may hold";
}

Finding describe(const RuleContext& context, const solve::Fork& fork, const solve::Living& thread,
                 Variants variants) {
  Finding finding;
  finding.rule = "import-starts-threads";
  finding.cause = causeAt(fork.path);
  bool isNote = thread.doubtful || fork.doubtful || isOnlyNewest(variants, context.targets);
  finding.level = isNote ? Level::Note : Level::Warning;
  if (thread.doubtful || fork.doubtful) finding.confidence = Confidence::Low;
  finding.location = locationOf(thread.begun.back());
  finding.message = message(thread);
  finding.python = versions(variants);
  finding.platform = "linux";
  appendPath(finding.steps, thread.begun, "thread-start", "`" + thread.model + "` begins a thread here");
  if (!thread.made.empty() && !finding.steps.empty())
    finding.steps.back().object = locationOf(thread.made.back());
  appendFork(finding.steps, fork, "`" + fork.model + "` forks workers here, after the import");
  return finding;
}

} // namespace

FORKLINT_RULE("import-starts-threads") {
  for (const solve::Fork& fork : context.solution.forks) {
    Variants variants = fork.variants & context.targets;
    if (!variants || !fork.afterImports) continue;
    for (const solve::Living& thread : fork.alive)
      if ((!thread.deeds.harmless || isClient(context, thread)) && thread.life != "starter" &&
          !isRecreated(fork, thread))
        context.report(describe(context, fork, thread, variants));
  }
}
