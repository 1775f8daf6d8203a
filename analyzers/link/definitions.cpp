// What units of C and C++ define, by name, before they are a program.
#include "analyzers/link/bound-modules.h"
#include "analyzers/link/mentions.h"
#include "analyzers/link/models.h"
#include "analyzers/support/paths.h"

#include "llvm/ADT/STLExtras.h"

namespace forklint::link {

using facts::Function;
using facts::Instruction;
using facts::InstructionKind;
using facts::UnitFacts;

static bool isNative(const UnitFacts& unit) { return unit.language != "python"; }

Definitions::Definitions(const std::vector<UnitFacts>& units) {
  for (const UnitFacts& unit : units) {
    if (!isNative(unit)) continue;
    for (const facts::Chunk& chunk : unit.chunks) {
      llvm::StringSet<> internal;
      for (const facts::Entity& entity : chunk.entities) {
        if (entity.linkage != facts::Linkage::External) internal.insert(entity.symbol);
        if (entity.kind == facts::EntityKind::Class) classes.insert(entity.symbol);
      }
      for (const Function& function : chunk.functions) {
        functions.push_back({&function, &unit, internal.contains(function.symbol)});
        bySymbol[function.symbol].push_back(&functions.back());
        llvm::StringRef bare = withoutParameters(function.symbol);
        if (bare != function.symbol) byBareSymbol[bare].push_back(&functions.back());
      }
    }
  }
}

const Definition* Definitions::find(llvm::StringRef symbol, const UnitFacts& from) const {
  auto found = bySymbol.find(symbol);
  if (found == bySymbol.end()) {
    found = byBareSymbol.find(symbol);
    if (found == byBareSymbol.end()) return nullptr;
  }
  const Definition* best = nullptr;
  size_t bestNearness = 0;
  for (const Definition* each : found->second) {
    if (each->unit == &from) return each;
    size_t near = nearness(each->unit->unit, from.unit);
    if (each->isInternal || (best && near <= bestNearness)) continue;
    best = each;
    bestNearness = near;
  }
  return best;
}

std::string Definitions::classOf(llvm::StringRef name) const {
  std::string only;
  for (const auto& each : classes) {
    if (lastComponent(each.getKey()) != name) continue;
    if (!only.empty()) return "";
    only = each.getKey().str();
  }
  return only;
}

std::vector<const UnitFacts*> Definitions::linkedWith(const UnitFacts& unit) const {
  auto isProgram = [](const UnitFacts& other) {
    return llvm::any_of(other.roots,
                        [](const facts::Root& root) { return root.kind == facts::RootKind::Main; });
  };
  std::vector<const UnitFacts*> linked{&unit};
  for (size_t next = 0; next < linked.size(); ++next)
    for (const facts::Chunk& chunk : linked[next]->chunks)
      for (const Function& function : chunk.functions)
        for (const Instruction& each : function.instructions) {
          if (each.kind != InstructionKind::FunctionRef) continue;
          const Definition* definition = find(each.name, *linked[next]);
          if (definition && !isProgram(*definition->unit) && !llvm::is_contained(linked, definition->unit))
            linked.push_back(definition->unit);
        }
  return linked;
}

} // namespace forklint::link
