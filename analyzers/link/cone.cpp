#include "analyzers/link/cone.h"

#include "analyzers/link/mentions.h"

#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLExtras.h"

namespace forklint::link {
namespace {

llvm::StringRef packageOf(llvm::StringRef name) {
  return name.take_until([](char c) { return c == '.' || c == ':'; });
}

/// Who mentions what; `definitions` is that of Mentions::of.
struct MentionIndex {
  MentionIndex(std::vector<FunctionInfo>& functions, const Mentions& mentions, bool definitions) {
    for (FunctionInfo& info : functions)
      mentions.of(info, definitions, [&](llvm::StringRef key) {
        std::vector<FunctionInfo*>& those = mentionedBy[key];
        if (those.empty() || those.back() != &info) those.push_back(&info);
        // A package is named where anything in it is.
        if (key.consume_front("=")) named.insert(packageOf(key));
      });
  }

  llvm::StringMap<std::vector<FunctionInfo*>> mentionedBy;
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
        if (!toForks() || (one.leadsToFork && one.prepares == prepares)) seed(one);
      run();
    };
    begin(false);
    if (!toForks()) return;
    onlyPrepares = true;
    for (const std::string& key : prepared)
      reach(key);
    begin(true);
  }

  /// Does another function mention it?
  bool isMentioned(const FunctionInfo& info) const {
    return llvm::any_of(Mentions::reachedBy(info), [&](const std::string& key) {
      return llvm::any_of(mentioning(key), [&](const FunctionInfo* other) { return other != &info; });
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
      std::string key = keys.pop_back_val();
      for (const std::string& alias : aliasesOf(key))
        reach("=" + alias);
      if (llvm::StringRef member(key); !toForks() && member.consume_front("."))
        for (const std::string& caller : keysOfCallers(member))
          reach(caller);
      llvm::append_range(found, mentioning(key));
    }
  }

  llvm::ArrayRef<FunctionInfo*> mentioning(llvm::StringRef key) const {
    auto slot = index.mentionedBy.find(key);
    return slot == index.mentionedBy.end() ? llvm::ArrayRef<FunctionInfo*>()
                                           : llvm::ArrayRef<FunctionInfo*>(slot->second);
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
  void unitsNaming(std::string key, llvm::DenseSet<const facts::UnitFacts*>& units) const {
    llvm::StringSet<> asked;
    llvm::SmallVector<std::string> open{std::move(key)};
    while (!open.empty()) {
      std::string next = open.pop_back_val();
      if (!asked.insert(next).second) continue;
      for (const FunctionInfo* info : mentioning(next))
        units.insert(info->unit);
      for (const std::string& alias : aliasesOf(next))
        open.push_back("=" + alias);
      // Who uses an attribute that holds such an object may use it so.
      if (llvm::StringRef callee(next); !toForks() && callee.consume_front("="))
        for (const std::string& attribute : mentions.attributesOf(callee))
          open.push_back("." + attribute);
    }
  }
  void enter(FunctionInfo& info) {
    if (info.*mark) return;
    info.*mark = true;
    llvm::StringRef klass = mentions.classOf(info);
    bool ofClass = !klass.empty() && !isByLastPart();
    bool ofModule = klass.empty() && !info.unit->module.empty();
    if (ofClass) prepare(("=" + klass).str());
    for (const std::string& next : Mentions::reachedBy(info))
      if (onlyPrepares && info.body->kind == facts::FunctionKind::Statement)
        continue; // who imports the module need not be run for it
      else if ((ofClass || ofModule) && next.starts_with("."))
        reachMember(ofClass ? klass : llvm::StringRef(info.unit->module), next, info.unit);
      else
        reach(next);
  }
  /// A member leads on where its class is named; elsewhere its object comes from somebody who is reached.
  void reachMember(llvm::StringRef owner, const std::string& member, const facts::UnitFacts* home) {
    llvm::DenseSet<const facts::UnitFacts*> units{home};
    unitsNaming(("=" + owner).str(), units);
    unitsNaming(("." + lastComponent(owner)).str(), units);
    std::vector<std::string> keys{member};
    if (!toForks()) llvm::append_range(keys, keysOfCallers(llvm::StringRef(member).drop_front()));
    for (const std::string& key : keys)
      for (FunctionInfo* info : mentioning(key))
        if (units.contains(info->unit)) found.push_back(info);
  }
  void reach(const std::string& key) {
    if (reached.insert(key).second) keys.push_back(key);
  }

  /// Whoever makes an object may lead to what its methods do, but to make it is not yet to do it.
  void prepare(std::string key) {
    if (onlyPrepares)
      reach(key);
    else
      prepared.push_back(std::move(key));
  }

  const Mentions& mentions;
  const MentionIndex& index;
  const Callers& callers;
  bool FunctionInfo::* mark;
  llvm::StringSet<> reached;
  llvm::SmallVector<std::string> keys;    // reached, whose mentions are to be entered
  llvm::SmallVector<FunctionInfo*> found; // to be entered
  llvm::SmallVector<std::string>
      prepared;              // keys of what is made; reached last, behind all that leads by itself
  bool onlyPrepares = false; // those are run now
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
  {
    MentionIndex index(functions, mentions, /*definitions=*/true);
    for (bool FunctionInfo::* mark : {&FunctionInfo::mayConcern, &FunctionInfo::inCone})
      Closure(mentions, index, callers, mark).runFrom(seeds);
  }
  // A definition alone mentions nobody, so the last closure tells who is mentioned.
  MentionIndex index(functions, mentions, /*definitions=*/false);
  Closure toForks(mentions, index, callers, &FunctionInfo::leadsToFork);
  toForks.runFrom(seeds);
  for (FunctionInfo& info : functions)
    info.mentioned = toForks.isMentioned(info);
  enterConstructors(functions, mentions);
  for (FunctionInfo& info : functions)
    info.inCone |= isAccessor(*info.body);
}

} // namespace forklint::link
