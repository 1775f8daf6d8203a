#include "analyzers/link/mentions.h"

#include "analyzers/support/paths.h"

#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLExtras.h"

namespace forklint::link {

using facts::Instruction;
using facts::InstructionKind;
using facts::PlaceKind;

namespace {

constexpr unsigned deepestName = 12;
constexpr llvm::StringLiteral localsOf = "<locals>"; // what is inside of a function lies in
constexpr llvm::StringLiteral insideOf = ".<locals>.";

/// Is it a place that others find by its name?
bool isShared(const facts::Place& place) {
  return place.kind == PlaceKind::Attribute || place.kind == PlaceKind::Global;
}

} // namespace

llvm::StringRef beforeParameters(llvm::StringRef symbol) {
  return symbol.take_until([](char c) { return c == '('; });
}

llvm::StringRef lastComponent(llvm::StringRef name) {
  name = beforeParameters(name);
  size_t dot = name.find_last_of(".:");
  return dot == llvm::StringRef::npos ? name : name.substr(dot + 1);
}

llvm::StringRef scopeOf(llvm::StringRef name) {
  name = beforeParameters(name);
  return name.drop_back(lastComponent(name).size()).rtrim(".:");
}

std::string destructorOf(llvm::StringRef klass) { return (klass + "::~" + lastComponent(klass)).str(); }

Mentions::Mentions(const Program& program) : program(program) {
  for (const std::string& loader : program.models().withEffect(EffectKind::LoadsLibrary))
    loaders.insert(loader);
  for (const facts::UnitFacts& unit : program.units())
    files[unit.module].push_back(unit.unit);
  for (const facts::UnitFacts& unit : program.units())
    for (const facts::Chunk& chunk : unit.chunks)
      for (const facts::Entity& entity : chunk.entities)
        for (const Text& above : entity.overrides)
          overridden[beforeParameters(entity.symbol)].push_back(beforeParameters(above));
  // Twice: a re-export of a re-export needs the first to be known.
  for (int round = 0; round < 2; ++round) {
    aliases.clear();
    meant.clear();
    starred.clear();
    for (const FunctionInfo* info : program.readFunctions())
      if (info->body->kind == facts::FunctionKind::Statement) collect(*info);
  }
  for (const auto& klass : bases)
    for (const Text& base : klass.second)
      derived[base].push_back(klass.getKey());
  // All globals first: a base is looked up among them.
  for (const FunctionInfo* info : program.readFunctions())
    for (const Instruction& instruction : info->body->instructions)
      if (instruction.kind == InstructionKind::Store && instruction.place.kind == PlaceKind::Global &&
          nameOf(*info->body, instruction.operands[0].value).empty())
        variables.insert(instruction.place.name);
  update();
}

/// What was left out at first binds no global.
void Mentions::update() {
  for (; added < program.readFunctions().size(); ++added)
    add(*program.readFunctions()[added]);
}

/// A base that an object gives may be any class of that name.
void Mentions::add(const FunctionInfo& info) {
  if (!isTestCode(info.unit->unit)) collectAttributes(*info.body);
  collectGivenModules(*info.body);
  for (const Instruction& instruction : info.body->instructions)
    if (instruction.kind == InstructionKind::MakeClass)
      for (const facts::Operand& base : instruction.operands)
        if (isMember(*info.body, base.value))
          addAlias(("." + info.body->instructions[base.value].place.name), instruction.name);
}

void Mentions::addAlias(Text thing, Text alias) {
  aliases[thing].push_back(alias);
  meant[alias].push_back(thing);
}

llvm::StringRef Mentions::fileOf(llvm::StringRef module, const facts::UnitFacts& from) const {
  auto slot = files.find(module);
  if (slot == files.end()) return {};
  return *llvm::max_element(slot->second, [&](llvm::StringRef left, llvm::StringRef right) {
    return nearness(left, from.unit) < nearness(right, from.unit);
  });
}

/// A text of one part is hardly ever a module's name.
void Mentions::collectGivenModules(const facts::Function& function) {
  auto give = [&](llvm::StringRef name) {
    if (files.contains(name) || program.models().isModule(name)) givenModules.insert(name);
  };
  std::vector<Use> uses = usesOf(function);
  for (facts::ValueId id = 0; id < uses.size(); ++id) {
    const Text* text = std::get_if<Text>(&function.instructions[id].literal);
    if (text && text->ref().contains('.')) give(*text);
    if (uses[id] != Use::Named) give(nameOf(function, id));
  }
}

void Mentions::collectAttributes(const facts::Function& function) {
  for (const Instruction& instruction : function.instructions) {
    if (instruction.kind != InstructionKind::Store || !isShared(instruction.place)) continue;
    facts::ValueId stored = instruction.operands[0].value;
    if (stored == facts::noValue) continue;
    const Instruction& call = function.instructions[stored];
    if (call.kind != InstructionKind::Call || call.operands.empty()) continue;
    std::string callee = nameOf(function, call.operands[0].value);
    if (callee.empty()) continue;
    Text variable = lastComponent(instruction.place.name);
    if (knownAttributes.insert({Text(callee).identity(), variable.identity()}).second)
      attributes[callee].push_back(variable);
  }
}

/// Is it an attribute of a value, and not of what has a name?
bool Mentions::isMember(const facts::Function& function, facts::ValueId id) const {
  if (id == facts::noValue) return false;
  const Instruction& load = function.instructions[id];
  if (load.kind != InstructionKind::Load || load.place.kind != PlaceKind::Attribute) return false;
  std::string name = nameOf(function, id);
  return name.empty() || isOfVariable(name);
}

/// The attributes and globals that a value was got from, nearest first: of what is called, of elements, of
/// what is gone over.
llvm::SmallVector<std::string, 4> Mentions::holdersOf(const facts::Function& function,
                                                      facts::ValueId id) const {
  constexpr unsigned longest = 4;
  llvm::SmallVector<std::string, longest> holders;
  for (unsigned step = 0; id != facts::noValue && step < 2 * longest && holders.size() < longest; ++step) {
    const Instruction& instruction = function.instructions[id];
    bool isLoad = instruction.kind == InstructionKind::Load;
    if (isLoad && isShared(instruction.place)) holders.push_back(lastComponent(instruction.place.name).str());
    id = isLoad                         ? instruction.place.base
         : instruction.operands.empty() ? facts::noValue
                                        : instruction.operands.front().value;
  }
  return holders;
}

/// Is it a member of what a global holds, and not of what it names?
bool Mentions::isOfVariable(llvm::StringRef name) const {
  while (name.contains('.')) {
    name = name.rsplit('.').first;
    if (variables.contains(name)) return true;
  }
  return false;
}

void Mentions::collect(const FunctionInfo& statement) {
  const facts::Function& function = *statement.body;
  for (const Instruction& instruction : function.instructions) {
    if (instruction.kind == InstructionKind::ImportStar)
      starred[statement.unit->module].push_back(instruction.name);
    if (instruction.kind == InstructionKind::MakeClass) {
      List<Text>& own = bases[instruction.name];
      own.clear();
      for (const facts::Operand& operand : instruction.operands)
        if (std::string base = nameOf(function, operand.value); !base.empty()) {
          addAlias(base, instruction.name);
          own.push_back(base);
        } else if (operand.keyword.empty()) {
          open.insert(instruction.name);
        }
    }
    if (instruction.kind != InstructionKind::Store || instruction.place.kind != PlaceKind::Global) continue;
    std::string thing = nameOf(function, instruction.operands[0].value);
    if (thing.empty() || thing == instruction.place.name) continue;
    addAlias(thing, instruction.place.name);
    // Bound to several things (an import that may fail): the first that is not of the program tells most.
    globals.try_emplace(instruction.place.name, thing);
  }
}

std::string Mentions::resolved(std::string name) const {
  for (unsigned step = 0; step < deepestName; ++step) {
    llvm::StringRef prefix(name);
    auto bound = globals.end();
    while (!prefix.empty() && (bound = globals.find(prefix)) == globals.end())
      prefix = prefix.contains('.') ? prefix.rsplit('.').first : llvm::StringRef();
    if (bound == globals.end() || bound->second == prefix) return name;
    name = bound->second + name.substr(prefix.size());
  }
  return name;
}

std::string Mentions::nameOf(const facts::Function& function, facts::ValueId id, unsigned depth) const {
  if (id == facts::noValue || depth > deepestName) return {};
  const Instruction& instruction = function.instructions[id];
  switch (instruction.kind) {
  case InstructionKind::Import:
  case InstructionKind::FunctionRef:
  case InstructionKind::ClassRef:
  case InstructionKind::MakeClass:
  case InstructionKind::Closure: return instruction.name;
  case InstructionKind::Call: {
    // What loads a library gives its functions, by their names.
    std::string callee =
        instruction.operands.empty() ? "" : nameOf(function, instruction.operands[0].value, depth + 1);
    return loaders.contains(callee) ? libraryModule.str() : std::string();
  }
  case InstructionKind::Load:
    if (instruction.place.kind == PlaceKind::Global) return resolved(instruction.place.name);
    if (instruction.place.kind == PlaceKind::Attribute) {
      std::string base = nameOf(function, instruction.place.base, depth + 1);
      return base.empty() ? base : resolved(base + "." + instruction.place.name);
    }
    return {};
  default: return {};
  }
}

llvm::StringRef Mentions::classOf(const FunctionInfo& info) const {
  llvm::StringRef symbol = beforeParameters(info.body->symbol);
  auto slot = bases.find(scopeOf(symbol));
  return slot == bases.end() ? llvm::StringRef() : slot->getKey();
}

llvm::StringRef Mentions::classOfSelf(const FunctionInfo& info) const {
  llvm::StringRef symbol = beforeParameters(info.body->symbol), inside;
  std::tie(symbol, inside) = symbol.split(insideOf);
  // What is defined in a class that is defined in a method has another object.
  llvm::SmallVector<llvm::StringRef> functions;
  inside.split(functions, insideOf);
  if (llvm::any_of(functions, [](llvm::StringRef each) { return each.contains('.'); })) return {};
  auto slot = bases.find(scopeOf(symbol));
  return slot == bases.end() ? llvm::StringRef() : slot->getKey();
}

std::vector<std::string> Mentions::relativesOf(llvm::StringRef klass) const {
  llvm::StringSet<> below, above;
  llvm::SmallVector<std::string> open{klass.str()};
  while (!open.empty())
    if (std::string next = open.pop_back_val(); bases.contains(next) && below.insert(next).second)
      llvm::append_range(open, aliasesOf(next));
  for (const auto& derived : below)
    llvm::append_range(open, basesOf(derived.getKey()));
  std::vector<std::string> relatives;
  above.insert(klass);
  while (!open.empty())
    if (std::string next = open.pop_back_val(); above.insert(next).second) {
      relatives.push_back(next);
      llvm::append_range(open, basesOf(next));
    }
  llvm::sort(relatives);
  return relatives;
}

const std::optional<llvm::StringSet<>>& Mentions::familyOf(llvm::StringRef klass,
                                                           const facts::UnitFacts& unit) const {
  auto [slot, isNew] = families.try_emplace(klass);
  std::optional<llvm::StringSet<>>& family = slot->second;
  if (!isNew) return family;
  llvm::StringSet<> all;
  all.insert(klass);
  for (const std::string& relative : relativesOf(klass))
    all.insert(relative);
  bool isKnown = llvm::none_of(all, [&](const auto& each) {
    llvm::StringRef name = each.getKey();
    bool isKnown = bases.contains(name) || name.starts_with("builtins.");
    return open.contains(name) || !isKnown || program.function((name + ".__getattr__").str(), unit) ||
           program.function((name + ".__getattribute__").str(), unit);
  });
  if (isKnown) family = std::move(all);
  return family;
}

bool Mentions::mayBeOfSelf(const FunctionInfo& method, llvm::StringRef owner) const {
  llvm::StringRef klass = classOfSelf(method);
  if (klass.empty()) return true;
  const std::optional<llvm::StringSet<>>& family = familyOf(klass, *method.unit);
  return !family || family->contains(owner);
}

/// Whoever makes an object with a call operator may have it called.
llvm::SmallVector<std::string, 3> Mentions::reachedInCpp(const FunctionInfo& info) const {
  llvm::StringRef symbol = info.body->symbol;
  if (symbol.consume_back("::<initializer>")) return {("=" + symbol).str()};
  symbol = beforeParameters(symbol);
  llvm::SmallVector<std::string, 3> keys{("=" + symbol).str()};
  if (lastComponent(symbol) == "operator") keys.push_back(("=" + scopeOf(symbol)).str());
  llvm::StringSet<> known;
  llvm::SmallVector<llvm::StringRef> waiting{symbol};
  while (!waiting.empty()) {
    auto above = overridden.find(waiting.pop_back_val());
    if (above == overridden.end()) continue;
    for (const Text& method : above->second)
      if (known.insert(method.ref()).second) {
        keys.push_back(("=" + method.ref()).str());
        waiting.push_back(method.ref());
      }
  }
  return keys;
}

llvm::SmallVector<std::string, 3> Mentions::reachedBy(const FunctionInfo& info) const {
  if (info.onlyAsMain) return {};
  if (info.unit->language != "python") return reachedInCpp(info);
  if (info.body->kind == facts::FunctionKind::Statement) return {"!" + info.unit->unit};
  llvm::StringRef symbol = beforeParameters(info.body->symbol), own = lastComponent(symbol);
  llvm::StringRef klass = scopeOf(symbol);
  // What makes an object of a class may call it, as a lambda is. A module has no protocol that is followed.
  bool ofModule = klass == info.unit->module;
  bool ofProtocol = (own.starts_with("__") && !ofModule) || own.starts_with("~") || own == "operator" ||
                    (own == lastComponent(klass) && !ofModule);
  llvm::SmallVector<std::string, 3> keys{("=" + symbol).str()};
  if (ofProtocol && !klass.empty()) keys.push_back(("=" + klass).str());
  // A function inside of another one is no attribute.
  if (klass.ends_with(localsOf)) return keys;
  if (keys.size() == 1 || llvm::is_contained(stepsOfIteration, own)) keys.push_back(("." + own).str());
  return keys;
}

static llvm::ArrayRef<Text> lookUp(const llvm::StringMap<List<Text>>& map, llvm::StringRef name) {
  auto slot = map.find(name);
  return slot == map.end() ? llvm::ArrayRef<Text>() : llvm::ArrayRef<Text>(slot->second);
}

llvm::ArrayRef<Text> Mentions::starredBy(llvm::StringRef module) const { return lookUp(starred, module); }
llvm::ArrayRef<Text> Mentions::basesOf(llvm::StringRef klass) const { return lookUp(bases, klass); }
llvm::ArrayRef<Text> Mentions::derivedFrom(llvm::StringRef klass) const { return lookUp(derived, klass); }
llvm::ArrayRef<Text> Mentions::aliasesOf(llvm::StringRef name) const { return lookUp(aliases, name); }
llvm::ArrayRef<Text> Mentions::meantBy(llvm::StringRef alias) const { return lookUp(meant, alias); }
llvm::ArrayRef<Text> Mentions::attributesOf(llvm::StringRef callee) const {
  return lookUp(attributes, callee);
}

} // namespace forklint::link
