// Why rules say nothing at a fork, or only a note. A line is given only where what the rule asks for is known
// to be missing; rules decide by more than that, so that a rule without a line is no promise of a finding.
#include "driver/explain.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/STLFunctionalExtras.h"

#include <set>

namespace forklint::driver {
namespace {

/// Nothing: what the rule asks for may be there. Empty: it is not, and nobody asks.
using Why = std::optional<std::string>;

/// What began and was seen to end before the fork, in a function on the way there.
std::string endedBefore(const Analysis& run, const solve::Fork& fork) {
  std::string text;
  for (const solve::Beginning& beginning : run.solution.beginnings)
    for (const solve::Hop& end : beginning.ends) {
      bool isBefore = llvm::any_of(fork.path, [&](const solve::Hop& hop) {
        return hop.function == end.function && end.position.file == hop.position.file &&
               end.position.line < hop.position.line;
      });
      if (!isBefore || beginning.at == fork.path.back()) continue;
      text += "; `" + beginning.model + "` of line " + std::to_string(beginning.at.position.line) +
              " has ended at line " + std::to_string(end.position.line);
      break;
    }
  return text;
}

bool onlyExecs(const solve::Fork& fork) {
  return fork.child.execs && !fork.child.returns && (!fork.python || !fork.child.unseen);
}

Why afterThreads(const Analysis& run, const solve::Fork& fork) {
  if (fork.beforeExec)
    return "the child runs what it is given, then executes a program: preexec-fn judges it";
  if (fork.alive.empty()) return "nothing was seen to be alive here" + endedBefore(run, fork);
  if (fork.afterImports) return "a server forks here by design: import-starts-threads judges it";
  if (onlyExecs(fork)) return "the child only executes a program";
  return std::nullopt;
}

Why lockHeld(const Analysis&, const solve::Fork& fork) {
  if (fork.held.empty()) return "no lock was seen to be held here";
  if (llvm::all_of(fork.held,
                   [](const solve::Held& held) { return held.isGivenBack && held.takenInChild.empty(); }))
    return "the child gives back what is held, and takes none of it";
  return std::nullopt;
}

Why lockShared(const Analysis&, const solve::Fork& fork) {
  if (fork.alive.empty()) return ""; // told already
  if (fork.child.meets.empty()) return "the child was seen to take no lock";
  bool isShared = llvm::any_of(fork.alive, [&](const solve::Living& thread) {
    return llvm::any_of(fork.child.meets,
                        [&](const auto& met) { return thread.deeds.meets.contains(met.first); });
  });
  if (isShared) return std::nullopt;
  return "nothing that is alive was seen to take a lock that the child takes";
}

Why implicitMethod(const Analysis& run, const solve::Fork& fork) {
  Variants byDefault = fork.byDefault & run.targets;
  if (!hasMethod(run, fork)) return "";
  if (!byDefault) return "the version does not decide how the process starts";
  if (!(byDefault & fork.variants) || !(byDefault & fork.spawned))
    return "the default is the same for all supported versions";
  return std::nullopt;
}

Why inEventLoop(const Analysis&, const solve::Fork& fork) {
  if (!(fork.contexts & bit(link::Context::EventLoop))) return "no event loop was seen to run here";
  if (fork.child.execs && !fork.child.returns) return "the child executes a program";
  return std::nullopt;
}

Why inHandler(const Analysis&, const solve::Fork& fork) {
  if (fork.contexts & bit(link::Context::SignalHandler)) return std::nullopt;
  return "no handler of a signal was seen to lead here";
}

Why returnsToCaller(const Analysis&, const solve::Fork& fork) {
  if (!fork.comesBack) return "";
  if (!fork.bothReturn.empty()) return std::nullopt;
  return "the child was not seen to come back out of a function together with its parent";
}

Why exitHandlers(const Analysis&, const solve::Fork& fork) {
  if (!fork.comesBack || !fork.python) return "";
  if (fork.child.exitsFull) return std::nullopt;
  return "the child was not seen to end with exit handlers";
}

Why unsafeCall(const Analysis&, const solve::Fork& fork) {
  if (fork.python) return "";
  if (fork.alive.empty()) return "nothing was seen to be alive here that could hold a lock";
  if (fork.unsafeCalls.empty()) return "the child was seen to take no lock of the C library";
  return std::nullopt;
}

bool isNoted(const Analysis& run, const solve::Fork& fork, llvm::StringRef kind) {
  return llvm::any_of(run.solution.misuses, [&](const solve::Misuse& misuse) {
    return misuse.kind == kind && misuse.path.back() == fork.path.back();
  });
}

Why mainGuard(const Analysis& run, const solve::Fork& fork) {
  if (isNoted(run, fork, "missing-main-guard")) return std::nullopt;
  return "the line was not seen to be reached when the module is imported";
}

Why unpicklable(const Analysis& run, const solve::Fork& fork) {
  if (isNoted(run, fork, "unpicklable-task")) return std::nullopt;
  if (!fork.isGivenKnown)
    return "of " + givenText(fork.given) +
           ", which the process is given, not all is known; nothing of it is known to refuse "
           "pickling";
  if (!fork.given.empty())
    return "what the process is given, " + givenText(fork.given) +
           ", is known, and nothing of it refuses pickling";
  return "nothing that the process is given is known to refuse pickling";
}

using Ask = std::pair<const char*, Why (*)(const Analysis&, const solve::Fork&)>;
const Ask ofForks[] = {
    {"fork-after-threads", afterThreads},       {"lock-held-across-fork", lockHeld},
    {"lock-shared-with-child", lockShared},     {"fork-in-event-loop", inEventLoop},
    {"fork-in-signal-handler", inHandler},      {"child-returns-to-caller", returnsToCaller},
    {"child-runs-exit-handlers", exitHandlers}, {"unsafe-call-in-child", unsafeCall}};
const Ask ofStarts[] = {{"missing-main-guard", mainGuard}, {"unpicklable-task", unpicklable}};

} // namespace

std::string whyNote(llvm::StringRef rule, const solve::Fork& fork) {
  bool asksForThreads = rule == "fork-after-threads";
  if (!asksForThreads && rule != "lock-shared-with-child") return "";
  if (fork.doubtful) return "it is reached only where a call raises, or a fork fails";
  if (!fork.alive.empty() && !fork.isCertain()) return "what is alive may have ended or not begun";
  if (asksForThreads && fork.python && fork.child.execs) return "the child executes a program";
  return "";
}

std::vector<Fact> whySilent(const Analysis& run, const std::vector<const solve::Fork*>& forks) {
  std::vector<Fact> facts;
  auto add = [&](const Ask& asked, llvm::function_ref<bool(const solve::Fork&)> concerns) {
    std::set<std::string> reasons;
    for (const solve::Fork* fork : forks) {
      if (!concerns(*fork)) continue;
      Why why = asked.second(run, *fork);
      if (!why) return;
      if (!why->empty()) reasons.insert(*why);
    }
    for (const std::string& reason : reasons)
      facts.push_back({std::string(asked.first) + ": " + reason,
                       std::nullopt,
                       {{"rule", asked.first}, {"reason", reason}}});
  };
  auto isForked = [&](const solve::Fork& fork) { return forkedFor(run, fork) != 0; };
  auto isPython = [](const solve::Fork& fork) { return fork.python; };
  auto isSpawned = [&](const solve::Fork& fork) { return fork.python && (fork.spawned & run.targets) != 0; };
  if (llvm::none_of(forks, [&](const solve::Fork* fork) { return isForked(*fork); }))
    facts.push_back({"rules about forked children: no supported version forks here"});
  for (const Ask& asked : ofForks)
    add(asked, isForked);
  add({"implicit-start-method", implicitMethod}, isPython);
  for (const Ask& asked : ofStarts)
    add(asked, isSpawned);
  return facts;
}

} // namespace forklint::driver
