// Reads model rows. The table below is the only list of effect names and of the keys of a row.
#include "analyzers/link/models.h"

#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

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
    {"way", &Effect::way},
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

llvm::Error readBeforeExec(const toml::node& node, llvm::StringRef file, Model& model) {
  if (!node.is_table()) return wrong(file, node.source(), "'before-exec' must be a table");
  BeforeExec& means = model.beforeExec.emplace();
  for (const auto& [key, value] : *node.as_table()) {
    llvm::StringRef name(key.str().data(), key.str().size());
    std::optional<Variants> versions = allVariants;
    if (name == "write")
      means.write = value.value_or(std::string());
    else if (name == "versions")
      versions = parseVersions(value.value_or(std::string()));
    else if (name != "arguments")
      return wrong(file, key.source(), "unknown key '" + name + "' in 'before-exec'");
    else if (llvm::Error error = readStrings(value, name, file, means.arguments))
      return error;
    if (!versions) return wrong(file, value.source(), "expected versions such as \"3.9-\"");
    means.versions &= *versions;
  }
  if (means.write.empty()) return wrong(file, node.source(), "'before-exec' needs 'write'");
  return llvm::Error::success();
}

llvm::Expected<TransferWay> readTransferWay(const toml::table& table, llvm::StringRef file) {
  TransferWay way;
  for (const auto& [key, node] : table) {
    llvm::StringRef name(key.str().data(), key.str().size());
    if (name == "name")
      way.name = node.value_or(std::string());
    else if (name == "seconds-per-byte")
      way.secondsPerByte = node.value_or(0.0);
    else if (name == "low")
      way.lowSecondsPerByte = node.value_or(0.0);
    else if (name == "high")
      way.highSecondsPerByte = node.value_or(0.0);
    else if (name == "source")
      way.source = node.value_or(std::string());
    else
      return wrong(file, key.source(), "unknown key '" + name + "' in a way of transfer");
  }
  bool inOrder = 0 < way.lowSecondsPerByte && way.lowSecondsPerByte <= way.secondsPerByte &&
                 way.secondsPerByte <= way.highSecondsPerByte;
  if (way.name.empty() || way.source.empty() || !inOrder)
    return wrong(file, table.source(),
                 "a way of transfer needs 'name', 'source' and 0 < 'low' <= 'seconds-per-byte' <= 'high'");
  return way;
}

llvm::Error readThreshold(const toml::node& node, llvm::StringRef file, TransferThreshold& threshold) {
  if (!node.is_table()) return wrong(file, node.source(), "'large-transfer' must be a table");
  for (const auto& [key, value] : *node.as_table()) {
    if (key.str() == "bytes" && value.is_integer())
      threshold.bytes = static_cast<uint64_t>(value.value_or(int64_t{0}));
    else if (key.str() == "seconds" && value.is_number())
      threshold.seconds = value.value_or(0.0);
    else
      return wrong(file, key.source(), "expected 'bytes' and 'seconds', both numbers");
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
    else if (name == "before-exec")
      error = readBeforeExec(node, file, model);
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

/// Calls `read` with each table of `[[key]]`.
template <typename Read>
llvm::Error eachTable(const toml::node& node, llvm::StringRef key, llvm::StringRef file, Read read) {
  const toml::array* array = node.as_array();
  if (!array) return wrong(file, node.source(), "'" + key + "' must be written as [[" + key + "]]");
  for (const toml::node& item : *array) {
    if (!item.is_table()) return wrong(file, item.source(), "'" + key + "' must be a table");
    if (llvm::Error error = read(*item.as_table())) return error;
  }
  return llvm::Error::success();
}

} // namespace

llvm::Error Models::add(llvm::StringRef text, llvm::StringRef file) {
  toml::table document;
  try {
    document = toml::parse(std::string_view(text), std::string_view(file));
  } catch (const toml::parse_error& error) {
    return wrong(file, error.source(), std::string(error.description()));
  }
  auto addModel = [&](const toml::table& table) -> llvm::Error {
    llvm::Expected<Model> model = readModel(table, file);
    if (!model) return model.takeError();
    auto [slot, fresh] = byName.try_emplace(model->name, rows.size());
    // A row of its own for what was only another name of something.
    if (!fresh && rows[slot->second].name != model->name) slot->second = rows.size(), fresh = true;
    size_t row = slot->second;
    for (const std::string& other : model->also)
      byName[other] = row;
    if (fresh)
      rows.push_back(std::move(*model));
    else
      rows[row] = std::move(*model);
    return llvm::Error::success();
  };
  auto addWay = [&](const toml::table& table) -> llvm::Error {
    llvm::Expected<TransferWay> way = readTransferWay(table, file);
    if (!way) return way.takeError();
    ways.push_back(std::move(*way));
    return llvm::Error::success();
  };
  for (const auto& [key, node] : document) {
    llvm::StringRef name(key.str().data(), key.str().size());
    llvm::Error error = llvm::Error::success();
    if (name == "default-start-method")
      error = readStartMethods(node, file, startMethods);
    else if (name == "large-transfer")
      error = readThreshold(node, file, threshold);
    else if (name == "transfer-way")
      error = eachTable(node, name, file, addWay);
    else if (name == "model")
      error = eachTable(node, name, file, addModel);
    else
      error = wrong(file, key.source(), "unknown key '" + name + "'");
    if (error) return error;
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

const TransferWay* Models::transferWay(llvm::StringRef name) const {
  auto way = llvm::find_if(ways, [&](const TransferWay& each) { return each.name == name; });
  return way == ways.end() ? nullptr : &*way;
}

bool Models::areMentionedIn(llvm::StringRef text) const {
  auto inWord = [](char c) { return llvm::isAlnum(c) || c == '_'; };
  llvm::DenseSet<llvm::StringRef> words;
  for (size_t at = 0; at < text.size();) {
    llvm::StringRef word = text.substr(at).take_while(inWord);
    if (!word.empty()) words.insert(word);
    at += std::max<size_t>(word.size(), 1);
  }
  static constexpr EffectKind telling[] = {EffectKind::Forks, EffectKind::StartsThread,
                                           EffectKind::RunsBeforeExec, EffectKind::Submits};
  return llvm::any_of(rows, [&](const Model& model) {
    if (llvm::none_of(model.effects,
                      [](const Effect& each) { return llvm::is_contained(telling, each.kind); }))
      return false;
    llvm::SmallVector<llvm::StringRef, 4> parts;
    llvm::SplitString(model.name, parts, ".:");
    return llvm::all_of(parts, [&](llvm::StringRef part) { return words.contains(part); });
  });
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
