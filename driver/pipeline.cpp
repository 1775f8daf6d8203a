// discover -> extract -> link -> solve -> check -> filter -> render: one type on each arrow, invariants in
// between.
#include "driver/pipeline.h"

#include "analyzers/check/rule.h"
#include "analyzers/facts/text.h"
#include "analyzers/link/program.h"
#include "analyzers/solve/solution.h"
#include "driver/discover.h"
#include "driver/entrypoints/lower.h"
#include "driver/extract.h"
#include "driver/filter.h"
#include "driver/own-models.h"
#include "driver/render.h"
#include "driver/report/renderer.h"
#include "driver/rulebook.h"
#include "driver/statistics.h"
#include "driver/summary.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/CrashRecoveryContext.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Threading.h"
#include "llvm/Support/raw_ostream.h"

namespace forklint::driver {
namespace {

/// The solver goes down call chains by recursion.
constexpr unsigned stackSize = 512u << 20;

int fail(llvm::Error error) {
  llvm::errs() << "forklint: " << llvm::toString(std::move(error)) << '\n';
  return 2;
}

/// What `--print` and `--stop-after` ask of one run.
class Plan {
public:
  explicit Plan(const CheckOptions& options) : options(options) {
    if (options.stopAfter)
      last = *options.stopAfter;
    else if (!options.print.empty() && options.outputs.empty())
      last = lastPrinted();
  }
  bool prints(llvm::StringRef what) const { return llvm::is_contained(options.print, what); }
  bool stopsAfter(Stage stage) const { return last == stage; }

private:
  /// Printing a stage is what the run is for, unless a report is asked for too.
  Stage lastPrinted() const {
    Stage latest = Stage::Discover;
    for (const Printable& each : printables)
      if (prints(each.name)) latest = std::max(latest, each.stage);
    return latest;
  }
  const CheckOptions& options;
  Stage last = Stage::Render;
};

check::Finding internalError(const char* stage, const Workset& workset) {
  check::Finding finding;
  finding.rule = "internal-error";
  finding.level = check::Level::Error;
  finding.location.path = displayPath(workset.requested.front());
  finding.message =
      std::string("forklint failed while it was in ") + stage + "; what is reported is not complete";
  return finding;
}

/// Runs one stage. A crash in it costs its result and becomes a finding, not the end of the run.
bool guarded(const char* stage, const Workset& workset, std::vector<check::Finding>& findings,
             llvm::function_ref<void()> run) {
  llvm::CrashRecoveryContext recovery;
  if (recovery.RunSafelyOnThread(run, stackSize)) return true;
  findings.push_back(internalError(stage, workset));
  return false;
}

/// The text of a source; facts are none.
std::optional<std::string> readSource(const std::string& path) {
  if (languageOf(path) == Language::Facts) return std::nullopt;
  llvm::sys::fs::file_status status;
  if (llvm::sys::fs::status(path, status) || status.type() != llvm::sys::fs::file_type::regular_file)
    return std::nullopt;
  auto buffer = llvm::MemoryBuffer::getFile(path, /*IsText=*/false, /*RequiresNullTerminator=*/false);
  if (!buffer) return std::nullopt;
  return (*buffer)->getBuffer().str();
}

/// See Telling.
auto tellsOf(const link::Models& models) {
  return [&models](const std::string& path) {
    auto text = readSource(path);
    return !text || models.areMentionedIn(*text, spelling(languageOf(path)));
  };
}

unsigned jobsOf(const CheckOptions& options) {
  return options.jobs ? options.jobs : llvm::hardware_concurrency().compute_thread_count();
}

void printReport(const CheckOptions& options, const check::Report& report) {
  SourceCache sources;
  makeRenderer("concise")->render(report, {sources, check::Level::Note, usesColor(options.color)},
                                  llvm::outs());
}

void printFindings(const std::vector<check::Finding>& findings) {
  SourceCache sources;
  makeRenderer("json-lines")->render({findings, {}}, {sources, check::Level::Note, false}, llvm::outs());
}

} // namespace

int check(const CheckOptions& options) {
  Plan plan(options);
  Configurations configurations(ruleNames());

  auto models = link::Models::builtin(options.withoutModels);
  if (!models) return fail(models.takeError());

  // Discover: the files of the program, their language, name and command.
  auto workset = discover(options, configurations, tellsOf(*models));
  if (!workset) return fail(workset.takeError());
  if (auto error = addOwnModels(options, *workset, configurations, *models)) return fail(std::move(error));
  auto targets = allTargets(options, *workset, configurations);
  if (!targets) return fail(targets.takeError());
  auto libc = libcOf(options, *workset, configurations);
  if (!libc) return fail(libc.takeError());
  for (const auto& notes : {workset->notes, configurations.notes})
    for (const std::string& note : notes)
      llvm::errs() << "forklint: note: " << note << '\n';
  // How its programs begin.
  addEntryPoints(*workset, models->commandRows());
  // Demand: what cannot matter to the requested files is left out.
  std::optional<check::Statistics> statistics;
  if (options.stats) statistics = countFiles(*workset);
  if (!options.exhaustive) keepDemanded(*workset);
  if (plan.prints("workset")) print(*workset, llvm::outs());
  if (plan.stopsAfter(Stage::Discover)) return 0;

  // From here on no unit is added or removed; a unit that fails stays, with a gap.

  // Extract: each unit's facts, in parallel, in the order of the workset.
  std::vector<facts::UnitFacts> units = extractAll(*workset, jobsOf(options));
  if (statistics) countParsed(*statistics, *workset, units);
  check::Summary summary = summarize(units);
  // What the project's files say about its programs is facts too; their units stand behind the others.
  lowerEntryPoints(workset->entries, units);
  if (plan.prints("facts"))
    for (const facts::UnitFacts& unit : units)
      facts::print(unit, llvm::outs());
  if (plan.stopsAfter(Stage::Extract)) return 0;
  std::vector<check::Finding> findings = std::move(workset->findings);

  // Link: the facts of all units and what libraries do become one program.
  llvm::CrashRecoveryContext::Enable();
  std::optional<link::Program> program;
  bool sound =
      guarded("link", *workset, findings, [&] { program.emplace(std::move(units), std::move(*models)); });
  if (sound && plan.prints("program")) link::print(*program, llvm::outs());
  if (plan.stopsAfter(Stage::Link)) return sound ? 0 : 2;

  // From here on the program does not change.

  // Solve: what may be alive at each fork, and what each child does.
  solve::Solution solution;
  sound = sound && guarded("solve", *workset, findings, [&] { solution = solve::solve(*program); });
  if (sound && plan.prints("callgraph")) solve::printCallGraph(solution, llvm::outs());
  if (sound && plan.prints("summaries")) solve::printSummaries(solution, llvm::outs());
  if (sound && plan.prints("states")) solve::printStates(solution, llvm::outs());
  if (plan.stopsAfter(Stage::Solve)) return sound ? 0 : 2;

  // Check: every rule judges the solution; without one what is known of the program alone is told.
  bool judged =
      program && guarded("check", *workset, findings, [&] {
        llvm::append_range(findings, check::runRules(*program, solution, *targets, *libc, readSource));
      });
  sound = sound && judged;
  if (plan.prints("findings")) printFindings(findings);
  if (plan.stopsAfter(Stage::Check)) return sound ? 0 : 2;

  // Filter: selection, comments, observations.
  auto report = filter(options, *workset, configurations, program ? program->units() : units, summary,
                       std::move(findings));
  if (!report) return fail(report.takeError());
  countCuts(report->summary, solution);
  if (statistics) countCalls(*statistics, solution);
  report->statistics = std::move(statistics);
  if (plan.prints("report")) printReport(options, *report);

  // From here on findings do not change.

  // Render, and tell what the run covered.
  auto config = configurations.of(workset->requested.front());
  check::Level show = options.show.value_or(check::Level::Warning);
  if (!config)
    llvm::consumeError(config.takeError());
  else if (!options.show)
    show = (*config)->show.value_or(show);
  if (!plan.stopsAfter(Stage::Filter))
    if (llvm::Error error = render(options, show, *report)) return fail(std::move(error));
  bool failed = fails(options, configurations, *report);
  if (report->statistics) print(*report->statistics, llvm::errs());
  llvm::errs() << "forklint: " << closingLine(*report, show, failed) << '\n';
  if (!sound) return 2;
  return failed ? 1 : 0;
}

int showConfig(const ConfigOptions& options) {
  Configurations configurations(ruleNames());
  std::string path = options.paths.empty() ? "." : options.paths.front();
  std::string absolute = absolutePath(path);
  llvm::sys::fs::file_status status;
  if (std::error_code error = llvm::sys::fs::status(absolute, status))
    return fail(llvm::createStringError(path + ": " + whyMissing(error)));
  bool isFolder = llvm::sys::fs::is_directory(absolute);
  auto config =
      configurations.of(isFolder ? llvm::StringRef(absolute) : llvm::sys::path::parent_path(absolute));
  if (!config) return fail(config.takeError());
  print(**config, llvm::outs());
  return 0;
}

} // namespace forklint::driver
