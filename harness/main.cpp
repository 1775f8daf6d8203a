// The harness alone, for its tests: `reproduce`, `measure` and `watch-run`, which runs one program under the
// supervisor and prints what was decided about it.
#include "harness/folder.h"
#include "harness/harness.h"
#include "harness/reproduce/places.h"
#include "harness/supervisor/run.h"

#include <CLI/CLI.hpp>
#include <map>

using namespace forklint::harness;

namespace {

int watchOne(const std::vector<std::string>& command, double limit) {
  const TemporaryFolder folder("forklint-watch");
  if (folder.error()) return 2;
  RunSpec spec;
  spec.command = command;
  spec.workDirectory = folder.path();
  spec.limitSeconds = limit;
  auto result = watchRun(spec);
  if (!result) {
    llvm::errs() << "forklint: " << llvm::toString(result.takeError()) << "\n";
    return 2;
  }
  const char* ends[] = {"exited", "hung", "suspect", "interrupted"};
  llvm::outs() << ends[static_cast<int>(result->end)];
  if (result->end != RunResult::End::Exited)
    llvm::outs() << " " << nameOf(result->hang.verdict) << " lock=" << result->hang.lockKind
                 << " owner=" << result->hang.ownerTid << " doubt=" << result->hang.doubt;
  llvm::outs() << "\n";
  return 0;
}

} // namespace

int main(int count, char** values) {
  CLI::App app("forklint's run-time harness");
  app.require_subcommand(1);
  ReproduceOptions reproduceOptions;
  MeasureOptions measureOptions;
  std::vector<std::string> command;
  double limit = 20;
  const std::map<std::string, Mode> modes = {
      {"naive", Mode::Naive}, {"forced", Mode::Forced}, {"fixed", Mode::Fixed}};

  CLI::App* reproduceApp = app.add_subcommand("reproduce", "run scenarios: naive, forced, fixed");
  reproduceApp->add_option("names", reproduceOptions.names, "scenarios, by their name or their rule's");
  reproduceApp->add_option("--runs", reproduceOptions.runs)->check(CLI::PositiveNumber);
  reproduceApp->add_option("--mode", reproduceOptions.modes)->transform(CLI::CheckedTransformer(modes));
  reproduceApp->add_option("--python", reproduceOptions.pythons);
  reproduceApp->add_option("--output", reproduceOptions.outputs);
  reproduceApp->add_option("--limit", reproduceOptions.limitSeconds);

  CLI::App* measureApp = app.add_subcommand("measure", "transfer costs on this machine");
  measureApp->add_option("what", measureOptions.what);
  measureApp->add_option("--venv", measureOptions.venv);
  measureApp->add_option("--bytes", measureOptions.bytes)->transform(CLI::AsSizeValue(false));
  measureApp->add_option("--repeats", measureOptions.repeats)->check(CLI::PositiveNumber);
  measureApp->add_option("--output", measureOptions.outputs);

  CLI::App* watchApp = app.add_subcommand("watch-run", "one program under the supervisor");
  watchApp->add_option("--limit", limit);
  watchApp->add_option("command", command)->required();
  watchApp->prefix_command(false);

  try { // CLI11 reports through exceptions; nothing past this line does
    app.parse(count, values);
  } catch (const CLI::ParseError& error) {
    const int code = app.exit(error);
    return code == 0 ? 0 : 2;
  }
  if (*reproduceApp) return reproduce(reproduceOptions, llvm::outs(), llvm::errs());
  if (*measureApp) return measure(measureOptions, llvm::outs(), llvm::errs());
  return watchOne(command, limit);
}
