// A reproduction as text: each hang with its proof, each fix, and a summary.
#include "harness/reproduce/report.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"

namespace forklint::harness {
namespace {

using llvm::formatv;

void printHang(llvm::raw_ostream& out, const Tally& tally) {
  const Story story = storyOf(tally);
  const HangFacts& hang = tally.example->hang;
  out << formatv("=={0}== forklint: {1}: {2}\n", hang.pid, nameOf(hang.verdict), story.headline);
  out << formatv("  Scenario {0}, {1}, {2}: {3}\n", tally.scenario->name, nameOf(tally.mode), tally.subject(),
                 tally.scenario->title);
  out << "  Forked at " << story.fork << "\n";
  out << "  Lock " << story.lock << "\n";
  if (!story.holder.empty()) out << "  Held by " << story.holder << "\n";
  out << "  The " << story.waits << "\n";
  out << "  Proof: " << llvm::join(story.proof, "; ") << "\n\n";
}

void printFix(llvm::raw_ostream& out, const Scenario& scenario) {
  auto diff = readText(scenario.fixed);
  if (!diff) return llvm::consumeError(diff.takeError());
  out << "The fix that the fixed runs of '" << scenario.name << "' use:\n";
  llvm::SmallVector<llvm::StringRef, 32> lines;
  llvm::StringRef(*diff).rtrim().split(lines, '\n');
  for (const llvm::StringRef line : lines)
    out << "  " << line << "\n";
  out << "\n";
}

void printSummary(llvm::raw_ostream& out, llvm::ArrayRef<Tally> tallies) {
  out << "Hangs that were proven, of runs:\n";
  for (const Tally& tally : tallies) {
    out << formatv("  {0,-10} {1,-18} {2,-7} {3,3} of {4,-4} {5}{6}, median {7:f2} s\n", tally.scenario->name,
                   tally.subject(), nameOf(tally.mode), tally.failures, tally.runs,
                   tally.asExpected() ? "as expected" : "NOT AS EXPECTED", remarksOf(tally), tally.seconds);
    if (!tally.complaint.empty())
      out << "    " << llvm::StringRef(tally.complaint).rtrim().rsplit('\n').second << "\n";
  }
}

} // namespace

void printText(llvm::raw_ostream& out, llvm::ArrayRef<Tally> tallies) {
  if (llvm::any_of(tallies, [](const Tally& tally) { return tally.clearedUnbuffered; }))
    out << "PYTHONUNBUFFERED was set; it hides this kind of hang and was removed for the runs.\n\n";
  std::vector<const Scenario*> fixes;
  for (const Tally& tally : tallies) {
    if (tally.example) printHang(out, tally);
    if (tally.mode == Mode::Fixed && !llvm::is_contained(fixes, tally.scenario))
      fixes.push_back(tally.scenario);
  }
  for (const Scenario* scenario : fixes)
    printFix(out, *scenario);
  printSummary(out, tallies);
}

} // namespace forklint::harness
