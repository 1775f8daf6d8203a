// Which units can matter to the requested ones (keepDemanded in discover.h). Requested units, all that import
// them, directly or not, and all that those import. A name stands for every module of that name, so too much
// is kept, never too little.
#include "driver/discover.h"
#include "driver/modules.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringMap.h"

namespace forklint::driver {
namespace {

using Graph = std::vector<std::vector<size_t>>;

/// Adds what can be reached from what is marked.
void spread(std::vector<bool>& marked, const Graph& graph) {
  std::vector<size_t> open;
  for (size_t unit = 0; unit < marked.size(); ++unit)
    if (marked[unit]) open.push_back(unit);
  while (!open.empty()) {
    size_t unit = open.back();
    open.pop_back();
    for (size_t next : graph[unit])
      if (!marked[next]) marked[next] = true, open.push_back(next);
  }
}

/// The members that are marked, from `first` on.
template <typename Member>
void keep(std::vector<Member>& members, const std::vector<bool>& kept, size_t first) {
  std::vector<Member> demanded;
  for (size_t index = 0; index < members.size(); ++index)
    if (kept[first + index]) demanded.push_back(std::move(members[index]));
  members = std::move(demanded);
}

} // namespace

void keepDemanded(Workset& workset) {
  std::vector<Unit>& units = workset.units;
  std::vector<EntryPoint>& entries = workset.entries;
  if (llvm::all_of(units, [](const Unit& unit) { return unit.requested; })) return;
  llvm::StringMap<llvm::SmallVector<size_t, 1>> byModule;
  for (size_t index = 0; index < units.size(); ++index)
    if (!units[index].module.empty()) byModule[units[index].module].push_back(index);

  // Nodes are the units, then the entry points, which import like them.
  size_t nodes = units.size() + entries.size();
  Graph imports(nodes), importers(nodes);
  auto connect = [&](size_t node, llvm::StringRef name) {
    for (; !name.empty(); name = parentName(name)) {
      auto modules = byModule.find(name);
      if (modules == byModule.end()) continue;
      for (size_t module : modules->second) {
        imports[node].push_back(module);
        importers[module].push_back(node);
      }
    }
  };
  for (size_t index = 0; index < units.size(); ++index)
    for (llvm::StringRef name : units[index].imported)
      connect(index, name);
  for (size_t index = 0; index < entries.size(); ++index) {
    if (!entries[index].path.empty()) connect(units.size() + index, entries[index].name);
    for (const EntryAction& action : entries[index].actions)
      connect(units.size() + index, action.module);
  }

  std::vector<bool> kept(nodes);
  for (size_t index = 0; index < units.size(); ++index)
    kept[index] = units[index].requested || units[index].language != Language::Python;
  spread(kept, importers);
  spread(kept, imports);
  size_t firstEntry = units.size();
  keep(units, kept, 0);
  keep(entries, kept, firstEntry);
}

} // namespace forklint::driver
