// Reads the effects of a row by their words (vocabulary.h).
#include "analyzers/link/models.h"
#include "analyzers/link/read-tables.h"
#include "analyzers/link/row-mistakes.h"
#include "analyzers/link/vocabulary.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"

namespace forklint::link {
namespace {

constexpr std::pair<const char*, std::string Effect::*> effectKeys[] = {
    {"subject", &Effect::subject},
    {"entry", &Effect::entry},
    {"arguments", &Effect::arguments},
    {"life", &Effect::life},
    {"primitive", &Effect::primitive},
    {"method", &Effect::method},
    {"unless", &Effect::unless},
    {"payload", &Effect::payload},
    {"lock", &Effect::lock},
    {"given", &Effect::given},
    {"passed", &Effect::passed},
    {"when", &Effect::when},
    {"to", &Effect::to},
    {"way", &Effect::way},
    {"from", &Effect::from},
    {"daemon", &Effect::daemon},
    {"without", &Effect::without},
    {"nonzero", &Effect::nonzero},
    {"place", &Effect::place},
    {"pickles", &Effect::pickles},
    {"resolves", &Effect::resolves},
    {"is", &Effect::is},
    {"once", &Effect::once},
    {"within", &Effect::within},
    {"lacks", &Effect::lacks},
    {"has", &Effect::has},
};

/// Which effect it is.
llvm::Expected<const EffectWords*> effectOf(const toml::table& table, llvm::StringRef file) {
  const toml::node* node = table.get("do");
  if (!node) return wrong(file, table.source(), "an effect needs 'do'");
  std::string word;
  if (llvm::Error error = readValue(*node, {"do", &word}, file)) return std::move(error);
  for (const EffectWords& each : effectWords())
    if (each.name == word) return &each;
  return wrong(file, node->source(),
               "unknown effect '" + word + "'" +
                   suggestion(word, llvm::map_range(effectWords(), [](const EffectWords& each) {
                                return llvm::StringRef(each.name);
                              })));
}

/// The keys that the effect may have.
llvm::SmallVector<llvm::StringRef> keysOf(const EffectWords& words) {
  llvm::SmallVector<llvm::StringRef> keys{"do"};
  for (llvm::StringRef some : {words.needs, words.takes, conditionKeys})
    llvm::SplitString(some, keys);
  return keys;
}

llvm::Error readKey(const EffectWords& words, const toml::key& key, const toml::node& node,
                    llvm::StringRef file, Effect& effect) {
  llvm::StringRef name(key.str());
  if (!llvm::is_contained(keysOf(words), name))
    return unknownKey(file, key, " in the effect '" + words.name + "'", keysOf(words));
  if (name == "copies") return readValue(node, {name, &effect.copies}, file);
  if (name == "fails") return readValue(node, {name, &effect.fails.emplace()}, file);
  std::string text;
  if (llvm::Error error = readValue(node, {name, &text}, file)) return error;
  if (text.empty()) return wrong(file, node.source(), "'" + name + "' is empty");
  for (std::optional<std::string> mistake :
       {mistakeInWord(words, name, text), mistakeInPath(words.kind, name, text)})
    if (mistake) return wrong(file, node.source(), *mistake);
  const auto* member = llvm::find_if(effectKeys, [&](const auto& each) { return name == each.first; });
  if (member != std::end(effectKeys))
    effect.*(member->second) = text;
  else if (name == "in")
    effect.context = bit(text == "event loop" ? Context::EventLoop : Context::SignalHandler);
  return llvm::Error::success();
}

/// What the effect introduces, and what others have to.
llvm::Error tellNames(const Effect& effect, const toml::table& table, llvm::StringRef file, Register& names) {
  auto mention = [&](NameKind kind, llvm::StringRef name, llvm::StringRef key) {
    names.mention(kind, name, placeOf(file, table.get(std::string_view(key))->source()),
                  ("'" + key + "'").str());
  };
  if (!effect.way.empty()) mention(NameKind::Way, effect.way, "way");
  if (effect.kind == EffectKind::UnsafeInChild) mention(NameKind::Lock, effect.lock, "lock");
  bool isOfClass = effect.kind == EffectKind::Tells || effect.kind == EffectKind::ListsAlive;
  if (isOfClass && !effect.life.empty()) mention(NameKind::Row, effect.life, "life");
  if (effect.kind == EffectKind::Tells && !effect.entry.empty())
    mention(NameKind::State, llvm::StringRef(effect.entry).trim('\''), "entry");
  for (const auto& [key, text] : effectKeys)
    for (llvm::StringRef name : namesIn(effect.kind, key, effect.*text))
      mention(NameKind::Thing, name, key);
  llvm::SmallVector<llvm::StringRef, 2> states;
  llvm::StringRef when(effect.when);
  when.consume_front("not ");
  llvm::SplitString(when, states, "|");
  for (llvm::StringRef state : states)
    mention(NameKind::State, state, "when");
  if (effect.to.empty()) return llvm::Error::success();
  return names.introduce(NameKind::State, effect.to, placeOf(file, table.source()));
}

} // namespace

llvm::Expected<Effect> readEffect(const toml::table& table, llvm::StringRef file, Register& names) {
  llvm::Expected<const EffectWords*> words = effectOf(table, file);
  if (!words) return words.takeError();
  Effect effect;
  effect.kind = (*words)->kind;
  for (const auto& [key, node] : table)
    if (llvm::StringRef(key.str()) != "do")
      if (llvm::Error error = readKey(**words, key, node, file, effect)) return std::move(error);
  llvm::SmallVector<llvm::StringRef> needed;
  llvm::SplitString((*words)->needs, needed);
  if (!effect.when.empty() || !effect.to.empty()) needed.push_back("subject"); // whose state it is
  if (llvm::Error error = needs(table, needed, ("the effect '" + (*words)->name + "'").str(), file))
    return std::move(error);
  if (llvm::Error error = tellNames(effect, table, file, names)) return std::move(error);
  return effect;
}

} // namespace forklint::link
