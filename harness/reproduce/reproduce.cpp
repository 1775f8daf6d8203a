// `forklint reproduce`: each scenario three ways. Naive and forced run the same unmodified file; fixed runs
// that file plus the printed diff, from a temporary folder.
#include "harness/harness.h"
#include "harness/reproduce/places.h"
#include "harness/reproduce/report.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/ScopeExit.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/Path.h"

#include <sys/wait.h>

namespace forklint::harness {
namespace {

struct Job {
  const ReproduceOptions& options;
  const Places& places;
  std::string folder; // temporary, the runs' own
  llvm::raw_ostream& progress;
  bool showProgress;
};

llvm::Expected<bool> runOnce(const Job& job, Tally& tally, const std::string& program,
                             std::vector<double>& seconds) {
  RunSpec spec;
  spec.command = {tally.python->path, program};
  spec.workDirectory = job.folder;
  spec.limitSeconds = job.options.limitSeconds;
  spec.directed = tally.mode == Mode::Forced;
  spec.interposer = job.places.interposer;
  spec.targetDescriptor = tally.scenario->descriptor;
  spec.environment.emplace_back("PYTHONDONTWRITEBYTECODE", "1");
  if (spec.directed) {
    const char* before = getenv("PYTHONPATH");
    const std::string shim = job.places.data + "/shim";
    spec.environment.emplace_back("PYTHONPATH", before && *before ? shim + ":" + before : shim);
  }
  auto run = watchRun(spec);
  if (!run) return run.takeError();
  if (run->end == RunResult::End::Interrupted) return false;
  ++tally.runs;
  seconds.push_back(run->seconds);
  tally.clearedUnbuffered |= run->clearedUnbuffered;
  if (tally.mode == Mode::Forced && !run->reached) ++tally.missed;
  if (run->end == RunResult::End::Hung) {
    ++tally.failures;
    if (!tally.example) tally.example = std::move(*run);
  } else if (run->end == RunResult::End::Suspect) {
    ++tally.suspects;
    tally.complaint = "no proof: " + run->hang.doubt;
  } else if (!WIFEXITED(run->status) || WEXITSTATUS(run->status) != 0) {
    ++tally.errors;
    tally.complaint = run->errorTail;
  }
  return true;
}

/// False when the user interrupted.
llvm::Expected<bool> runMode(const Job& job, Tally& tally) {
  auto source = readText(tally.scenario->program);
  if (!source) return source.takeError();
  std::string program = tally.scenario->program;
  if (tally.mode == Mode::Fixed) {
    auto diff = readText(tally.scenario->fixed);
    if (!diff) return diff.takeError();
    auto fixed = applyDiff(*source, *diff);
    if (!fixed) return llvm::joinErrors(usageError(tally.scenario->fixed), fixed.takeError());
    source = std::move(*fixed);
    program = job.folder + "/" + llvm::sys::path::filename(tally.scenario->program).str();
    std::error_code error;
    llvm::raw_fd_ostream file(program, error);
    if (error) return usageError("cannot write " + program + ": " + error.message());
    file << *source;
  }
  tally.sourceDigest = digestOf(*source);
  std::vector<double> seconds;
  for (unsigned run = 0; run < job.options.runs; ++run) {
    if (job.showProgress)
      job.progress << llvm::formatv("\r{0} CPython {1} {2} {3}/{4}   ", tally.scenario->name,
                                    tally.python->version, nameOf(tally.mode), run + 1, job.options.runs);
    auto more = runOnce(job, tally, program, seconds);
    if (!more || !*more) return more;
  }
  llvm::sort(seconds);
  tally.seconds = seconds[seconds.size() / 2];
  return true;
}

llvm::Expected<std::vector<Scenario>> chooseScenarios(const ReproduceOptions& options, const Places& places) {
  auto all = readScenarios(places.data + "/scenarios");
  if (!all || options.names.empty()) return all;
  std::vector<Scenario> chosen;
  for (const std::string& name : options.names) {
    bool known = false;
    for (const Scenario& scenario : *all)
      if (scenario.name == name || scenario.rule == name) {
        known = true;
        if (llvm::none_of(chosen, [&](const Scenario& other) { return other.name == scenario.name; }))
          chosen.push_back(scenario);
      }
    if (known) continue;
    std::string names;
    for (const Scenario& scenario : *all)
      names += (names.empty() ? "" : ", ") + scenario.name;
    return usageError("unknown scenario '" + name + "'; there are: " + names);
  }
  return chosen;
}

int fail(llvm::raw_ostream& err, llvm::Error error) {
  err << "forklint: " << llvm::toString(std::move(error)) << "\n";
  return 2;
}

void report(Output& output, llvm::raw_ostream& standard, llvm::ArrayRef<Tally> tallies) {
  llvm::raw_ostream& out = output.file ? *output.file : standard;
  if (output.format == "json-lines") {
    for (const Tally& tally : tallies)
      out << llvm::json::Value(recordOf(tally)) << "\n";
    out.flush();
    return;
  }
  if (llvm::any_of(tallies, [](const Tally& tally) { return tally.clearedUnbuffered; }))
    out << "PYTHONUNBUFFERED was set; it hides this kind of hang and was removed for the runs.\n\n";
  std::vector<const Scenario*> fixes;
  for (const Tally& tally : tallies) {
    if (tally.example) {
      printHang(out, tally);
      out << "\n";
    }
    if (tally.mode == Mode::Fixed && !llvm::is_contained(fixes, tally.scenario))
      fixes.push_back(tally.scenario);
  }
  for (const Scenario* scenario : fixes)
    if (auto diff = readText(scenario->fixed))
      printFix(out, *scenario, *diff);
    else
      llvm::consumeError(diff.takeError());
  printSummary(out, tallies);
  out.flush();
}

} // namespace

int reproduce(const ReproduceOptions& options, llvm::raw_ostream& out, llvm::raw_ostream& err) {
  auto outputs = openOutputs(options.outputs);
  if (!outputs) return fail(err, outputs.takeError());
  if (options.runs == 0) return fail(err, usageError("--runs must be at least 1"));
  auto places = locate(options.places);
  if (!places) return fail(err, places.takeError());
  auto scenarios = chooseScenarios(options, *places);
  if (!scenarios) return fail(err, scenarios.takeError());
  auto pythons = findInterpreters(options.pythons);
  if (!pythons) return fail(err, pythons.takeError());

  llvm::SmallString<128> folder;
  if (std::error_code error = llvm::sys::fs::createUniqueDirectory("forklint-reproduce", folder))
    return fail(err, usageError("cannot make a temporary folder: " + error.message()));
  const auto removeFolder = llvm::make_scope_exit([&] { llvm::sys::fs::remove_directories(folder); });
  const std::vector<Mode> modes =
      options.modes.empty() ? std::vector<Mode>{Mode::Naive, Mode::Forced, Mode::Fixed} : options.modes;
  const Job job{options, *places, folder.str().str(), err, err.is_displayed()};

  std::vector<Tally> tallies;
  bool interrupted = false;
  for (const Scenario& scenario : *scenarios)
    for (const Interpreter& python : *pythons)
      for (const Mode mode : modes) {
        if (interrupted || python.minor < scenario.oldestMinor) continue;
        Tally tally;
        tally.scenario = &scenario;
        tally.python = &python;
        tally.mode = mode;
        auto more = runMode(job, tally);
        if (!more) return fail(err, more.takeError());
        interrupted = !*more;
        if (!interrupted) tallies.push_back(std::move(tally));
      }
  if (job.showProgress) err << "\r\033[K";
  for (Output& output : *outputs)
    report(output, out, tallies);
  if (interrupted) {
    err << "forklint: interrupted\n";
    return 130;
  }
  if (tallies.empty()) return fail(err, usageError("no scenario runs on the interpreters chosen"));
  return llvm::all_of(tallies, [](const Tally& tally) { return tally.asExpected(); }) ? 0 : 1;
}

} // namespace forklint::harness
