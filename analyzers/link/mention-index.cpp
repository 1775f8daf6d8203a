#include "analyzers/link/mention-index.h"

#include "llvm/ADT/STLExtras.h"

namespace forklint::link {

namespace {

using facts::WordUse;
using Words = MentionIndex::Words;

void add(Words& words, llvm::StringRef word) { words.push_back({word, facts::UnreadBodies::hashOf(word)}); }

/// How the last part of a name may be written: `__x` is written for `_C__x` in the class C.
void addWritten(Words& words, llvm::StringRef name) {
  name = lastComponent(name);
  add(words, name);
  if (name.starts_with("_"))
    for (size_t at = name.find("__", 1); at != llvm::StringRef::npos; at = name.find("__", at + 1))
      add(words, name.substr(at));
}

/// Of whatever mentions a member or a text, one of these is a word.
Words wordsOf(llvm::StringRef key) {
  llvm::StringRef name = key.drop_front();
  Words words;
  if (key.starts_with("'"))
    add(words, name);
  else
    addWritten(words, name);
  return words;
}

bool isStep(llvm::StringRef key) {
  return key.consume_front(".") && llvm::is_contained(stepsOfIteration, key);
}

} // namespace

llvm::StringRef packageOf(llvm::StringRef name) {
  return name.take_until([](char c) { return c == '.' || c == ':'; });
}

MentionIndex::MentionIndex(const Program& program, Mentions& mentions, bool definitions, Asked why)
    : program(program), mentions(mentions), definitions(definitions), why(why) {
  for (const UnreadUnit& unit : program.unreadUnits())
    unread[unit.unit] = &unit;
  imply();
  update();
}

/// A method may go on in the bases of its class, or make an instance of the class that it is called on.
void MentionIndex::imply() {
  for (const UnreadUnit& unit : program.unreadUnits())
    for (const FunctionInfo* method : unit.functions) {
      llvm::StringRef klass = mentions.classOf(*method);
      if (klass.empty() || method->unread == FunctionInfo::none) continue;
      implied[klass].push_back(method);
      if (!lastComponent(method->body->symbol).starts_with("__")) continue;
      for (const std::string& base : mentions.basesOf(klass))
        implied[base].push_back(method);
    }
}

void MentionIndex::update() {
  mentions.update();
  for (; indexed < program.readFunctions().size(); ++indexed) {
    const FunctionInfo& info = *program.readFunctions()[indexed];
    mentions.of(info, definitions, [&](llvm::StringRef key) {
      Those& slot = index[key];
      if (slot.functions.empty() || slot.functions.back() != &info) slot.functions.push_back(&info);
      slot.units.insert(info.unit);
      // A package is named where anything in it is.
      if (key.consume_front("=")) packages.insert(packageOf(key));
    });
  }
}

/// The name and all its other names.
const std::vector<std::string>& MentionIndex::namesOf(llvm::StringRef name) {
  auto [slot, isNew] = otherNames.try_emplace(name);
  std::vector<std::string>& names = slot->second;
  if (!isNew) return names;
  names.push_back(name.str());
  for (size_t i = 0; i < names.size(); ++i)
    for (const std::string& alias : mentions.aliasesOf(names[i]))
      if (!llvm::is_contained(names, alias)) names.push_back(alias);
  return names;
}

void MentionIndex::search(llvm::StringRef key, const UnreadUnit& unit) {
  if (key.starts_with("!")) return; // no import is left out
  if (!key.starts_with("=")) {
    // A pattern of a class names members without a dot, a loop asks for the steps of an iteration.
    Words implying;
    for (llvm::StringRef word : {"match", "for"})
      if (word == "match" ? key.starts_with(".") : isStep(key)) add(implying, word);
    searchWords(wordsOf(key), key.starts_with(".") ? WordUse::Member : WordUse::Any, {}, unit);
    return searchWords(std::move(implying), WordUse::Any, isStep(key) ? Words() : wordsOf(key), unit);
  }
  for (const Spelling& each : spellingsOf(key)) {
    bool isBare = each.holder.empty() || each.holder == unit.unit->module || each.holder == "builtins" ||
                  llvm::is_contained(mentions.starredBy(unit.unit->module), each.holder);
    searchWords(each.words, isBare ? WordUse::Bare : WordUse::Member, isBare ? Words() : each.holders, unit);
  }
}

/// How the thing of a whole name may be written.
const std::vector<MentionIndex::Spelling>& MentionIndex::spellingsOf(llvm::StringRef key) {
  auto [slot, isNew] = spellings.try_emplace(key);
  if (isNew)
    for (const std::string& name : namesOf(key.drop_front())) {
      Spelling spelling{scopeOf(name), {}, {}};
      addWritten(spelling.words, name);
      if (!spelling.holder.empty())
        for (const std::string& other : namesOf(spelling.holder))
          addWritten(spelling.holders, other);
      slot->second.push_back(std::move(spelling));
    }
  return slot->second;
}

/// Reads what has one of the words, used so, and one of those of what holds it where there are any.
void MentionIndex::searchWords(Words words, WordUse use, Words holder, const UnreadUnit& unit) {
  auto isNowhere = [&](const Word& word) { return !unit.bodies->mayHave(word.hash); };
  bool isHeld = !holder.empty();
  llvm::erase_if(words, isNowhere);
  if (isHeld) llvm::erase_if(holder, isNowhere);
  if (words.empty() || (isHeld && holder.empty())) return;
  for (size_t body = 0; body < unit.functions.size(); ++body) {
    const FunctionInfo& info = *unit.functions[body];
    auto isUsed = [&](const Word& word) { return unit.bodies->has(body, word.text, use); };
    auto isIn = [&](const Word& word) { return unit.bodies->has(body, word.text, WordUse::Any); };
    if (info.unread != FunctionInfo::none && llvm::any_of(words, isUsed) &&
        (!isHeld || llvm::any_of(holder, isIn)))
      program.read(info, why);
  }
}

/// Reads methods that mention a class though its name does not stand in them.
void MentionIndex::searchImplied(llvm::StringRef key, const facts::UnitFacts* unit) {
  if (!key.consume_front("=")) return;
  auto methods = implied.find(key);
  if (methods == implied.end()) return;
  for (const FunctionInfo* method : methods->second) {
    if ((unit && method->unit != unit) || method->unread == FunctionInfo::none) continue;
    const facts::UnreadBodies& bodies = *unread.lookup(method->unit)->bodies;
    const std::vector<facts::Parameter>& parameters = method->body->parameters;
    // A call of the receiver makes an instance: it stands there with no member behind it.
    bool isOfBase = mentions.classOf(*method) != key;
    if (isOfBase || (!parameters.empty() && bodies.has(method->unread, parameters[0].name, WordUse::Whole)))
      program.read(*method, why);
  }
}

llvm::ArrayRef<const FunctionInfo*> MentionIndex::known(llvm::StringRef key) {
  update();
  return those(key).functions;
}

llvm::ArrayRef<const FunctionInfo*> MentionIndex::all(llvm::StringRef key) {
  if (!std::exchange(those(key).isAsked, true)) {
    for (const UnreadUnit& unit : program.unreadUnits())
      search(key, unit);
    searchImplied(key, nullptr);
  }
  return known(key);
}

MentionIndex::Functions MentionIndex::in(const facts::UnitFacts& unit, llvm::StringRef key) {
  auto left = unread.find(&unit);
  if (left != unread.end() && !those(key).isAsked && those(key).asked.insert(&unit).second) {
    search(key, *left->second);
    searchImplied(key, &unit);
  }
  Functions found;
  if (update(); those(key).units.contains(&unit))
    llvm::copy_if(those(key).functions, std::back_inserter(found),
                  [&](const FunctionInfo* each) { return each->unit == &unit; });
  return found;
}

bool MentionIndex::isMentionedBeside(const FunctionInfo& function, llvm::StringRef key) {
  auto isOther = [&](const FunctionInfo* other) { return other != &function; };
  if (llvm::any_of(known(key), isOther)) return true;
  for (const UnreadUnit& unit : program.unreadUnits())
    if (llvm::any_of(in(*unit.unit, key), isOther)) return true;
  return llvm::any_of(all(key), isOther);
}

/// Who uses an attribute that holds such an object may use it so. Whoever stores it there mentions who made
/// it.
void MentionIndex::addAttributes(std::vector<std::string>& keys) {
  auto addNew = [&](std::string key) {
    if (!llvm::is_contained(keys, key)) keys.push_back(std::move(key));
  };
  for (size_t i = 0; i < keys.size(); ++i) {
    if (keys[i].front() != '=') continue;
    std::string name = keys[i].substr(1);
    (void)all("=" + name);
    for (const std::string& attribute : mentions.attributesOf(name)) {
      std::string member = "." + attribute;
      for (const std::string& other : namesOf(member))
        addNew(other == member ? other : "=" + other);
    }
  }
}

bool MentionIndex::names(const facts::UnitFacts& unit, llvm::StringRef owner) {
  llvm::DenseMap<const facts::UnitFacts*, bool>& naming = named[owner];
  if (auto known = naming.find(&unit); known != naming.end()) return known->second;
  std::vector<std::string>& keys = ownerKeys[owner];
  if (keys.empty()) {
    std::string member = ("." + lastComponent(owner)).str();
    for (const std::string& name : namesOf(owner))
      keys.push_back("=" + name);
    for (const std::string& name : namesOf(member))
      keys.push_back(name == member ? name : "=" + name);
    if (definitions) addAttributes(keys);
  }
  update();
  return naming[&unit] =
             llvm::any_of(keys, [&](const std::string& key) { return those(key).units.contains(&unit); }) ||
             llvm::any_of(keys, [&](const std::string& key) { return !in(unit, key).empty(); });
}

MentionIndex::Functions MentionIndex::membersIn(llvm::StringRef owner, llvm::StringRef key,
                                                const facts::UnitFacts* home) {
  Functions found;
  update();
  Words words = wordsOf(key);
  if (isStep(key)) add(words, "for");
  for (const facts::UnitFacts& unit : program.units()) {
    auto left = unread.find(&unit);
    bool mayMention = those(key).units.contains(&unit) ||
                      (left != unread.end() && llvm::any_of(words, [&](const Word& word) {
                         return left->second->bodies->mayHave(word.hash);
                       }));
    if (mayMention && (&unit == home || names(unit, owner))) llvm::append_range(found, in(unit, key));
  }
  return found;
}

bool MentionIndex::isNamed(llvm::StringRef package) {
  update();
  return packages.contains(package);
}

} // namespace forklint::link
