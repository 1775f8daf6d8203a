#include "analyzers/link/cone.h"

#include "analyzers/link/mentions.h"
#include "analyzers/support/paths.h"

#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLExtras.h"

#include <utility>

namespace forklint::link {
namespace {

llvm::StringRef packageOf(llvm::StringRef name) {
  return name.take_until([](char c) { return c == '.' || c == ':'; });
}

struct Mention {
  FunctionInfo* function = nullptr;
  Mentions::Use use = Mentions::Use::Named;
};

/// What is reached by its name; what only tests reach leads tests on only.
struct Key {
  std::string name;
  bool byTests = false;
};

/// Who mentions what.
struct MentionIndex {
  MentionIndex(std::vector<FunctionInfo>& functions, const Mentions& mentions) {
    for (FunctionInfo& info : functions)
      mentions.of(info, [&](llvm::StringRef key, Mentions::Use use) {
        std::vector<Mention>& those = mentionedBy[key];
        if (those.empty() || those.back().function != &info) those.push_back({&info, use});
        those.back().use = std::max(those.back().use, use);
        // A package is named where anything in it is.
        if (key.consume_front("=")) named.insert(packageOf(key));
      });
  }

  llvm::StringMap<std::vector<Mention>> mentionedBy;
  llvm::StringSet<> named; // packages
};

using Callers = llvm::StringMap<std::vector<std::string>>; // of a member: library functions

/// One closure: from the seeds to all functions that lead to one, which get the mark.
class Closure {
public:
  Closure(const Mentions& mentions, const MentionIndex& index, const Callers& callers,
          bool FunctionInfo::* mark)
      : mentions(mentions), index(index), callers(callers), mark(mark) {}

  void runFrom(llvm::ArrayRef<Models::Seed> seeds) {
    auto begin = [&](bool prepares) {
      for (const Models::Seed& one : seeds)
        if ((!toForks() || one.leadsToFork) && one.prepares == prepares) seed(one);
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

  /// Does another function mention it?
  bool isMentioned(const FunctionInfo& info) const {
    return llvm::any_of(Mentions::reachedBy(info), [&](const std::string& key) {
      return llvm::any_of(mentioning(key), [&](const Mention& other) {
        return other.function != &info && other.use != Mentions::Use::Named;
      });
    });
  }

private:
  bool toForks() const { return mark == &FunctionInfo::leadsToFork; }
  /// Does a member lead on wherever its last part is mentioned?
  bool isByLastPart() const { return mark == &FunctionInfo::mayConcern; }

  void seed(const Models::Seed& seed) {
    if (seed.isParameter) return reach("'" + seed.name);
    reach("=" + seed.whole);
    if (seed.name.empty() || !index.named.contains(packageOf(seed.whole))) return;
    bool isAnywhere = seed.owner.empty() || (isByLastPart() && !seed.atHome);
    std::vector<std::string> keys = keysOfCallers(seed.name);
    keys.push_back("." + seed.name);
    for (const std::string& key : keys)
      if (isAnywhere)
        reach(key);
      else
        reachMember(seed.owner, key, nullptr);
  }

  void run() {
    while (!keys.empty() || !found.empty()) {
      if (!found.empty()) {
        enter(*found.pop_back_val());
        continue;
      }
      auto [key, tests] = keys.pop_back_val();
      byTests = tests;
      for (const std::string& alias : aliasesOf(key))
        reach("=" + alias);
      if (llvm::StringRef member(key); !toForks() && member.consume_front("."))
        for (const std::string& caller : keysOfCallers(member))
          reach(caller);
      // What some module imports at its top has mostly been imported when a function does.
      bool onlyTexts = key.front() == '!' && llvm::any_of(mentioning(key), isText);
      for (const Mention& mention : mentioning(key))
        if (!onlyTexts || isText(mention)) find(mention);
    }
  }

  llvm::ArrayRef<Mention> mentioning(llvm::StringRef key) const {
    auto slot = index.mentionedBy.find(key);
    return slot == index.mentionedBy.end() ? llvm::ArrayRef<Mention>()
                                           : llvm::ArrayRef<Mention>(slot->second);
  }
  static bool isText(const Mention& mention) {
    return mention.function->body->kind == facts::FunctionKind::Statement;
  }
  static bool isTest(const FunctionInfo& info) { return isTestCode(info.unit->unit); }
  /// To name a thing runs nothing. What is given away is hardly called before an import ends.
  void find(const Mention& mention) {
    if (mention.use == Mentions::Use::Named || (byTests && !isTest(*mention.function))) return;
    if (mention.use == Mentions::Use::Called || onlyPrepares)
      found.push_back(mention.function);
    else
      given.push_back(mention.function);
  }
  /// Other names of what a key means; of a member, classes that derive from what an object gives by its name.
  llvm::ArrayRef<std::string> aliasesOf(llvm::StringRef key) const {
    key.consume_front("=");
    return mentions.aliasesOf(key);
  }
  /// Who calls a library's function that calls the member leads there too.
  std::vector<std::string> keysOfCallers(llvm::StringRef member) const {
    std::vector<std::string> keys;
    auto slot = callers.find(member);
    if (slot == callers.end()) return keys;
    for (const std::string& row : slot->second) {
      keys.push_back("=" + row);
      keys.push_back(("." + lastComponent(row)).str());
    }
    return keys;
  }
  /// A name and all other names of what it means.
  llvm::SmallVector<std::string> namesOf(std::string key) const {
    llvm::StringSet<> asked;
    llvm::SmallVector<std::string> open{std::move(key)}, names;
    while (!open.empty()) {
      std::string next = open.pop_back_val();
      if (!asked.insert(next).second) continue;
      names.push_back(next);
      for (const std::string& alias : aliasesOf(next))
        open.push_back("=" + alias);
    }
    return names;
  }
  void enter(FunctionInfo& info) {
    if (info.*mark) return;
    info.*mark = true;
    byTests = isTest(info);
    llvm::StringRef klass = mentions.classOf(info);
    bool ofClass = !klass.empty() && !isByLastPart();
    bool ofModule = klass.empty() && !info.unit->module.empty();
    if (ofClass && onlyPrepares)
      findGiven(klass);
    else if (ofClass)
      classes.push_back(klass.str());
    for (const std::string& next : Mentions::reachedBy(info))
      if (onlyPrepares && info.body->kind == facts::FunctionKind::Statement)
        continue; // who imports the module need not be run for it
      else if (ofModule && next.starts_with(".") && !mentions.isGiven(info.unit->module))
        continue; // no value is the module
      else if ((ofClass || ofModule) && next.starts_with("."))
        reachMember(ofClass ? klass : llvm::StringRef(info.unit->module), next, info.unit);
      else
        reach(next);
  }
  /// Whoever gives a class away may lead to what its methods do.
  void findGiven(llvm::StringRef klass) {
    for (const std::string& name : namesOf(("=" + klass).str()))
      for (const Mention& mention : mentioning(name))
        if (mention.use == Mentions::Use::Given) find(mention);
  }
  /// A member leads on where its class is named, or is one of what an attribute holds; elsewhere its object
  /// comes from somebody who is reached.
  void reachMember(llvm::StringRef owner, const std::string& member, const facts::UnitFacts* home) {
    std::vector<std::string> keys{member};
    if (!toForks()) llvm::append_range(keys, keysOfCallers(llvm::StringRef(member).drop_front()));
    llvm::DenseSet<const facts::UnitFacts*> units{home};
    llvm::SmallVector<std::string> names = namesOf(("=" + owner).str());
    llvm::append_range(names, namesOf(("." + lastComponent(owner)).str()));
    for (const std::string& name : names) {
      for (const Mention& mention : mentioning(name))
        units.insert(mention.function->unit);
      if (llvm::StringRef callee(name); callee.consume_front("="))
        for (const std::string& attribute : mentions.attributesOf(callee))
          for (const std::string& key : keys)
            if (key.front() == '.') reach("." + attribute + key);
    }
    for (const std::string& key : keys)
      for (const Mention& mention : mentioning(key))
        if (units.contains(mention.function->unit)) find(mention);
  }
  void reach(const std::string& key) {
    auto [slot, isNew] = reached.try_emplace(key, byTests);
    if (!isNew && slot->second <= byTests) return;
    slot->second = byTests;
    keys.push_back({key, byTests});
  }

  const Mentions& mentions;
  const MentionIndex& index;
  const Callers& callers;
  bool FunctionInfo::* mark;
  llvm::StringMap<bool> reached;          // names, and whether only tests reach them
  llvm::SmallVector<Key> keys;            // reached, whose mentions are to be entered
  llvm::SmallVector<FunctionInfo*> found; // to be entered
  llvm::SmallVector<std::string> classes; // of entered methods; who gives them away is reached last
  llvm::SmallVector<FunctionInfo*> given; // those that give away what leads on; reached last
  bool onlyPrepares = false;              // those are run now
  bool byTests = false;                   // what is reached now is reached by a test
};

/// What a constructor stores is what the methods of its class, and of those that derive from it, work on. It
/// is entered with them, and leads nobody on.
void enterConstructors(std::vector<FunctionInfo>& functions, const Mentions& mentions) {
  llvm::StringSet<> entered;
  llvm::SmallVector<llvm::StringRef> classes;
  for (const FunctionInfo& info : functions)
    if (info.inCone) classes.push_back(mentions.classOf(info));
  while (!classes.empty()) {
    llvm::StringRef klass = classes.pop_back_val();
    if (klass.empty() || !entered.insert(klass).second) continue;
    llvm::append_range(classes, mentions.basesOf(klass));
  }
  for (FunctionInfo& info : functions)
    info.inCone |= lastComponent(info.body->symbol) == "__init__" && entered.contains(mentions.classOf(info));
}

/// Gives what it finds in places and calls nobody: what it costs to enter it is less than what it costs not
/// to know what it gives.
bool isAccessor(const facts::Function& body) {
  constexpr size_t longest = 8;
  using facts::InstructionKind;
  return body.instructions.size() <= longest && body.kind == facts::FunctionKind::Plain &&
         llvm::all_of(body.instructions, [](const facts::Instruction& instruction) {
           return instruction.kind == InstructionKind::Load ||
                  instruction.kind == InstructionKind::AddressOf ||
                  instruction.kind == InstructionKind::Return ||
                  instruction.kind == InstructionKind::Parameter ||
                  instruction.kind == InstructionKind::Constant;
         });
}

} // namespace

void markCone(std::vector<FunctionInfo>& functions, const Models& models) {
  Mentions mentions(functions);
  std::vector<Models::Seed> seeds = models.seeds();
  const Callers callers = models.memberCallers();
  // A definition alone mentions nobody, so the index tells who is mentioned.
  MentionIndex index(functions, mentions);
  for (bool FunctionInfo::* mark : {&FunctionInfo::mayConcern, &FunctionInfo::inCone})
    Closure(mentions, index, callers, mark).runFrom(seeds);
  Closure toForks(mentions, index, callers, &FunctionInfo::leadsToFork);
  toForks.runFrom(seeds);
  for (FunctionInfo& info : functions)
    info.mentioned = toForks.isMentioned(info);
  enterConstructors(functions, mentions);
  for (FunctionInfo& info : functions)
    info.inCone |= isAccessor(*info.body);
}

} // namespace forklint::link
