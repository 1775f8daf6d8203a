// Spells what one function mentions, as keys, and what is done with each value of it.
#include "analyzers/link/mentions.h"

#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLExtras.h"

namespace forklint::link {

using facts::Instruction;
using facts::InstructionKind;
using facts::PlaceKind;

namespace {

/// A function or class that a statement defines is not called there, though its decorators may be. One that
/// is written where it is used (a lambda) may.
bool isDefinition(llvm::StringRef symbol) { return !lastComponent(symbol).starts_with("<"); }

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
  if (value.kind == InstructionKind::Capture) return isOwnName(function.captures[value.index]);
  // A function in another one that has such a parameter is to become a method of something else.
  return value.kind == InstructionKind::Parameter && value.index == 0 &&
         isOwnName(function.parameters.front().name) && !function.symbol.ref().contains("<locals>");
}

/// Is the method's own first parameter what is called?
bool isReceiver(const facts::Function& function, const Instruction& call) {
  if (call.operands.empty() || call.operands[0].value == facts::noValue) return false;
  const Instruction& callee = function.instructions[call.operands[0].value];
  return callee.kind == InstructionKind::Parameter && callee.index == 0;
}

} // namespace

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
      : mentions(mentions), info(info), function(*info.body), visit(visit),
        isPython(info.unit->language == "python") {}

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
    mentions.annotatedIn(function, [&](llvm::StringRef klass) { whole(klass, Use::Named); });
  }

private:
  void whole(llvm::StringRef name, Use use) { visit(("=" + beforeParameters(name)).str(), use); }
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
    if (!isPython) { // a field is no function of its name; what a table holds may be called
      if (place.kind == PlaceKind::Global) whole(place.name, std::max(use, Use::Given));
      return;
    }
    if (place.kind == PlaceKind::Global) whole(mentions.resolved(place.name), use);
    if (place.kind == PlaceKind::Global && !mentions.globals.contains(place.name))
      for (const Text& library : mentions.starredBy(info.unit->module))
        whole(library + "." + lastComponent(place.name).str(), use);
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
    case InstructionKind::VirtualCall:
    case InstructionKind::Construct: whole(instruction.name, Use::Called); break;
    case InstructionKind::Destroy: whole(destructorOf(instruction.name), Use::Called); break;
    case InstructionKind::Import:
    case InstructionKind::ImportStar:
      whole(instruction.name, use);
      imports(instruction.name);
      break;
    case InstructionKind::Iterate:
      if (!isPython) break;
      for (llvm::StringRef step : stepsOfIteration)
        attribute(step);
      break;
    case InstructionKind::Constant: // a keyword of a call, in a dictionary
      if (!isPython) break;
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
      for (const Text& base : mentions.basesOf(klass))
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
  const bool isPython;
};

void Mentions::annotatedIn(const facts::Function& function,
                           llvm::function_ref<void(llvm::StringRef klass)> visit) const {
  auto name = [&](llvm::StringRef klass) {
    if (program.models().hasRow(klass)) visit(klass);
  };
  for (const facts::Parameter& parameter : function.parameters)
    name(parameter.klass);
  name(function.returns);
}

void Mentions::of(const FunctionInfo& info,
                  llvm::function_ref<void(llvm::StringRef key, Use use)> visit) const {
  Speller(*this, info, visit).spell();
}

} // namespace forklint::link
