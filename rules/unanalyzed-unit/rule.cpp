// unanalyzed-unit: what could not be read, parsed or compiled, one finding for each cause and folder. A
// warning where the text names what makes children, threads or transfers, or where it can not be read; else a
// note.
#include "analyzers/check/rule.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Path.h"

#include <map>

using namespace forklint;
using namespace forklint::check;

namespace {

/// The gap that says most: one that took the whole unit, else the first.
const facts::Gap* causeOf(const facts::UnitFacts& unit) {
  auto whole = llvm::find_if(unit.gaps, [](const facts::Gap& gap) { return gap.wholeUnit; });
  if (whole != unit.gaps.end()) return &*whole;
  return unit.hadErrors && !unit.gaps.empty() ? &unit.gaps.front() : nullptr;
}

bool hasEvidence(const RuleContext& context, const facts::UnitFacts& unit) {
  std::optional<std::string> text = context.readSource ? context.readSource(unit.unit) : std::nullopt;
  return !text || context.program.models().areMentionedIn(*text, unit.language);
}

/// The units of one folder that share a cause.
struct Group {
  const facts::UnitFacts* first = nullptr;
  facts::Position position;
  uint32_t count = 0;
  bool evidence = false;
  bool isPart = false; // the rest of the unit was analysed
};

/// Where, and how to go on. The C and C++ front end says the place itself: it may stand in a header.
std::string adviceFor(const Group& group) {
  const facts::Position& at = group.position;
  if (group.first->language != "python" || !at.line) return "";
  std::string where = " at " + std::to_string(at.line) + ":" + std::to_string(at.column);
  if (llvm::sys::path::extension(group.first->unit) != ".py") return where;
  return where + "; `python3 -m py_compile " + group.first->unit + "` says what to correct";
}

Finding describe(const Group& group, const std::string& reason) {
  Finding finding;
  finding.rule = "unanalyzed-unit";
  finding.level = group.evidence ? Level::Warning : Level::Note;
  const facts::Position& at = group.position;
  const std::vector<std::string>& files = group.first->files;
  finding.location = {at.file < files.size() ? files[at.file] : group.first->unit, at.line, at.column,
                      at.endLine, at.endColumn};
  finding.message = (group.isPart ? "not analysed in full: " : "not analysed: ") + reason + adviceFor(group);
  if (group.count > 1)
    finding.message += " (and " + std::to_string(group.count - 1) + " more in this folder)";
  return finding;
}

} // namespace

FORKLINT_RULE("unanalyzed-unit") {
  std::map<std::pair<std::string, std::string>, Group> groups; // by folder and reason
  for (const facts::UnitFacts& unit : context.program.units()) {
    if (facts::isComplete(unit)) continue;
    const facts::Gap* gap = causeOf(unit);
    std::string reason = gap ? gap->reason : "has errors";
    Group& group = groups[{llvm::sys::path::parent_path(unit.unit).str(), reason}];
    if (!group.first)
      group.first = &unit, group.position = gap ? gap->position : facts::Position{},
      group.isPart = !gap || !gap->wholeUnit;
    ++group.count;
    group.evidence = group.evidence || hasEvidence(context, unit);
  }
  for (const auto& [key, group] : groups)
    context.report(describe(group, key.second));
}
