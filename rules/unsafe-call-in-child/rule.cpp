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

/// How sure it is that somebody may hold what the call takes.
struct Grade {
  Level level = Level::Note;
  bool isReset = false; // what the call takes is free in the child
  bool certain = false;
  bool likely = false;
};

Grade grade(const RuleContext& context, const solve::Fork& fork, const solve::UnsafeCall& call) {
  Grade grade;
  grade.isReset = context.program.models().isReset(call.lock, context.libc, fork.primitive);
  bool unseenToo = context.program.models().mayBeTakenUnseen(call.lock);
  bool isDoubt = fork.doubtful || call.doubtful;
  grade.certain = llvm::any_of(fork.alive, [&](const solve::Living& thread) {
    return !isDoubt && !thread.doubtful && fork.mayHold(thread, call.lock, unseenToo);
  });
  // Threads of the program that nobody has seen end, or those of a library's users.
  // Behind a return to users of whom nobody knows the child is theirs.
  grade.likely = unseenToo && !grade.certain && !isDoubt && fork.alive.empty() &&
                 (!fork.mayLive.empty() || fork.child.execs);
  // What a program that goes to the background has lost is told once, at the fork.
  bool isTold = grade.isReset || !(grade.certain || grade.likely) ||
                (grade.certain && fork.isProgramItself()) || isAstray(fork, call);
  if (!isTold) grade.level = grade.certain || !fork.mayLive.empty() ? Level::Error : Level::Warning;
  return grade;
}

/// Unsafe calls to which one statement of the child leads: one thing to mend.
struct Group {
  solve::Hop statement;
  std::vector<std::pair<const solve::UnsafeCall*, Grade>> calls; // the worst first
};

/// Where the way to the call leaves the one to the fork.
solve::Hop statementOf(const solve::Fork& fork, const solve::UnsafeCall& call) {
  for (const auto& [inChild, toFork] : llvm::zip(call.path, fork.path))
    if (inChild.function != toFork.function || inChild.position != toFork.position) return inChild;
  return call.path.back();
}

void addTo(std::vector<Group>& groups, const solve::Hop& statement, const solve::UnsafeCall& call,
           const Grade& grade) {
  auto known = llvm::find_if(groups, [&](const Group& group) {
    return group.statement.function == statement.function && group.statement.position == statement.position;
  });
  if (known == groups.end()) known = groups.insert(known, {statement, {}});
  known->calls.emplace_back(&call, grade);
  if (grade.level > known->calls.front().second.level) std::swap(known->calls.front(), known->calls.back());
}

void report(const RuleContext& context, const solve::Fork& fork, const Group& group) {
  const auto& [call, grade] = group.calls.front();
  Finding finding;
  finding.rule = "unsafe-call-in-child";
  finding.cause = causeAt(fork.path);
  finding.level = grade.level;
  if (!grade.certain) finding.confidence = grade.likely ? Confidence::Medium : Confidence::Low;
  finding.location = locationOf(call->path.back());
  finding.message = grade.isReset ? "`" + call->model + "` in a child of `" + fork.model + "` takes " +
                                        call->lock + ", which " + context.libc.str() + " makes free there"
                                  : hazard(fork, *call);
  if (!fork.mayLive.empty() && fork.alive.empty())
    appendPath(finding.steps, {fork.mayLive.front().begun}, "thread-start",
               "the program begins a thread here, which may live then");
  for (const solve::Living& living : fork.alive)
    if (!living.doubtful || !grade.certain)
      appendPath(finding.steps, living.begun, "thread-start", "`" + living.model + "` begins a thread here");
  appendFork(finding.steps, fork, "`" + fork.model + "` forks here");
  appendPath(finding.steps, call->path, "child", "the child calls `" + call->model + "`");
  for (const auto& [other, itsGrade] : llvm::drop_begin(group.calls))
    if (itsGrade.level == grade.level)
      appendPath(finding.steps, {other->path.back()}, "child",
                 "from there it calls `" + other->model + "` too, which takes " + other->lock);
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
  finding.cause = causeAt(fork.path);
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
    std::vector<Group> groups;
    for (const solve::UnsafeCall& call : fork.unsafeCalls) {
      if (isUntold(call)) continue;
      Grade its = grade(context, fork, call);
      // What is said to be safe is judged by itself, but where it is seen to hang.
      if (call.isPromised && its.level != Level::Error) continue;
      if (its.isReset && !call.isPromised && std::exchange(isTold, true)) continue;
      // A note is told by itself: what it says is of this call only.
      addTo(groups, its.level == Level::Note ? call.path.back() : statementOf(fork, call), call, its);
    }
    for (const Group& group : groups)
      report(context, fork, group);
  }
  for (const solve::BrokenPromise& broken : context.solution.brokenPromises)
    judge(context, broken);
}
