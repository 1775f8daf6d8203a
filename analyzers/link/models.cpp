// Reads model rows. The table below is the only list of effect names and of the keys of a row.
#include "analyzers/link/models.h"

#include "llvm/ADT/STLExtras.h"

#include <toml++/toml.h>

namespace forklint::link {
namespace {

constexpr std::pair<const char*, EffectKind> effectNames[] = {
    {"creates", EffectKind::Creates},
    {"starts-thread", EffectKind::StartsThread},
    {"ends", EffectKind::Ends},
    {"forks", EffectKind::Forks},
    {"execs", EffectKind::Execs},
    {"exits-fast", EffectKind::ExitsFast},
    {"exits-full", EffectKind::ExitsFull},
    {"acquires", EffectKind::Acquires},
    {"releases", EffectKind::Releases},
    {"sets-start-method", EffectKind::SetsStartMethod},
    {"runs-before-exec", EffectKind::RunsBeforeExec},
    {"submits", EffectKind::Submits},
    {"unsafe-in-child", EffectKind::UnsafeInChild},
    {"meets", EffectKind::Meets},
    {"moves", EffectKind::Moves},
    {"tells", EffectKind::Tells},
    {"raises", EffectKind::Raises},
    {"binds", EffectKind::Binds},
    {"calls", EffectKind::Calls},
    {"collects", EffectKind::Collects},
    {"adds", EffectKind::Adds},
    {"takes", EffectKind::Takes},
    {"describes", EffectKind::Describes},
    {"reads-attribute", EffectKind::ReadsAttribute},
    {"super", EffectKind::Super},
};

constexpr std::pair<const char*, std::string Effect::*> effectKeys[] = {
    {"subject", &Effect::subject}, {"entry", &Effect::entry},         {"arguments", &Effect::arguments},
    {"life", &Effect::life},       {"primitive", &Effect::primitive}, {"method", &Effect::method},
    {"unless", &Effect::unless},   {"payload", &Effect::payload},     {"lock", &Effect::lock},
    {"given", &Effect::given},     {"when", &Effect::when},           {"to", &Effect::to},
};

llvm::Error wrong(llvm::StringRef file, const toml::source_region& where, const llvm::Twine& what) {
  return llvm::createStringError(file + ":" + llvm::Twine(where.begin.line) + ":" +
                                 llvm::Twine(where.begin.column) + ": " + what);
}

llvm::Expected<Effect> readEffect(const toml::table& table, llvm::StringRef file) {
  Effect effect;
  bool named = false;
  for (const auto& [key, node] : table) {
    llvm::StringRef name(key.str().data(), key.str().size());
    if (name == "do") {
      std::string word = node.value_or(std::string());
      const auto* found = llvm::find_if(effectNames, [&](const auto& row) { return word == row.first; });
      if (found == std::end(effectNames)) return wrong(file, node.source(), "unknown effect '" + word + "'");
      effect.kind = found->second;
      named = true;
    } else if (name == "copies") {
      effect.copies = node.value_or(int64_t{1});
    } else if (name == "tier") {
      effect.tier = static_cast<int>(node.value_or(int64_t{0}));
    } else {
      const auto* found = llvm::find_if(effectKeys, [&](const auto& row) { return name == row.first; });
      if (found == std::end(effectKeys))
        return wrong(file, key.source(), "unknown key '" + name + "' in an effect");
      if (!node.is_string()) return wrong(file, node.source(), "'" + name + "' must be a string");
      effect.*(found->second) = *node.value<std::string>();
    }
  }
  if (!named) return wrong(file, table.source(), "an effect needs 'do'");
  return effect;
}

llvm::Error readStrings(const toml::node& node, llvm::StringRef key, llvm::StringRef file,
                        std::vector<std::string>& out) {
  const toml::array* array = node.as_array();
  if (!array) return wrong(file, node.source(), "'" + key + "' must be an array of strings");
  for (const toml::node& item : *array) {
    if (!item.is_string()) return wrong(file, item.source(), "'" + key + "' must be an array of strings");
    out.push_back(*item.value<std::string>());
  }
  return llvm::Error::success();
}

llvm::Error readValue(const toml::node& node, llvm::StringRef file, Model& model) {
  if (node.is_string())
    model.value = facts::Literal(*node.value<std::string>());
  else if (node.is_boolean())
    model.value = facts::Literal(*node.value<bool>());
  else if (node.is_integer())
    model.value = facts::Literal(*node.value<int64_t>());
  else
    return wrong(file, node.source(), "'value' must be a string, a number or a truth value");
  return llvm::Error::success();
}

llvm::Error readEffects(const toml::node& node, llvm::StringRef file, Model& model) {
  const toml::array* array = node.as_array();
  if (!array) return wrong(file, node.source(), "'effects' must be an array of tables");
  for (const toml::node& item : *array) {
    if (!item.is_table()) return wrong(file, item.source(), "an effect must be a table");
    llvm::Expected<Effect> effect = readEffect(*item.as_table(), file);
    if (!effect) return effect.takeError();
    model.effects.push_back(std::move(*effect));
  }
  return llvm::Error::success();
}

llvm::Error readMembers(const toml::node& node, llvm::StringRef file, Model& model) {
  if (!node.is_table()) return wrong(file, node.source(), "'members' must be a table");
  for (const auto& [key, value] : *node.as_table()) {
    if (!value.is_string()) return wrong(file, value.source(), "a member must be a string");
    model.members.emplace_back(std::string(key.str()), *value.value<std::string>());
  }
  return llvm::Error::success();
}

llvm::Error readStartMethods(const toml::node& node, llvm::StringRef file,
                             std::vector<std::pair<std::string, Variants>>& out) {
  if (!node.is_table()) return wrong(file, node.source(), "'default-start-method' must be a table");
  for (const auto& [key, value] : *node.as_table()) {
    std::optional<Variants> variants = parseVersions(value.value_or(std::string()));
    if (!variants) return wrong(file, value.source(), "expected versions such as \"3.8-3.13\"");
    out.emplace_back(std::string(key.str()), *variants);
  }
  return llvm::Error::success();
}

llvm::Expected<Model> readModel(const toml::table& table, llvm::StringRef file) {
  Model model;
  for (const auto& [key, node] : table) {
    llvm::StringRef name(key.str().data(), key.str().size());
    llvm::Error error = llvm::Error::success();
    if (name == "name")
      model.name = node.value_or(std::string());
    else if (name == "returns")
      model.returns = node.value_or(std::string());
    else if (name == "size")
      model.size = node.value_or(std::string());
    else if (name == "source")
      model.source = node.value_or(std::string());
    else if (name == "is" && node.value_or(std::string()) == "version")
      model.isVersion = true;
    else if (name == "value")
      error = readValue(node, file, model);
    else if (name == "also")
      error = readStrings(node, name, file, model.also);
    else if (name == "parameters")
      error = readStrings(node, name, file, model.parameters);
    else if (name == "bases")
      error = readStrings(node, name, file, model.bases);
    else if (name == "members")
      error = readMembers(node, file, model);
    else if (name == "effects")
      error = readEffects(node, file, model);
    else
      error = wrong(file, key.source(), "unknown key '" + name + "' in a model");
    if (error) return std::move(error);
  }
  if (model.name.empty()) return wrong(file, table.source(), "a model needs 'name'");
  if (model.source.empty()) return wrong(file, table.source(), "model '" + model.name + "' needs 'source'");
  return model;
}

} // namespace

llvm::Error Models::add(llvm::StringRef text, llvm::StringRef file) {
  toml::table document;
  try {
    document = toml::parse(std::string_view(text), std::string_view(file));
  } catch (const toml::parse_error& error) {
    return wrong(file, error.source(), std::string(error.description()));
  }
  for (const auto& [key, node] : document) {
    if (key.str() == "default-start-method") {
      if (llvm::Error error = readStartMethods(node, file, startMethods)) return error;
      continue;
    }
    if (key.str() != "model")
      return wrong(file, key.source(), "unknown key '" + std::string(key.str()) + "'");
    const toml::array* array = node.as_array();
    if (!array) return wrong(file, node.source(), "'model' must be written as [[model]]");
    for (const toml::node& item : *array) {
      if (!item.is_table()) return wrong(file, item.source(), "a model must be a table");
      llvm::Expected<Model> model = readModel(*item.as_table(), file);
      if (!model) return model.takeError();
      auto [slot, fresh] = byName.try_emplace(model->name, rows.size());
      size_t row = slot->second;
      for (const std::string& other : model->also)
        byName[other] = row;
      if (fresh)
        rows.push_back(std::move(*model));
      else
        rows[row] = std::move(*model);
    }
  }
  return llvm::Error::success();
}

llvm::Expected<Models> Models::builtin() {
  Models models;
  for (const auto& [name, text] : builtinModelFiles())
    if (llvm::Error error = models.add(text, name)) return std::move(error);
  return models;
}

const Model* Models::find(llvm::StringRef name) const {
  auto slot = byName.find(name);
  if (slot == byName.end()) slot = byName.find(name.take_until([](char c) { return c == '('; }));
  return slot == byName.end() ? nullptr : &rows[slot->second];
}

Variants Models::defaultStartMethod(llvm::StringRef method) const {
  Variants variants = 0;
  for (const auto& [name, versions] : startMethods)
    if (name == method) variants |= versions;
  return variants;
}

namespace {

llvm::StringRef lastPart(llvm::StringRef name) {
  size_t dot = name.find_last_of(".:");
  return dot == llvm::StringRef::npos ? name : name.substr(dot + 1);
}

bool makesChildOrTransfer(const Effect& effect) {
  return effect.kind == EffectKind::Forks || effect.kind == EffectKind::Submits ||
         effect.kind == EffectKind::RunsBeforeExec;
}

/// Effects that only tell what a value is: they lead nowhere by themselves.
bool isPassive(const Effect& effect) {
  switch (effect.kind) {
  case EffectKind::Tells:
  case EffectKind::Binds:
  case EffectKind::Calls:
  case EffectKind::Collects:
  case EffectKind::Adds:
  case EffectKind::Takes:
  case EffectKind::Describes:
  case EffectKind::ReadsAttribute:
  case EffectKind::Super:
  case EffectKind::Meets:
  case EffectKind::Raises: return true;
  default: return false;
  }
}

} // namespace

/// The seeds of one row. What runs before an exec matters where it is given, by its parameter's name.
static void addSeeds(const Model& model, const Model* owner, std::vector<Models::Seed>& seeds) {
  std::vector<std::string> names = model.also;
  names.push_back(model.name);
  for (const Effect& effect : model.effects) {
    if (isPassive(effect)) continue;
    if (effect.kind == EffectKind::RunsBeforeExec) {
      seeds.push_back({lastPart(effect.entry).str(), "", "", true, true});
      continue;
    }
    bool leads = makesChildOrTransfer(effect);
    for (const std::string& name : names) {
      if (!owner) {
        seeds.push_back({lastPart(name).str(), name, "", false, leads});
        continue;
      }
      std::vector<std::string> classes = owner->also;
      classes.push_back(owner->name);
      for (const std::string& klass : classes) {
        seeds.push_back({lastPart(name).str(), name, klass, false, leads});
        // Whoever makes an object may lead to what its members do.
        seeds.push_back({lastPart(klass).str(), klass, "", false, leads});
      }
    }
  }
}

std::vector<Models::Seed> Models::seeds() const {
  std::vector<Seed> seeds;
  for (const Model& model : rows) {
    llvm::StringRef name(model.name);
    auto owner = byName.find(name.drop_back(lastPart(name).size()).rtrim(".:"));
    addSeeds(model, owner == byName.end() ? nullptr : &rows[owner->second], seeds);
  }
  llvm::sort(seeds);
  seeds.erase(llvm::unique(seeds), seeds.end());
  return seeds;
}

} // namespace forklint::link
