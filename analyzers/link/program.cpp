// Collects what the units define, and resolves names nearest first.
#include "analyzers/link/program.h"

#include "analyzers/link/cone.h"
#include "analyzers/support/paths.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSet.h"

#include <algorithm>

namespace forklint::link {
namespace {

/// "ns::f" for "ns::f(int)"; a call operator keeps its own parentheses.
llvm::StringRef withoutParameters(llvm::StringRef symbol) {
  size_t callOperator = symbol.find("operator()");
  size_t open = symbol.find('(', callOperator == llvm::StringRef::npos ? 0 : callOperator + 10);
  return symbol.take_front(open);
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

std::string parentOf(llvm::StringRef path) { return path.contains('/') ? path.rsplit('/').first.str() : ""; }

/// The folder from which the unit's module name counts.
std::string importRootOf(const facts::UnitFacts& unit) {
  std::string root = parentOf(unit.unit);
  size_t up = llvm::StringRef(unit.module).count('.');
  if (llvm::StringRef(unit.unit).ends_with("/__init__.py")) ++up;
  for (; up && !root.empty(); --up)
    root = parentOf(root);
  return root;
}

/// `if __name__ == "__main__":` without an `else`.
bool isOnlyAsMain(const facts::Function& body) {
  if (body.kind != facts::FunctionKind::Statement || body.blocks.empty()) return false;
  const facts::Block& entry = body.blocks.front();
  if (entry.instructions.size() != 1) return false;
  facts::ValueId name = entry.instructions.front();
  const facts::Place& tested = body.instructions[name].place;
  if (tested.kind != facts::PlaceKind::Global || !llvm::StringRef(tested.name).ends_with(".__name__"))
    return false;
  return llvm::any_of(entry.edges, [&](const facts::Edge& edge) {
    bool isElsewhere = edge.kind == facts::EdgeKind::When && edge.value == name &&
                       edge.relation == facts::Relation::NotEqual &&
                       edge.literal == facts::Literal(std::string("__main__"));
    return isElsewhere && llvm::all_of(body.blocks[edge.target].instructions, [&](facts::ValueId id) {
             return body.instructions[id].kind == facts::InstructionKind::Return;
           });
  });
}

template <typename Info>
const Info* lookUp(const llvm::StringMap<std::vector<const Info*>>& map, llvm::StringRef name,
                   const facts::UnitFacts& from) {
  auto slot = map.find(name);
  return slot == map.end() ? nullptr : nearest(slot->second, from);
}

} // namespace

Program::Program(std::vector<facts::UnitFacts> units, Models models)
    : allUnits(std::move(units)), allModels(std::move(models)) {
  llvm::sort(allUnits, [](const auto& a, const auto& b) { return a.unit < b.unit; });
  collect();
  markCone(allFunctions, allModels);
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
        if (entity.kind == facts::EntityKind::Global && !entity.type.empty()) {
          auto [holder, field] = llvm::StringRef(entity.symbol).rsplit('.');
          if (field.empty()) continue;
          std::vector<std::string>& declared = fields[holder];
          if (!llvm::is_contained(declared, field)) declared.push_back(field.str());
        }
      }
      for (const facts::Function& function : chunk.functions) {
        allFunctions.push_back({&function, &unit, internal.contains(function.symbol), false});
        allFunctions.back().onlyAsMain = isOnlyAsMain(function);
      }
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
      bool leads =
          entry ? entry->leadsToFork : llvm::any_of(functionsOf(unit), [&](const FunctionInfo* info) {
            bool runs = root.kind != facts::RootKind::Module || !info->onlyAsMain;
            return runs && info->leadsToFork && info->body->kind == facts::FunctionKind::Statement;
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

llvm::ArrayRef<std::string> Program::fieldsOf(llvm::StringRef klass) const {
  auto slot = fields.find(klass);
  return slot == fields.end() ? llvm::ArrayRef<std::string>() : llvm::ArrayRef<std::string>(slot->second);
}

const FunctionInfo* Program::function(llvm::StringRef symbol, const facts::UnitFacts& from) const {
  if (const FunctionInfo* exact = lookUp(bySymbol, symbol, from)) return exact;
  return symbol.contains('(') && !symbol.ends_with("operator()") ? nullptr
                                                                 : lookUp(byBareSymbol, symbol, from);
}
/// A module that is named as one of the language's own library stands before it only for who finds it first:
/// what lies beside it, or begins at the same place of the import path.
const ModuleInfo* Program::module(llvm::StringRef name, const facts::UnitFacts& from) const {
  // An entry point names what is the project's own.
  if (from.module.empty() || !allModels.isStandard(name.split('.').first))
    return lookUp(modulesByName, name, from);
  auto slot = modulesByName.find(name);
  if (slot == modulesByName.end()) return nullptr;
  std::vector<const ModuleInfo*> found;
  for (const ModuleInfo* candidate : slot->second) {
    std::string root = importRootOf(*candidate->unit);
    if (root == importRootOf(from) || root == parentOf(from.unit)) found.push_back(candidate);
  }
  return nearest(found, from);
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
