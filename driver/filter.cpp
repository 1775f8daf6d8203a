#include "driver/filter.h"

#include "analyzers/check/observed.h"
#include "analyzers/check/strongest.h"
#include "analyzers/check/suppression.h"
#include "analyzers/support/suggest.h"
#include "driver/fingerprint.h"
#include "driver/rulebook.h"
#include "driver/summary.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/SHA256.h"

#include <set>
#include <tuple>

namespace forklint::driver {
namespace {

llvm::Expected<const Config*> configOf(const std::string& file, Configurations& configurations) {
  return configurations.of(llvm::sys::path::parent_path(absolutePath(file)));
}

llvm::Error checkRuleNames(const CheckOptions& options) {
  auto check = [](llvm::StringRef option, const std::vector<std::string>& names) -> llvm::Error {
    for (const std::string& name : names)
      if (!ruleNames().contains(name))
        return llvm::createStringError(option + ": there is no rule `" + name + "`" +
                                       suggestion(name, ruleNames().keys()));
    return llvm::Error::success();
  };
  if (auto error = check("--select", options.select.value_or(std::vector<std::string>()))) return error;
  if (auto error = check("--ignore", options.ignore)) return error;
  return check("--extend-select", options.extendSelect);
}

/// The command line decides where it speaks, else the file's configuration, else all rules run.
bool isSelected(const std::string& rule, const CheckOptions& options, const Config& config) {
  if (rule == "internal-error") return true;
  const auto& select = options.select ? options.select : config.select;
  bool extended =
      llvm::is_contained(options.extendSelect, rule) || llvm::is_contained(config.extendSelect, rule);
  if (llvm::is_contained(options.ignore, rule)) return false;
  if (llvm::is_contained(config.ignore, rule) && !llvm::is_contained(options.extendSelect, rule))
    return false;
  return !select || extended || llvm::is_contained(*select, rule);
}

/// What the finding's own file asks for: its rules, and its versions.
bool holds(check::Finding& finding, const CheckOptions& options, const Config& config) {
  if (!isSelected(finding.rule, options, config)) return false;
  std::optional<Variants> targets = options.targets ? options.targets : config.targets;
  if (finding.python.empty() || !targets) return true;
  std::optional<Variants> where = parseVersions(finding.python);
  if (!where) return true;
  if (!(*where & *targets)) return false;
  finding.python = versions(*where & *targets);
  return true;
}

bool isRequested(const check::Finding& finding, const Workset& workset, const llvm::StringSet<>& factsFiles) {
  if (factsFiles.contains(finding.location.path) || finding.rule == "internal-error") return true;
  std::string absolute = absolutePath(finding.location.path);
  return llvm::any_of(workset.requested, [&](const std::string& each) { return isBelow(absolute, each); });
}

/// Files that facts given as text speak of: they need not exist.
llvm::StringSet<> namedByFacts(const Workset& workset, const std::vector<facts::UnitFacts>& units) {
  llvm::StringSet<> files;
  bool any = llvm::any_of(workset.units, [](const Unit& unit) { return unit.language == Language::Facts; });
  if (!any) return files;
  llvm::StringSet<> others;
  for (const Unit& unit : workset.units)
    if (unit.language != Language::Facts) others.insert(unit.display);
  for (const facts::UnitFacts& unit : units) {
    if (others.contains(unit.unit)) continue;
    files.insert(unit.unit);
    for (const std::string& file : unit.files)
      files.insert(file);
  }
  return files;
}

void sort(std::vector<check::Finding>& findings) {
  llvm::stable_sort(findings, [](const check::Finding& left, const check::Finding& right) {
    return std::tie(left.location.path, left.location.line, left.location.column, left.rule) <
           std::tie(right.location.path, right.location.line, right.location.column, right.rule);
  });
}

/// A file that a link leads to again is reported by its own name where that was asked for too.
void dropAliases(std::vector<check::Finding>& findings) {
  auto place = [](const check::Finding& each, std::string path) {
    return std::tuple(std::move(path), each.location.line, each.location.column, each.rule);
  };
  std::set<std::tuple<std::string, uint32_t, uint32_t, std::string>> known;
  for (const check::Finding& each : findings)
    known.insert(place(each, each.location.path));
  llvm::erase_if(findings, [&](const check::Finding& each) {
    llvm::SmallString<256> real;
    if (!each.location.line || llvm::sys::fs::real_path(each.location.path, real)) return false;
    std::string own = displayPath(real);
    return own != each.location.path && known.contains(place(each, own));
  });
}

std::string digestOfFile(llvm::StringRef path) {
  auto buffer = llvm::MemoryBuffer::getFile(path, /*IsText=*/false, /*RequiresNullTerminator=*/false);
  if (!buffer) return "";
  auto bytes = llvm::arrayRefFromStringRef((*buffer)->getBuffer());
  return "sha256:" + llvm::toHex(llvm::SHA256::hash(bytes), /*LowerCase=*/true); // as the harness writes it
}

llvm::Error observe(const std::string& file, std::vector<check::Finding>& findings) {
  if (file.empty()) return llvm::Error::success();
  auto records = llvm::MemoryBuffer::getFile(file);
  if (!records) return llvm::createStringError("--observed: " + file + ": " + records.getError().message());
  return check::attachObservations(findings, (*records)->getBuffer(), file, digestOfFile);
}

} // namespace

llvm::Expected<Variants> allTargets(const CheckOptions& options, const Workset& workset,
                                    Configurations& configurations) {
  if (llvm::Error error = checkRuleNames(options)) return error;
  if (options.targets) return *options.targets;
  Variants targets = 0;
  for (const Unit& unit : workset.units) {
    auto config = configurations.of(llvm::sys::path::parent_path(unit.path));
    if (!config) return config.takeError();
    targets |= (*config)->targets.value_or(allVariants);
  }
  return targets ? targets : allVariants;
}

llvm::Expected<std::string> platformOf(const CheckOptions& options, const Workset& workset,
                                       Configurations& configurations) {
  if (!options.platform.empty()) return options.platform;
  auto config = configOf(workset.requested.front() + "/.", configurations);
  if (!config) return config.takeError();
  return (*config)->platform.empty() ? "linux" : (*config)->platform;
}

llvm::Expected<std::string> libcOf(const CheckOptions& options, const Workset& workset,
                                   Configurations& configurations, llvm::StringRef usual) {
  if (!options.libc.empty()) return options.libc;
  auto config = configOf(workset.requested.front() + "/.", configurations);
  if (!config) return config.takeError();
  // What a configuration says is about the platform that it says.
  bool isOther = !options.platform.empty() && options.platform != "linux";
  return (*config)->libc.empty() || isOther ? usual.str() : (*config)->libc;
}

llvm::Expected<check::Report> filter(const CheckOptions& options, const Workset& workset,
                                     Configurations& configurations,
                                     const std::vector<facts::UnitFacts>& units, check::Summary summary,
                                     std::vector<check::Finding> findings) {
  // Rules that ran anywhere: a comment about another one is not judged.
  llvm::StringSet<> active;
  for (const auto& rule : ruleNames())
    for (const std::string& path : workset.requested) {
      auto config = configOf(path + "/.", configurations);
      if (!config) return config.takeError();
      if (isSelected(rule.getKey().str(), options, **config)) active.insert(rule.getKey());
    }

  // What each finding's own file asks for, then comments: a suppressed finding is one that would have been
  // given.
  std::vector<check::Finding> held;
  for (check::Finding& finding : findings) {
    auto config = configOf(finding.location.path, configurations);
    if (!config) return config.takeError();
    if (holds(finding, options, **config)) held.push_back(std::move(finding));
  }
  check::keepStrongest(held);
  check::Suppressed judged = check::applySuppressions(std::move(held), units, ruleNames(), active);

  // Where findings are wanted. Comments outside were used by then, or not judged.
  llvm::StringSet<> factsFiles = namedByFacts(workset, units);
  check::Report report;
  for (check::Finding& finding : judged.kept)
    if (isRequested(finding, workset, factsFiles)) report.findings.push_back(std::move(finding));
  if (llvm::Error error = observe(options.observed, report.findings)) return error;
  sort(report.findings);
  dropAliases(report.findings);
  addFingerprints(report.findings);
  report.summary = summary;
  report.summary.lostUnits += workset.withoutDatabase;
  report.summary.closedFolders = workset.closedFolders;
  report.summary.suppressed = static_cast<uint32_t>(judged.suppressed.size());
  report.suppressed = std::move(judged.suppressed);
  return report;
}

bool fails(const CheckOptions& options, Configurations& configurations, const check::Report& report) {
  return llvm::any_of(report.findings, [&](const check::Finding& finding) {
    check::Level failOn = check::Level::Warning;
    auto config = configOf(finding.location.path, configurations);
    if (config)
      failOn = (*config)->failOn.value_or(failOn);
    else
      llvm::consumeError(config.takeError());
    return finding.level >= options.failOn.value_or(failOn);
  });
}

} // namespace forklint::driver
