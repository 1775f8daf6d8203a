// forklint: reads the command line and hands over to the verb.
#include "driver/compare.h"
#include "driver/explain.h"
#include "driver/options.h"
#include "driver/pipeline.h"
#include "driver/rulebook.h"

#include "llvm/Support/Process.h"
#include "llvm/Support/raw_ostream.h"

#include <csignal>

using namespace forklint;
using namespace forklint::driver;

namespace {

struct Dispatch {
  int operator()(const CheckOptions& options) const {
    return options.compare ? driver::compare(options) : driver::check(options);
  }
  int operator()(const ExplainOptions& options) const { return explain(options); }
  int operator()(const RuleOptions& options) const { return showRules(options); }
  int operator()(const ConfigOptions& options) const { return showConfig(options); }
  int operator()(const CleanOptions& options) const { return clean(options); }
  int operator()(const harness::ReproduceOptions& options) const {
    return harness::reproduce(options, llvm::outs(), llvm::errs());
  }
  int operator()(const harness::MeasureOptions& options) const {
    return harness::measure(options, llvm::outs(), llvm::errs());
  }
  int operator()(const VersionOptions&) const { return llvm::outs() << "forklint " FORKLINT_VERSION "\n", 0; }
  int operator()(const HelpOptions& options) const { return llvm::outs() << options.text, 0; }
};

} // namespace

int main(int count, char** arguments) {
  // What is opened below must not become a standard stream that the caller has closed.
  if (llvm::sys::Process::FixupStandardFileDescriptors()) return 2;
  std::signal(SIGPIPE, SIG_IGN); // a reader that leaves early is an error message, not a death
  auto options = readOptions({arguments + 1, arguments + count});
  if (!options) {
    llvm::errs() << "forklint: " << llvm::toString(options.takeError()) << '\n';
    return 2;
  }
  int status = std::visit(Dispatch(), *options);
  llvm::outs().flush();
  if (!llvm::outs().has_error()) return status;
  llvm::errs() << "forklint: standard output: " << llvm::outs().error().message() << '\n';
  llvm::outs().clear_error();
  return 2;
}
