#include "analyzers/link/fork-closure.h"

#include "llvm/ADT/STLExtras.h"

namespace forklint::link {

std::vector<std::string> keysOfCallers(const llvm::StringMap<std::vector<std::string>>& callers,
                                       llvm::StringRef member) {
  std::vector<std::string> keys;
  auto slot = callers.find(member);
  if (slot == callers.end()) return keys;
  for (const std::string& row : slot->second) {
    keys.push_back("=" + row);
    keys.push_back(("." + lastComponent(row)).str());
  }
  return keys;
}

void ForkClosure::runFrom(llvm::ArrayRef<Models::Seed> seeds) {
  auto begin = [&](bool prepares) {
    for (const Models::Seed& one : seeds)
      if (one.leadsToFork && one.prepares == prepares) seed(one);
    run();
  };
  begin(false);
  onlyPrepares = true;
  for (const std::string& key : prepared)
    reach(key);
  begin(true);
}

bool ForkClosure::isMentioned(const FunctionInfo& function) {
  return llvm::any_of(Mentions::reachedBy(function),
                      [&](const std::string& key) { return index.isMentionedBeside(function, key); });
}

void ForkClosure::seed(const Models::Seed& seed) {
  if (seed.isParameter) return reach("'" + seed.name);
  reach("=" + seed.whole);
  if (seed.name.empty() || !index.isNamed(packageOf(seed.whole))) return;
  std::vector<std::string> members = keysOfCallers(callers, seed.name);
  members.push_back("." + seed.name);
  for (const std::string& key : members)
    if (seed.owner.empty())
      reach(key);
    else
      reachMember(seed.owner, key, nullptr);
}

void ForkClosure::run() {
  while (!keys.empty() || !found.empty()) {
    if (!found.empty()) {
      enter(*found.pop_back_val());
      continue;
    }
    std::string key = keys.pop_back_val();
    // Other names of what a key means; of a member, classes that derive from what an object gives by its
    // name.
    llvm::ArrayRef<const FunctionInfo*> those = index.all(key);
    llvm::append_range(found, those);
    llvm::StringRef name = key;
    name.consume_front("=");
    for (const std::string& alias : mentions.aliasesOf(name))
      reach("=" + alias);
  }
}

void ForkClosure::enter(const FunctionInfo& info) {
  if (!inside.insert(&info).second) return;
  llvm::StringRef klass = mentions.classOf(info);
  bool ofClass = !klass.empty(), ofModule = klass.empty() && !info.unit->module.empty();
  if (ofClass) prepare(("=" + klass).str());
  for (const std::string& next : Mentions::reachedBy(info))
    if (onlyPrepares && info.body->kind == facts::FunctionKind::Statement)
      continue; // who imports the module need not be run for it
    else if ((ofClass || ofModule) && next.starts_with("."))
      reachMember(ofClass ? klass : llvm::StringRef(info.unit->module), next, info.unit);
    else
      reach(next);
}

/// A member leads on where its class is named; elsewhere its object comes from somebody who is reached.
void ForkClosure::reachMember(llvm::StringRef owner, llvm::StringRef member, const facts::UnitFacts* home) {
  std::string asked = (owner + " " + member + " " + (home ? home->unit : "")).str();
  if (reachedMembers.insert(asked).second) llvm::append_range(found, index.membersIn(owner, member, home));
}

void ForkClosure::reach(const std::string& key) {
  if (reached.insert(key).second) keys.push_back(key);
}

/// Whoever makes an object may lead to what its methods do, but to make it is not yet to do it.
void ForkClosure::prepare(std::string key) {
  if (onlyPrepares)
    reach(key);
  else
    prepared.push_back(std::move(key));
}

} // namespace forklint::link
