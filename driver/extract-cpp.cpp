// The processes of forklint-cpp (extractCpp in extract.h; the protocol is in cpp-frontend/protocol.h).
#include "analyzers/facts/codec.h"
#include "cpp-frontend/protocol.h"
#include "driver/cache.h"
#include "driver/extract.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FileUtilities.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/Path.h"

#include <atomic>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace forklint::driver {
namespace {

/// Small enough that the last batches keep all processes busy, large enough that a start costs nothing.
constexpr size_t batchSize = 8;

/// forklint-cpp beside this executable; empty where it is not installed.
std::string frontEnd() {
  static int anchor;
  std::string self = llvm::sys::fs::getMainExecutable(nullptr, &anchor);
  llvm::SmallString<256> beside(llvm::sys::path::parent_path(self));
  llvm::sys::path::append(beside, "forklint-cpp");
  return llvm::sys::fs::can_execute(beside) ? beside.str().str() : "";
}

/// Runs the front end on a work list; gives all that it wrote, and how it ended.
struct Run {
  std::string written;
  int status = 0;
  std::string error; // why it could not be run at all
};

std::string readAll(int descriptor) {
  std::string text;
  char buffer[1 << 16];
  for (;;) {
    ssize_t got = read(descriptor, buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return text;
    text.append(buffer, static_cast<size_t>(got));
  }
}

Run runFrontEnd(const std::string& program, const std::string& list) {
  int output[2];
  if (pipe2(output, O_CLOEXEC) != 0) return {"", 0, "cannot make a pipe"};
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, output[1], 1);
  posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
  char* const arguments[] = {const_cast<char*>(program.c_str()), const_cast<char*>(list.c_str()), nullptr};
  pid_t child = 0;
  int failed = posix_spawn(&child, program.c_str(), &actions, nullptr, arguments, environ);
  posix_spawn_file_actions_destroy(&actions);
  close(output[1]);
  Run run;
  if (failed)
    run.error = "cannot start forklint-cpp";
  else
    run.written = readAll(output[0]);
  close(output[0]);
  if (failed) return run;
  while (waitpid(child, &run.status, 0) < 0 && errno == EINTR) {
  }
  return run;
}

std::string howItEnded(int status, const Resources& resources) {
  if (WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU)
    return "takes the C++ front end more than " + std::to_string(resources.seconds) +
           " s (--unit-time allows more)";
  if (WIFEXITED(status) && WEXITSTATUS(status) == cpp::outOfMemory)
    return "needs more memory than " + std::to_string(resources.megabytes) +
           " MB in the C++ front end (--unit-memory allows more)";
  if (WIFSIGNALED(status)) return "the C++ front end was ended by signal " + std::to_string(WTERMSIG(status));
  return "the C++ front end ended early with status " + std::to_string(WEXITSTATUS(status));
}

/// What facts depend on: no limits, which only cost facts that are not kept.
cpp::WorkItem itemOf(const Unit& unit) {
  return {unit.path, unit.directory, unit.command, cpp::Bodies::Main};
}

/// One batch: begins again behind each unit that ends the process.
class Batch {
public:
  Batch(const std::string& program, const std::vector<Unit>& units, llvm::ArrayRef<size_t> indices,
        const Resources& resources, FactsCache& cache, std::vector<facts::UnitFacts>& results)
      : program(program), units(units), indices(indices), resources(resources), cache(cache),
        results(results) {}

  void run() {
    while (!indices.empty()) {
      size_t done = runOnce();
      indices = indices.drop_front(done);
    }
  }

private:
  size_t runOnce() {
    llvm::SmallString<128> list;
    int descriptor = -1;
    if (llvm::sys::fs::createTemporaryFile("forklint-work", "jsonl", descriptor, list))
      return giveUp("no temporary file");
    const llvm::FileRemover remover(list);
    {
      llvm::raw_fd_ostream out(descriptor, /*shouldClose=*/true);
      for (size_t index : indices)
        out << cpp::formatWorkItem(limitedItem(units[index]));
    }
    Run run = runFrontEnd(program, list.str().str());
    if (!run.error.empty()) return giveUp(run.error);
    return take(run);
  }

  /// Stores the frames; the first unit without one is to blame when some are missing.
  size_t take(const Run& run) {
    llvm::StringRef rest = run.written;
    size_t done = 0;
    while (done < indices.size()) {
      auto frame = cpp::takeFrame(rest);
      bool stop = !frame || !*frame || (*frame)->line != done;
      if (!frame) llvm::consumeError(frame.takeError());
      if (stop) break;
      const Unit& unit = units[indices[done]];
      auto facts = facts::decode((*frame)->facts);
      if (facts) cache.keep(itemOf(unit), **frame, *facts);
      results[indices[done]] = facts ? std::move(*facts) : gapUnit(unit, llvm::toString(facts.takeError()));
      ++done;
    }
    if (done == indices.size()) return done;
    results[indices[done]] = gapUnit(units[indices[done]], howItEnded(run.status, resources));
    return done + 1;
  }

  cpp::WorkItem limitedItem(const Unit& unit) const {
    cpp::WorkItem item = itemOf(unit);
    item.seconds = resources.seconds;
    item.megabytes = resources.megabytes;
    return item;
  }

  size_t giveUp(const std::string& reason) {
    for (size_t index : indices)
      results[index] = gapUnit(units[index], reason);
    return indices.size();
  }

  const std::string& program;
  const std::vector<Unit>& units;
  llvm::ArrayRef<size_t> indices;
  const Resources& resources;
  FactsCache& cache;
  std::vector<facts::UnitFacts>& results;
};

/// Calls `work(index)` for each number below `count`, on as many threads as there are jobs.
void inParallel(size_t count, unsigned jobs, llvm::function_ref<void(size_t)> work) {
  std::atomic<size_t> next = 0;
  auto run = [&] {
    for (size_t at = next++; at < count; at = next++)
      work(at);
  };
  std::vector<std::thread> threads;
  for (size_t thread = 1; thread < std::min<size_t>(jobs, count); ++thread)
    threads.emplace_back(run);
  run();
  for (std::thread& thread : threads)
    thread.join();
}

} // namespace

/// A source that another unit includes has been analysed as a part of that.
static void excuseIncluded(const std::vector<Unit>& units, llvm::ArrayRef<size_t> indices,
                           std::vector<facts::UnitFacts>& results) {
  llvm::StringSet<> included;
  for (size_t index : indices)
    if (!units[index].command.empty())
      for (const facts::Input& input : results[index].inputs)
        included.insert(input.path);
  for (size_t index : indices)
    if (units[index].command.empty() && included.contains(units[index].path)) {
      results[index].gaps.clear();
      results[index].hadErrors = false;
    }
}

void extractCpp(const std::vector<Unit>& units, const std::vector<size_t>& indices,
                const Resources& resources, Extraction& extraction) {
  std::vector<facts::UnitFacts>& results = extraction.units;
  std::string program = frontEnd();
  std::vector<size_t> commanded, missed;
  for (size_t index : indices) {
    if (units[index].command.empty())
      results[index] = gapUnit(units[index], "is not in compile_commands.json");
    else if (!llvm::sys::fs::exists(units[index].path))
      results[index] = gapUnit(units[index], "is in compile_commands.json, but there is no such file");
    else if (program.empty())
      results[index] = gapUnit(units[index], "the C and C++ front end, forklint-cpp, is not beside forklint");
    else
      commanded.push_back(index);
  }

  FactsCache cache(resources.cache, program);
  std::vector<std::optional<facts::UnitFacts>> kept(commanded.size());
  inParallel(commanded.size(), resources.jobs,
             [&](size_t at) { kept[at] = cache.find(itemOf(units[commanded[at]])); });
  for (size_t at = 0; at < commanded.size(); ++at)
    if (kept[at]) {
      results[commanded[at]] = std::move(*kept[at]);
      extraction.cached[commanded[at]] = true;
    } else {
      missed.push_back(commanded[at]);
    }

  inParallel(llvm::divideCeil(missed.size(), batchSize), resources.jobs, [&](size_t at) {
    auto batch = llvm::ArrayRef(missed).drop_front(at * batchSize).take_front(batchSize);
    Batch(program, units, batch, resources, cache, results).run();
  });
  excuseIncluded(units, indices, results);
}

} // namespace forklint::driver
