#include "analyzers/link/effect-search.h"

#include "analyzers/link/fork-closure.h"
#include "analyzers/support/paths.h"

#include "llvm/ADT/STLExtras.h"

namespace forklint::link {

EffectSearch::EffectSearch(const Program& program, Mentions& mentions, MentionIndex& index,
                           llvm::ArrayRef<Models::Seed> seeds,
                           const llvm::StringMap<std::vector<std::string>>& callers, bool byLastPart)
    : program(program), mentions(mentions), index(index), byLastPart(byLastPart) {
  for (const auto& member : callers)
    for (const std::string& key : keysOfCallers(callers, member.getKey()))
      calledBy[key].push_back(("." + member.getKey()).str());
  for (const Models::Seed& seed : seeds) {
    if (seed.isParameter) {
      effects.insert("'" + seed.name);
      continue;
    }
    effects.insert("=" + seed.whole);
    if (seed.name.empty() || !index.isNamed(packageOf(seed.whole))) continue;
    std::vector<std::string> members = keysOfCallers(callers, seed.name);
    members.push_back("." + seed.name);
    for (const std::string& key : members)
      if (seed.owner.empty() || (byLastPart && !seed.atHome))
        effects.insert(key);
      else
        effectsAtHome[key].push_back(seed.owner);
  }
}

void EffectSearch::noteFunctions() {
  for (; noted < program.metFunctions().size(); ++noted) {
    const FunctionInfo& info = program.metFunctions()[noted];
    llvm::StringRef klass = mentions.classOf(info);
    llvm::StringRef owner = klass.empty() ? llvm::StringRef(info.unit->module) : klass;
    bool isOwned = !owner.empty() && (klass.empty() || !byLastPart);
    if (!klass.empty()) methods[klass].push_back(&info);
    for (const std::string& key : mentions.reachedBy(info))
      if (isOwned && llvm::StringRef(key).starts_with("."))
        members[key].push_back({&info, owner});
      else
        reachedBy[key].push_back(&info);
  }
}

const std::vector<const FunctionInfo*>& EffectSearch::methodsOf(llvm::StringRef klass) {
  noteFunctions();
  return methods[klass];
}

EffectSearch::NodeId EffectSearch::add(const Node& node) {
  nodes.push_back(node);
  return nodes.size() - 1;
}

EffectSearch::NodeId EffectSearch::nodeOf(const FunctionInfo& function) {
  NodeId& id = functionNodes[&function];
  return id ? id : id = add({&function, {}, nullptr});
}

EffectSearch::NodeId EffectSearch::nodeOf(Text key, bool inTests) {
  NodeId& id = keyNodes[inTests][key.identity()];
  return id ? id : id = add({nullptr, key, nullptr, inTests});
}

EffectSearch::NodeId EffectSearch::nodeOf(Text key, const facts::UnitFacts& unit, bool inTests) {
  NodeId& id = memberNodes[{nodeOf(key, inTests), &unit}];
  return id ? id : id = add({nullptr, key, &unit, inTests});
}

/// Goes on from the function to what it may lead to, to what is read before to what is not, until something
/// is met that leads to an effect. Where nothing is, nothing that was met does.
bool EffectSearch::leads(const FunctionInfo& function) {
  NodeId start = nodeOf(function);
  if (nodes[start].known != Known::Not) return nodes[start].known == Known::Inside;
  ++searches;
  near.clear();
  far.clear();
  std::vector<NodeId> met;
  endOfWay = 0;
  meet(start, 0);
  while (!endOfWay && !(near.empty() && far.empty())) {
    std::deque<NodeId>& open = near.empty() ? far : near;
    NodeId next = open.front();
    open.pop_front();
    met.push_back(next);
    expand(next);
  }
  for (NodeId node = endOfWay; node; node = nodes[node].from)
    nodes[node].known = Known::Inside;
  if (!endOfWay)
    for (NodeId node : met)
      nodes[node].known = Known::Outside;
  return endOfWay != 0;
}

void EffectSearch::meet(NodeId id, NodeId from) {
  Node& node = nodes[id];
  if (endOfWay || node.search == searches || node.known == Known::Outside) return;
  node.search = searches;
  if (node.known == Known::Inside) {
    endOfWay = from; // what is behind it is known
    return;
  }
  node.from = from;
  bool isFar = node.function && node.function->unread != FunctionInfo::none;
  (isFar ? far : near).push_back(id);
  if (hasEffect(id)) endOfWay = id;
}

bool EffectSearch::hasEffect(NodeId id) {
  const Node& node = nodes[id];
  if (node.function) return false;
  if (!node.unit) return effects.contains(node.key);
  auto owners = effectsAtHome.find(node.key);
  return owners != effectsAtHome.end() && llvm::any_of(owners->second, [&](const std::string& owner) {
           return index.names(*nodes[id].unit, owner);
         });
}

void EffectSearch::expand(NodeId node) {
  if (nodes[node].function)
    expandFunction(node);
  else if (nodes[node].unit)
    expandMember(node);
  else
    expandKey(node);
}

void EffectSearch::expandFunction(NodeId node) {
  const FunctionInfo& function = *nodes[node].function;
  program.read(function, Asked::LeadsToEffect);
  mentions.update();
  noteFunctions();
  bool inTests = isTestCode(function.unit->unit);
  mentions.of(function, [&](llvm::StringRef key, Mentions::Use use) {
    // To name a thing leads nowhere, nor does to import what others import.
    if (use == Mentions::Use::Named || key.front() == '!') return;
    if (use == Mentions::Use::OfSelf && meetOwn(key.drop_front(), function, node)) return;
    meet(nodeOf(key, inTests), node);
    if (llvm::StringRef klass = key; use == Mentions::Use::Given && klass.consume_front("="))
      meetMethods(klass, node);
    if (key.starts_with(".") || calledBy.contains(key) || effectsAtHome.contains(key))
      meet(nodeOf(key, *function.unit, inTests), node);
  });
}

/// Meets the methods that a member of the function's own object may be; false where they are not known.
bool EffectSearch::meetOwn(llvm::StringRef member, const FunctionInfo& function, NodeId node) {
  llvm::StringRef klass = mentions.classOfSelf(function);
  if (klass.empty() || byLastPart) return false;
  const std::optional<llvm::StringSet<>>& family = mentions.familyOf(klass, *function.unit);
  if (!family) return false;
  for (const auto& each : *family)
    if (auto own = methods.find(each.getKey()); own != methods.end())
      for (const FunctionInfo* method : own->second)
        if (lastComponent(method->body->symbol) == member) meet(nodeOf(*method), node);
  return true;
}

void EffectSearch::expandKey(NodeId node) {
  Text key = nodes[node].key;
  if (llvm::StringRef name = key; name.consume_front("="))
    for (const Text& thing : mentions.meantBy(name))
      meet(nodeOf(thing.ref().front() == '.' ? thing : Text("=" + thing), nodes[node].inTests), node);
  if (auto members = calledBy.find(key); members != calledBy.end())
    for (const std::string& member : members->second)
      meet(nodeOf(member, nodes[node].inTests), node);
  if (auto functions = reachedBy.find(key); functions != reachedBy.end())
    for (const FunctionInfo* function : functions->second)
      if (mayMean(nodes[node], *function)) meet(nodeOf(*function), node);
}

/// A member is met only where what it belongs to is named: itself, or by a library's function that calls it.
void EffectSearch::expandMember(NodeId node) {
  Text key = nodes[node].key;
  const facts::UnitFacts& unit = *nodes[node].unit;
  std::vector<std::string> keys = calledBy.lookup(key);
  if (key.ref().front() == '.') keys.push_back(key);
  for (const std::string& each : keys) {
    readThoseThatDefine(llvm::StringRef(each).drop_front(), unit);
    for (const Member& member : members[each])
      if (mayMean(nodes[node], *member.function) && isMet(member, unit)) meet(nodeOf(*member.function), node);
  }
}

bool EffectSearch::mayMean(const Node& node, const FunctionInfo& function) const {
  return node.inTests || !isTestCode(function.unit->unit);
}

/// A module's function is a member only where the module itself is given to somebody.
bool EffectSearch::isMet(const Member& member, const facts::UnitFacts& unit) {
  bool isOfModule = member.owner == member.function->unit->module;
  if (isOfModule && !index.isGiven(member.owner)) return false;
  const facts::UnitFacts& home = *member.function->unit;
  return &home == &unit || (index.mayHave(unit, home) && index.names(unit, member.owner));
}

/// Whoever gives a class away may lead to what its methods do.
void EffectSearch::meetMethods(llvm::StringRef klass, NodeId node) {
  llvm::StringSet<> asked;
  llvm::SmallVector<Text> open{klass};
  while (!open.empty()) {
    Text next = open.pop_back_val();
    if (!asked.insert(next).second) continue;
    if (auto own = methods.find(next); own != methods.end())
      for (const FunctionInfo* method : own->second)
        if (mayMean(nodes[node], *method)) meet(nodeOf(*method), node);
    llvm::append_range(open, mentions.meantBy(next));
  }
}

/// A member of a module may be a function of a body that has not been read.
void EffectSearch::readThoseThatDefine(llvm::StringRef name, const facts::UnitFacts& unit) {
  for (BodyId id : program.definedNames().bodiesWith(facts::UnreadBodies::hashOf(name))) {
    const UnreadUnit& home = program.unitOf(id);
    const FunctionInfo& function = *home.functions[id - home.first];
    bool mayDefine = function.unread != FunctionInfo::none && !home.unit->module.empty() &&
                     home.bodies->defines(id - home.first, name);
    if (mayDefine && (home.unit == &unit || index.names(unit, home.unit->module)))
      program.read(function, Asked::LeadsToEffect);
  }
  mentions.update();
  noteFunctions();
}

} // namespace forklint::link
