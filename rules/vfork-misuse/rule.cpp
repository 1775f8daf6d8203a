// vfork-misuse: a child that runs on its parent's memory does there what its parent finds afterwards.
#include "analyzers/check/rule.h"

#include "llvm/ADT/STLExtras.h"

using namespace forklint;
using namespace forklint::check;

using solve::Trespass;

namespace {

constexpr size_t mostSteps = 4; // told of each kind

std::string textOf(Trespass::Kind kind) {
  switch (kind) {
  case Trespass::Kind::Stores: return "the child stores here what its parent finds";
  case Trespass::Kind::Answers: return "the child stores here what its parent reads";
  case Trespass::Kind::CallsGiven: return "the child calls here what a caller has given";
  case Trespass::Kind::Returns:
    return "the child comes back out of this function, whose frame its parent needs";
  }
  return "";
}

/// A finding at the fork with all that is wrong as steps; nothing where nothing is.
std::optional<Finding> describe(const solve::Fork& fork) {
  Finding finding;
  finding.rule = "vfork-misuse";
  finding.cause = causeAt(fork.path);
  finding.location = locationOf(fork.path.back());
  appendFork(finding.steps, fork, "the child of `" + fork.model + "` runs on the memory of its parent");
  std::string what;
  auto tell = [&](const solve::Path& path, const std::string& message, const std::string& short_) {
    if (what.empty()) what = short_;
    appendPath(finding.steps, path, "child", message);
  };
  size_t calls = 0, trespasses = 0;
  for (const solve::UnsafeCall& call : fork.unsafeCalls)
    if (calls++ < mostSteps)
      tell(call.path, "the child calls `" + call.model + "`, which takes " + call.lock,
           "calls `" + call.model + "`");
  for (const solve::Path& exit : fork.child.exits)
    tell(exit, "the child runs the exit handlers of its parent here",
         "ends with the exit handlers of its parent");
  bool onlyAnswers = what.empty();
  for (const Trespass& trespass : fork.trespasses) {
    onlyAnswers &= trespass.kind == Trespass::Kind::Answers;
    if (trespasses++ < mostSteps)
      tell(trespass.path, textOf(trespass.kind),
           trespass.kind == Trespass::Kind::CallsGiven ? "calls what a caller has given"
           : trespass.kind == Trespass::Kind::Returns  ? "comes back out of the function that forked"
                                                       : "stores what its parent finds");
  }
  if (what.empty()) return std::nullopt;
  finding.level = fork.doubtful || onlyAnswers ? Level::Note : Level::Error;
  if (fork.doubtful) finding.confidence = Confidence::Low;
  finding.message = "the child of `" + fork.model + "` " + what +
                    ": it runs on its parent's memory, and may only exec or end";
  return finding;
}

} // namespace

FORKLINT_RULE("vfork-misuse") {
  for (const solve::Fork& fork : context.solution.forks)
    if (fork.sharesMemory())
      if (std::optional<Finding> finding = describe(fork)) context.report(std::move(*finding));
}
