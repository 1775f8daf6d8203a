// C and C++ units: out of the cache, or by processes of forklint-cpp, one for each job (extractCpp in
// extract.h).
#include "analyzers/facts/codec.h"
#include "driver/cache.h"
#include "driver/extract.h"
#include "driver/front-end.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

#include <atomic>
#include <thread>

namespace forklint::driver {
namespace {

/// forklint-cpp beside this executable; empty where it is not installed.
std::string frontEnd() {
  static int anchor;
  std::string self = llvm::sys::fs::getMainExecutable(nullptr, &anchor);
  llvm::SmallString<256> beside(llvm::sys::path::parent_path(self));
  llvm::sys::path::append(beside, "forklint-cpp");
  return llvm::sys::fs::can_execute(beside) ? beside.str().str() : "";
}

/// What facts depend on: no limits, which only cost facts that are not kept.
cpp::WorkItem itemOf(const Unit& unit, const Resources& resources) {
  cpp::WorkItem item{unit.path, unit.directory, unit.command};
  item.isSharing = resources.isSharing;
  return item;
}

/// Units with the same command after each other: they share what they include. An argument that contains the
/// name of the source is the source itself, an object or a list of dependencies.
void sortByCommand(const std::vector<Unit>& units, std::vector<size_t>& indices) {
  llvm::DenseMap<size_t, std::string> commands;
  for (size_t index : indices) {
    const Unit& unit = units[index];
    std::string& command = commands[index];
    command = llvm::sys::path::extension(unit.path).str() + '\0' + unit.directory;
    for (const std::string& argument : unit.command)
      if (!llvm::StringRef(argument).contains(llvm::sys::path::stem(unit.path)))
        command.append(1, '\0').append(argument);
  }
  llvm::stable_sort(indices, [&](size_t a, size_t b) { return commands[a] < commands[b]; });
}

/// On as many threads as there are jobs: calls `work` with what gives the next number below `count`, while
/// there is one.
using Next = llvm::function_ref<std::optional<size_t>()>;
void inParallel(size_t count, unsigned jobs, llvm::function_ref<void(Next)> work) {
  std::atomic<size_t> next = 0;
  auto run = [&] {
    work([&]() -> std::optional<size_t> {
      size_t at = next++;
      return at < count ? std::optional(at) : std::nullopt;
    });
  };
  std::vector<std::thread> threads;
  for (size_t thread = 1; thread < std::min<size_t>(jobs, count); ++thread)
    threads.emplace_back(run);
  run();
  for (std::thread& thread : threads)
    thread.join();
}

} // namespace

static facts::UnitFacts extractOne(const Unit& unit, const Resources& resources, FrontEnd& frontEnd,
                                   FactsCache& cache, char& isSharing) {
  cpp::WorkItem item = itemOf(unit, resources);
  cpp::WorkItem limited = item;
  limited.seconds = resources.seconds;
  limited.megabytes = resources.megabytes;
  llvm::Expected<std::string> bytes = frontEnd.ask(limited);
  if (!bytes) return gapUnit(unit, llvm::toString(bytes.takeError()));
  llvm::StringRef rest = *bytes;
  cpp::Frame frame = *llvm::cantFail(cpp::takeFrame(rest));
  llvm::Expected<facts::UnitFacts> facts = facts::decode(frame.facts);
  if (!facts) return gapUnit(unit, llvm::toString(facts.takeError()));
  isSharing = frame.isShared;
  cache.keep(item, frame, *facts);
  return std::move(*facts);
}

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
  inParallel(commanded.size(), resources.jobs, [&](Next next) {
    while (std::optional<size_t> at = next())
      kept[*at] = cache.find(itemOf(units[commanded[*at]], resources));
  });
  for (size_t at = 0; at < commanded.size(); ++at)
    if (kept[at]) {
      results[commanded[at]] = std::move(*kept[at]);
      extraction.cached[commanded[at]] = true;
    } else {
      missed.push_back(commanded[at]);
    }

  sortByCommand(units, missed);
  inParallel(missed.size(), resources.jobs, [&](Next next) {
    FrontEnd frontEnd(program);
    while (std::optional<size_t> at = next())
      results[missed[*at]] =
          extractOne(units[missed[*at]], resources, frontEnd, cache, extraction.sharing[missed[*at]]);
  });
  excuseIncluded(units, indices, results);
}

} // namespace forklint::driver
