// A reproduction as a page, which answers in this order: what hangs, how often, why, what proves it, where
// each thread stood, what mends it, and how to run it again.
#include "harness/reproduce/page.h"
#include "harness/reproduce/places.h"
#include "harness/reproduce/report.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"

#include <gnu/libc-version.h>
#include <sys/utsname.h>

namespace forklint::harness {
namespace {

using llvm::formatv;

llvm::StringRef meaningOf(Mode mode) {
  switch (mode) {
  case Mode::Naive: return "the program as it is";
  case Mode::Forced: return "the same file, its holder kept in place until the fork";
  case Mode::Fixed: return "the program with the change below";
  }
  return "";
}

void printRates(llvm::raw_ostream& out, llvm::ArrayRef<const Tally*> tallies) {
  out << "<table>\n<tr><th>run</th><th></th><th>hangs proven</th><th></th><th>median</th></tr>\n";
  for (const Tally* tally : tallies) {
    const double share = tally->runs == 0 ? 0 : double(tally->failures) / tally->runs;
    out << formatv(
        "<tr><td><b>{0}</b></td><td>{1}{2}</td><td class=\"n\">{3} of {4}</td><td class=\"w\">{5}</td>"
        "<td class=\"n\">{6:f2} s</td></tr>\n",
        nameOf(tally->mode), meaningOf(tally->mode),
        tally->asExpected() ? "" : " <b class=\"bad\">not as expected" + escaped(remarksOf(*tally)) + "</b>",
        tally->failures, tally->runs, bar(share, tally->failures != 0 ? "bad" : "good"), tally->seconds);
  }
  out << "</table>\n";
}

/// Three lanes: the lock is held across the fork by a thread that the child does not have.
void printLanes(llvm::raw_ostream& out, const Tally& tally) {
  const bool owned = tally.example->hang.ownerTid != 0;
  out << "<svg viewBox=\"0 0 760 170\" role=\"img\" aria-label=\"the lock is held across the fork\">\n";
  const auto lane = [&](int y, llvm::StringRef name, int from, int to) {
    out << formatv("<text x=\"0\" y=\"{0}\">{1}</text><line x1=\"{2}\" y1=\"{3}\" x2=\"{4}\" y2=\"{3}\" "
                   "stroke=\"var(--faint)\" stroke-width=\"2\"/>\n",
                   y + 5, name, from, y, to);
  };
  lane(30, "other thread", 130, 750);
  lane(85, "forking thread", 130, 750);
  lane(140, "child", 380, 750);
  if (owned)
    out << "<rect x=\"250\" y=\"22\" width=\"240\" height=\"16\" rx=\"3\" fill=\"var(--plain)\"/>"
           "<text x=\"255\" y=\"16\">holds the lock</text>\n";
  out << "<line x1=\"380\" y1=\"85\" x2=\"380\" y2=\"140\" stroke=\"var(--faint)\" stroke-width=\"2\"/>"
         "<text x=\"388\" y=\"105\">fork</text>\n"
         "<rect x=\"470\" y=\"132\" width=\"280\" height=\"16\" rx=\"3\" fill=\"var(--bad)\"/>"
         "<text x=\"475\" y=\"126\">waits for ever</text>\n</svg>\n";
}

void printProof(llvm::raw_ostream& out, const Tally& tally) {
  const Story story = storyOf(tally);
  out << formatv("<h3>{0}, {1}</h3>\n<p>{2}.</p>\n", nameOf(tally.example->hang.verdict), nameOf(tally.mode),
                 escaped(story.headline));
  if (tally.example->hang.verdict != Verdict::ParentInPrefork) printLanes(out, tally);
  out << "<table class=\"box\">\n";
  const auto row = [&](llvm::StringRef name, llvm::StringRef text) {
    if (!text.empty())
      out << "<tr><th>" << name << "</th><td><code>" << escaped(text) << "</code></td></tr>\n";
  };
  row("forked at", story.fork);
  row("lock", story.lock);
  row("held by", story.holder);
  row("then", story.waits);
  row("proof", llvm::join(story.proof, "; "));
  out << "</table>\n";
}

void printEnvironment(llvm::raw_ostream& out, const Tally& tally, bool cleared) {
  utsname machine{};
  uname(&machine);
  const Scenario& scenario = *tally.scenario;
  out << formatv("<h3>Where this was seen</h3>\n<p>{0}, glibc {1}, Linux {2} {3}{4}{5}.</p>\n",
                 escaped(tally.subject()), gnu_get_libc_version(), machine.release, machine.machine,
                 scenario.startMethod.empty() ? "" : "; start method " + escaped(scenario.startMethod),
                 cleared ? "; PYTHONUNBUFFERED was set, hides this kind of hang and was removed for the runs"
                         : "");
  out << formatv("<h3>Run it again</h3>\n<pre>forklint reproduce {0} --runs {1}{2}</pre>\n",
                 escaped(scenario.name), tally.runs,
                 tally.python ? " --python " + escaped(tally.python->version) : "");
}

/// All modes of one scenario on one interpreter.
void printSubject(llvm::raw_ostream& out, llvm::ArrayRef<const Tally*> tallies) {
  const Tally& first = *tallies.front();
  out << formatv("<h2>{0}, {1}</h2>\n<p>{2}. Rule <code>{3}</code>, <code>{4}:{5}</code>.</p>\n",
                 escaped(first.scenario->name), escaped(first.subject()), escaped(first.scenario->title),
                 escaped(first.scenario->rule), escaped(shownPath(first.scenario->program)),
                 first.scenario->line);
  printRates(out, tallies);
  // The forced run knows most: it has the holder in hand.
  const auto hung = [&](bool forced) {
    return llvm::find_if(tallies, [&](const Tally* tally) {
      return tally->example && (tally->mode == Mode::Forced) == forced;
    });
  };
  auto shown = hung(true);
  if (shown == tallies.end()) shown = hung(false);
  if (shown != tallies.end()) printProof(out, **shown);
  if (auto diff = readText(first.scenario->fixed))
    out << "<h3>The change that mends it</h3>\n<pre>" << escaped(*diff) << "</pre>\n";
  else
    llvm::consumeError(diff.takeError());
  printEnvironment(out, first,
                   llvm::any_of(tallies, [](const Tally* tally) { return tally->clearedUnbuffered; }));
}

} // namespace

void printPage(llvm::raw_ostream& out, llvm::ArrayRef<Tally> tallies) {
  beginPage(out, "forklint reproduce");
  for (size_t i = 0; i < tallies.size();) {
    std::vector<const Tally*> group;
    for (; i < tallies.size() && (group.empty() || (tallies[i].scenario == group[0]->scenario &&
                                                    tallies[i].subject() == group[0]->subject()));
         ++i)
      group.push_back(&tallies[i]);
    printSubject(out, group);
  }
  endPage(out);
}

} // namespace forklint::harness
