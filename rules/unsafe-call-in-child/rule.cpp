// unsafe-call-in-child: a call in the child that takes a lock of the C library. An error where the way the
// child was made leaves the lock as a vanished thread held it, a note where it does not. And a function that
// is said to be async-signal-safe, which a child may call, and takes locks.
#include "analyzers/check/rule.h"

#include "llvm/ADT/STLExtras.h"

#include <utility>

using namespace forklint;
using namespace forklint::check;

namespace {

std::string hazard(const solve::Fork& fork, const solve::UnsafeCall& call) {
  return "`" + call.model + "` in a child of `" + fork.model + "` takes " + call.lock +
         ", which a vanished thread may hold for ever";
}

/// Has the child come here by mistake, out of a function whose caller can not tell it from its parent? What
/// it does there follows from that, which is told.
bool isAstray(const solve::Fork& fork, const solve::UnsafeCall& call) {
  return llvm::any_of(fork.bothReturn, [&](const solve::BothReturn& both) {
    return both.isSeen() && !fork.doubtful && llvm::none_of(call.path, [&](const solve::Hop& hop) {
             return hop.function == both.function.function;
           });
  });
}

void judge(const RuleContext& context, const solve::Fork& fork, const solve::UnsafeCall& call) {
  bool isReset = context.program.models().isReset(call.lock, context.libc, fork.primitive);
  Finding finding;
  finding.rule = "unsafe-call-in-child";
  finding.cause = threadsAt(fork.path);
  bool unseenToo = context.program.models().mayBeTakenUnseen(call.lock);
  bool isDoubt = fork.doubtful || call.doubtful;
  bool certain = llvm::any_of(fork.alive, [&](const solve::Living& thread) {
    return !isDoubt && !thread.doubtful && fork.mayHold(thread, call.lock, unseenToo);
  });
  // Threads of the program that nobody has seen end, or those of a library's users.
  // Behind a return to users of whom nobody knows the child is theirs.
  bool likely =
      unseenToo && !certain && !isDoubt && fork.alive.empty() && (!fork.mayLive.empty() || fork.child.execs);
  Level level = certain || !fork.mayLive.empty() ? Level::Error : Level::Warning;
  // What a program that goes to the background has lost is told once, at the fork.
  bool isTold =
      isReset || !(certain || likely) || (certain && fork.isProgramItself()) || isAstray(fork, call);
  finding.level = isTold ? Level::Note : level;
  // What is said to be safe is judged by itself, but where it is seen to hang.
  if (call.isPromised && finding.level != Level::Error) return;
  if (!certain) finding.confidence = likely ? Confidence::Medium : Confidence::Low;
  finding.location = locationOf(call.path.back());
  finding.message = isReset ? "`" + call.model + "` in a child of `" + fork.model + "` takes " + call.lock +
                                  ", which " + context.libc.str() + " makes free there"
                            : hazard(fork, call);
  if (!fork.mayLive.empty() && fork.alive.empty())
    appendPath(finding.steps, {fork.mayLive.front().begun}, "thread-start",
               "the program begins a thread here, which may live then");
  for (const solve::Living& living : fork.alive)
    if (!living.doubtful || !certain)
      appendPath(finding.steps, living.begun, "thread-start", "`" + living.model + "` begins a thread here");
  appendFork(finding.steps, fork, "`" + fork.model + "` forks here");
  appendPath(finding.steps, call.path, "child", "the child calls `" + call.model + "`");
  context.report(std::move(finding));
}

/// Where a function comes back to the interpreter that has called it, the row of that stands for no call.
std::string wordsFor(const RuleContext& context, const solve::UnsafeCall& call) {
  bool isReturn = llvm::any_of(context.program.models().bindings(),
                               [&](const link::Binding& row) { return row.back == call.model; });
  return isReturn ? "the child goes back into the interpreter here" : "the child calls `" + call.model + "`";
}

/// Whether threads live or not, a lock that its owner makes new for a child is none before: who calls it from
/// outside may have threads, and the child lacks what else is done for it there.
void judgeUntold(const RuleContext& context, const solve::Fork& fork, const solve::UnsafeCall& call) {
  bool certain = llvm::any_of(fork.alive, [&](const solve::Living& thread) {
    return !fork.doubtful && !thread.doubtful && fork.mayHold(thread, call.lock);
  });
  Finding finding;
  finding.rule = "unsafe-call-in-child";
  finding.cause = threadsAt(fork.path);
  finding.level = certain ? Level::Error : fork.doubtful ? Level::Note : Level::Warning;
  if (!certain) finding.confidence = Confidence::Medium;
  finding.location = locationOf(fork.path.back());
  finding.message = "a child of `" + fork.model + "` goes on with " + call.lock +
                    " as they are in its parent: it has to call `" +
                    context.program.models().renewerOf(call.lock).str() + "` first";
  for (const solve::Living& living : fork.alive)
    if (!living.doubtful)
      appendPath(finding.steps, living.begun, "thread-start", "`" + living.model + "` begins a thread here");
  appendFork(finding.steps, fork, "`" + fork.model + "` forks here");
  appendPath(finding.steps, call.path, "child", wordsFor(context, call));
  context.report(std::move(finding));
}

/// Where somebody has said of the function that it is async-signal-safe.
Step saying(const solve::BrokenPromise& broken) {
  Step step;
  step.role = "promise";
  step.function = broken.function->body->symbol;
  step.location = locationOf({broken.function, broken.function->body->position});
  step.message = "its name says that it is async-signal-safe";
  if (!broken.promise.entity) return step;
  const facts::Position said = broken.promise.entity->promised;
  step.location = {broken.promise.unit->files[said.file], said.line, said.column, said.endLine,
                   said.endColumn};
  step.message = "it is said to be async-signal-safe here";
  return step;
}

void judge(const RuleContext& context, const solve::BrokenPromise& broken) {
  std::string who = "`" + broken.function->body->symbol.str() + "` is said to be async-signal-safe, and ";
  Finding finding;
  finding.rule = "unsafe-call-in-child";
  bool isVague = broken.promise.name && broken.promise.name->isVague;
  finding.level = isVague ? Level::Note : Level::Warning;
  if (isVague) finding.confidence = Confidence::Low;
  auto tell = [&](const solve::Path& path, const std::string& message, const std::string& step) {
    Finding told = finding;
    told.location = locationOf(path.back());
    told.message = who + message;
    told.steps.push_back(saying(broken));
    appendPath(told.steps, path, "child", step);
    context.report(std::move(told));
  };
  for (const solve::UnsafeCall& call : broken.calls)
    if (!context.program.models().keepsPromise(call.lock))
      tell(call.path, "calls `" + call.model + "`, which takes " + call.lock, "calls `" + call.model + "`");
  for (const auto& [name, met] : broken.locks)
    tell({met.at},
         "takes " + (met.isNamed ? name : "a lock") + ", which whoever is interrupted, or gone, may hold",
         "takes a lock");
}

} // namespace

FORKLINT_RULE("unsafe-call-in-child") {
  for (const solve::Fork& fork : context.solution.forks) {
    if (fork.python || fork.sharesMemory()) continue;
    const link::Models& models = context.program.models();
    auto isUntold = [&](const solve::UnsafeCall& call) { return !models.renewerOf(call.lock).empty(); };
    auto untold = llvm::find_if(fork.unsafeCalls, isUntold);
    // A program that has the function itself is the interpreter, whose forks are its own affair.
    if (untold != fork.unsafeCalls.end() &&
        !context.program.function(models.renewerOf(untold->lock), *fork.path.back().function->unit))
      judgeUntold(context, fork, *untold);
    if (!fork.mayHaveThreads()) continue;
    bool isTold = false; // of what the fork makes free one is enough
    for (const solve::UnsafeCall& call : fork.unsafeCalls) {
      if (isUntold(call)) continue;
      bool isReset = context.program.models().isReset(call.lock, context.libc, fork.primitive);
      if (!isReset || call.isPromised || !std::exchange(isTold, true)) judge(context, fork, call);
    }
  }
  for (const solve::BrokenPromise& broken : context.solution.brokenPromises)
    judge(context, broken);
}
