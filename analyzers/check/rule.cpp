#include "analyzers/check/rule.h"

#include "analyzers/support/paths.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Path.h"

#include <algorithm>
#include <tuple>

namespace forklint::check {
namespace {

std::vector<Rule>& registry() {
  static std::vector<Rule> rules;
  return rules;
}

/// A finding that is reached in several ways shows how else its threads begin.
void addOtherWays(std::vector<Step>& steps, const std::vector<Step>& other) {
  constexpr size_t mostSteps = 12;
  if (steps.size() >= mostSteps) return;
  auto isNew = [&](const Step& step) {
    return llvm::none_of(steps, [&](const Step& shown) { return shown.location == step.location; });
  };
  std::vector<Step> added;
  llvm::copy_if(other, std::back_inserter(added), isNew);
  // The end of a long way tells most.
  if (size_t room = mostSteps - steps.size(); added.size() > room)
    added.erase(added.begin(), added.end() - static_cast<ptrdiff_t>(room));
  if (llvm::none_of(added, [](const Step& step) { return step.role == "thread-start"; })) return;
  added.front().message = "on another way, " + added.front().message;
  llvm::append_range(steps, added);
}

} // namespace

RuleRegistration::RuleRegistration(const char* name, void (*check)(const RuleContext& context)) {
  registry().push_back({name, check});
}

std::vector<Rule> allRules() {
  std::vector<Rule> rules = registry();
  llvm::sort(rules, [](const Rule& a, const Rule& b) { return llvm::StringRef(a.name) < b.name; });
  return rules;
}

Location locationOf(const solve::Hop& hop) {
  const facts::UnitFacts& unit = *hop.function->unit;
  const facts::Position& at = hop.position;
  std::string path = at.file < unit.files.size() ? unit.files[at.file] : unit.unit;
  return {std::move(path), at.line, at.column, at.endLine ? at.endLine : at.line, at.endColumn};
}

std::string causeAt(const solve::Path& fork) {
  Location at = locationOf(fork.back());
  return "fork at " + at.path + ":" + std::to_string(at.line) + ":" + std::to_string(at.column);
}

void appendPath(std::vector<Step>& steps, const solve::Path& path, llvm::StringRef role,
                llvm::StringRef message) {
  bool shared = true; // the calls that an earlier path has shown lead to this one too
  for (size_t i = 0; i < path.size(); ++i) {
    if (!path[i].function) continue;
    bool last = i + 1 == path.size();
    Step step;
    // Into a statement at the top of a module leads its import.
    const link::FunctionInfo* next = last ? nullptr : path[i + 1].function;
    bool imports = next && next->body->kind == facts::FunctionKind::Statement && !next->unit->module.empty();
    step.role = last ? role.str() : imports ? "import" : "call";
    step.location = locationOf(path[i]);
    step.function = path[i].function->body->symbol;
    if (last)
      step.message = message.str();
    else if (imports)
      step.message = "imports `" + next->unit->module + "`";
    else
      step.message = "calls `" + next->body->symbol + "`";
    shared = shared && !last && llvm::any_of(steps, [&](const Step& shown) {
               return shown.location == step.location && shown.message == step.message;
             });
    if (step.location.line && !shared) steps.push_back(std::move(step));
  }
}

void appendFork(std::vector<Step>& steps, const solve::Path& fork, const std::optional<solve::Hop>& made,
                llvm::StringRef message) {
  appendPath(steps, fork, "fork", message);
  constexpr unsigned nearby = 3;              // lines: who reads the one sees the other
  bool isKnown = made && made->position.line; // not of an object that a caller outside has made
  if (!isKnown || steps.empty() || steps.back().role != "fork") return;
  unsigned line = fork.back().position.line, other = made->position.line;
  bool isShown =
      made->function == fork.back().function && std::max(line, other) - std::min(line, other) <= nearby;
  if (isShown) return;
  Step step;
  step.role = "made";
  step.location = locationOf(*made);
  step.function = made->function->body->symbol;
  step.message = "what forks is made here";
  steps.insert(steps.end() - 1, std::move(step));
}

std::vector<Finding> runRules(const link::Program& program, const solve::Solution& solution, Variants targets,
                              llvm::StringRef libc, ReadSource readSource) {
  std::vector<Finding> findings;
  RuleContext context{program,
                      solution,
                      targets,
                      libc,
                      [&](Finding finding) {
                        // Rules say where it matters; which one it is, rows were chosen for.
                        if (!finding.platform.empty()) finding.platform = program.models().platform().name;
                        bool isInTest = isTestCode(finding.location.path);
                        bool isShownByTest = llvm::any_of(
                            finding.steps, [](const Step& step) { return isTestCode(step.location.path); });
                        // What only a test shows of other code says nothing of who uses that.
                        if (isInTest ? finding.level == Level::Warning : isShownByTest)
                          finding.level = Level::Note;
                        findings.push_back(std::move(finding));
                      },
                      std::move(readSource)};
  for (const Rule& rule : allRules())
    rule.check(context);
  // The strongest of equal findings (one place reached from several roots) stays.
  auto place = [](const Finding& finding) {
    return std::tie(finding.location.path, finding.location.line, finding.location.column, finding.rule);
  };
  llvm::sort(findings, [&](const Finding& a, const Finding& b) {
    if (place(a) != place(b)) return place(a) < place(b);
    if (a.level != b.level) return a.level > b.level;
    if (a.steps.size() != b.steps.size()) return a.steps.size() < b.steps.size();
    return std::lexicographical_compare(a.steps.begin(), a.steps.end(), b.steps.begin(), b.steps.end(),
                                        [](const Step& x, const Step& y) { return x.location < y.location; });
  });
  std::vector<Finding> kept;
  for (Finding& finding : findings)
    if (kept.empty() || place(kept.back()) != place(finding))
      kept.push_back(std::move(finding));
    else if (kept.back().level == finding.level)
      addOtherWays(kept.back().steps, finding.steps);
  return kept;
}

const char* spelling(Level level) {
  return level == Level::Error ? "error" : level == Level::Warning ? "warning" : "note";
}
const char* spelling(Confidence confidence) {
  return confidence == Confidence::High ? "high" : confidence == Confidence::Medium ? "medium" : "low";
}
const char* spelling(FixSafety safety) {
  return safety == FixSafety::Safe ? "safe" : safety == FixSafety::Unsafe ? "unsafe" : "display";
}

} // namespace forklint::check
