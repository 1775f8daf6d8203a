// How a key may be written in a body that has not been read, and which bodies have it so: by the index of
// words first, by the text where it matters.
#include "analyzers/link/mention-index.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>

namespace forklint::link {

using facts::WordUse;

namespace {

bool isStep(llvm::StringRef key) {
  return key.consume_front(".") && llvm::is_contained(stepsOfIteration, key);
}

} // namespace

void MentionIndex::add(Words& words, llvm::StringRef word) {
  words.push_back({word, facts::UnreadBodies::hashOf(word)});
}

/// How the last part of a name may be written: `__x` is written for `_C__x` in the class C.
void MentionIndex::addWritten(Words& words, llvm::StringRef name) {
  name = lastComponent(name);
  add(words, name);
  if (name.starts_with("_"))
    for (size_t at = name.find("__", 1); at != llvm::StringRef::npos; at = name.find("__", at + 1))
      add(words, name.substr(at));
}

/// Of whatever mentions a member or a text, one of these is a word.
MentionIndex::Words MentionIndex::wordsOf(llvm::StringRef key) {
  llvm::StringRef name = key.drop_front();
  Words words;
  if (key.starts_with("'"))
    add(words, name);
  else
    addWritten(words, name);
  return words;
}

/// The name and all its other names.
const std::vector<std::string>& MentionIndex::namesOf(llvm::StringRef name) {
  auto [slot, isNew] = otherNames.try_emplace(name);
  std::vector<std::string>& names = slot->second;
  if (!isNew) return names;
  names.push_back(name.str());
  for (size_t i = 0; i < names.size(); ++i)
    for (const Text& alias : mentions.aliasesOf(names[i]))
      if (!llvm::is_contained(names, alias)) names.push_back(alias);
  return names;
}

const std::vector<MentionIndex::Spelling>& MentionIndex::spellingsOf(llvm::StringRef asked) {
  auto [slot, isNew] = spellings.try_emplace(asked);
  std::vector<Spelling>& ways = slot->second;
  llvm::StringRef key = slot->getKey();            // lives as long as its words
  if (!isNew || key.starts_with("!")) return ways; // no import is left out
  if (key.starts_with("=")) {
    for (const std::string& name : namesOf(key.drop_front())) {
      Spelling whole{{}, {}, WordUse::Member, true, scopeOf(name)};
      addWritten(whole.words, name);
      if (!whole.scope.empty())
        for (const std::string& other : namesOf(whole.scope))
          addWritten(whole.holders, other);
      ways.push_back(std::move(whole));
    }
    return ways;
  }
  bool isMember = key.starts_with(".");
  // A member of what an attribute or global holds is written behind that.
  Words holders;
  if (llvm::StringRef holder = key.drop_front().rsplit('.').first; isMember && key.count('.') > 1)
    addWritten(holders, holder);
  ways.push_back({wordsOf(key), holders, isMember ? WordUse::Member : WordUse::Any, false, {}});
  // A pattern of a class names members without a dot, a loop asks for the steps of an iteration.
  Words implying;
  if (isMember) add(implying, "match");
  if (isStep(key)) add(implying, "for");
  if (isMember)
    ways.push_back({std::move(implying), isStep(key) ? Words() : wordsOf(key), WordUse::Any, false, {}});
  return ways;
}

/// The first bodies of the units that have the scope's names as their own.
llvm::ArrayRef<BodyId> MentionIndex::homesOf(llvm::StringRef scope) const {
  auto slot = homes.find(scope);
  return slot == homes.end() ? llvm::ArrayRef<BodyId>() : llvm::ArrayRef<BodyId>(slot->second);
}

bool MentionIndex::standsAlone(const Spelling& spelling, const UnreadUnit& unit) const {
  return spelling.scope.empty() || spelling.scope == "builtins" ||
         llvm::binary_search(homesOf(spelling.scope), unit.first);
}

/// Those that may have one of the words.
MentionIndex::Bodies MentionIndex::bodiesWith(const Words& words, Range range) const {
  Bodies found;
  for (const Word& word : words) {
    llvm::ArrayRef<BodyId> all = program.words().bodiesWith(word.hash);
    found.insert(found.end(), llvm::lower_bound(all, range.begin), llvm::lower_bound(all, range.end));
  }
  sortOnce(found);
  return found;
}

/// Those that may have one of the words and one of the holders.
MentionIndex::Bodies MentionIndex::bodiesWithBoth(const Spelling& spelling, Range range) const {
  auto count = [&](const Words& words) {
    size_t sum = 0;
    for (const Word& word : words)
      sum += program.words().bodiesWith(word.hash).size();
    return sum;
  };
  const Words *few = &spelling.words, *many = &spelling.holders;
  if (count(*few) > count(*many)) std::swap(few, many);
  Bodies found = bodiesWith(*few, range);
  llvm::erase_if(found, [&](BodyId body) {
    return llvm::none_of(*many, [&](const Word& word) {
      return llvm::binary_search(program.words().bodiesWith(word.hash), body);
    });
  });
  return found;
}

/// The bodies that may have the key written so, by their words alone.
MentionIndex::Bodies MentionIndex::candidates(const Spelling& spelling, Range range) const {
  if (spelling.isWhole && (spelling.scope.empty() || spelling.scope == "builtins"))
    return bodiesWith(spelling.words, range);
  if (!spelling.isWhole && spelling.holders.empty()) return bodiesWith(spelling.words, range);
  Bodies found = bodiesWithBoth(spelling, range);
  if (!spelling.isWhole) return found;
  for (BodyId home : homesOf(spelling.scope)) {
    Range ofHome{std::max(range.begin, home), std::min(range.end, program.unitOf(home).end())};
    if (ofHome.begin < ofHome.end) llvm::append_range(found, bodiesWith(spelling.words, ofHome));
  }
  sortOnce(found);
  return found;
}

/// Methods that may mention a class though its name does not stand in them.
llvm::ArrayRef<BodyId> MentionIndex::impliedBy(llvm::StringRef key, Range range) const {
  auto slot = key.consume_front("=") ? implied.find(key) : implied.end();
  if (slot == implied.end()) return {};
  llvm::ArrayRef<BodyId> all = slot->second;
  return {llvm::lower_bound(all, range.begin), llvm::lower_bound(all, range.end)};
}

const FunctionInfo& MentionIndex::functionOf(BodyId body) const {
  const UnreadUnit& unit = program.unitOf(body);
  return *unit.functions[body - unit.first];
}

/// Does the name stand between quotes?
bool MentionIndex::isInText(llvm::StringRef name, BodyId body) const {
  const UnreadUnit& unit = program.unitOf(body);
  bool found = false;
  unit.bodies->namesInTexts(body - unit.first, [&](llvm::StringRef text) { found |= text == name; });
  return found;
}

/// Does the text of the body have the key written so; if `asWhole`, with no member behind it?
bool MentionIndex::isWritten(const Spelling& spelling, BodyId body, bool asWhole) const {
  const UnreadUnit& unit = program.unitOf(body);
  auto has = [&](const Words& words, WordUse use) {
    return llvm::any_of(
        words, [&](const Word& word) { return unit.bodies->has(body - unit.first, word.text, use); });
  };
  if (spelling.isWhole && standsAlone(spelling, unit))
    return has(spelling.words, asWhole ? WordUse::Whole : WordUse::Bare);
  return has(spelling.words, asWhole ? WordUse::WholeMember : spelling.use) &&
         (spelling.holders.empty() || has(spelling.holders, WordUse::Any));
}

} // namespace forklint::link
