// See observed.h.
#include "analyzers/check/observed.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"

#include <algorithm>
#include <map>

namespace forklint::check {
namespace {

using llvm::json::Object;

std::string text(const Object& record, llvm::StringRef key) {
  return record.getString(key).value_or("").str();
}

bool sameRule(const Finding& finding, const std::string& rule) {
  return finding.rule == rule ||
         std::find(finding.also.begin(), finding.also.end(), rule) != finding.also.end();
}

bool samePlace(const Finding& finding, const std::string& path, int64_t line) {
  auto at = [&](const Location& place) {
    return place.path == path &&
           (line == 0 || (place.line <= line && line <= std::max(place.line, place.endLine)));
  };
  return at(finding.location) || std::any_of(finding.steps.begin(), finding.steps.end(),
                                             [&](const Step& step) { return at(step.location); });
}

std::string environmentOf(const Object& record) {
  const Object* environment = record.getObject("environment");
  if (!environment) return "";
  std::string python = text(*environment, "python"), libc = text(*environment, "libc");
  std::string where;
  if (!python.empty()) where = " on Python " + python;
  if (!libc.empty()) where += (where.empty() ? " on " : ", ") + libc;
  return where;
}

/// "article, forced: hang in 10 of 10 runs on Python 3.12.1, glibc 2.36 (PROVEN-OWNER)".
std::string describeRun(const Object& record) {
  int64_t runs = record.getInteger("runs").value_or(0), failures = record.getInteger("failures").value_or(0);
  std::string summary = text(record, "scenario");
  if (std::string mode = text(record, "mode"); !mode.empty()) summary += (summary.empty() ? "" : ", ") + mode;
  std::string outcome = failures ? text(record, "outcome") : "no failure";
  if (outcome.empty()) outcome = "failure";
  summary += llvm::formatv("{0}{1} in {2} of {3} runs", summary.empty() ? "" : ": ", outcome,
                           failures ? failures : runs, runs);
  summary += environmentOf(record);
  if (std::string proof = text(record, "proof"); !proof.empty()) summary += " (" + proof + ")";
  return summary;
}

/// "measured: uint8-array of 1073741824 bytes by pool-map took 1.80 s on Python 3.12.1".
std::string describeMeasurement(const Object& record) {
  std::string summary = "measured: " + text(record, "object");
  if (auto bytes = record.getInteger("bytes")) summary += llvm::formatv(" of {0} bytes", *bytes);
  if (std::string way = text(record, "way"); !way.empty()) summary += " by " + way;
  if (auto seconds = record.getNumber("seconds")) summary += llvm::formatv(" took {0:f2} s", *seconds);
  return summary + environmentOf(record);
}

Evidence evidenceOf(const Object& record, llvm::StringRef file, size_t line) {
  std::string kind = text(record, "kind");
  Evidence evidence;
  bool run = kind == "reproduce" || kind == "confirm";
  evidence.kind = kind == "reproduce" ? "scenario" : "observed";
  if (kind == "confirm")
    evidence.kind = record.getInteger("failures").value_or(0) > 0 ? "confirmed" : "refuted";
  evidence.summary = run ? describeRun(record) : describeMeasurement(record);
  evidence.record = llvm::formatv("{0}:{1}", file, line);
  return evidence;
}

llvm::Error wrong(llvm::StringRef file, size_t line, const llvm::Twine& what) {
  return llvm::createStringError(llvm::Twine(file) + ":" + llvm::Twine(line) + ": " + what);
}

} // namespace

llvm::Error attachObservations(std::vector<Finding>& findings, llvm::StringRef content, llvm::StringRef file,
                               llvm::function_ref<std::string(llvm::StringRef path)> digest) {
  std::map<std::string, std::string> digests;
  auto digestOf = [&](const std::string& path) -> const std::string& {
    auto [entry, fresh] = digests.try_emplace(path);
    if (fresh) entry->second = digest(path);
    return entry->second;
  };
  llvm::SmallVector<llvm::StringRef> lines;
  content.split(lines, '\n');
  for (size_t number = 1; number <= lines.size(); ++number) {
    llvm::StringRef line = lines[number - 1].trim();
    if (line.empty()) continue;
    llvm::Expected<llvm::json::Value> value = llvm::json::parse(line);
    if (!value) return wrong(file, number, llvm::toString(value.takeError()));
    const Object* record = value->getAsObject();
    if (!record || record->getString("schema") != llvm::StringRef("forklint-record/1"))
      return wrong(file, number, "not a forklint-record/1");

    std::string rule = text(*record, "rule"), path = text(*record, "path"),
                source = text(*record, "source_digest");
    bool placed = !path.empty() || !source.empty();
    for (Finding& finding : findings) {
      if (rule.empty() || !sameRule(finding, rule)) continue;
      bool here = !placed && text(*record, "kind") == "measure";
      here = here || (!path.empty() && samePlace(finding, path, record->getInteger("line").value_or(0)));
      here = here || (!source.empty() && digestOf(finding.location.path) == source);
      if (here) finding.evidence.push_back(evidenceOf(*record, file, number));
    }
  }
  return llvm::Error::success();
}

} // namespace forklint::check
