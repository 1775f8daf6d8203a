#include "driver/render.h"

#include "driver/report/renderer.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/raw_ostream.h"

#include <cstdlib>
#include <unistd.h>

namespace forklint::driver {
namespace {

bool isSet(const char* variable) {
  const char* value = std::getenv(variable);
  return value && *value;
}

llvm::Error writeTo(llvm::raw_fd_ostream& stream, const Output& output, llvm::StringRef name, Write write) {
  write(output, stream);
  stream.flush();
  if (!stream.has_error()) return llvm::Error::success();
  std::string reason = stream.error().message();
  stream.clear_error();
  return llvm::createStringError(name + ": cannot be written: " + reason);
}

} // namespace

bool usesColor(ColorMode mode) {
  if (mode != ColorMode::Auto) return mode == ColorMode::Always;
  if (isSet("NO_COLOR")) return false;
  if (isSet("FORCE_COLOR")) return llvm::StringRef(std::getenv("FORCE_COLOR")) != "0";
  const char* terminal = std::getenv("TERM");
  return isatty(STDOUT_FILENO) && terminal && llvm::StringRef(terminal) != "dumb";
}

llvm::Error writeOutputs(const std::vector<Output>& outputs, Write write) {
  for (const Output& output : outputs) {
    if (output.file.empty()) {
      if (llvm::Error error = writeTo(llvm::outs(), output, "standard output", write)) return error;
      continue;
    }
    std::error_code failed;
    llvm::raw_fd_ostream file(output.file, failed);
    if (failed) return llvm::createStringError(output.file + ": " + failed.message());
    if (llvm::Error error = writeTo(file, output, output.file, write)) return error;
  }
  return llvm::Error::success();
}

llvm::Error render(const CheckOptions& options, check::Level show, const check::Report& report) {
  SourceCache sources;
  std::vector<Output> outputs = options.outputs;
  if (outputs.empty() && options.print.empty()) outputs.push_back({"full", ""});
  return writeOutputs(outputs, [&](const Output& output, llvm::raw_ostream& out) {
    bool color = output.file.empty() && usesColor(options.color);
    makeRenderer(output.format)->render(report, {sources, show, color}, out);
  });
}

std::string closingLine(const check::Report& report, check::Level show, bool fails) {
  std::vector<std::string> shown, hidden;
  for (check::Level level : {check::Level::Error, check::Level::Warning, check::Level::Note}) {
    auto count =
        llvm::count_if(report.findings, [&](const check::Finding& each) { return each.level == level; });
    if (!count) continue;
    (level < show ? hidden : shown)
        .push_back(std::to_string(count) + " " + check::spelling(level) + (count == 1 ? "" : "s"));
  }
  std::string line = shown.empty() ? "found nothing" : "found " + llvm::join(shown, ", ");
  bool failsUnseen = shown.empty() && fails;
  if (failsUnseen) line += " to show";
  if (!hidden.empty()) line += " (" + llvm::join(hidden, ", ") + " below --show";
  if (failsUnseen) line += " but not below --fail-on: exit status 1";
  if (!hidden.empty()) line += ")";
  if (report.summary.suppressed) line += ", " + std::to_string(report.summary.suppressed) + " suppressed";
  return line + "; " + coverageLine(report.summary);
}

} // namespace forklint::driver
