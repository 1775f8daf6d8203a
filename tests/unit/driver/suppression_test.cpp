// Comments that suppress, and records of the harness that support a finding.
#include "analyzers/check/observed.h"
#include "analyzers/check/suppression.h"

#include <gtest/gtest.h>

using namespace forklint;
using namespace forklint::check;

namespace {

const llvm::StringSet<> known = {"preexec-fn", "fork-after-threads", "unused-suppression"};

Finding findingAt(uint32_t line, const char* rule = "preexec-fn") {
  Finding finding;
  finding.rule = rule;
  finding.location = {"a.py", line, 1, line, 2};
  return finding;
}

facts::UnitFacts unitWith(std::vector<facts::Suppression> comments) {
  facts::UnitFacts unit;
  unit.unit = "a.py";
  unit.files = {"a.py"};
  unit.suppressions = std::move(comments);
  return unit;
}

facts::Suppression comment(const char* directive, uint32_t at, uint32_t line,
                           const char* rule = "preexec-fn") {
  return {{0, at, 1, at, 9}, directive, {rule}, "", line};
}

std::string linesLeft(std::vector<facts::Suppression> comments, std::vector<Finding> findings) {
  std::string text;
  for (const Finding& finding :
       applySuppressions(std::move(findings), {unitWith(std::move(comments))}, known, known).kept)
    text += finding.rule + ":" + std::to_string(finding.location.line) + " ";
  return text;
}

TEST(Suppression, IgnoreSpeaksOfItsLineAndRule) {
  EXPECT_EQ(linesLeft({comment("ignore", 3, 3)}, {findingAt(3), findingAt(4)}), "preexec-fn:4 ");
  EXPECT_EQ(linesLeft({comment("ignore", 3, 3)}, {findingAt(3, "fork-after-threads")}),
            "fork-after-threads:3 unused-suppression:3 ");
}

TEST(Suppression, OfWhatIsToldAlongIsNotUnused) {
  Finding strong = findingAt(3);
  strong.also = {"fork-after-threads"};
  EXPECT_EQ(linesLeft({comment("ignore", 3, 3, "fork-after-threads")}, {strong}), "preexec-fn:3 ");
  EXPECT_EQ(linesLeft({comment("ignore", 3, 3, "fork-after-threads"), comment("ignore", 3, 3)}, {strong}),
            "");
}

TEST(Suppression, RangesAndFiles) {
  EXPECT_EQ(linesLeft({comment("disable", 2, 2), comment("enable", 4, 4)},
                      {findingAt(1), findingAt(3), findingAt(5)}),
            "preexec-fn:1 preexec-fn:5 ");
  EXPECT_EQ(linesLeft({comment("disable", 2, 2)}, {findingAt(900)}), "");
  EXPECT_EQ(linesLeft({comment("file-ignore", 9, 9)}, {findingAt(1), findingAt(20)}), "");
}

TEST(Suppression, NolintSpeaksOurNamesOnly) {
  EXPECT_EQ(linesLeft({comment("nolint", 3, 3, "forklint-preexec-fn")}, {findingAt(3)}), "");
  EXPECT_EQ(linesLeft({comment("nolint", 3, 3, "bugprone-branch-clone")}, {findingAt(3)}), "preexec-fn:3 ");
}

TEST(Suppression, AStepCounts) {
  Finding finding = findingAt(8);
  finding.steps.push_back({"fork", {"a.py", 3, 1, 3, 2}, "", "", {}});
  EXPECT_EQ(linesLeft({comment("ignore", 3, 3)}, {finding}), "");
}

TEST(Suppression, UnknownRulesAreReportedUnselectedOnesAreNot) {
  EXPECT_EQ(linesLeft({comment("ignore", 3, 3, "no-such-rule")}, {}), "unused-suppression:3 ");
  llvm::StringSet<> active = {"unused-suppression"};
  EXPECT_TRUE(applySuppressions({}, {unitWith({comment("ignore", 3, 3)})}, known, active).kept.empty());
}

TEST(Suppression, WithoutARuleItIsReported) {
  facts::Suppression empty = comment("ignore", 3, 3);
  empty.rules.clear();
  EXPECT_EQ(linesLeft({empty}, {findingAt(3)}), "preexec-fn:3 unused-suppression:3 ");
  empty.directive = "nolint"; // other tools read it
  EXPECT_EQ(linesLeft({empty}, {findingAt(3)}), "preexec-fn:3 ");
}

TEST(Suppression, UnknownRulesOfOurOwnPrefixAreReported) {
  EXPECT_EQ(linesLeft({comment("nolint", 3, 3, "forklint-nonsense")}, {}), "unused-suppression:3 ");
}

TEST(Observed, ByPlaceAndByDigest) {
  const char* records =
      R"({"schema": "forklint-record/1", "kind": "reproduce", "rule": "preexec-fn", "scenario": "article", "path": "a.py", "line": 3, "mode": "forced", "runs": 10, "failures": 10, "outcome": "hang", "proof": "PROVEN-OWNER", "environment": {"python": "3.12.1"}})"
      "\n\n"
      R"({"schema": "forklint-record/1", "kind": "confirm", "rule": "preexec-fn", "source_digest": "d", "runs": 2, "failures": 0})";
  std::vector<Finding> findings = {findingAt(3), findingAt(4)};
  auto digest = [](llvm::StringRef) { return std::string("d"); };
  ASSERT_FALSE(static_cast<bool>(attachObservations(findings, records, "r.jsonl", digest)));
  ASSERT_EQ(findings[0].evidence.size(), 2u);
  EXPECT_EQ(findings[0].evidence[0].summary,
            "article, forced: hang in 10 of 10 runs on Python 3.12.1 (PROVEN-OWNER)");
  EXPECT_EQ(findings[0].evidence[0].record, "r.jsonl:1");
  EXPECT_EQ(findings[0].evidence[1].kind, "refuted");
  EXPECT_EQ(findings[1].evidence.size(), 1u);
}

TEST(Observed, MistakesNameTheirLine) {
  std::vector<Finding> findings;
  auto digest = [](llvm::StringRef) { return std::string(); };
  auto error = [&](const char* text) {
    return llvm::toString(attachObservations(findings, text, "r.jsonl", digest));
  };
  EXPECT_EQ(error("\n{\"schema\": \"other\"}"), "r.jsonl:2: not a forklint-record/1");
  EXPECT_EQ(error("{").rfind("r.jsonl:1: ", 0), 0u);
}

} // namespace
