#include "driver/statistics.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Format.h"

namespace forklint::driver {
namespace {

constexpr size_t mostUnknownCallees = 20;

void add(check::Statistics::Files& counted, const Unit& unit) {
  uint64_t size = 0;
  if (llvm::sys::fs::file_size(unit.path, size)) size = 0;
  ++counted.files;
  counted.bytes += size;
}

void print(const char* what, const check::Statistics::Files& counted, llvm::raw_ostream& out) {
  out << "forklint: " << what << ' ' << counted.files << (counted.files == 1 ? " file, " : " files, ")
      << counted.bytes << (counted.bytes == 1 ? " byte\n" : " bytes\n");
}

void print(const char* what, const check::Statistics::Bodies& counted, llvm::raw_ostream& out) {
  out << "forklint:   bodies " << what << ": " << counted.bodies << ", " << counted.bytes
      << (counted.bytes == 1 ? " byte\n" : " bytes\n");
}

} // namespace

check::Statistics countFiles(const Workset& workset) {
  check::Statistics statistics;
  for (const Unit& unit : workset.units) {
    add(statistics.discovered, unit);
    if (unit.language == Language::Python) add(statistics.read, unit);
  }
  return statistics;
}

void countParsed(check::Statistics& statistics, const Workset& workset, const Extraction& extraction) {
  for (const auto& [unit, facts, unread, cached, sharing] :
       llvm::zip(workset.units, extraction.units, extraction.unread, extraction.cached, extraction.sharing)) {
    if (sharing) add(statistics.sharing, unit);
    if (unit.language != Language::Python) add(statistics.read, unit);
    if (cached)
      add(statistics.cached, unit);
    else if (llvm::none_of(facts.gaps, [](const facts::Gap& gap) { return gap.wholeUnit; }))
      add(statistics.parsed, unit);
    if (!unread) continue;
    add(statistics.skimmed, unit);
    for (const facts::UnreadBodies::Body& body : unread->bodies()) {
      ++statistics.leftOut.bodies;
      statistics.leftOut.bytes += body.bytes;
      statistics.parsed.bytes -= body.bytes;
    }
  }
}

void countBodies(check::Statistics& statistics, const link::Program& program) {
  auto count = [&](check::Statistics::Bodies& counted, link::Asked why) {
    link::BodiesRead read = program.bodiesRead(why);
    counted = {read.bodies, read.bytes};
    statistics.parsed.bytes += read.bytes;
  };
  count(statistics.leadingToForks, link::Asked::LeadsToFork);
  count(statistics.leadingToEffects, link::Asked::LeadsToEffect);
  count(statistics.entered, link::Asked::Entered);
}

void countCalls(check::Statistics& statistics, const solve::Solution& solution) {
  const solve::Resolution& calls = solution.resolution;
  statistics.resolved = calls.resolved;
  statistics.modelled = calls.modelled;
  statistics.unknown = calls.unknown;
  for (const solve::UnknownCallee& callee : calls.unknownCallees) {
    if (statistics.unknownCallees.size() == mostUnknownCallees) break;
    statistics.unknownCallees.push_back({callee.name, callee.reason, callee.sites});
  }
}

void print(const check::Statistics& statistics, llvm::raw_ostream& out) {
  print("discovered", statistics.discovered, out);
  print("read", statistics.read, out);
  print("skimmed", statistics.skimmed, out);
  if (statistics.cached.files) print("found in the cache", statistics.cached, out);
  print("parsed", statistics.parsed, out);
  if (statistics.sharing.files) print("of these with headers that were parsed once for all", statistics.sharing, out);
  print("left out at first", statistics.leftOut, out);
  print("read, as they may lead to a fork", statistics.leadingToForks, out);
  print("read, as they may lead to something that has an effect", statistics.leadingToEffects, out);
  print("read, as they were run", statistics.entered, out);
  uint64_t calls = statistics.resolved + statistics.modelled + statistics.unknown;
  out << "forklint: calls in functions that lead to a fork: " << calls;
  if (calls) {
    auto share = [&](uint64_t part, const char* what) {
      out << llvm::format(", %.1f %% ", 100.0 * double(part) / double(calls)) << what << " (" << part << ')';
    };
    share(statistics.resolved, "resolved");
    share(statistics.modelled, "modelled");
    share(statistics.unknown, "unknown");
  }
  out << '\n';
  for (const check::Statistics::UnknownCallee& callee : statistics.unknownCallees)
    out << "forklint:   " << callee.sites << " unknown " << callee.name << " (" << callee.reason << ")\n";
}

} // namespace forklint::driver
