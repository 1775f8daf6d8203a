// See the header.
#include "harness/reproduce/program.h"

#include "harness/reproduce/command.h"
#include "harness/reproduce/places.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

namespace forklint::harness {
namespace {

constexpr unsigned compileSeconds = 120;

llvm::Error writeText(const std::string& path, llvm::StringRef text) {
  std::error_code error;
  llvm::raw_fd_ostream file(path, error);
  if (error) return usageError("cannot write " + path + ": " + error.message());
  file << text;
  return llvm::Error::success();
}

/// Naive and forced come here with the same sources and get the same binary, compiled once.
llvm::Expected<std::string> compile(const Scenario& scenario, const Compiler& compiler,
                                    const std::string& program, const std::string& binary) {
  if (llvm::sys::fs::exists(binary)) return binary;
  std::vector<std::string> command = {compiler.path,           "-std=c++17", "-O1",  "-g",   "-pthread",
                                      "-I" + scenario.example, "-o",         binary, program};
  command.insert(command.end(), scenario.sources.begin() + 1, scenario.sources.end());
  std::string errors;
  if (!outputOf(command, compileSeconds, &errors))
    return usageError("scenario '" + scenario.name + "' does not compile with " + compiler.path + ":\n" +
                      errors);
  return binary;
}

} // namespace

llvm::Expected<Program> prepareProgram(const Scenario& scenario, Mode mode, const Interpreter* python,
                                       const Compiler* compiler, const std::string& folder) {
  auto source = readText(scenario.program);
  if (!source) return source.takeError();
  std::string path = scenario.program;
  if (mode == Mode::Fixed) {
    auto diff = readText(scenario.fixed);
    if (!diff) return diff.takeError();
    auto fixed = applyDiff(*source, *diff);
    if (!fixed) return llvm::joinErrors(usageError(scenario.fixed), fixed.takeError());
    source = std::move(*fixed);
    path = folder + "/" + llvm::sys::path::filename(scenario.program).str();
    if (llvm::Error error = writeText(path, *source)) return error;
  }
  Program program;
  program.sourceDigest = digestOf(*source);
  if (scenario.isPython()) {
    program.command = {python->path, path};
    return program;
  }
  auto binary = compile(scenario, *compiler, path,
                        folder + "/" + scenario.name + (mode == Mode::Fixed ? "-fixed" : ""));
  if (!binary) return binary.takeError();
  program.command = {*binary};
  return program;
}

} // namespace forklint::harness
