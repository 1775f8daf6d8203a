// The promises of a unit: version, files, positions, names, and those between functions of a chunk. Those of
// one function are in verify-function.cpp.
#include "analyzers/facts/verifier.h"

#include "analyzers/facts/promises.h"

#include <algorithm>
#include <map>
#include <set>

namespace forklint::facts {

bool isPosition(const Position& position, const UnitFacts& unit) {
  if (position == Position()) return true;
  bool hasEnd = position.endLine != 0 || position.endColumn != 0;
  bool inOrder = position.endLine > position.line ||
                 (position.endLine == position.line && position.endColumn >= position.column);
  return position.file < unit.files.size() && (!hasEnd || inOrder);
}

namespace {

class UnitVerifier {
public:
  UnitVerifier(const UnitFacts& unit, BrokenPromises& broken) : unit(unit), broken(broken) {}
  void run();

private:
  void header();
  void suppressions();
  void entity(const Entity& entity);
  void closures(const Chunk& chunk);
  void closure(const Instruction& closure, const Function& made, const Function& maker);
  void position(const Position& position, llvm::StringRef where) {
    if (!isPosition(position, unit)) broken.add(where, "a position is in no file or ends before it begins");
  }

  const UnitFacts& unit;
  BrokenPromises& broken;
};

void UnitVerifier::header() {
  if (unit.schema != schemaVersion)
    broken.add(unit.unit,
               "schema version " + llvm::Twine(unit.schema) + ", expected " + llvm::Twine(schemaVersion));
  if (unit.unit.empty()) broken.add("unit", "has no path");
  if (unit.language != "python" && unit.language != "c" && unit.language != "c++")
    broken.add(unit.unit, "language is none of python, c, c++");
  if (unit.files.empty() || unit.files.front().empty())
    broken.add(unit.unit, "file 0, the main file, is missing");
  for (const Root& root : unit.roots)
    if (root.symbol.empty()) broken.add(unit.unit, "a root has no symbol");
  for (const Gap& gap : unit.gaps) {
    position(gap.position, "gap");
    if (gap.reason.empty()) broken.add(unit.unit, "a gap has no reason");
  }
}

void UnitVerifier::suppressions() {
  static const std::set<llvm::StringRef> directives = {
      "ignore",          "disable",      "enable",     "file-ignore", "nolint",
      "nolint-nextline", "nolint-begin", "nolint-end", "fork-safe",   "unknown"};
  for (const Suppression& suppression : unit.suppressions) {
    position(suppression.position, "suppression");
    if (!directives.contains(suppression.directive))
      broken.add(unit.unit,
                 "unknown directive '" + llvm::StringRef(suppression.directive).take_front(40) + "'");
  }
}

void UnitVerifier::entity(const Entity& entity) {
  position(entity.position, entity.symbol);
  auto isEmpty = [](const std::string& symbol) { return symbol.empty(); };
  if (entity.symbol.empty() || std::ranges::any_of(entity.bases, isEmpty) ||
      std::ranges::any_of(entity.overrides, isEmpty))
    broken.add(entity.symbol, "an entity, its base or what it overrides has no symbol");
  if (entity.promise.empty()) return;
  position(entity.promised, entity.symbol);
  if (entity.kind != EntityKind::Function || entity.promise != "async-signal-safe")
    broken.add(entity.symbol, "promises what only a function does, or an unknown thing");
}

/// Operands: what is captured, in order, then default:NAME for each parameter with a default.
void UnitVerifier::closure(const Instruction& closure, const Function& made, const Function& maker) {
  size_t captures = 0;
  std::set<llvm::StringRef> defaults;
  for (const Operand& operand : closure.operands) {
    llvm::StringRef keyword = operand.keyword;
    if (keyword.consume_front("default:"))
      defaults.insert(keyword);
    else
      ++captures;
  }
  if (captures != made.captures.size())
    broken.add(maker.symbol, "closure of " + llvm::StringRef(made.symbol).take_front(200) + " has " +
                                 llvm::Twine(captures) + " captured values, the function captures " +
                                 llvm::Twine(made.captures.size()));
  std::set<llvm::StringRef> expected;
  for (const Parameter& parameter : made.parameters)
    if (parameter.hasDefault) expected.insert(parameter.name);
  if (defaults != expected)
    broken.add(maker.symbol, "closure of " + llvm::StringRef(made.symbol).take_front(200) +
                                 " has other defaults than the function's parameters");
}

void UnitVerifier::closures(const Chunk& chunk) {
  std::map<llvm::StringRef, const Function*> bySymbol;
  for (const Function& function : chunk.functions) {
    auto [entry, isNew] = bySymbol.try_emplace(function.symbol, &function);
    if (!isNew) entry->second = nullptr; // instances of a template share their name
  }
  for (const Function& maker : chunk.functions)
    for (const Instruction& instruction : maker.instructions) {
      if (instruction.kind != InstructionKind::Closure) continue;
      auto made = bySymbol.find(instruction.name);
      if (made != bySymbol.end() && made->second) closure(instruction, *made->second, maker);
    }
}

void UnitVerifier::run() {
  header();
  suppressions();
  for (const Chunk& chunk : unit.chunks) {
    for (const Entity& each : chunk.entities)
      entity(each);
    for (const Function& function : chunk.functions) {
      position(function.position, function.symbol);
      verifyFunction(function, unit, broken);
    }
    closures(chunk);
  }
}

} // namespace

llvm::Error verify(const UnitFacts& unit) {
  BrokenPromises broken;
  UnitVerifier(unit, broken).run();
  if (broken.none()) return llvm::Error::success();
  return llvm::createStringError(llvm::inconvertibleErrorCode(), broken.text);
}

} // namespace forklint::facts
