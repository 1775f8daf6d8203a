// Resolution and the cone. The cone is a closure by last name component from the names that have effects:
// cheap, and an over-approximation, so that leaving a function out can not hide a finding.
#include "analyzers/link/program.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSet.h"

#include <algorithm>

namespace forklint::link {
namespace {

using facts::Instruction;
using facts::InstructionKind;

/// "ns::f" for "ns::f(int)"; a call operator keeps its own parentheses.
llvm::StringRef withoutParameters(llvm::StringRef symbol) {
  size_t callOperator = symbol.find("operator()");
  size_t open = symbol.find('(', callOperator == llvm::StringRef::npos ? 0 : callOperator + 10);
  return symbol.take_front(open);
}

llvm::StringRef lastComponent(llvm::StringRef name) {
  name = name.take_until([](char c) { return c == '('; });
  size_t dot = name.find_last_of(".:");
  return dot == llvm::StringRef::npos ? name : name.substr(dot + 1);
}

/// How many leading path components two files share: the measure of "nearest".
size_t nearness(llvm::StringRef left, llvm::StringRef right) {
  size_t shared = 0, limit = std::min(left.size(), right.size());
  for (size_t i = 0; i < limit && left[i] == right[i]; ++i)
    if (left[i] == '/') ++shared;
  return shared;
}

/// The candidate of `from` itself, else the one nearest to it; ties go to the first path.
template <typename Info>
const Info* nearest(const std::vector<const Info*>& candidates, const facts::UnitFacts& from) {
  const Info* best = nullptr;
  size_t bestNearness = 0;
  for (const Info* candidate : candidates) {
    if (candidate->unit == &from) return candidate;
    if constexpr (requires { candidate->internal; })
      if (candidate->internal) continue;
    size_t near = nearness(candidate->unit->unit, from.unit);
    if (!best || near > bestNearness) {
      best = candidate;
      bestNearness = near;
    }
  }
  return best;
}

template <typename Info>
const Info* lookUp(const llvm::StringMap<std::vector<const Info*>>& map, llvm::StringRef name,
                   const facts::UnitFacts& from) {
  auto slot = map.find(name);
  return slot == map.end() ? nullptr : nearest(slot->second, from);
}

/// Is the value used by anything but a store? A function that is only defined is not called there.
std::vector<bool> usedValues(const facts::Function& function) {
  std::vector<bool> used(function.instructions.size());
  for (const Instruction& instruction : function.instructions)
    if (instruction.kind != InstructionKind::Store)
      for (const facts::Operand& operand : instruction.operands)
        if (operand.value != facts::noValue) used[operand.value] = true;
  return used;
}

/// The names through which a function may reach another: attributes, globals, callees, imports. With
/// `definitions`, also those that it only defines.
template <typename Visit> void mentions(const facts::Function& function, bool definitions, Visit visit) {
  bool statement = function.kind == facts::FunctionKind::Statement && !definitions;
  std::vector<bool> used = statement ? usedValues(function) : std::vector<bool>();
  for (size_t id = 0; id < function.instructions.size(); ++id) {
    const Instruction& instruction = function.instructions[id];
    if (facts::fields(instruction.kind) & facts::FieldPlace && instruction.kind != InstructionKind::Store)
      visit(lastComponent(instruction.place.name));
    switch (instruction.kind) {
    case InstructionKind::Closure:
    case InstructionKind::MakeClass:
      if (statement && !used[id]) break;
      [[fallthrough]];
    case InstructionKind::FunctionRef:
    case InstructionKind::ClassRef:
    case InstructionKind::Construct:
    case InstructionKind::Destroy:
    case InstructionKind::VirtualCall:
    case InstructionKind::Import:
    case InstructionKind::ImportStar: visit(lastComponent(instruction.name)); break;
    case InstructionKind::Constant:
      if (const std::string* text = std::get_if<std::string>(&instruction.literal))
        visit(llvm::StringRef(*text));
      break;
    default: break;
    }
    for (const facts::Operand& operand : instruction.operands)
      if (!operand.keyword.empty()) visit(llvm::StringRef(operand.keyword));
  }
}

/// The names by which a function is reached: its own; a statement by its module's, a constructor, destructor
/// or protocol method by its class's.
llvm::SmallVector<llvm::StringRef, 3> reachedBy(const FunctionInfo& info) {
  llvm::StringRef symbol = info.body->symbol, own = lastComponent(symbol);
  if (info.body->kind == facts::FunctionKind::Statement) return {lastComponent(info.unit->module)};
  llvm::SmallVector<llvm::StringRef, 3> names{own};
  symbol = symbol.take_until([](char c) { return c == '('; });
  llvm::StringRef klass = lastComponent(symbol.drop_back(own.size()).rtrim(".:"));
  if ((own.starts_with("__") || own.starts_with("~") || own == "operator") && !klass.empty())
    names.push_back(klass);
  return names;
}

} // namespace

Program::Program(std::vector<facts::UnitFacts> units, Models models)
    : allUnits(std::move(units)), allModels(std::move(models)) {
  llvm::sort(allUnits, [](const auto& a, const auto& b) { return a.unit < b.unit; });
  collect();
  markCone(false);
  markCone(true);
  markMentioned();
  collectRoots();
}

void Program::collect() {
  llvm::StringSet<> digests;
  for (facts::UnitFacts& unit : allUnits) {
    llvm::sort(unit.chunks, [](const auto& a, const auto& b) { return a.order < b.order; });
    ModuleInfo module{&unit, {}};
    for (const facts::Chunk& chunk : unit.chunks) {
      if (!chunk.digest.empty() && !digests.insert(chunk.digest).second) continue;
      llvm::StringSet<> internal;
      for (const facts::Entity& entity : chunk.entities) {
        if (entity.linkage != facts::Linkage::External) internal.insert(entity.symbol);
        if (entity.kind == facts::EntityKind::Class) allClasses.push_back({&entity, &unit});
      }
      for (const facts::Function& function : chunk.functions)
        allFunctions.push_back({&function, &unit, internal.contains(function.symbol), false});
    }
    allModules.push_back(std::move(module));
  }
  // Addresses are stable from here on.
  llvm::DenseMap<const facts::UnitFacts*, ModuleInfo*> moduleOf;
  for (ModuleInfo& module : allModules)
    moduleOf[module.unit] = &module;
  for (const FunctionInfo& info : allFunctions) {
    byBody[info.body] = &info;
    bySymbol[info.body->symbol].push_back(&info);
    llvm::StringRef bare = withoutParameters(info.body->symbol);
    if (bare != info.body->symbol) byBareSymbol[bare].push_back(&info);
    if (info.body->kind == facts::FunctionKind::Statement) moduleOf[info.unit]->statements.push_back(&info);
  }
  for (const ModuleInfo& module : allModules)
    if (!module.unit->module.empty()) modulesByName[module.unit->module].push_back(&module);
  for (const ClassInfo& info : allClasses)
    classesBySymbol[info.entity->symbol].push_back(&info);
}

void Program::collectRoots() {
  for (const FunctionInfo& info : allFunctions)
    byUnit[info.unit].push_back(&info);
  for (const facts::UnitFacts& unit : allUnits) {
    for (const facts::Root& root : unit.roots) {
      const FunctionInfo* entry = function(root.symbol, unit);
      bool leads = entry ? entry->leadsToFork : llvm::any_of(functionsOf(unit), [](const FunctionInfo* info) {
        return info->leadsToFork && info->body->kind == facts::FunctionKind::Statement;
      });
      allRoots.push_back({root.kind, root.symbol, &unit, leads});
    }
    bool isModule = !unit.module.empty();
    allLibraries.push_back({isModule ? facts::RootKind::Module : facts::RootKind::StaticInitializer,
                            isModule ? unit.module : unit.unit, &unit, false});
  }
}

const std::vector<const FunctionInfo*>& Program::functionsOf(const facts::UnitFacts& unit) const {
  static const std::vector<const FunctionInfo*> none;
  auto slot = byUnit.find(&unit);
  return slot == byUnit.end() ? none : slot->second;
}

void Program::markCone(bool leadsToFork) {
  bool FunctionInfo::* mark = leadsToFork ? &FunctionInfo::leadsToFork : &FunctionInfo::inCone;
  llvm::StringMap<std::vector<FunctionInfo*>> mentionedBy;
  for (FunctionInfo& info : allFunctions)
    mentions(*info.body, !leadsToFork, [&](llvm::StringRef name) {
      if (name.empty()) return;
      std::vector<FunctionInfo*>& those = mentionedBy[name];
      if (those.empty() || those.back() != &info) those.push_back(&info);
    });
  llvm::StringSet<> reached;
  std::vector<std::string> work;
  for (const Models::Seed& seed : allModels.seeds())
    if ((!leadsToFork || seed.leadsToFork) && (seed.owner.empty() || mentionedBy.contains(seed.owner)))
      if (reached.insert(seed.name).second) work.push_back(seed.name);
  while (!work.empty()) {
    std::string name = std::move(work.back());
    work.pop_back();
    auto slot = mentionedBy.find(name);
    if (slot == mentionedBy.end()) continue;
    for (FunctionInfo* info : slot->second) {
      if (info->*mark) continue;
      info->*mark = true;
      for (llvm::StringRef next : reachedBy(*info))
        if (!next.empty() && reached.insert(next).second) work.push_back(next.str());
    }
  }
}

void Program::markMentioned() {
  llvm::StringMap<const facts::Function*> first; // the one function that mentions a name; null: several
  for (const FunctionInfo& info : allFunctions)
    mentions(*info.body, false, [&](llvm::StringRef name) {
      auto [slot, fresh] = first.try_emplace(name, info.body);
      if (!fresh && slot->second != info.body) slot->second = nullptr;
    });
  for (FunctionInfo& info : allFunctions)
    for (llvm::StringRef name : reachedBy(info)) {
      auto slot = first.find(name);
      info.mentioned |= slot != first.end() && slot->second != info.body;
    }
}

const FunctionInfo* Program::function(llvm::StringRef symbol, const facts::UnitFacts& from) const {
  if (const FunctionInfo* exact = lookUp(bySymbol, symbol, from)) return exact;
  return symbol.contains('(') && !symbol.ends_with("operator()") ? nullptr
                                                                 : lookUp(byBareSymbol, symbol, from);
}
const ModuleInfo* Program::module(llvm::StringRef name, const facts::UnitFacts& from) const {
  return lookUp(modulesByName, name, from);
}
const ClassInfo* Program::classNamed(llvm::StringRef symbol, const facts::UnitFacts& from) const {
  return lookUp(classesBySymbol, symbol, from);
}

void print(const Program& program, llvm::raw_ostream& out) {
  for (const ProgramRoot& root : program.roots())
    out << "root " << facts::spelling(root.kind) << ' ' << root.symbol << " in " << root.unit->unit << '\n';
  for (const FunctionInfo& info : program.functions())
    out << "function " << info.body->symbol << (info.internal ? " internal" : "")
        << (info.inCone ? " in-cone" : "") << (info.leadsToFork ? " leads-to-fork" : "") << '\n';
}

} // namespace forklint::link
