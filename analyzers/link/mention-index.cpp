#include "analyzers/link/mention-index.h"

namespace forklint::link {

using facts::WordUse;

llvm::StringRef packageOf(llvm::StringRef name) {
  return name.take_until([](char c) { return c == '.' || c == ':'; });
}

MentionIndex::MentionIndex(const Program& program, Mentions& mentions, Asked why)
    : program(program), mentions(mentions), projects(program), why(why) {
  for (const UnreadUnit& unit : program.unreadUnits()) {
    unread[placeOf(*unit.unit)] = &unit;
    homes[unit.unit->module].push_back(unit.first);
    for (const Text& starred : mentions.starredBy(unit.unit->module))
      homes[starred].push_back(unit.first);
  }
  for (auto& each : homes)
    sortOnce(each.second);
  imply();
  update();
}

/// What is known of bodies that have not been read: the classes that their parameters name; and that a method
/// may go on in the bases of its class, or make an instance of the class that it is called on.
void MentionIndex::imply() {
  for (const UnreadUnit& unit : program.unreadUnits())
    for (const auto& [body, method] : llvm::enumerate(unit.functions)) {
      mentions.annotatedIn(*method->body, [&](llvm::StringRef named) {
        index[("=" + named).str()].units.insert(placeOf(*unit.unit));
        packages.insert(packageOf(named));
      });
      llvm::StringRef klass = mentions.classOf(*method);
      if (klass.empty() || method->unread == FunctionInfo::none) continue;
      implied[klass].push_back(unit.first + body);
      if (!lastComponent(method->body->symbol).starts_with("__")) continue;
      for (const Text& base : mentions.basesOf(klass))
        implied[base].push_back(unit.first + body);
    }
}

void MentionIndex::update() {
  mentions.update();
  for (; indexed < program.readFunctions().size(); ++indexed) {
    const FunctionInfo& info = *program.readFunctions()[indexed];
    mentions.of(info, [&](llvm::StringRef key, Mentions::Use use) {
      Those& slot = index[key];
      if (slot.mentions.empty() || slot.mentions.back().function != &info)
        slot.mentions.push_back({&info, use});
      slot.mentions.back().use = std::max(slot.mentions.back().use, use);
      slot.units.insert(placeOf(*info.unit));
      // A package is named where anything in it is.
      if (key.consume_front("=")) packages.insert(packageOf(key));
    });
  }
}

/// Reads what may mention the key.
void MentionIndex::search(llvm::StringRef key, Range range) {
  for (const Spelling& spelling : spellingsOf(key))
    for (BodyId body : candidates(spelling, range))
      if (functionOf(body).unread != FunctionInfo::none && isWritten(spelling, body))
        program.read(functionOf(body), why);
  searchImplied(key, range);
}

/// Reads methods that mention a class though its name does not stand in them.
void MentionIndex::searchImplied(llvm::StringRef key, Range range) {
  for (BodyId body : impliedBy(key, range)) {
    const FunctionInfo& method = functionOf(body);
    if (method.unread == FunctionInfo::none) continue;
    const auto& parameters = method.body->parameters;
    // A call of the receiver makes an instance: it stands there with no member behind it.
    bool isOfBase = mentions.classOf(method) != key.drop_front();
    if (isOfBase || (!parameters.empty() &&
                     program.unitOf(body).bodies->has(method.unread, parameters[0].name, WordUse::Whole)))
      program.read(method, why);
  }
}

llvm::ArrayRef<Mention> MentionIndex::known(llvm::StringRef key) {
  update();
  return index[key].mentions;
}

llvm::ArrayRef<Mention> MentionIndex::all(llvm::StringRef key) {
  if (!std::exchange(index[key].isAsked, true)) search(key, {});
  return known(key);
}

/// Does the unit mention the key? Reads what may in it.
bool MentionIndex::isIn(uint32_t unit, llvm::StringRef key) {
  Those& those = index[key];
  auto left = unread.find(unit);
  if (left != unread.end() && !those.isAsked && those.asked.insert(unit).second)
    search(key, {left->second->first, left->second->end()});
  update();
  return those.units.contains(unit);
}

/// The units that may mention the key, found without reading.
const MentionIndex::Units& MentionIndex::unitsOf(llvm::StringRef key) {
  auto [slot, isNew] = mayMention.try_emplace(key);
  Units& units = slot->second;
  if (!isNew) return units;
  update();
  units.assign(index[key].units.begin(), index[key].units.end());
  auto add = [&](llvm::ArrayRef<BodyId> bodies) {
    const UnreadUnit* last = nullptr;
    for (BodyId body : bodies)
      if (const UnreadUnit& unit = program.unitOf(body);
          &unit != last && functionOf(body).unread != FunctionInfo::none) {
        last = &unit;
        units.push_back(placeOf(*unit.unit));
      }
  };
  for (const Spelling& spelling : spellingsOf(key))
    add(candidates(spelling, {}));
  add(impliedBy(key, {}));
  sortOnce(units);
  units.shrink_to_fit();
  return units;
}

bool MentionIndex::isMentionedBeside(const FunctionInfo& function, llvm::StringRef key) {
  auto isOther = [&](const Mention& other) {
    return other.function != &function && other.use != Mentions::Use::Named;
  };
  if (llvm::any_of(known(key), isOther)) return true;
  return llvm::any_of(unitsOf(key),
                      [&](uint32_t unit) { return isIn(unit, key) && llvm::any_of(known(key), isOther); });
}

/// Reads what may call or give away the named thing: it stands there with no member behind it.
void MentionIndex::readWhole(llvm::StringRef name) {
  for (const Spelling& spelling : spellingsOf(("=" + name).str()))
    for (BodyId body : candidates(spelling, {}))
      if (functionOf(body).unread != FunctionInfo::none && isWritten(spelling, body, /*asWhole=*/true))
        program.read(functionOf(body), why);
  mentions.update();
}

bool MentionIndex::isGiven(llvm::StringRef module) {
  auto [slot, isNew] = given.try_emplace(module, false);
  if (!isNew) return slot->second;
  readWhole(module);
  if (module.contains('.'))
    for (BodyId body : program.words().bodiesWith(facts::UnreadBodies::hashOf(lastComponent(module))))
      if (functionOf(body).unread != FunctionInfo::none && isInText(module, body))
        program.read(functionOf(body), why);
  mentions.update();
  return slot->second = mentions.isGiven(module);
}

bool MentionIndex::isAttribute(const Models::Seed& seed) {
  if (seed.name.empty() || !isNamed(packageOf(seed.whole))) return false;
  llvm::StringRef module = scopeOf(seed.whole);
  return !seed.owner.empty() || seed.isShared || module.contains(':') || isGiven(module);
}

/// Whoever stores an object there mentions who made it.
std::vector<std::string> MentionIndex::holdersOf(llvm::StringRef klass) {
  std::vector<std::string> holders;
  for (const std::string& name : namesOf(klass)) {
    readWhole(name);
    for (const Text& holder : mentions.attributesOf(name))
      if (!llvm::is_contained(holders, holder)) holders.push_back(holder);
  }
  return holders;
}

MentionIndex::Owner& MentionIndex::ownerOf(llvm::StringRef name) {
  Owner& owner = owners[name];
  if (!owner.keys.empty()) return owner;
  std::string member = ("." + lastComponent(name)).str();
  for (const std::string& other : namesOf(name))
    owner.keys.push_back("=" + other);
  for (const std::string& other : namesOf(member))
    owner.keys.push_back(other == member ? other : "=" + other);
  for (const std::string& key : owner.keys)
    llvm::append_range(owner.mayName, unitsOf(key));
  sortOnce(owner.mayName);
  owner.mayName.shrink_to_fit();
  return owner;
}

bool MentionIndex::names(const facts::UnitFacts& unit, llvm::StringRef owner) {
  return names(placeOf(unit), ownerOf(owner));
}

bool MentionIndex::names(uint32_t unit, Owner& owner) {
  if (!llvm::binary_search(owner.mayName, unit)) return false;
  if (auto known = owner.naming.find(unit); known != owner.naming.end()) return known->second;
  update();
  auto isKnown = [&](const std::string& key) { return index[key].units.contains(unit); };
  auto isFound = [&](const std::string& key) { return isIn(unit, key); };
  return owner.naming[unit] = llvm::any_of(owner.keys, isKnown) || llvm::any_of(owner.keys, isFound);
}

std::vector<Mention> MentionIndex::membersIn(llvm::StringRef owner, llvm::StringRef key,
                                             const facts::UnitFacts* home) {
  Owner& named = ownerOf(owner);
  const Units& mentioning = unitsOf(key);
  llvm::DenseSet<uint32_t> asked;
  auto ask = [&](uint32_t unit) {
    if (isIn(unit, key)) asked.insert(unit);
  };
  if (home && llvm::binary_search(mentioning, placeOf(*home))) ask(placeOf(*home));
  // The fewer are looked up among the more.
  bool areFewer = mentioning.size() < named.mayName.size();
  const Units &few = areFewer ? mentioning : named.mayName, &many = areFewer ? named.mayName : mentioning;
  auto mayHave = [&](uint32_t unit) { return !home || projects.mayHave(program.units()[unit], *home); };
  for (uint32_t unit : few)
    if (llvm::binary_search(many, unit) && mayHave(unit) && names(unit, named)) ask(unit);
  std::vector<Mention> found;
  if (!asked.empty())
    llvm::copy_if(known(key), std::back_inserter(found),
                  [&](const Mention& each) { return asked.contains(placeOf(*each.function->unit)); });
  return found;
}

bool MentionIndex::isNamed(llvm::StringRef package) {
  update();
  return packages.contains(package);
}

} // namespace forklint::link
