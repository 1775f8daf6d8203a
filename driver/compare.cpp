// See compare.h. One solve serves all versions: rules judge its solution once for each of the two, and what
// differs is the answer. What is sent only where a process begins anew is told by the solution itself.
#include "driver/compare.h"

#include "analyzers/check/rule.h"
#include "analyzers/support/amounts.h"
#include "driver/comparison.h"
#include "driver/explain.h"
#include "driver/pipeline.h"
#include "driver/render.h"
#include "driver/report/renderer.h"
#include "driver/rulebook.h"
#include "driver/summary.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MathExtras.h"

#include <map>
#include <set>
#include <tuple>

namespace forklint::driver {
namespace {

using check::locationOf;

using Place = std::tuple<std::string, uint32_t, uint32_t>;
Place placeOf(const check::Location& at) { return {at.path, at.line, at.column}; }

using Findings = std::map<std::pair<Place, std::string>, check::Finding>;

/// What holds for one version, with the levels that it has where only that version is supported.
llvm::Expected<Findings> findingsFor(Variants version, const CheckOptions& options, Analysis& run) {
  CheckOptions one = options;
  one.targets = run.targets = version;
  one.ignore.push_back("unused-suppression"); // a comment may be there for the other version
  run.findings.clear();
  judge(run);
  auto report = reportOf(one, run);
  if (!report) return report.takeError();
  Findings findings;
  for (const check::Finding& finding : report->findings)
    findings.try_emplace({placeOf(finding.location), finding.rule}, finding);
  return findings;
}

/// A place where processes start, as all programs come to it.
struct Start {
  std::string model;
  check::Location at;
  bool isNew; // begins with a new interpreter, which it did not
  std::set<std::string> entries, given;
  bool isGivenKnown = true, isMany = false;
  std::map<std::string, solve::LostGlobal> lost;

  Start(const solve::Fork& fork, check::Location at, bool isNew)
      : model(fork.model), at(std::move(at)), isNew(isNew) {}

  void add(const solve::Fork& fork) {
    for (const link::FunctionInfo* entry : fork.entries)
      entries.insert(nameOf(*entry));
    given.insert(fork.given.begin(), fork.given.end());
    isGivenKnown &= fork.isGivenKnown;
    isMany |= fork.manyChildren;
    for (const solve::LostGlobal& global : fork.lost)
      lost.try_emplace(global.name, global).first->second.doubtful &= global.doubtful;
  }

  std::string text() const {
    std::string start = "`" + model + "` ";
    std::string child = isMany ? "each of its processes" : "the process";
    if (!isNew) return start + "forks: " + child + " has what its parent has, and nothing is pickled for it";
    std::string text = start + "begins with a new interpreter: " + child;
    text += entries.size() == 1 ? " imports again what `" + *entries.begin() + "` needs"
                                : " imports again what it needs";
    if (given.empty()) return text + "; nothing is seen to be pickled for its start";
    text += ", and " + givenText(given) + (given.size() > 1 || given.contains("args") ? " are" : " is") +
            " pickled for it";
    return isGivenKnown ? text : text + "; not all of that is known, and what is not may refuse";
  }
};

/// What is missing where it is filled by and by, or has another value, need not be wrong.
bool breaks(const solve::LostGlobal& global) {
  using Kind = solve::LostGlobal::Kind;
  return !global.doubtful && (global.kind == Kind::Unset || global.kind == Kind::Remade);
}

/// What the child finds in globals, of one kind.
std::string lostText(const std::vector<std::string>& names, solve::LostGlobal::Kind kind) {
  constexpr const char* kinds[] = {
      "what its parent sets after the import and the child reads is not set there",
      "what its parent fills after the import and the child reads is empty there",
      "what its parent changes after the import and the child reads is there as the import makes it",
      "what the child is to share with its parent is made there anew, and is another one"};
  return kinds[static_cast<size_t>(kind)] + (": `" + llvm::join(names, "`, `")) + "`";
}

class Comparer {
public:
  Comparer(const Analysis& run, Variants from, Variants to) : run(run), from(from), to(to) {
    comparison.from = versions(from);
    comparison.to = versions(to);
  }

  void addFindings(const Findings& before, const Findings& after) {
    for (const auto& [key, finding] : before)
      if (!after.contains(key)) notePlaces(finding, wrongBefore);
    for (const auto& [key, finding] : after)
      if (!before.contains(key)) addNew(finding);
    for (const auto& [key, finding] : before)
      if (!after.contains(key) && !mayStayUnseen(finding.rule))
        (finding.cost ? comparison.faster : comparison.safe).push_back(changeOf(finding));
  }

  void addTransfers() {
    std::set<std::pair<Place, Place>> told;
    for (const solve::Transfer& transfer : run.solution.transfers) {
      bool isSent = transfer.variants & to, wasSent = transfer.variants & from;
      check::Location at = locationOf(transfer.path.back());
      if (!transfer.atStart || isSent == wasSent || !isRequested(at)) continue;
      Place made = transfer.made.empty() ? Place() : placeOf(locationOf(transfer.made.back()));
      if (!told.insert({placeOf(at), made}).second) continue;
      priced.insert(placeOf(at));
      (isSent ? comparison.slower : comparison.faster).push_back(changeOf(transfer, isSent));
    }
  }

  /// Starts whose way changes: what their children do not have, and what they cost unless what they send has
  /// a price already.
  void addStarts() {
    std::map<Place, Start> starts;
    for (const solve::Fork& fork : run.solution.forks) {
      check::Location at = locationOf(fork.path.back());
      bool isNew = fork.spawned & to, wasNew = fork.spawned & from;
      bool changes = isNew ? fork.variants & from && !wasNew : wasNew && fork.variants & to;
      if (!fork.python || !changes || !isRequested(at)) continue;
      starts.try_emplace(placeOf(at), Start(fork, at, isNew)).first->second.add(fork);
    }
    for (const Start& start : llvm::make_second_range(starts)) {
      if (start.isNew) addLost(start);
      if (priced.contains(placeOf(start.at))) continue;
      Change change;
      change.at = start.at;
      change.message = start.text();
      if (start.isNew) keep(changedAt(start.at), change);
      (start.isNew ? comparison.slower : comparison.faster).push_back(std::move(change));
    }
  }

  Comparison take() {
    // What breaks is no slower, and no safer.
    for (auto* changes : {&comparison.slower, &comparison.faster, &comparison.safe})
      llvm::erase_if(*changes, [&](const Change& change) { return broken.contains(placeOf(change.at)); });
    for (auto* changes :
         {&comparison.breaks, &comparison.mayBreak, &comparison.slower, &comparison.faster, &comparison.safe})
      llvm::stable_sort(*changes, [](const Change& a, const Change& b) {
        return std::tie(a.at.path, a.at.line, a.at.column, a.rule) <
               std::tie(b.at.path, b.at.line, b.at.column, b.rule);
      });
    return std::move(comparison);
  }

private:
  bool isRequested(const check::Location& at) const {
    std::string absolute = absolutePath(at.path);
    return llvm::any_of(run.workset.requested,
                        [&](const std::string& each) { return isBelow(absolute, each); });
  }

  /// Where it is told, and where the process starts and is made, unless it tells a price only.
  static void notePlaces(const check::Finding& finding, std::set<Place>& places) {
    if (finding.cost || finding.level == check::Level::Note) return;
    places.insert(placeOf(finding.location));
    for (const check::Step& step : finding.steps)
      if (step.role == "fork" || step.role == "made") places.insert(placeOf(step.location));
  }

  void addNew(const check::Finding& finding) {
    Change change = changeOf(finding);
    for (const check::Fix& fix : finding.fixes)
      change.fixes.push_back(fix.title);
    if (std::string instead = useInstead(finding.rule); !instead.empty() && finding.fixes.empty())
      change.fixes.push_back(std::move(instead));
    keep(changedAt(finding.location), change);
    notePlaces(finding, broken);
    if (!finding.cost && finding.level != check::Level::Note)
      for (const solve::Misuse& misuse : run.solution.misuses) // what starts may be told where it is made
        if (misuse.made && locationOf(misuse.path.back()) == finding.location)
          broken.insert(placeOf(locationOf(*misuse.made)));
    auto& changes = finding.cost                          ? comparison.slower
                    : finding.level == check::Level::Note ? comparison.mayBreak
                                                          : comparison.breaks;
    changes.push_back(std::move(change));
  }

  /// Globals that the child reads and that are not its parent's.
  void addLost(const Start& start) {
    std::map<std::pair<bool, solve::LostGlobal::Kind>, std::vector<std::string>> kinds;
    for (const auto& [name, global] : start.lost)
      kinds[{breaks(global), global.kind}].push_back(name);
    for (const auto& [kind, names] : kinds) {
      Change change;
      change.at = start.at;
      change.message = "`" + start.model + "` begins with a new interpreter: " + lostText(names, kind.second);
      change.fixes.emplace_back("Give it to the process with its arguments, or set it where the process "
                                "begins: in an initializer or in what it runs.");
      keep(changedAt(start.at), change);
      if (kind.first) broken.insert(placeOf(start.at));
      (kind.first ? comparison.breaks : comparison.mayBreak).push_back(std::move(change));
    }
  }

  static Change changeOf(const check::Finding& finding) {
    return {finding.rule, finding.level, finding.location, finding.message, finding.cost, {}};
  }

  Change changeOf(const solve::Transfer& transfer, bool isSent) const {
    uint64_t bytes = llvm::SaturatingMultiply(transfer.bytes, transfer.copies);
    Change change;
    change.at = locationOf(transfer.path.back());
    change.message =
        "`" + transfer.model + "` " +
        (isSent ? "pickles what the process is given, " : "no longer pickles what the process is given, ") +
        bytesText(bytes);
    if (const link::TransferWay* way = run.program->models().transferWay(transfer.way)) {
      auto seconds = [&](double perByte) { return static_cast<double>(bytes) * perByte; };
      change.cost = check::Cost{transfer.bytes,
                                transfer.copies,
                                seconds(way->secondsPerByte),
                                seconds(way->lowSecondsPerByte),
                                seconds(way->highSecondsPerByte),
                                false};
      change.message +=
          (isSent ? ", which takes about " : ", which took about ") + secondsText(change.cost->seconds);
    }
    if (!transfer.made.empty()) {
      check::Location made = locationOf(transfer.made.back());
      change.message += "; it is made at " + made.path + ":" + std::to_string(made.line);
    }
    if (!isSent) return change;
    keep(changedAt(change.at), change);
    change.fixes.push_back(useInstead("large-pool-argument"));
    return change;
  }

  /// The start at the place whose way changes only because the default does, or null.
  const solve::Fork* changedAt(const check::Location& at) const {
    for (const solve::Fork& fork : run.solution.forks) {
      bool isDefault = (fork.byDefault & from) && (fork.byDefault & to);
      bool changes = bool(fork.spawned & from) != bool(fork.spawned & to);
      if (isDefault && changes && locationOf(fork.path.back()) == at) return &fork;
    }
    return nullptr;
  }

  /// How the start stays as it is, unless that is wrong too.
  void keep(const solve::Fork* fork, Change& change) const {
    if (!fork || wrongBefore.contains(placeOf(change.at))) return;
    const char* method = fork->variants & from ? "fork" : fork->served & from ? "forkserver" : "spawn";
    change.fixes.push_back(
        "To keep what Python " + versions(from) + " does, " +
        (fork->ofOwnClass ? "let its class take a context, or derive it from the class of one, that names `"
                          : "give it a context that names `") +
        method + "`.");
  }

  const Analysis& run;
  Variants from, to;
  Comparison comparison;
  std::set<Place> priced, broken, wrongBefore;
};

} // namespace

int compare(const CheckOptions& options) {
  auto [from, to] = *options.compare;
  CheckOptions both = options;
  both.targets = from | to;
  Analysis run;
  if (llvm::Error error = analyze(both, run)) return fail(std::move(error));
  if (!run.program) return fail(llvm::createStringError("the program could not be linked"));
  auto before = findingsFor(from, options, run);
  if (!before) return fail(before.takeError());
  auto after = findingsFor(to, options, run);
  if (!after) return fail(after.takeError());

  Comparer comparer(run, from, to);
  comparer.addFindings(*before, *after);
  comparer.addTransfers();
  comparer.addStarts();
  const Comparison comparison = comparer.take();

  std::vector<Output> outputs = options.outputs;
  if (outputs.empty()) outputs.push_back({"full", ""});
  llvm::Error error = writeOutputs(outputs, [&](const Output& output, llvm::raw_ostream& out) {
    output.format == "json" ? printJson(comparison, out) : print(comparison, out);
  });
  if (error) return fail(std::move(error));
  check::Summary summary = run.summary;
  countCuts(summary, run.solution);
  llvm::errs() << "forklint: " << coverageLine(summary) << '\n';
  if (!run.isSound)
    return fail(llvm::createStringError("a stage failed, so that what is told is not complete"));
  return comparison.breaks.empty() ? 0 : 1;
}

} // namespace forklint::driver
