// child-returns-to-caller: child and parent both come back to a caller that can not tell them apart.
#include "analyzers/check/rule.h"

#include "llvm/ADT/STLExtras.h"

using namespace forklint;
using namespace forklint::check;

namespace {

/// The statements of a module are no function, and have no caller.
std::string messageOf(const solve::BothReturn& told) {
  const link::FunctionInfo& left = *told.function.function;
  bool isModule = left.body->kind == facts::FunctionKind::Statement;
  std::string name =
      "`" + (isModule ? llvm::StringRef(left.unit->module) : llvm::StringRef(left.body->symbol)).str() + "`";
  if (told.byException && isModule)
    return "an exception in the child leaves module " + name + ", and whoever imports it goes on twice";
  if (told.byException) return "an exception in the child leaves " + name + ", and the caller goes on twice";
  if (isModule) return "child and parent both go on in module " + name + ", and nothing tells them apart";
  return "child and parent both return from " + name + ", and its caller can not tell them apart";
}

} // namespace

FORKLINT_RULE("child-returns-to-caller") {
  for (const solve::Fork& fork : context.solution.forks) {
    Variants variants = fork.variants & (fork.python ? context.targets : allVariants);
    if (!variants || fork.bothReturn.empty()) continue;
    // The strongest: a caller is seen to go on in the child.
    auto certain = llvm::find_if(
        fork.bothReturn, [&](const solve::BothReturn& both) { return both.isSeen() && !fork.doubtful; });
    // What no test of a result tells apart: the exception of a failed exec, thrown at a caller that is not
    // known.
    auto thrown = llvm::find_if(fork.bothReturn, [&](const solve::BothReturn& both) {
      return both.byException && both.afterExec && !both.doubtful && !fork.doubtful &&
             both.function.function == fork.path.front().function;
    });
    bool sure = certain != fork.bothReturn.end(), likely = thrown != fork.bothReturn.end();
    const solve::BothReturn& told = sure ? *certain : likely ? *thrown : fork.bothReturn.front();
    Finding finding;
    finding.rule = "child-returns-to-caller";
    finding.cause = causeAt(fork.path);
    finding.level = sure ? Level::Error : likely ? Level::Warning : Level::Note;
    if (!sure) finding.confidence = likely ? Confidence::Medium : Confidence::Low;
    finding.location = locationOf(fork.path.back());
    finding.message = messageOf(told);
    if (fork.python) {
      finding.python = versions(variants);
      finding.platform = "linux";
    }
    appendFork(finding.steps, fork, "`" + fork.model + "` forks here");
    context.report(std::move(finding));
  }
}
