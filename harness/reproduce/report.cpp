// See the header.
#include "harness/reproduce/report.h"

#include "harness/reproduce/places.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Format.h"
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
  seen.waitsPlace = innermost(run.childStack);
  if (seen.waitsPlace.empty()) seen.waitsPlace = run.hang.waitsAt;
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
  llvm::json::Object environment{{"python", tally.python->version},
                                 {"libc", std::string("glibc ") + gnu_get_libc_version()}};
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

void printHang(llvm::raw_ostream& out, const Tally& tally) {
  const RunResult& run = *tally.example;
  const HangFacts& hang = run.hang;
  const Seen seen = whatWasSeen(run);
  const bool owned = hang.ownerTid != 0;
  out << formatv("=={0}== forklint: {1}: the child waits for ever{2}\n", hang.pid, nameOf(hang.verdict),
                 hang.verdict == Verdict::Spin ? " in a loop that cannot change"
                 : owned                       ? " for a lock whose holder does not exist in it"
                                               : " for a lock that nobody can release");
  out << formatv("  Scenario {0}, {1}, CPython {2}: {3}\n", tally.scenario->name, nameOf(tally.mode),
                 tally.python->version, tally.scenario->title);
  out << "  Forked at "
      << (seen.fork.empty() ? shownPath(tally.scenario->program) + ":" + llvm::utostr(tally.scenario->line)
                            : seen.fork)
      << "\n";
  out << formatv("  Lock {0} at 0x{1}", hang.lockKind, llvm::utohexstr(hang.address, true));
  if (owned && !tally.scenario->lock.empty()) out << ": " << tally.scenario->lock;
  out << "\n";
  if (owned && hang.ownerTid == run.parkedTid)
    out << formatv("  Held by thread '{0}' (tid {1}), which vanished at the fork;\n"
                   "    it stood at {2}, inside write(2) on descriptor {3}\n",
                   seen.threadName.empty() ? run.parkedName : seen.threadName, hang.ownerTid,
                   seen.threadPlace.empty() ? std::string("an unknown place") : seen.threadPlace,
                   tally.scenario->descriptor);
  else if (owned)
    out << formatv("  Held by tid {0}, which vanished at the fork\n", hang.ownerTid);
  out << formatv("  Child {0} waits at {1}\n", hang.pid, seen.waitsPlace);
  if (hang.verdict == Verdict::Spin)
    out << "  Proof: one task; the same registers and memory came back without a system call between\n";
  else
    out << formatv(
        "  Proof: {0} task; futex with the private flag, word in no shared mapping, no time limit;\n"
        "    not run once over {1} polls{2}\n",
        hang.tasks, hang.polls,
        owned ? formatv("; owner tid {0} is not among the child's tasks", hang.ownerTid).str() : "");
}

void printFix(llvm::raw_ostream& out, const Scenario& scenario, llvm::StringRef diff) {
  out << "\nThe fix that the fixed runs of '" << scenario.name << "' use:\n";
  llvm::SmallVector<llvm::StringRef, 32> lines;
  diff.rtrim().split(lines, '\n');
  for (const llvm::StringRef line : lines)
    out << "  " << line << "\n";
}

void printSummary(llvm::raw_ostream& out, llvm::ArrayRef<Tally> tallies) {
  out << "\nHangs that were proven, of runs:\n";
  for (const Tally& tally : tallies) {
    out << formatv("  {0,-10} CPython {1,-8} {2,-7} {3,3} of {4,-4} {5}", tally.scenario->name,
                   tally.python->version, nameOf(tally.mode), tally.failures, tally.runs,
                   tally.asExpected() ? "as expected" : "NOT AS EXPECTED");
    if (tally.suspects != 0) out << formatv("; {0} ended without a proof", tally.suspects);
    if (tally.errors != 0) out << formatv("; {0} failed in another way", tally.errors);
    if (tally.missed != 0) out << formatv("; in {0} no thread reached its write", tally.missed);
    out << formatv(", median {0:f2} s\n", tally.seconds);
    if (!tally.complaint.empty())
      out << "    " << llvm::StringRef(tally.complaint).rtrim().rsplit('\n').second << "\n";
  }
}

} // namespace forklint::harness
