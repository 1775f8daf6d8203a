// What could not be followed near a line: calls, those nearest to the fork first, and what a bound cut short.
#include "driver/explain.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"

#include <map>
#include <set>

namespace forklint::driver {
namespace {

using check::locationOf;

/// How many calls a function is away from the fork, on the way to it; what only its child runs comes last.
using Distances = std::map<const link::FunctionInfo*, size_t>;
constexpr size_t inChildOnly = SIZE_MAX;

/// The functions that calls lead to from these, as far as they were followed.
llvm::StringSet<> reachableFrom(const Analysis& run, const std::set<const link::FunctionInfo*>& functions) {
  llvm::StringSet<> reached;
  std::vector<std::string> waiting;
  for (const link::FunctionInfo* function : functions)
    if (reached.insert(function->body->symbol).second) waiting.push_back(function->body->symbol);
  while (!waiting.empty()) {
    std::string from = std::move(waiting.back());
    waiting.pop_back();
    auto begin =
        llvm::lower_bound(run.solution.calls, from,
                          [](const solve::Call& call, const std::string& name) { return call.from < name; });
    for (auto call = begin; call != run.solution.calls.end() && call->from == from; ++call)
      if (!call->modelled && reached.insert(call->to).second) waiting.push_back(call->to);
  }
  return reached;
}

void addDistance(Distances& distances, const link::FunctionInfo* function, size_t distance) {
  if (!function) return;
  auto [known, fresh] = distances.try_emplace(function, distance);
  if (!fresh) known->second = std::min(known->second, distance);
}

Distances distancesFrom(const Analysis& run, const Line& line, const std::vector<const solve::Fork*>& forks) {
  Distances distances;
  std::set<const link::FunctionInfo*> begun;
  for (const solve::Fork* fork : forks) {
    for (size_t i = 0; i < fork->path.size(); ++i)
      addDistance(distances, fork->path[i].function, fork->path.size() - 1 - i);
    // What the child runs is called from where it is made.
    if (fork->child.unseen) begun.insert(fork->path.back().function);
  }
  if (forks.empty()) addDistance(distances, functionAround(run, line), 0);
  for (const solve::ForkHandler& handler : run.solution.handlers)
    if (line.begins(handler.at)) addDistance(distances, handler.function, 0);
  const llvm::StringSet<> behind = reachableFrom(run, begun);
  for (const link::FunctionInfo* function : run.program->functions())
    if (behind.contains(function->body->symbol)) addDistance(distances, function, inChildOnly);
  return distances;
}

/// What is called on one distance and in one function for one reason, a library's names by the library.
struct Group {
  std::set<std::string> names;
  Fact first;
};

/// The library of a name that no row has; empty for another.
std::string libraryOf(const solve::UnknownCall& call) {
  auto [library, rest] = llvm::StringRef(call.name).split('.');
  return rest.empty() || library == "builtins" ? "" : library.str();
}

std::vector<Fact> unknownCalls(const Analysis& run, const Distances& distances) {
  std::map<size_t, std::vector<Group>> groups; // by distance
  std::map<std::pair<size_t, std::string>, size_t> known;
  for (const solve::UnknownCall& call : run.solution.resolution.unknownCalls) {
    auto found = distances.find(call.at.function);
    if (found == distances.end()) continue;
    std::string library = libraryOf(call), name = writtenName(call.name);
    std::string key = library.empty() ? call.at.function->body->symbol.str() + " " + name : library;
    auto [slot, fresh] = known.try_emplace({found->second, key}, groups[found->second].size());
    if (fresh)
      groups[found->second].push_back({{},
                                       {" in `" + nameOf(*call.at.function) + "`: " + call.reason.str(),
                                        locationOf(call.at),
                                        {{"reason", call.reason.str()}}}});
    groups[found->second][slot->second].names.insert(name);
  }
  std::vector<Fact> facts;
  for (std::vector<Group>& near : llvm::make_second_range(groups))
    for (Group& group : near) {
      constexpr size_t mostNames = 4;
      std::vector<std::string> names(group.names.begin(), group.names.end());
      std::string more =
          names.size() > mostNames ? " and " + std::to_string(names.size() - mostNames) + " more of it" : "";
      if (names.size() > mostNames) names.resize(mostNames);
      group.first.text = "`" + llvm::join(names, "`, `") + "`" + more + group.first.text;
      group.first.details["names"] = llvm::json::Array(names);
      facts.push_back(std::move(group.first));
    }
  return facts;
}

} // namespace

std::string writtenName(llvm::StringRef name) {
  name.consume_front("builtins.");
  return name.str();
}

Section incompleteAt(const Analysis& run, const Line& line, const std::vector<const solve::Fork*>& forks) {
  const Distances distances = distancesFrom(run, line, forks);
  Section section{"incomplete", "could not be followed", unknownCalls(run, distances)};
  limit(section.facts, 6);
  std::set<const facts::UnitFacts*> units;
  for (const auto& [function, distance] : distances)
    if (distance < inChildOnly) units.insert(function->unit);
  std::set<std::string> cut;
  for (const link::ProgramRoot* root : run.solution.cutRoots)
    if (llvm::any_of(forks, [&](const solve::Fork* fork) { return fork->root == root->symbol; }) ||
        units.contains(root->unit))
      cut.insert("the run of `" + root->symbol + "` ended at the bound on work");
  for (const link::FunctionInfo* function : run.solution.cutFunctions)
    if (units.contains(function->unit))
      cut.insert("`" + nameOf(*function) + "` was left at the bound on work");
  for (const facts::UnitFacts* unit : units)
    for (const facts::Gap& gap : unit->gaps)
      cut.insert(unit->unit + ":" + std::to_string(gap.position.line) + ": " + gap.reason);
  for (const std::string& text : cut)
    section.facts.push_back({text});
  return section;
}

} // namespace forklint::driver
