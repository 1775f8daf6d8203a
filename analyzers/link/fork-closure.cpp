#include "analyzers/link/fork-closure.h"

#include "analyzers/support/paths.h"

#include "llvm/ADT/STLExtras.h"

#include <utility>

namespace forklint::link {

using Use = Mentions::Use;

static bool isTest(const FunctionInfo& info) { return isTestCode(info.unit->unit); }

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
  byTests = false;
  llvm::append_range(found, std::exchange(given, {}));
  for (const std::string& klass : classes)
    findGiven(klass);
  begin(true);
}

bool ForkClosure::isMentioned(const FunctionInfo& function) {
  return llvm::any_of(mentions.reachedBy(function),
                      [&](const std::string& key) { return index.isMentionedBeside(function, key); });
}

void ForkClosure::seed(const Models::Seed& seed) {
  if (seed.isParameter) return reach("'" + seed.name);
  reach("=" + seed.whole);
  if (!index.isAttribute(seed)) return;
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
    auto [key, tests] = keys.pop_back_val();
    byTests = tests;
    // Other names of what a key means; of a member, classes that derive from what an object gives by its
    // name.
    llvm::ArrayRef<Mention> those = index.all(key);
    llvm::StringRef name = key;
    name.consume_front("=");
    for (const Text& alias : mentions.aliasesOf(name))
      reach("=" + alias);
    // What some module imports at its top has mostly been imported when a function does.
    bool onlyTexts =
        key.front() == '!' && llvm::any_of(those, [](const Mention& each) { return each.isText(); });
    for (const Mention& mention : those)
      if (!onlyTexts || mention.isText()) find(mention);
  }
}

void ForkClosure::find(const Mention& mention) {
  if (mention.use == Use::Named || (byTests && !isTest(*mention.function))) return;
  if (mention.use >= Use::OfSelf || onlyPrepares)
    found.push_back(mention.function);
  else
    given.push_back(mention.function);
}

void ForkClosure::enter(const FunctionInfo& info) {
  if (!inside.insert(&info).second) return;
  byTests = isTest(info);
  llvm::StringRef klass = mentions.classOf(info), module = info.unit->module;
  bool ofClass = !klass.empty(), ofModule = klass.empty() && !module.empty();
  if (ofClass && onlyPrepares)
    findGiven(klass);
  else if (ofClass)
    classes.push_back(klass.str());
  for (const std::string& next : mentions.reachedBy(info)) {
    bool isMember = next.front() == '.';
    // Who imports the module need not be run for it; nor is any value the module that nobody gives away.
    bool leadsNowhere = (onlyPrepares && info.body->kind == facts::FunctionKind::Statement) ||
                        (ofModule && isMember && !index.isGiven(module));
    if (leadsNowhere) continue;
    if ((ofClass || ofModule) && isMember)
      reachMember(ofClass ? klass : module, next, info.unit);
    else
      reach(next);
  }
}

/// Whoever gives a class away may lead to what its methods do.
void ForkClosure::findGiven(llvm::StringRef klass) {
  if (!isNew(givenClasses, klass)) return;
  for (const std::string& name : index.namesOf(klass))
    for (const Mention& mention : index.all("=" + name))
      if (mention.use == Use::Given) find(mention);
}

/// A member leads on where its class is named, or is one of what an attribute or global holds; elsewhere its
/// object comes from somebody who is reached.
void ForkClosure::reachMember(llvm::StringRef owner, llvm::StringRef member, const facts::UnitFacts* home) {
  if (!isNew(reachedMembers, (owner + " " + member + " " + (home ? home->unit : "")).str())) return;
  if (member.front() == '.')
    for (const std::string& holder : index.holdersOf(owner))
      for (const Mention& mention : index.all(("." + holder + member).str()))
        if (!home || index.mayHave(*mention.function->unit, *home)) find(mention);
  for (const Mention& mention : index.membersIn(owner, member, home))
    if (mention.use != Use::OfSelf || mentions.mayBeOfSelf(*mention.function, owner)) find(mention);
}

void ForkClosure::reach(const std::string& key) {
  if (isNew(reached, key)) keys.push_back({key, byTests});
}

/// Has only a test reached it so far, or nobody?
bool ForkClosure::isNew(llvm::StringMap<bool>& met, llvm::StringRef name) const {
  auto [slot, isFirst] = met.try_emplace(name, byTests);
  if (!isFirst && slot->second <= byTests) return false;
  slot->second = byTests;
  return true;
}

} // namespace forklint::link
