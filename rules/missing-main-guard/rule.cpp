// missing-main-guard: a module starts processes while it is imported, which a new process does again. Where
// nothing is defined behind the first start, the finding there carries the guard as a fix.
#include "analyzers/check/misuse.h"
#include "analyzers/check/offered.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"

#include <map>

using namespace forklint;
using namespace forklint::check;

using facts::InstructionKind;

namespace {

using Statements = std::vector<const facts::Function*>;

/// The statements of a module from the one at `first` on, in order.
Statements statementsFrom(const facts::UnitFacts& unit, const facts::Function& first) {
  Statements found;
  for (const facts::Chunk& chunk : unit.chunks)
    for (const facts::Function& function : chunk.functions)
      if (function.kind == facts::FunctionKind::Statement && function.position.line >= first.position.line)
        found.push_back(&function);
  llvm::sort(found, [](const facts::Function* left, const facts::Function* right) {
    return left->position.line < right->position.line;
  });
  return found;
}

/// What a process that begins anew has to find in the module again.
bool defines(const facts::Function& statement) {
  return llvm::any_of(statement.instructions, [](const facts::Instruction& each) {
    return each.kind == InstructionKind::Closure || each.kind == InstructionKind::MakeClass ||
           each.kind == InstructionKind::Import;
  });
}

/// Lines that keep their meaning when blanks are put before them.
bool canBeIndented(llvm::ArrayRef<llvm::StringRef> lines) {
  return llvm::none_of(lines, [](llvm::StringRef line) {
    return line.contains("\"\"\"") || line.contains("'''") || line.starts_with("\t") || line.ends_with("\\");
  });
}

/// The guard around the statement and all that follows it.
std::optional<Fix> guardFrom(const RuleContext& context, const link::FunctionInfo& statement) {
  const facts::UnitFacts& unit = *statement.unit;
  Statements statements = statementsFrom(unit, *statement.body);
  std::optional<std::string> text = context.readSource ? context.readSource(unit.unit) : std::nullopt;
  if (!text || statements.empty() || llvm::any_of(statements, [](auto* each) { return defines(*each); }))
    return std::nullopt;
  llvm::SmallVector<llvm::StringRef> lines;
  llvm::StringRef(*text).split(lines, '\n');
  uint32_t first = statements.front()->position.line, last = statements.back()->position.endLine;
  bool standsAlone = statements.front() == statement.body && statement.body->position.column == 1 &&
                     (statements.size() < 2 || statements[1]->position.line > first);
  if (!standsAlone || last > lines.size() ||
      !canBeIndented(llvm::ArrayRef(lines).slice(first - 1, last - first + 1)))
    return std::nullopt;
  Fix fix{FixSafety::Unsafe, "start it only where the module is the program", {}};
  for (uint32_t line = first; line <= last; ++line) {
    bool isBlank = lines[line - 1].trim().empty();
    std::string before = line == first ? "if __name__ == \"__main__\":\n    " : "    ";
    if (!isBlank) fix.edits.push_back({Location{unit.unit, line, 1, line, 1}, before});
  }
  return fix;
}

/// The statement of each module that is the first to start a process.
std::map<const facts::UnitFacts*, const link::FunctionInfo*> firstStarts(const RuleContext& context) {
  std::map<const facts::UnitFacts*, const link::FunctionInfo*> first;
  eachMisuse(context, "missing-main-guard", [&](const solve::Misuse& misuse, Variants) {
    const link::FunctionInfo* statement = misuse.path.front().function;
    if (statement->body->kind != facts::FunctionKind::Statement) return;
    auto [known, isNew] = first.try_emplace(statement->unit, statement);
    if (statement->body->position.line < known->second->body->position.line) known->second = statement;
  });
  return first;
}

} // namespace

FORKLINT_RULE("missing-main-guard") {
  const llvm::DenseSet<const facts::UnitFacts*> offered = offeredUnits(context.program);
  const auto first = firstStarts(context);
  eachMisuse(context, "missing-main-guard", [&](const solve::Misuse& misuse, Variants variants) {
    Finding finding = findingOf(misuse, variants,
                                {.rule = "missing-main-guard",
                                 .level = levelFor(context, variants),
                                 .message = "starts a process while its module is imported: a process that "
                                            "begins anew imports it again and fails",
                                 .here = "the process is started here"});
    const link::FunctionInfo* statement = misuse.path.front().function;
    auto guarded = first.find(statement->unit);
    if (guarded != first.end() && guarded->second == statement && !offered.contains(statement->unit))
      if (std::optional<Fix> fix = guardFrom(context, *statement)) finding.fixes.push_back(std::move(*fix));
    context.report(std::move(finding));
  });
}
