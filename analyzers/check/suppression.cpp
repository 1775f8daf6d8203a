// See suppression.h. Each comment becomes one mark per rule: a range of lines in a file. Headers are seen by
// many units; their marks are made once.
#include "analyzers/check/suppression.h"

#include "analyzers/support/suggest.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <tuple>

namespace forklint::check {
namespace {

struct Mark {
  std::string path;
  std::string rule;
  Location comment;
  uint32_t first = 0, last = 0;
  bool nolint = false;
  bool used = false;
  std::optional<std::string> word; // no directive
};

constexpr uint32_t endOfFile = UINT32_MAX;

bool opensRange(llvm::StringRef directive) { return directive == "disable" || directive == "nolint-begin"; }
bool closesRange(llvm::StringRef directive) { return directive == "enable" || directive == "nolint-end"; }

/// The rule that a comment names; empty for another tool's check in a NOLINT.
std::string ruleOf(llvm::StringRef name, bool nolint, const llvm::StringSet<>& known) {
  bool ours = name.consume_front("forklint-");
  if (nolint && !ours && !known.contains(name)) return "";
  return name.str();
}

class Marks {
public:
  explicit Marks(const llvm::StringSet<>& known) : known(known) {}

  void add(const facts::UnitFacts& unit) {
    std::vector<const facts::Suppression*> ordered;
    ordered.reserve(unit.suppressions.size());
    for (const facts::Suppression& one : unit.suppressions)
      ordered.push_back(&one);
    std::stable_sort(ordered.begin(), ordered.end(), [](auto* left, auto* right) {
      return std::tie(left->position.file, left->position.line, left->position.column) <
             std::tie(right->position.file, right->position.line, right->position.column);
    });
    for (const facts::Suppression* one : ordered) {
      bool nolint =
          llvm::StringRef(one->directive).starts_with("nolint"); // needs no list: other tools read it
      if (one->rules.empty() && !nolint) add(unit, *one, "");
      for (const std::string& name : one->rules)
        add(unit, *one, name);
    }
  }

  std::vector<Mark> all;

private:
  void add(const facts::UnitFacts& unit, const facts::Suppression& comment, llvm::StringRef name) {
    llvm::StringRef directive = comment.directive;
    bool nolint = directive.starts_with("nolint");
    std::string rule = ruleOf(name, nolint, known);
    if (rule.empty() && nolint) return;
    const facts::Position& at = comment.position;
    std::string path = at.file < unit.files.size() ? unit.files[at.file] : unit.unit;
    if (!seen.insert({path, at.line, at.column, directive.str(), rule}).second) return;
    if (closesRange(directive)) return close(path, rule, at.line);
    Mark mark{path,           rule,         {path, at.line, at.column, at.endLine, at.endColumn},
              comment.line,   comment.line, nolint,
              /*used=*/false, std::nullopt};
    if (directive == "unknown") mark.word = comment.reason;
    if (directive == "file-ignore") mark.first = 0, mark.last = endOfFile;
    if (opensRange(directive)) mark.first = at.line, mark.last = endOfFile;
    if (directive == "fork-safe") return; // a promise to the solver, not a suppression
    all.push_back(std::move(mark));
  }

  void close(llvm::StringRef path, llvm::StringRef rule, uint32_t line) {
    for (auto mark = all.rbegin(); mark != all.rend(); ++mark)
      if (mark->path == path && mark->rule == rule && mark->last == endOfFile && mark->first > 0) {
        mark->last = line;
        return;
      }
  }

  const llvm::StringSet<>& known;
  std::set<std::tuple<std::string, uint32_t, uint32_t, std::string, std::string>> seen;
};

bool covers(const Mark& mark, const Location& location) {
  uint32_t last = std::max(location.line, location.endLine);
  return mark.path == location.path && mark.first <= last && location.line <= mark.last;
}

/// Marks every comment that speaks of the rule at the finding as used, and gives the first.
const Mark* suppress(const Finding& finding, const std::string& rule,
                     std::multimap<std::string, Mark*>& byRule) {
  const Mark* first = nullptr;
  auto [from, to] = byRule.equal_range(rule);
  for (auto entry = from; entry != to; ++entry) {
    Mark& mark = *entry->second;
    bool here = covers(mark, finding.location);
    for (const Step& step : finding.steps)
      here = here || covers(mark, step.location);
    if (!here) continue;
    mark.used = true;
    if (!first) first = &mark;
  }
  return first;
}

/// What may stand behind `forklint:`, as the front ends read it.
constexpr llvm::StringRef directives[] = {"ignore", "disable", "enable", "file-ignore", "fork-safe"};

std::string unknownWord(const std::string& word) {
  return "`" + word + "` is no word of ours, so this comment does nothing" +
         suggestion(word, llvm::ArrayRef(directives));
}

Finding unused(const Mark& mark, bool known) {
  Finding finding;
  finding.rule = "unused-suppression";
  finding.level = Level::Warning;
  finding.location = mark.comment;
  finding.message =
      mark.word ? unknownWord(*mark.word)
      : mark.rule.empty()
          ? "this comment names no rule, so it suppresses nothing: write `[rule]` behind the word"
      : known ? "nothing is suppressed here for " + mark.rule
              : "there is no rule named " + mark.rule;
  return finding;
}

} // namespace

Suppressed applySuppressions(std::vector<Finding> findings, const std::vector<facts::UnitFacts>& units,
                             const llvm::StringSet<>& known, const llvm::StringSet<>& active) {
  Marks marks(known);
  for (const facts::UnitFacts& unit : units)
    marks.add(unit);
  std::multimap<std::string, Mark*> byRule;
  for (Mark& mark : marks.all)
    byRule.emplace(mark.rule, &mark);

  Suppressed result;
  for (Finding& finding : findings) {
    // A comment about what is told along with it is not unused, and excuses less than what is told.
    for (const std::string& weaker : finding.also)
      suppress(finding, weaker, byRule);
    if (const Mark* mark = suppress(finding, finding.rule, byRule))
      result.suppressed.push_back({std::move(finding), mark->comment});
    else
      result.kept.push_back(std::move(finding));
  }
  if (!active.contains("unused-suppression")) return result;
  for (const Mark& mark : marks.all) {
    bool exists = known.contains(mark.rule);
    if (!mark.used && (!exists || active.contains(mark.rule))) result.kept.push_back(unused(mark, exists));
  }
  return result;
}

} // namespace forklint::check
