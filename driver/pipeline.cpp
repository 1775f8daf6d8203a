// discover -> extract -> link -> solve -> check -> filter -> render: one type on each arrow, invariants in
// between.
#include "driver/pipeline.h"

#include "analyzers/check/rule.h"
#include "analyzers/facts/text.h"
#include "driver/cache.h"
#include "driver/cmake-reply.h"
#include "driver/entrypoints/lower.h"
#include "driver/extract.h"
#include "driver/filter.h"
#include "driver/own-models.h"
#include "driver/pins.h"
#include "driver/render.h"
#include "driver/report/renderer.h"
#include "driver/statistics.h"
#include "driver/summary.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/CrashRecoveryContext.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Threading.h"
#include "llvm/Support/raw_ostream.h"

#include <set>

namespace forklint::driver {
namespace {

/// The solver goes down call chains by recursion.
constexpr unsigned stackSize = 512u << 20;

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

Resources resourcesOf(const CheckOptions& options) {
  unsigned jobs = options.jobs ? options.jobs : llvm::hardware_concurrency().compute_thread_count();
  std::string folder = options.cacheFolder.empty() ? defaultCacheFolder() : absolutePath(options.cacheFolder);
  return {jobs, options.cached ? folder : "", options.unitSeconds, options.unitMegabytes,
          !options.exhaustive};
}

void printReport(const CheckOptions& options, const check::Report& report) {
  SourceCache sources;
  makeRenderer("concise")->render(report, {sources, check::Level::Note, usesColor(options.color)},
                                  llvm::outs());
}

void printFindings(const std::vector<check::Finding>& findings) {
  SourceCache sources;
  check::Report report;
  report.findings = findings;
  makeRenderer("json-lines")->render(report, {sources, check::Level::Note, false}, llvm::outs());
}

} // namespace

/// The folders of the projects that units belong to.
static std::vector<std::string> projectsOf(const Workset& workset) {
  std::set<std::string> folders;
  for (const Unit& unit : workset.units)
    if (!unit.project.empty()) folders.insert(unit.project);
  return {folders.begin(), folders.end()};
}

int fail(llvm::Error error) {
  llvm::errs() << "forklint: " << llvm::toString(std::move(error)) << '\n';
  return 2;
}

llvm::Error analyze(const CheckOptions& options, Analysis& run) {
  Plan plan(options);
  auto endHere = [&] {
    run.ended = run.isSound ? 0 : 2;
    return llvm::Error::success();
  };

  auto models = link::Models::builtin(options.withoutModels);
  if (!models) return models.takeError();

  // Discover: the files of the program, their language, name and command.
  auto workset = discover(options, run.configurations, tellsOf(*models));
  if (!workset) return workset.takeError();
  run.workset = std::move(*workset);
  // Which of them a build puts into which programs.
  run.workset.targets = builtTargets(run.workset);
  if (auto error = addOwnModels(options, run.workset, run.configurations, *models)) return error;
  models->choose(pinsOf(projectsOf(run.workset)));
  auto targets = allTargets(options, run.workset, run.configurations);
  if (!targets) return targets.takeError();
  run.targets = *targets;
  auto platform = platformOf(options, run.workset, run.configurations);
  if (!platform) return platform.takeError();
  models->choosePlatform(*platform);
  auto libc = libcOf(options, run.workset, run.configurations, models->platform().libc);
  if (!libc) return libc.takeError();
  run.libc = *libc;
  for (const auto& notes : {run.workset.notes, run.configurations.notes})
    for (const std::string& note : notes)
      llvm::errs() << "forklint: note: " << note << '\n';
  // How its programs begin, and what its modules are called.
  addPrograms(run.workset, *models);
  // Demand: what cannot matter to the requested files is left out.
  if (options.stats) run.statistics = countFiles(run.workset);
  if (!options.exhaustive) keepDemanded(run.workset);
  if (plan.prints("workset")) print(run.workset, llvm::outs());
  if (plan.stopsAfter(Stage::Discover)) return endHere();

  // From here on no unit is added or removed; a unit that fails stays, with a gap.

  // Extract: each unit's facts, in parallel, in the order of the workset. Bodies of functions are left out,
  // to be read when link or solve ask for them, unless all of them are to be seen.
  bool whole = options.exhaustive || options.readsAll || plan.prints("facts") || plan.prints("program");
  Extraction extraction = extractAll(run.workset, resourcesOf(options), whole);
  std::vector<facts::UnitFacts>& units = extraction.units;
  if (run.statistics) countParsed(*run.statistics, run.workset, extraction);
  run.summary = summarize(units);
  // What the project's files say about its programs is facts too; their units stand behind the others.
  lowerEntryPoints(run.workset.entries, units);
  addBoundUnits(run.workset, *models, units);
  if (plan.prints("facts"))
    for (const facts::UnitFacts& unit : units)
      facts::print(unit, llvm::outs());
  if (plan.stopsAfter(Stage::Extract)) return endHere();
  run.findings = std::move(run.workset.findings);

  // Link: the facts of all units and what libraries do become one program.
  llvm::CrashRecoveryContext::Enable();
  run.isSound = guarded("link", run.workset, run.findings, [&] {
    run.program.emplace(std::move(units), std::move(*models), std::move(extraction.unread),
                        run.workset.targets);
  });
  if (run.isSound && plan.prints("program")) link::print(*run.program, llvm::outs());
  if (plan.stopsAfter(Stage::Link)) return endHere();

  // From here on the program does not change, but that more of it is read.

  // Solve: what may be alive at each fork, and what each child does.
  const solve::Questions asked{.lostGlobals = options.compare.has_value()};
  run.isSound = run.isSound && guarded("solve", run.workset, run.findings,
                                       [&] { run.solution = solve::solve(*run.program, asked); });
  if (run.isSound && plan.prints("callgraph")) solve::printCallGraph(run.solution, llvm::outs());
  if (run.isSound && plan.prints("summaries")) solve::printSummaries(run.solution, llvm::outs());
  if (run.isSound && plan.prints("states")) solve::printStates(run.solution, llvm::outs());
  if (plan.stopsAfter(Stage::Solve)) return endHere();
  return llvm::Error::success();
}

void judge(Analysis& run) {
  bool isJudged = run.program && guarded("check", run.workset, run.findings, [&] {
                    llvm::append_range(run.findings, check::runRules(*run.program, run.solution, run.targets,
                                                                     run.libc, readSource));
                  });
  run.isSound = run.isSound && isJudged;
  if (run.program) countIncomplete(run.summary, run.program->units());
  if (run.program && run.statistics) countBodies(*run.statistics, *run.program);
}

llvm::Expected<check::Report> reportOf(const CheckOptions& options, Analysis& run) {
  static const std::vector<facts::UnitFacts> none;
  auto report = filter(options, run.workset, run.configurations, run.program ? run.program->units() : none,
                       run.summary, std::move(run.findings));
  if (report) countCuts(report->summary, run.solution);
  return report;
}

int check(const CheckOptions& options) {
  Plan plan(options);

  // Discover, extract, link, solve.
  Analysis run;
  if (auto error = analyze(options, run)) return fail(std::move(error));
  if (run.ended) return *run.ended;

  // Check: every rule judges the solution; without one what is known of the program alone is told.
  judge(run);
  if (plan.prints("findings")) printFindings(run.findings);
  if (plan.stopsAfter(Stage::Check)) return run.isSound ? 0 : 2;

  // Filter: selection, comments, observations.
  auto report = reportOf(options, run);
  if (!report) return fail(report.takeError());
  if (run.statistics) countCalls(*run.statistics, run.solution);
  report->statistics = std::move(run.statistics);
  if (plan.prints("report")) printReport(options, *report);

  // From here on findings do not change.

  // Render, and tell what the run covered.
  auto config = run.configurations.of(run.workset.requested.front());
  check::Level show = options.show.value_or(check::Level::Warning);
  if (!config)
    llvm::consumeError(config.takeError());
  else if (!options.show)
    show = (*config)->show.value_or(show);
  if (!plan.stopsAfter(Stage::Filter))
    if (llvm::Error error = render(options, show, *report)) return fail(std::move(error));
  bool failed = fails(options, run.configurations, *report);
  if (report->statistics) print(*report->statistics, llvm::errs());
  llvm::errs() << "forklint: " << closingLine(*report, show, failed) << '\n';
  if (!run.isSound) return 2;
  return failed ? 1 : 0;
}

int clean(const CleanOptions& options) {
  std::string folder = options.cacheFolder.empty() ? defaultCacheFolder() : absolutePath(options.cacheFolder);
  auto units = cleanCache(folder);
  if (!units) return fail(units.takeError());
  llvm::outs() << "forklint: removed the facts of " << *units << " units from " << folder << '\n';
  return 0;
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
