// `forklint reproduce`: each scenario three ways, on each interpreter asked for or with the compiler found.
#include "analyzers/support/suggest.h"
#include "harness/folder.h"
#include "harness/harness.h"
#include "harness/reproduce/places.h"
#include "harness/reproduce/program.h"
#include "harness/reproduce/report.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"

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

RunSpec specFor(const Job& job, const Tally& tally, const Program& program) {
  RunSpec spec;
  spec.command = program.command;
  spec.workDirectory = job.folder;
  spec.limitSeconds = job.options.limitSeconds;
  spec.directed = tally.mode == Mode::Forced;
  spec.interposer = job.places.interposer;
  spec.parkAt = tally.scenario->parkAt;
  spec.targetDescriptor = tally.scenario->descriptor;
  spec.armInFork = !tally.scenario->isPython();
  spec.environment.emplace_back("PYTHONDONTWRITEBYTECODE", "1");
  if (spec.directed) {
    const char* before = getenv("PYTHONPATH");
    const std::string shim = job.places.data + "/shim";
    spec.environment.emplace_back("PYTHONPATH", before && *before ? shim + ":" + before : shim);
  }
  return spec;
}

void count(Tally& tally, RunResult run) {
  ++tally.runs;
  // Of a program in another language the variable says nothing.
  tally.clearedUnbuffered |= run.clearedUnbuffered && tally.python;
  if (tally.mode == Mode::Forced && !run.reached) ++tally.missed;
  if (run.end == RunResult::End::Hung) {
    ++tally.failures;
    if (!tally.example) tally.example = std::move(run);
  } else if (run.end == RunResult::End::Suspect) {
    ++tally.suspects;
    tally.complaint = "no proof: " + run.hang.doubt;
  } else if (!WIFEXITED(run.status) || WEXITSTATUS(run.status) != 0) {
    ++tally.errors;
    tally.complaint = run.errorTail;
  }
}

/// False when the user interrupted.
llvm::Expected<bool> runMode(const Job& job, Tally& tally) {
  auto program = prepareProgram(*tally.scenario, tally.mode, tally.python, tally.compiler, job.folder);
  if (!program) return program.takeError();
  tally.sourceDigest = program->sourceDigest;
  std::vector<double> seconds;
  for (unsigned run = 0; run < job.options.runs; ++run) {
    if (job.showProgress)
      job.progress << llvm::formatv("\r{0} {1} {2} {3}/{4}   ", tally.scenario->name, tally.subject(),
                                    nameOf(tally.mode), run + 1, job.options.runs);
    auto result = watchRun(specFor(job, tally, *program));
    if (!result) return result.takeError();
    if (result->end == RunResult::End::Interrupted) return false;
    seconds.push_back(result->seconds);
    count(tally, std::move(*result));
  }
  llvm::sort(seconds);
  tally.seconds = seconds[seconds.size() / 2];
  return true;
}

llvm::Expected<std::vector<Scenario>> chooseScenarios(const ReproduceOptions& options, const Places& places) {
  auto all = readScenarios(places.data);
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
    std::vector<llvm::StringRef> names;
    for (const Scenario& scenario : *all)
      names.push_back(scenario.name);
    return usageError("unknown scenario '" + name + "'" + suggestion(name, names));
  }
  return chosen;
}

int fail(llvm::raw_ostream& err, llvm::Error error) {
  err << "forklint: " << llvm::toString(std::move(error)) << "\n";
  return 2;
}

/// What each scenario runs on. A tool is looked for only when a scenario needs it.
llvm::Expected<std::vector<Tally>> planRuns(const ReproduceOptions& options,
                                            llvm::ArrayRef<Scenario> scenarios,
                                            std::vector<Interpreter>& pythons,
                                            std::optional<Compiler>& compiler) {
  if (llvm::any_of(scenarios, [](const Scenario& scenario) { return scenario.isPython(); })) {
    auto found = findInterpreters(options.pythons);
    if (!found) return found.takeError();
    pythons = std::move(*found);
  }
  if (llvm::any_of(scenarios, [](const Scenario& scenario) { return !scenario.isPython(); })) {
    auto found = findCompiler();
    if (!found) return found.takeError();
    compiler = std::move(*found);
  }
  const std::vector<Mode> modes =
      options.modes.empty() ? std::vector<Mode>{Mode::Naive, Mode::Forced, Mode::Fixed} : options.modes;
  std::vector<Tally> plan;
  const auto add = [&](const Scenario& scenario, const Interpreter* python, const Compiler* with) {
    for (const Mode mode : modes) {
      Tally tally;
      tally.scenario = &scenario;
      tally.python = python;
      tally.compiler = with;
      tally.mode = mode;
      plan.push_back(std::move(tally));
    }
  };
  for (const Scenario& scenario : scenarios) {
    if (!scenario.isPython())
      add(scenario, nullptr, &*compiler);
    else
      for (const Interpreter& python : pythons)
        if (python.minor >= scenario.oldestMinor && python.minor <= scenario.newestMinor)
          add(scenario, &python, nullptr);
  }
  if (plan.empty()) return usageError("no scenario runs on the interpreters chosen");
  return plan;
}

void report(Output& output, llvm::raw_ostream& standard, llvm::ArrayRef<Tally> tallies) {
  llvm::raw_ostream& out = output.file ? *output.file : standard;
  if (output.format == "json-lines")
    for (const Tally& tally : tallies)
      out << llvm::json::Value(recordOf(tally)) << "\n";
  else if (output.format == "html")
    printPage(out, tallies);
  else
    printText(out, tallies);
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
  std::vector<Interpreter> pythons;
  std::optional<Compiler> compiler;
  auto plan = planRuns(options, *scenarios, pythons, compiler);
  if (!plan) return fail(err, plan.takeError());

  const TemporaryFolder folder("forklint-reproduce");
  if (folder.error())
    return fail(err, usageError("cannot make a temporary folder: " + folder.error().message()));
  const Job job{options, *places, folder.path(), err, err.is_displayed()};

  std::vector<Tally> tallies;
  bool interrupted = false;
  for (Tally& tally : *plan) {
    auto more = runMode(job, tally);
    if (!more) return fail(err, more.takeError());
    interrupted = !*more;
    if (interrupted) break;
    tallies.push_back(std::move(tally));
  }
  if (job.showProgress) err << "\r\033[K";
  for (Output& output : *outputs)
    report(output, out, tallies);
  if (interrupted) {
    err << "forklint: interrupted\n";
    return 130;
  }
  return llvm::all_of(tallies, [](const Tally& tally) { return tally.asExpected(); }) ? 0 : 1;
}

} // namespace forklint::harness
