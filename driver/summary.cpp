#include "driver/gaps.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

#include <map>

namespace forklint::driver {
namespace {

/// Does the file say anything about forks, threads or processes? One that cannot be read might, and facts do.
bool hasEvidence(const std::string& path) {
  if (llvm::StringRef(path).ends_with(".ffacts")) return true;
  llvm::sys::fs::file_status status;
  if (llvm::sys::fs::status(path, status) || status.type() != llvm::sys::fs::file_type::regular_file) return true;
  auto buffer = llvm::MemoryBuffer::getFile(path, /*IsText=*/false, /*RequiresNullTerminator=*/false);
  if (!buffer) return true;
  llvm::StringRef text = (*buffer)->getBuffer();
  return llvm::any_of(llvm::ArrayRef<llvm::StringRef>{"fork", "thread", "Thread", "multiprocessing", "subprocess",
                                                      "concurrent", "Process", "clone(", "posix_spawn", "popen"},
                      [&](llvm::StringRef word) { return text.contains(word); });
}

const facts::Gap* causeOf(const facts::UnitFacts& unit) {
  auto whole = llvm::find_if(unit.gaps, [](const facts::Gap& gap) { return gap.wholeUnit; });
  if (whole != unit.gaps.end()) return &*whole;
  return unit.hadErrors && !unit.gaps.empty() ? &unit.gaps.front() : nullptr;
}

/// The units of one folder that share a cause.
struct Group {
  const facts::UnitFacts* first = nullptr;
  facts::Position position;
  uint32_t count = 0;
  bool evidence = false;
};

check::Finding findingOf(const Group& group, const std::string& reason) {
  check::Finding finding;
  finding.rule = "unanalyzed-unit";
  finding.level = group.evidence ? check::Level::Warning : check::Level::Note;
  const facts::Position& at = group.position;
  const std::vector<std::string>& files = group.first->files;
  finding.location = {at.file < files.size() ? files[at.file] : group.first->unit, at.line, at.column, at.endLine, at.endColumn};
  finding.message = "not analysed: " + reason;
  if (group.count > 1) finding.message += " (and " + std::to_string(group.count - 1) + " more in this folder)";
  return finding;
}

} // namespace

bool isComplete(const facts::UnitFacts& unit) {
  return !unit.hadErrors && llvm::none_of(unit.gaps, [](const facts::Gap& gap) { return gap.wholeUnit; });
}

std::vector<check::Finding> gapFindings(const std::vector<facts::UnitFacts>& units) {
  std::map<std::pair<std::string, std::string>, Group> groups; // by folder and reason
  for (const facts::UnitFacts& unit : units) {
    if (isComplete(unit)) continue;
    const facts::Gap* gap = causeOf(unit);
    std::string reason = gap ? gap->reason : "has errors";
    Group& group = groups[{llvm::sys::path::parent_path(unit.unit).str(), reason}];
    if (!group.first) group.first = &unit, group.position = gap ? gap->position : facts::Position{};
    ++group.count;
    group.evidence = group.evidence || hasEvidence(unit.unit);
  }
  std::vector<check::Finding> findings;
  for (const auto& [key, group] : groups) findings.push_back(findingOf(group, key.second));
  return findings;
}

check::Summary summarize(const std::vector<facts::UnitFacts>& units) {
  check::Summary summary;
  for (const facts::UnitFacts& unit : units) {
    ++(unit.language == "python" ? summary.pythonUnits : summary.cppUnits);
    if (isComplete(unit)) ++summary.complete;
    if (llvm::none_of(unit.gaps, [](const facts::Gap& gap) { return gap.wholeUnit; })) ++summary.parsed;
  }
  return summary;
}

} // namespace forklint::driver
