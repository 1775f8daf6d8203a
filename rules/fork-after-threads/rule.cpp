// fork-after-threads: a fork whose child goes on running the program, at a point where a thread may be alive.
#include "analyzers/check/rule.h"

#include "llvm/ADT/STLExtras.h"

using namespace forklint;
using namespace forklint::check;

namespace {

constexpr size_t mostOthers = 2; // threads told beside the one that explains the finding

/// Does the thread take it where the forking thread does not keep it from that?
bool mayHold(const solve::Fork& fork, const solve::Living& thread, const std::string& lock) {
  auto met = thread.deeds.meets.find(lock);
  return met != thread.deeds.meets.end() && !fork.keepsFrom(met->second.under);
}

/// Does the forking thread keep the other one from all that it takes or does unseen? A lock of the program's
/// own that the child is not seen to take does not count.
bool isKeptFromAll(const solve::Fork& fork, const solve::Deeds& deeds) {
  if (deeds.unseen && !fork.keepsFrom(deeds.unseenUnder)) return false;
  bool keeps = deeds.unseen;
  for (const auto& [lock, met] : deeds.meets)
    if (fork.keepsFrom(met.under))
      keeps = true;
    else if (met.isNamed || fork.child.meets.contains(lock))
      return false;
  return keeps;
}

/// May the child meet something that the vanished thread held or served?
bool mayMeet(const solve::Fork& fork, const solve::Living& thread) {
  const solve::Deeds& child = fork.child;
  if (thread.promise) return false; // its author says so, and no lock of the program says otherwise
  if (thread.deeds.harmless && !thread.deeds.unseen) return false;
  if (isKeptFromAll(fork, thread.deeds)) return false;
  if (child.unseen) return true;
  bool isUnseen = thread.deeds.unseen && !fork.keepsFrom(thread.deeds.unseenUnder);
  if (isUnseen) return child.calls || !child.meets.empty();
  return llvm::any_of(child.meets, [&](const auto& met) { return mayHold(fork, thread, met.first); });
}

/// The thread that the child may meet, or null.
const solve::Living* culpritOf(const solve::Fork& fork) {
  auto met = llvm::find_if(
      fork.alive, [&](const solve::Living& thread) { return !thread.doubtful && mayMeet(fork, thread); });
  return met == fork.alive.end() ? nullptr : &*met;
}

Level levelOf(const RuleContext& context, const solve::Fork& fork, bool met) {
  if (!fork.isCertain()) return Level::Note;
  if (fork.python) return met && !fork.child.execs ? Level::Warning : Level::Note;
  // In C and C++ the child goes back into the program, does what cannot be followed, or takes a lock of the C
  // library that it may find held.
  bool unsafe = llvm::any_of(fork.unsafeCalls, [&](const solve::UnsafeCall& call) {
    return !context.program.models().isReset(call.lock, context.libc, fork.primitive) &&
           llvm::any_of(fork.alive, [&](const solve::Living& thread) {
             return !thread.doubtful &&
                    fork.mayHold(thread, call.lock, context.program.models().mayBeTakenUnseen(call.lock));
           });
  });
  return met || unsafe || fork.child.returns ? Level::Warning : Level::Note;
}

std::string message(const solve::Living& thread) {
  if (thread.life == "starter")
    return "forks in a thread while the thread that started it goes on: the child inherits locks that it may "
           "hold, and "
           "nobody there will release them";
  return "forks while a thread may be alive: the child inherits locks that the thread may hold, and nobody "
         "there will "
         "release them";
}

Finding describe(const RuleContext& context, const solve::Fork& fork, Variants variants) {
  const solve::Living* culprit = culpritOf(fork);
  const solve::Living& first = culprit ? *culprit : fork.alive.front();
  Finding finding;
  finding.rule = "fork-after-threads";
  finding.cause = causeAt(fork.path);
  finding.remainder = true;
  finding.level = levelOf(context, fork, culprit);
  if (finding.level == Level::Note) finding.confidence = Confidence::Low;
  finding.location = locationOf(fork.path.back());
  finding.message = message(first);
  if (fork.python) {
    finding.python = versions(variants);
    finding.platform = "linux";
  }
  size_t others = 0;
  for (const solve::Living& living : fork.alive) {
    bool isMinor = living.life == "starter" || (culprit && living.deeds.harmless);
    if (&living != &first && (isMinor || ++others > mostOthers)) continue;
    appendPath(
        finding.steps, living.begun, "thread-start",
        living.life == "starter"
            ? "a thread is started here"
            : "`" + living.model + "` begins a thread here" +
                  (living.promise ? ", which is said to survive a fork: " + *living.promise : std::string()));
    if (!living.made.empty() && !finding.steps.empty())
      finding.steps.back().object = locationOf(living.made.back());
  }
  appendFork(finding.steps, fork, "`" + fork.model + "` forks here while the thread may hold a lock");
  return finding;
}

} // namespace

FORKLINT_RULE("fork-after-threads") {
  for (const solve::Fork& fork : context.solution.forks) {
    Variants variants = fork.variants & (fork.python ? context.targets : allVariants);
    if (!variants || fork.alive.empty() || fork.beforeExec) continue;
    // What was imported for the children is judged by what it begins.
    if (fork.afterImports) continue;
    // A child that execs leaves everything behind; what it does before is another rule's matter.
    if (fork.child.execs && !fork.child.returns && (!fork.python || !fork.child.unseen)) continue;
    context.report(describe(context, fork, variants));
  }
}
