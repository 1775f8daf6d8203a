// What is asked of the models: the row of a name, whether a lock is free in a child, the seeds of the cone.
#include "analyzers/link/models.h"

#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringExtras.h"

namespace forklint::link {

static llvm::StringRef lastPart(llvm::StringRef name) {
  size_t dot = name.find_last_of(".:");
  return dot == llvm::StringRef::npos ? name : name.substr(dot + 1);
}

static llvm::StringRef scopePart(llvm::StringRef name) {
  return name.drop_back(lastPart(name).size()).rtrim(".:");
}

bool Models::isWithheld(llvm::StringRef name) const {
  return llvm::any_of(withheld, [&](const std::string& scope) {
    return name == scope || name.starts_with(scope + ".") || name.starts_with(scope + "::");
  });
}

void Models::put(Model model) {
  if (isWithheld(model.name)) return;
  llvm::erase_if(model.also, [&](const std::string& other) { return isWithheld(other); });
  auto [slot, fresh] = byName.try_emplace(model.name, rows.size());
  // A row of its own for what was only another name of something.
  if (!fresh && rows[slot->second].name != model.name) slot->second = rows.size(), fresh = true;
  size_t row = slot->second;
  for (const std::string& other : model.also)
    byName[other] = row;
  if (fresh)
    rows.push_back(model);
  else
    rows[row] = model;
  if (model.role != Role::None && !llvm::is_contained(roles[model.role], model.name))
    roles[model.role].push_back(model.name);
  if (fresh && llvm::StringRef(model.name).ends_with("*")) prefixes.push_back(row);
  auto insertMembers = [&](llvm::StringSet<>& members) {
    members.insert(lastPart(model.name));
    for (const std::string& other : model.also)
      members.insert(lastPart(other));
  };
  for (const Effect& effect : model.effects)
    if (llvm::StringRef subject = effect.subject; !effect.to.empty() && subject.consume_front("one."))
      only.insert(subject.str());
  if (model.has(EffectKind::Ends)) insertMembers(ends);
  if (model.has(EffectKind::Drains)) insertMembers(drains);
  bool asks = !model.effects.empty() && llvm::all_of(model.effects, [](const Effect& effect) {
    return effect.kind == EffectKind::IsInstance;
  });
  if (asks) asking.insert(model.name);
  if (model.has(EffectKind::Takes) && llvm::is_contained(model.parameters, "default"))
    insertMembers(defaulted);
  for (const auto& [member, meant] : model.members)
    shared.insert(meant);
  if (!model.effects.empty()) {
    scopes.insert(scopePart(model.name));
    for (const std::string& other : model.also)
      scopes.insert(scopePart(other));
  }
  auto isOfLife = [](const Effect& effect) {
    bool counts = effect.kind == EffectKind::StartsThread || effect.kind == EffectKind::Forks ||
                  effect.kind == EffectKind::Ends;
    return counts && llvm::StringRef(effect.subject).starts_with("self");
  };
  if (llvm::any_of(model.effects, isOfLife)) living.insert(scopePart(model.name));
}

bool Models::givesWhatLeads(llvm::StringRef callee) const {
  const Model* row = find(callee);
  llvm::StringRef given = row ? llvm::StringRef(row->returns) : "";
  return given.consume_front("name.") && scopes.contains(given);
}

bool Models::isLiving(llvm::StringRef klass, unsigned depth) const {
  constexpr unsigned deepest = 8;
  const Model* row = find(klass);
  return living.contains(klass) ||
         (row && depth < deepest &&
          llvm::any_of(row->bases, [&](const std::string& base) { return isLiving(base, depth + 1); }));
}

/// A row for some releases of a package waits for what the project allows.
void Models::add(Model model) {
  if (isWithheld(model.name)) return;
  if (model.releases) {
    ofReleases[model.name].push_back(std::move(model));
    return;
  }
  ofReleases.erase(model.name);
  put(std::move(model));
}

void Models::choose(const Pins& pins) {
  instances.clear();
  for (const auto& [name, candidates] : ofReleases) {
    const Model* least = nullptr;
    for (const Model& model : candidates) {
      auto pinned = pins.find(model.releases->package);
      bool isPossible = pinned == pins.end() || llvm::any_of(pinned->second, [&](const Releases& allowed) {
                          return allowed.meets(model.releases->releases);
                        });
      if (isPossible && (!least || model.effects.size() < least->effects.size())) least = &model;
    }
    // Of a release for which no row speaks nothing is said.
    Model none;
    none.name = name;
    put(least ? *least : none);
  }
}

const Platform& Models::platform() const {
  static const Platform none;
  auto found = llvm::find_if(platforms, [&](const Platform& each) { return each.name == chosenPlatform; });
  return found == platforms.end() ? none : *found;
}

void Models::choosePlatform(llvm::StringRef name) {
  chosenPlatform = name.str();
  instances.clear();
  for (Model& row : rows) {
    for (Effect& effect : row.effects)
      for (const auto& [primitive, here] : platform().primitives)
        if (effect.primitive == primitive) effect.primitive = here;
    for (const auto& [named, value] : platform().values)
      if (row.name == named) row.value = facts::Literal(Text(value));
  }
}

llvm::Expected<Models> Models::builtin(std::vector<std::string> withheld) {
  Models models;
  models.withheld = std::move(withheld);
  for (const auto& [name, text] : builtinModelFiles())
    if (llvm::Error error = models.add(text, name, Origin::BuiltIn)) return std::move(error);
  models.choose({});
  models.isIncomplete = !models.withheld.empty();
  if (llvm::Error error = models.checkNames()) return std::move(error);
  models.withheld.clear();
  return models;
}

llvm::StringRef withoutParameters(llvm::StringRef name) {
  size_t callOperator = name.find("operator()");
  return name.take_front(name.find('(', callOperator == llvm::StringRef::npos ? 0 : callOperator + 10));
}

/// "ns::f(list &&)" for "ns::f(list<T> &&)".
static std::string withoutTemplateArguments(llvm::StringRef name) {
  std::string plain = withoutParameters(name).str();
  int depth = 0;
  for (char c : name.drop_front(plain.size())) {
    depth -= c == '>';
    if (depth == 0 && c != '<' && c != '>') plain += c;
    depth += c == '<';
  }
  return plain;
}

const Model* Models::find(llvm::StringRef name) const {
  auto slot = byName.find(name);
  llvm::StringRef bare = withoutParameters(name);
  if (slot == byName.end() && name.contains('<')) slot = byName.find(withoutTemplateArguments(name));
  if (slot == byName.end()) slot = byName.find(bare);
  if (slot != byName.end()) return &rows[slot->second];
  const Model* longest = nullptr;
  for (size_t row : prefixes) {
    // A namespace's row says nothing of an attribute.
    llvm::StringRef prefix = llvm::StringRef(rows[row].name).drop_back(), rest = bare;
    bool matches = rest.consume_front(prefix) && !(prefix.ends_with("::") && rest.contains('.'));
    if (matches && (!longest || rows[row].name.size() > longest->name.size())) longest = &rows[row];
  }
  if (!longest) return nullptr;
  auto [instance, fresh] = instances.try_emplace(bare.str(), *longest);
  if (fresh) instance->second.name = bare.str();
  return &instance->second;
}

llvm::ArrayRef<std::string> Models::named(Role role) const {
  auto found = roles.find(role);
  if (found == roles.end()) return {};
  return found->second;
}

bool Models::isReset(llvm::StringRef lock, llvm::StringRef libc, llvm::StringRef primitive) const {
  auto found = locks.find(lock);
  if (found == locks.end()) return false;
  std::string library = libc.take_until([](char c) { return c == '-'; }).str();
  return llvm::is_contained(found->second.reset, library) ||
         llvm::is_contained(found->second.reset, library + " " + primitive.str());
}

llvm::StringRef Models::renewerOf(llvm::StringRef lock) const {
  auto found = locks.find(lock);
  return found == locks.end() ? llvm::StringRef() : llvm::StringRef(found->second.renewedBy);
}

bool Models::keepsPromise(llvm::StringRef lock) const {
  auto found = locks.find(lock);
  return found != locks.end() && found->second.isKept;
}

bool Models::mayBeTakenUnseen(llvm::StringRef lock) const {
  auto found = locks.find(lock);
  return found == locks.end() || !found->second.isOnlyKnown;
}

std::vector<std::string> Models::withEffect(EffectKind kind) const {
  std::vector<std::string> names;
  for (const Model& row : rows) {
    if (!row.has(kind)) continue;
    names.push_back(row.name);
    llvm::append_range(names, row.also);
  }
  return names;
}

Variants Models::defaultStartMethod(llvm::StringRef method) const {
  Variants variants = 0;
  for (const auto& [name, versions] : platform().startMethods)
    if (name == method) variants |= versions;
  return variants;
}

const TransferWay* Models::transferWay(llvm::StringRef name) const {
  auto way = llvm::find_if(ways, [&](const TransferWay& each) { return each.name == name; });
  return way == ways.end() ? nullptr : &*way;
}

/// Whether a text can mean the name with its words: in Python names have dots, in C no more than one word,
/// and in C++ the scope stands before a name, unless all of it is used. What was made from Python has the
/// words of all.
static bool canMean(llvm::StringRef text, llvm::StringRef name, llvm::StringRef language) {
  if (!name.contains("::")) return name.contains('.') == (language == "python");
  if (language != "c++") return false;
  llvm::StringRef owner = name.rsplit("::").first;
  bool isMember = owner.contains("::") || llvm::isUpper(owner.front());
  return text.contains(isMember ? owner : name) || text.contains("using namespace");
}

bool Models::areMentionedIn(llvm::StringRef text, llvm::StringRef language) const {
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
    return llvm::all_of(parts, [&](llvm::StringRef part) { return words.contains(part); }) &&
           canMean(text, model.name, language);
  });
}

namespace {

/// What rules judge: children, transfers, and what is wrong by itself. What is wrong because of the state of
/// something that the object keeps is judged where that was made.
bool isJudged(const Effect& effect) {
  bool isWrong = effect.kind == EffectKind::Violates && !llvm::StringRef(effect.subject).starts_with("self.");
  return effect.kind == EffectKind::Forks || effect.kind == EffectKind::Submits ||
         effect.kind == EffectKind::RunsBeforeExec || effect.kind == EffectKind::AtFork ||
         effect.kind == EffectKind::Spawns || isWrong;
}

/// What only says that something is to run later.
bool isHandler(const Effect& effect) {
  return effect.kind == EffectKind::AtFork || effect.kind == EffectKind::AtExit ||
         effect.kind == EffectKind::Installs;
}

/// Effects that only tell what a value is, or that only a child does wrong: they lead nowhere by themselves.
/// In a child everything is entered, so that what is unsafe there need not lead to it.
bool isPassive(const Effect& effect) {
  if (effect.kind == EffectKind::Uses && (effect.life == "fill" || effect.life == "buffer")) return true;
  if (!effect.within.empty()) return true; // where a handler calls it all is entered
  // What requests run is run in workers.
  if (effect.kind == EffectKind::AtFork && effect.life == "in request") return true;
  switch (effect.kind) {
  case EffectKind::Creates: // what its members do counts
  case EffectKind::Tells:
  case EffectKind::Binds:
  case EffectKind::Calls:
  case EffectKind::Instantiates:
  case EffectKind::Enters:
  case EffectKind::Collects:
  case EffectKind::Adds:
  case EffectKind::Pairs:
  case EffectKind::BeginsIteration:
  case EffectKind::Steps:
  case EffectKind::Includes:
  case EffectKind::Writes:
  case EffectKind::Empties:
  case EffectKind::Constructs:
  case EffectKind::HasAttribute:
  case EffectKind::IsInstance:
  case EffectKind::BeginsWith:
  case EffectKind::ListsAlive:
  case EffectKind::Takes:
  case EffectKind::Describes:
  case EffectKind::ReadsAttribute:
  case EffectKind::Super:
  case EffectKind::Meets:
  case EffectKind::HandsOver:
  case EffectKind::Keeps:
  case EffectKind::UnsafeInChild:
  case EffectKind::WaitsFor:
  case EffectKind::Fills:
  case EffectKind::LoadsLibrary: // what it runs counts, and what its functions do
  case EffectKind::Preloads:
  case EffectKind::ActsOutside:
  case EffectKind::Raises: return true;
  default: return false;
  }
}

} // namespace

namespace {

bool opensItself(const Model* klass) {
  return klass &&
         llvm::any_of(klass->effects, [](const Effect& each) { return each.kind == EffectKind::Opens; });
}

/// The seeds of one row. What runs before an exec matters where it is given, by its parameter's name. A use
/// of what its constructor opened leads nowhere; one that may be the first opens it, where its class is
/// named. `owner` is the row of the class, `classesOf` gives the classes that a name is a member of.
void addSeeds(const Model& model, const Model* owner, bool isShared,
              llvm::function_ref<std::vector<std::string>(llvm::StringRef member)> classesOf,
              std::vector<Models::Seed>& seeds) {
  std::vector<std::string> names = model.also;
  names.push_back(model.name);
  for (const Effect& effect : model.effects) {
    bool ofSelf = effect.kind == EffectKind::Uses && llvm::StringRef(effect.subject).starts_with("self");
    if (isPassive(effect) || (ofSelf && opensItself(owner))) continue;
    // The call itself is entered, for what its caller's caller gives, where its whole name is known.
    if (effect.kind == EffectKind::RunsBeforeExec) {
      seeds.push_back({lastPart(effect.entry).str(), "", "", true, true});
      for (const std::string& name : names)
        seeds.push_back({"", name, "", false, false});
      continue;
    }
    bool leads = isJudged(effect), prepares = isHandler(effect);
    bool isAtHome = effect.kind == EffectKind::Uses || effect.kind == EffectKind::Closes ||
                    effect.kind == EffectKind::Leaves;
    for (const std::string& name : names) {
      std::vector<std::string> classes = classesOf(name);
      if (classes.empty()) {
        // A function of C is no attribute of anything.
        bool qualified = lastPart(name).size() != name.size();
        seeds.push_back(
            {qualified ? lastPart(name).str() : "", name, "", false, leads, prepares, false, isShared});
        continue;
      }
      for (const std::string& klass : classes) {
        seeds.push_back({lastPart(name).str(), name, klass, false, leads, prepares, isAtHome});
        // Whoever makes an object may lead to what its members do.
        seeds.push_back({lastPart(klass).str(), klass, "", false, leads, true});
      }
    }
  }
}

} // namespace

llvm::StringMap<std::vector<std::string>> Models::memberCallers() const {
  constexpr EffectKind going[] = {EffectKind::BeginsIteration, EffectKind::Steps, EffectKind::Collects,
                                  EffectKind::Pairs};
  llvm::StringMap<std::vector<std::string>> callers;
  for (const Model& model : rows) {
    llvm::StringSet<> members;
    for (const Effect& each : model.effects) {
      llvm::StringRef entry = each.entry;
      if (each.kind == EffectKind::Calls && entry.starts_with("arg.") && entry.count('.') > 1)
        members.insert(lastPart(entry));
      if (each.kind == EffectKind::Enters)
        members.insert(std::begin(methodsOfManagers), std::end(methodsOfManagers));
      if (llvm::is_contained(going, each.kind))
        members.insert(std::begin(stepsOfIteration), std::end(stepsOfIteration));
    }
    for (const auto& member : members) {
      std::vector<std::string>& names = callers[member.getKey()];
      names.push_back(model.name);
      llvm::append_range(names, model.also);
    }
  }
  return callers;
}

std::vector<Models::Seed> Models::seeds() const {
  llvm::StringMap<std::vector<const Model*>> derived;
  for (const Model& model : rows)
    for (const std::string& base : model.bases)
      derived[base].push_back(&model);
  auto ownerOf = [&](llvm::StringRef member) -> const Model* {
    auto owner = byName.find(scopePart(member));
    return owner == byName.end() ? nullptr : &rows[owner->second];
  };
  // The class that a name lies in, by all its names, and those that derive from it.
  auto classesOf = [&](llvm::StringRef member) {
    std::vector<std::string> classes;
    auto add = [&](const Model& klass) {
      for (const std::string& name : klass.also)
        if (!llvm::is_contained(classes, name)) classes.push_back(name);
      if (!llvm::is_contained(classes, klass.name)) classes.push_back(klass.name);
    };
    if (const Model* owner = ownerOf(member)) add(*owner);
    for (size_t i = 0; i < classes.size(); ++i)
      for (const Model* below : derived.lookup(classes[i]))
        add(*below);
    return classes;
  };
  std::vector<Seed> seeds;
  for (const Model& model : rows)
    addSeeds(model, ownerOf(model.name), shared.contains(model.name), classesOf, seeds);
  llvm::sort(seeds);
  seeds.erase(llvm::unique(seeds), seeds.end());
  return seeds;
}

bool PromisingName::matches(llvm::StringRef lastPart) const {
  auto fits = [&](llvm::StringRef pattern) {
    bool isSuffix = pattern.consume_front("*"), isPrefix = pattern.consume_back("*");
    return isSuffix && isPrefix ? lastPart.contains(pattern)
           : isSuffix           ? lastPart.ends_with(pattern)
           : isPrefix           ? lastPart.starts_with(pattern)
                                : lastPart == pattern;
  };
  return llvm::any_of(names, fits) && llvm::none_of(except, fits);
}

} // namespace forklint::link
