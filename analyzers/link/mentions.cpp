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

llvm::StringRef withoutParameters(llvm::StringRef symbol) {
  return symbol.take_until([](char c) { return c == '('; });
}

/// A function or class that a statement defines is not called there, though its decorators may be. One that
/// is written where it is used (a lambda) may.
bool isDefinition(llvm::StringRef symbol) { return !lastComponent(symbol).starts_with("<"); }

/// Is it a place that others find by its name?
bool isShared(const facts::Place& place) {
  return place.kind == PlaceKind::Attribute || place.kind == PlaceKind::Global;
}

/// Values whose attributes are those of the language, not of the program.
bool isPlain(const Instruction& instruction) {
  return instruction.kind == InstructionKind::Constant || instruction.kind == InstructionKind::Container ||
         (instruction.kind == InstructionKind::Operator && instruction.name == "format");
}

/// Does it use the member of its own name of what a call gives, as `super().start()` does in `start`?
bool goesOn(const facts::Function& function) {
  return llvm::any_of(function.instructions, [&](const Instruction& load) {
    const facts::Place& place = load.place;
    return load.kind == InstructionKind::Load && place.kind == PlaceKind::Attribute &&
           place.base != facts::noValue && place.name == lastComponent(function.symbol) &&
           function.instructions[place.base].kind == InstructionKind::Call;
  });
}

/// What a method calls its object or its class by.
bool isOwnName(llvm::StringRef name) { return name == "self" || name == "cls"; }

bool isOwnObject(const facts::Function& function, facts::ValueId id) {
  if (id == facts::noValue) return false;
  const Instruction& value = function.instructions[id];
  return value.kind == InstructionKind::Parameter && value.index == 0 &&
         isOwnName(function.parameters.front().name);
}

/// Is the method's own first parameter what is called?
bool isReceiver(const facts::Function& function, const Instruction& call) {
  if (call.operands.empty() || call.operands[0].value == facts::noValue) return false;
  const Instruction& callee = function.instructions[call.operands[0].value];
  return callee.kind == InstructionKind::Parameter && callee.index == 0;
}

} // namespace

llvm::StringRef lastComponent(llvm::StringRef name) {
  name = withoutParameters(name);
  size_t dot = name.find_last_of(".:");
  return dot == llvm::StringRef::npos ? name : name.substr(dot + 1);
}

llvm::StringRef scopeOf(llvm::StringRef name) {
  name = withoutParameters(name);
  return name.drop_back(lastComponent(name).size()).rtrim(".:");
}

std::string destructorOf(llvm::StringRef klass) { return (klass + "::~" + lastComponent(klass)).str(); }

Mentions::Mentions(const Program& program) : program(program) {
  for (const facts::UnitFacts& unit : program.units())
    files[unit.module].push_back(unit.unit);
  // Twice: a re-export of a re-export needs the first to be known.
  for (int round = 0; round < 2; ++round) {
    aliases.clear();
    meant.clear();
    starred.clear();
    for (const FunctionInfo* info : program.readFunctions())
      if (info->body->kind == facts::FunctionKind::Statement) collect(*info);
  }
  for (const auto& klass : bases)
    for (const std::string& base : klass.second)
      derived[base].push_back(klass.getKey().str());
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

void Mentions::addAlias(llvm::StringRef thing, const std::string& alias) {
  aliases[thing].push_back(alias);
  meant[alias].push_back(thing.str());
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
    std::vector<std::string>& known = attributes[callee];
    std::string variable = lastComponent(instruction.place.name).str();
    if (!llvm::is_contained(known, variable)) known.push_back(std::move(variable));
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
      std::vector<std::string>& own = bases[instruction.name];
      own.clear();
      for (const facts::Operand& operand : instruction.operands)
        if (std::string base = nameOf(function, operand.value); !base.empty()) {
          addAlias(base, instruction.name);
          own.push_back(std::move(base));
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

/// What is done with each value. To bind a name (an import, an export), to derive from a class, to handle an
/// exception or to ask for an object's class does not run what is named.
std::vector<Mentions::Use> Mentions::usesOf(const facts::Function& function) const {
  std::vector<Use> uses(function.instructions.size(), Use::Named);
  llvm::SmallDenseSet<facts::ValueId, 4> asked; // containers of classes that are only asked for
  for (facts::ValueId id = function.instructions.size(); id-- > 0;) {
    const Instruction& instruction = function.instructions[id];
    bool isContainer = instruction.kind == InstructionKind::Container;
    bool binds = instruction.kind == InstructionKind::MakeClass ||
                 (instruction.kind == InstructionKind::Store && instruction.place.kind == PlaceKind::Global);
    if (binds || (isContainer && uses[id] == Use::Named && asked.contains(id))) continue;
    bool calls = instruction.kind == InstructionKind::Call,
         asks = calls && asksForClass(function, instruction);
    for (const facts::Operand& operand : instruction.operands) {
      if (operand.value != facts::noValue && asks)
        asked.insert(operand.value);
      else if (operand.value != facts::noValue)
        uses[operand.value] = std::max(uses[operand.value], calls ? Use::Called : Use::Given);
      calls = false; // the callee comes first
    }
  }
  return uses;
}

bool Mentions::asksForClass(const facts::Function& function, const Instruction& call) const {
  return !call.operands.empty() && program.models().asksForClass(nameOf(function, call.operands[0].value));
}

/// Spells what one function mentions.
class Mentions::Speller {
public:
  using Visit = llvm::function_ref<void(llvm::StringRef key, Use use)>;
  Speller(const Mentions& mentions, const FunctionInfo& info, Visit visit)
      : mentions(mentions), info(info), function(*info.body), visit(visit) {}

  void spell() {
    std::vector<Use> uses = mentions.usesOf(function);
    for (facts::ValueId id = 0; id < function.instructions.size(); ++id) {
      const Instruction& instruction = function.instructions[id];
      bool isLoad =
          instruction.kind == InstructionKind::Load || instruction.kind == InstructionKind::AddressOf;
      isLoad ? load(id, uses[id]) : other(instruction, uses[id]);
      for (const facts::Operand& operand : instruction.operands)
        if (!operand.keyword.empty()) visit("'" + operand.keyword, Use::Called);
    }
    if (llvm::StringRef klass = mentions.classOf(info); !klass.empty()) method(klass);
  }

private:
  void whole(llvm::StringRef name, Use use) { visit(("=" + withoutParameters(name)).str(), use); }
  void attribute(llvm::StringRef name, Use use = Use::Called) { visit(("." + name).str(), use); }
  void imports(llvm::StringRef module) {
    if (llvm::StringRef file = mentions.fileOf(module, *info.unit); !file.empty())
      visit(("!" + file).str(), Use::Called);
  }
  void member(const facts::Place& place) {
    attribute(place.name, isOwnObject(function, place.base) ? Use::OfSelf : Use::Called);
    for (const std::string& holder : mentions.holdersOf(function, place.base))
      attribute(holder + "." + place.name);
  }

  void load(facts::ValueId id, Use use) {
    const facts::Place& place = function.instructions[id].place;
    if (place.kind == PlaceKind::Global) whole(mentions.resolved(place.name), use);
    if (place.kind == PlaceKind::Global && !mentions.globals.contains(place.name))
      for (const std::string& library : mentions.starredBy(info.unit->module))
        whole((library + "." + lastComponent(place.name)).str(), use);
    if (place.kind != PlaceKind::Attribute) return;
    std::string name = mentions.nameOf(function, id);
    if (name.empty()) {
      if (place.base == facts::noValue || !isPlain(function.instructions[place.base])) member(place);
      return;
    }
    whole(name, use);
    if (mentions.isOfVariable(name)) member(place);
    // A submodule, it may be.
    if (function.instructions[place.base].kind == InstructionKind::Import) imports(name);
  }

  void other(const Instruction& instruction, Use use) {
    bool isText = function.kind == facts::FunctionKind::Statement;
    switch (instruction.kind) {
    case InstructionKind::Closure:
    case InstructionKind::MakeClass:
      if (!isText || !isDefinition(instruction.name)) whole(instruction.name, std::max(use, Use::Given));
      break;
    case InstructionKind::FunctionRef:
    case InstructionKind::ClassRef: whole(instruction.name, use); break;
    case InstructionKind::VirtualCall: attribute(lastComponent(instruction.name)); [[fallthrough]];
    case InstructionKind::Construct: whole(instruction.name, Use::Called); break;
    case InstructionKind::Destroy:
      whole(instruction.name, Use::Called);
      whole(destructorOf(instruction.name), Use::Called);
      break;
    case InstructionKind::Import:
    case InstructionKind::ImportStar:
      whole(instruction.name, use);
      imports(instruction.name);
      break;
    case InstructionKind::Iterate:
      for (llvm::StringRef step : stepsOfIteration)
        attribute(step);
      break;
    case InstructionKind::Constant: // a keyword of a call, in a dictionary
      if (const Text* text = std::get_if<Text>(&instruction.literal)) visit("'" + *text, Use::Called);
      break;
    default: break;
    }
  }

  /// A method may go on in the bases of its class, or make an instance of the class that it is called on.
  void method(llvm::StringRef klass) {
    llvm::StringRef own = lastComponent(function.symbol);
    bool isProtocol = own.starts_with("__");
    if (isProtocol)
      for (const std::string& base : mentions.basesOf(klass))
        whole(base, Use::Called);
    if (goesOn(function))
      for (const std::string& relative : mentions.relativesOf(klass))
        whole(isProtocol ? relative : relative + "." + own.str(), Use::Called);
    if (llvm::any_of(function.instructions, [&](const Instruction& instruction) {
          return instruction.kind == InstructionKind::Call && isReceiver(function, instruction);
        }))
      whole(klass, Use::Called);
  }

  const Mentions& mentions;
  const FunctionInfo& info;
  const facts::Function& function;
  Visit visit;
};

void Mentions::of(const FunctionInfo& info,
                  llvm::function_ref<void(llvm::StringRef key, Use use)> visit) const {
  Speller(*this, info, visit).spell();
}

llvm::StringRef Mentions::classOf(const FunctionInfo& info) const {
  llvm::StringRef symbol = withoutParameters(info.body->symbol);
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
  llvm::StringRef klass = classOf(method);
  if (klass.empty()) return true;
  const std::optional<llvm::StringSet<>>& family = familyOf(klass, *method.unit);
  return !family || family->contains(owner);
}

llvm::SmallVector<std::string, 3> Mentions::reachedBy(const FunctionInfo& info) {
  if (info.onlyAsMain) return {};
  if (info.body->kind == facts::FunctionKind::Statement) return {"!" + info.unit->unit};
  llvm::StringRef symbol = withoutParameters(info.body->symbol), own = lastComponent(symbol);
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

static llvm::ArrayRef<std::string> lookUp(const llvm::StringMap<std::vector<std::string>>& map,
                                          llvm::StringRef name) {
  auto slot = map.find(name);
  return slot == map.end() ? llvm::ArrayRef<std::string>() : llvm::ArrayRef<std::string>(slot->second);
}

llvm::ArrayRef<std::string> Mentions::starredBy(llvm::StringRef module) const {
  return lookUp(starred, module);
}
llvm::ArrayRef<std::string> Mentions::basesOf(llvm::StringRef klass) const { return lookUp(bases, klass); }
llvm::ArrayRef<std::string> Mentions::derivedFrom(llvm::StringRef klass) const {
  return lookUp(derived, klass);
}
llvm::ArrayRef<std::string> Mentions::aliasesOf(llvm::StringRef name) const { return lookUp(aliases, name); }
llvm::ArrayRef<std::string> Mentions::meantBy(llvm::StringRef alias) const { return lookUp(meant, alias); }
llvm::ArrayRef<std::string> Mentions::attributesOf(llvm::StringRef callee) const {
  return lookUp(attributes, callee);
}

} // namespace forklint::link
