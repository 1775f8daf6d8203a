#include "analyzers/link/cone.h"

#include "analyzers/link/mentions.h"

#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLExtras.h"

namespace forklint::link {
namespace {

/// One closure: from the seeds to all functions that lead to one.
class Closure {
public:
  Closure(std::vector<FunctionInfo>& functions, const Mentions& mentions, bool leadsToFork)
      : mentions(mentions), mark(leadsToFork ? &FunctionInfo::leadsToFork : &FunctionInfo::inCone) {
    for (FunctionInfo& info : functions)
      mentions.of(info, !leadsToFork, [&](llvm::StringRef key) {
        std::vector<FunctionInfo*>& those = mentionedBy[key];
        if (those.empty() || those.back() != &info) those.push_back(&info);
        // A package is named where anything in it is.
        if (key.consume_front("=")) named.insert(packageOf(key));
      });
  }

  void seed(const Models::Seed& seed) {
    if (seed.isParameter) return reach("'" + seed.name);
    reach("=" + seed.whole);
    if (seed.name.empty() || !named.contains(packageOf(seed.whole))) return;
    if (seed.owner.empty() || mark == &FunctionInfo::inCone) return reach("." + seed.name);
    // A member leads on where its class is named; elsewhere its object is handed in by somebody who is
    // reached.
    llvm::DenseSet<const facts::UnitFacts*> units;
    unitsNaming("=" + seed.owner, units);
    unitsNaming(("." + lastComponent(seed.owner)).str(), units);
    for (FunctionInfo* info : mentionedBy.lookup("." + seed.name))
      if (units.contains(info->unit)) enter(*info);
  }

  void run() {
    while (!work.empty()) {
      std::string key = std::move(work.back());
      work.pop_back();
      if (llvm::StringRef name(key); name.consume_front("="))
        for (const std::string& alias : mentions.aliasesOf(name))
          reach("=" + alias);
      auto slot = mentionedBy.find(key);
      if (slot == mentionedBy.end()) continue;
      for (FunctionInfo* info : slot->second)
        enter(*info);
    }
  }

  /// Does another function mention it?
  bool isMentioned(const FunctionInfo& info) const {
    return llvm::any_of(Mentions::reachedBy(info), [&](const std::string& key) {
      auto slot = mentionedBy.find(key);
      return slot != mentionedBy.end() &&
             llvm::any_of(slot->second, [&](const FunctionInfo* other) { return other != &info; });
    });
  }

private:
  static llvm::StringRef packageOf(llvm::StringRef name) {
    return name.take_until([](char c) { return c == '.' || c == ':'; });
  }
  void unitsNaming(const std::string& key, llvm::DenseSet<const facts::UnitFacts*>& units) const {
    for (const FunctionInfo* info : mentionedBy.lookup(key))
      units.insert(info->unit);
    if (llvm::StringRef name(key); name.consume_front("="))
      for (const std::string& alias : mentions.aliasesOf(name))
        if (alias != name) unitsNaming("=" + alias, units);
  }
  void enter(FunctionInfo& info) {
    if (info.*mark) return;
    info.*mark = true;
    for (const std::string& next : Mentions::reachedBy(info))
      reach(next);
  }
  void reach(const std::string& key) {
    if (reached.insert(key).second) work.push_back(key);
  }

  const Mentions& mentions;
  bool FunctionInfo::* mark;
  llvm::StringMap<std::vector<FunctionInfo*>> mentionedBy;
  llvm::StringSet<> reached, named;
  std::vector<std::string> work;
};

} // namespace

void markCone(std::vector<FunctionInfo>& functions, const Models& models) {
  Mentions mentions(functions);
  std::vector<Models::Seed> seeds = models.seeds();
  for (bool leadsToFork : {false, true}) {
    Closure closure(functions, mentions, leadsToFork);
    for (const Models::Seed& seed : seeds)
      if (!leadsToFork || seed.leadsToFork) closure.seed(seed);
    closure.run();
    // A definition alone mentions nobody, so the second closure tells who is mentioned.
    if (leadsToFork)
      for (FunctionInfo& info : functions)
        info.mentioned = closure.isMentioned(info);
  }
}

} // namespace forklint::link
