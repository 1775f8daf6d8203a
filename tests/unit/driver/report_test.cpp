// The renderers: what a reader and a program get for one finding that has everything.
#include "driver/render.h"
#include "driver/report/diff.h"
#include "driver/report/renderer.h"
#include "tests/unit/driver/scratch.h"

#include "llvm/Support/JSON.h"

using namespace forklint;
using namespace forklint::driver;

namespace {

check::Report sampleReport(const std::string& path) {
  check::Finding finding;
  finding.rule = "fork-after-threads";
  finding.location = {path, 2, 4, 2, 11};
  finding.message = "forks while a thread may be alive";
  finding.python = "3.8-3.13";
  finding.platform = "linux";
  finding.steps.push_back(
      {"thread-start", {path, 1, 1, 1, 6}, "app.main", "begins a thread", check::Location{path, 1}});
  finding.cost = check::Cost{1u << 30, 2, 1.4, 1.1, 1.8, false};
  finding.evidence.push_back({"scenario", "hang in 10 of 10 runs", "records.jsonl:1"});
  finding.fixes.push_back({check::FixSafety::Unsafe, "start it before", {{{path, 2, 4, 2, 11}, "begin()"}}});
  check::Report report;
  report.findings = {finding};
  report.summary = {1, 0, 0, 1, 0};
  return report;
}

std::string rendered(llvm::StringRef format, const check::Report& report,
                     check::Level show = check::Level::Warning) {
  SourceCache sources;
  std::string text;
  llvm::raw_string_ostream out(text);
  makeRenderer(format)->render(report, {sources, show, false}, out);
  return text;
}

TEST(Report, FullShowsAllThatIsKnown) {
  Scratch scratch;
  std::string path = scratch.write("a.py", "t.run()\nif p.run():\n");
  EXPECT_EQ(rendered("full", sampleReport(path)),
            "warning[fork-after-threads]: forks while a thread may be alive\n"
            "  --> " +
                path +
                ":2:4\n"
                "  2 | if p.run():\n"
                "    |    ^^^^^^^\n"
                "  = applies to: Python 3.8-3.13 on linux\n"
                "  1. thread-start " +
                path + ":1:1 in app.main: begins a thread (made at " + path +
                ":1)\n"
                "     1 | t.run()\n"
                "       | ^^^^^\n"
                "  = cost: 1 GiB, 2 copies, about 1.4 s (1.1 s to 1.8 s), by the built-in constants\n"
                "  = scenario: hang in 10 of 10 runs [records.jsonl:1]\n"
                "  = fix (unsafe): start it before\n"
                "      @ " +
                path +
                ":2\n"
                "      - if p.run():\n"
                "      + if begin():\n"
                "\n");
}

TEST(Report, FullWithoutSourceHasNoExcerpt) {
  check::Report report;
  report.findings = sampleReport("gone.py").findings;
  EXPECT_EQ(rendered("full", report).find('|'), std::string::npos);
}

TEST(Report, ConciseIsOneLineAndHidesNotes) {
  check::Report report = sampleReport("a.py");
  EXPECT_EQ(rendered("concise", report),
            "a.py:2:4: warning[fork-after-threads] forks while a thread may be alive\n");
  report.findings[0].level = check::Level::Note;
  EXPECT_EQ(rendered("concise", report), "");
  EXPECT_NE(rendered("concise", report, check::Level::Note), "");
}

TEST(Report, JsonHasTheKeysOfTheContract) {
  check::Report report = sampleReport("a.py");
  report.findings[0].level = check::Level::Note; // json always carries notes
  auto value = llvm::json::parse(rendered("json", report));
  ASSERT_TRUE(static_cast<bool>(value));
  const llvm::json::Object& root = *value->getAsObject();
  EXPECT_EQ(root.getString("schema"), llvm::StringRef("forklint-report/1"));
  EXPECT_EQ(root.getObject("summary")->getInteger("units"), 1);
  const llvm::json::Object& finding = *(*root.getArray("findings"))[0].getAsObject();
  for (const char* key : {"rule", "level", "confidence", "path", "line", "column", "end_line", "end_column",
                          "message", "applies_to", "steps", "cost", "evidence", "fixes"})
    EXPECT_TRUE(finding.get(key)) << key;
  for (const char* key : {"also", "fingerprint"})
    EXPECT_FALSE(finding.get(key)) << key;
}

TEST(Report, JsonSurvivesTextThatIsNotUtf8) {
  check::Report report = sampleReport("a\xff.py");
  auto value = llvm::json::parse(rendered("json-lines", report));
  EXPECT_TRUE(static_cast<bool>(value));
}

TEST(Report, ExcerptOfWideAndLongLines) {
  Scratch scratch;
  std::string path = scratch.write("a.py", "\xe6\xbc\xa2 = f()\n" + std::string(1000, 'x') + "here\n");
  SourceCache sources;
  auto wide = excerptAt(sources, {path, 1, 7, 1, 10});
  ASSERT_TRUE(wide);
  EXPECT_EQ(wide->caretStart, 5u); // the character is two columns wide
  EXPECT_EQ(wide->caretLength, 3u);
  auto cut = excerptAt(sources, {path, 2, 1001, 2, 1005});
  ASSERT_TRUE(cut);
  EXPECT_LT(cut->text.size(), 140u);
  EXPECT_EQ(cut->text.substr(cut->caretStart, 4), "here");
}

TEST(Report, DiffJoinsEditsOfOneLineAndSpansLines) {
  Scratch scratch;
  std::string path = scratch.write("a.py", "f(a, b)\ng(\n  1)\n");
  SourceCache sources;
  check::Fix fix{check::FixSafety::Safe,
                 "",
                 {{{path, 1, 6, 1, 7}, "y"}, {{path, 1, 3, 1, 4}, "x"}, {{path, 2, 3, 3, 3}, ""}}};
  std::string text;
  for (const DiffLine& line : diffOf(fix, sources))
    if (line.mark != '@') text += line.mark + line.text + "\n";
  EXPECT_EQ(text, "-f(a, b)\n+f(x, y)\n-g(\n-  1)\n+g(1)\n");
}

TEST(Report, ClosingLineCountsUnits) {
  check::Report report = sampleReport("a.py");
  report.summary.lostUnits = 1;
  report.summary.cppUnits = 2;
  EXPECT_EQ(closingLine(report, check::Level::Warning, true),
            "found 1 warning; checked 1 Python unit and 2 C and C++ units; 2 were analysed only in part; "
            "1 other was not analysed");
  report.summary = {2, 0, 0, 1, 0, 1, 3, 1, 2};
  EXPECT_EQ(closingLine(report, check::Level::Warning, true),
            "found 1 warning; checked 2 Python units and 0 C and C++ units; 2 folders were not readable; "
            "1 root was cut at the work bound; 3 functions were left at the work bound");
}

TEST(Report, ClosingLineExplainsAStatusThatNothingShownExplains) {
  check::Report report = sampleReport("a.py");
  EXPECT_EQ(llvm::StringRef(closingLine(report, check::Level::Error, true)).split(';').first,
            "found nothing to show (1 warning below --show but not below --fail-on: exit status 1)");
  EXPECT_EQ(llvm::StringRef(closingLine(report, check::Level::Error, false)).split(';').first,
            "found nothing (1 warning below --show)");
}

TEST(Report, NamesFunctionsAsTheirAuthorsDo) {
  EXPECT_EQ(functionName("app.<3>"), "app");
  EXPECT_EQ(functionName("app.f.<locals>.g"), "app.f.g");
  EXPECT_EQ(functionName("app.f.<locals>.<lambda>"), "app.f.<lambda>");
  EXPECT_EQ(functionName("std::vector<int>"), "std::vector<int>");
  EXPECT_EQ(functionName("startLog()"), "startLog()");
}

} // namespace
