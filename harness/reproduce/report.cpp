// See the header.
#include "harness/reproduce/report.h"

#include "harness/reproduce/places.h"
#include "harness/reproduce/symbols.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"

#include <gnu/libc-version.h>

namespace forklint::harness {
namespace {

using llvm::formatv;

std::string place(llvm::StringRef path, llvm::StringRef line, llvm::StringRef function) {
  // Of the standard library only the module matters: where an installation keeps it says nothing.
  const size_t library = path.rfind("/lib/python3.");
  const bool own = library == llvm::StringRef::npos || path.contains("site-packages");
  const std::string shown = own ? shownPath(path.str()) : path.substr(library + 5).split('/').second.str();
  std::string text = shown + ":" + line.str();
  if (!function.empty() && function != "<module>") text += (" in " + function).str();
  return text;
}

struct Seen {
  std::string fork;
  std::string threadName;
  std::string threadPlace;
  std::string waitsPlace;
};

/// `  File "/x/y.py", line 12 in f`, the first one after the heading.
std::string innermost(llvm::StringRef stack) {
  llvm::SmallVector<llvm::StringRef, 16> lines;
  stack.split(lines, '\n');
  for (llvm::StringRef line : lines) {
    line = line.trim();
    if (!line.consume_front("File \"")) continue;
    auto [path, rest] = line.split("\", line ");
    auto [number, function] = rest.split(" in ");
    return place(path, number, function);
  }
  return {};
}

Seen whatWasSeen(const RunResult& run) {
  Seen seen;
  for (const Note& note : run.notes) {
    const auto& f = note.fields;
    if (f.size() == 5 && f[0] == "fork") seen.fork = place(f[2], f[3], f[4]);
    pid_t tid = 0;
    if (f.size() == 6 && f[0] == "thread" && !llvm::StringRef(f[1]).getAsInteger(10, tid) &&
        tid == run.parkedTid) {
      seen.threadName = f[2];
      seen.threadPlace = place(f[3], f[4], f[5]);
    }
  }
  if (seen.threadName.empty()) seen.threadName = run.parkedName;
  if (seen.threadPlace.empty() && !run.hang.takenAt.file.empty())
    seen.threadPlace = describe(run.hang.takenAt);
  seen.waitsPlace = innermost(run.childStack);
  if (seen.waitsPlace.empty()) seen.waitsPlace = describe(run.hang.waitsAt);
  return seen;
}

std::string lockPlace(const Tally& tally) {
  const RunResult& run = *tally.example;
  if (run.hang.ownerTid != 0 && run.hang.ownerTid == run.parkedTid && !tally.scenario->lock.empty())
    return tally.scenario->lock;
  return "0x" + llvm::utohexstr(run.hang.address, true);
}

llvm::StringRef expectation(const Tally& tally) { return tally.mode == Mode::Fixed ? "safe" : "fails"; }

} // namespace

bool Tally::asExpected() const {
  if (errors != 0 || suspects != 0) return false;
  switch (mode) {
  case Mode::Naive: return true; // its rate is what is asked for
  case Mode::Forced: return failures == runs;
  case Mode::Fixed: return failures == 0;
  }
  return false;
}

llvm::StringRef nameOf(Mode mode) {
  switch (mode) {
  case Mode::Naive: return "naive";
  case Mode::Forced: return "forced";
  case Mode::Fixed: return "fixed";
  }
  return "naive";
}

llvm::json::Object recordOf(const Tally& tally) {
  llvm::json::Object environment{{"libc", std::string("glibc ") + gnu_get_libc_version()}};
  if (tally.python) environment["python"] = tally.python->version;
  if (tally.compiler) environment["compiler"] = tally.compiler->version;
  if (!tally.scenario->startMethod.empty() && tally.mode != Mode::Fixed)
    environment["start_method"] = tally.scenario->startMethod;
  if (tally.clearedUnbuffered) environment["cleared"] = llvm::json::Array{"PYTHONUNBUFFERED"};
  llvm::json::Object record{{"schema", "forklint-record/1"},
                            {"kind", "reproduce"},
                            {"rule", tally.scenario->rule},
                            {"scenario", tally.scenario->name},
                            {"path", shownPath(tally.scenario->program)},
                            {"line", tally.scenario->line},
                            {"environment", std::move(environment)},
                            {"mode", nameOf(tally.mode)},
                            {"source_digest", tally.sourceDigest},
                            {"expected", expectation(tally)},
                            {"runs", tally.runs},
                            {"failures", tally.failures},
                            {"seconds", tally.seconds}};
  if (tally.suspects != 0) record["suspects"] = tally.suspects;
  if (tally.errors != 0) record["errors"] = tally.errors;
  if (tally.missed != 0) record["missed"] = tally.missed;
  if (!tally.example) return record;
  const HangFacts& hang = tally.example->hang;
  const Seen seen = whatWasSeen(*tally.example);
  record["outcome"] = "hang";
  record["proof"] = nameOf(hang.verdict);
  record["facts"] = llvm::json::Object{
      {"syscall", hang.syscall},      {"address", "0x" + llvm::utohexstr(hang.address, true)},
      {"tasks", hang.tasks},          {"shared", hang.shared},
      {"timeout", hang.timeout},      {"owner_tid", hang.ownerTid},
      {"private", hang.privateFutex}, {"polls", hang.polls}};
  record["lock"] = llvm::json::Object{{"kind", hang.lockKind}, {"where", lockPlace(tally)}};
  if (!seen.threadName.empty())
    record["thread"] = llvm::json::Object{{"name", seen.threadName}, {"where", seen.threadPlace}};
  record["waits"] = llvm::json::Object{{"where", seen.waitsPlace}};
  return record;
}

std::string Tally::subject() const { return python ? "CPython " + python->version : compiler->version; }

Story storyOf(const Tally& tally) {
  const RunResult& run = *tally.example;
  const HangFacts& hang = run.hang;
  const Scenario& scenario = *tally.scenario;
  const Seen seen = whatWasSeen(run);
  const bool owned = hang.ownerTid != 0;
  const bool spins = hang.verdict == Verdict::Spin;
  Story story;
  story.headline = owned   ? "the child waits for ever for a lock whose holder does not exist in it"
                   : spins ? "the child runs for ever in a loop that cannot change"
                           : "the child waits for ever for a lock that nobody can release";
  story.fork =
      seen.fork.empty() ? shownPath(scenario.program) + ":" + llvm::utostr(scenario.line) : seen.fork;
  story.lock = formatv("{0} at 0x{1}", hang.lockKind, llvm::utohexstr(hang.address, true));
  if (owned && !scenario.lock.empty()) story.lock += ": " + scenario.lock;
  if (owned && hang.ownerTid == run.parkedTid)
    story.holder = formatv(
        "thread '{0}' (tid {1}), which vanished at the fork; it {2} {3}", seen.threadName, hang.ownerTid,
        scenario.parkAt == ParkAt::Write
            ? formatv("stood inside write(2) on descriptor {0}, called from", scenario.descriptor).str()
            : "had taken the lock at",
        seen.threadPlace.empty() ? "an unknown place" : seen.threadPlace);
  else if (owned)
    story.holder = formatv("tid {0}, which vanished at the fork", hang.ownerTid);
  story.waits = formatv("child {0} waits at {1}", hang.pid, seen.waitsPlace);
  if (spins) {
    story.proof = {"one task", "the same registers and memory came back without a system call between"};
    return story;
  }
  story.proof = {formatv("{0} task", hang.tasks), "futex with the private flag, word in no shared mapping",
                 "no time limit", formatv("not run once over {0} polls", hang.polls)};
  if (owned) story.proof.push_back(formatv("owner tid {0} is not among the child's tasks", hang.ownerTid));
  return story;
}

std::string remarksOf(const Tally& tally) {
  std::string text;
  if (tally.suspects != 0) text += formatv("; {0} ended without a proof", tally.suspects);
  if (tally.errors != 0) text += formatv("; {0} failed in another way", tally.errors);
  if (tally.missed != 0) text += formatv("; in {0} no thread could be held", tally.missed);
  return text;
}

} // namespace forklint::harness
