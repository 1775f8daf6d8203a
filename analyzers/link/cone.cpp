#include "analyzers/link/cone.h"

#include "analyzers/link/fork-closure.h"

#include "llvm/ADT/STLExtras.h"

namespace forklint::link {
namespace {

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

/// A constructor that only hands to its parts what it is given: what these hold then its methods work on.
bool isHandingOn(const facts::Function& body) {
  constexpr size_t longest = 64;
  using facts::InstructionKind;
  return body.kind == facts::FunctionKind::Constructor && body.instructions.size() <= longest &&
         llvm::none_of(body.instructions, [](const facts::Instruction& instruction) {
           return instruction.kind == InstructionKind::Call ||
                  instruction.kind == InstructionKind::VirtualCall;
         });
}

/// One that copies or moves, as the compiler writes it: what an object holds its copy holds.
bool isCopy(const facts::Function& body) {
  if (body.parameters.size() != 2) return false;
  llvm::StringRef from = body.parameters[1].type;
  from.consume_front("const ");
  return (from.consume_back(" &&") || from.consume_back(" &")) &&
         from == scopeOf(beforeParameters(body.symbol));
}

/// Whoever goes over an object goes over what that goes over, whatever it is.
bool isStep(const facts::Function& body) {
  return llvm::is_contained(stepsOfIteration, lastComponent(body.symbol));
}

} // namespace

Cone::Cone(const Program& program)
    : program(program), mentions(program), seeds(program.models().seeds()),
      callers(program.models().memberCallers()), index(program, mentions, Asked::LeadsToFork) {}

/// A package that no statement names may be named in the bodies of its own units; what is built in, in any.
/// They are read until it is.
void Cone::nameAllPackages() {
  llvm::StringSet<> asked;
  for (const Models::Seed& seed : seeds)
    asked.insert(packageOf(seed.whole));
  for (const UnreadUnit& unit : program.unreadUnits())
    for (llvm::StringRef package : {packageOf(unit.unit->module), llvm::StringRef("builtins")})
      if (asked.contains(package))
        for (const FunctionInfo* each : unit.functions)
          if (!index.isNamed(package)) program.read(*each, Asked::LeadsToFork);
}

void Cone::markThoseThatLeadToForks(std::deque<FunctionInfo>& functions) {
  nameAllPackages();
  ForkClosure closure(index, mentions, callers);
  closure.runFrom(seeds);
  for (size_t i = 0; i < functions.size(); ++i) // reading adds to them
    if (closure.has(functions[i])) {
      functions[i].leadsToFork = true;
      // A definition alone mentions nobody.
      functions[i].mentioned = closure.isMentioned(functions[i]);
    }
  countCalls(functions);
  index.readsFor(Asked::LeadsToEffect);
}

/// How far those in C and C++ are from forks.
void Cone::countCalls(std::deque<FunctionInfo>& functions) {
  llvm::StringMap<std::vector<FunctionInfo*>> mentioning;
  for (FunctionInfo& info : functions)
    if (info.leadsToFork && info.unit->language != "python")
      mentions.of(info, [&](llvm::StringRef key, Mentions::Use) { mentioning[key].push_back(&info); });
  std::vector<std::string> keys;
  for (const Models::Seed& seed : seeds)
    if (seed.leadsToFork && !seed.isParameter) keys.push_back("=" + seed.whole);
  for (uint32_t calls = 0; !keys.empty(); ++calls) {
    std::vector<std::string> next;
    for (const std::string& key : keys)
      for (FunctionInfo* info : mentioning.lookup(key)) {
        if (info->callsToFork != FunctionInfo::far) continue;
        info->callsToFork = calls;
        llvm::append_range(next, mentions.reachedBy(*info));
      }
    keys = std::move(next);
  }
}

EffectSearch& Cone::search(std::optional<EffectSearch>& kept, bool byLastPart) {
  if (!kept) kept.emplace(program, mentions, index, seeds, callers, byLastPart);
  return *kept;
}

bool Cone::mayConcern(const FunctionInfo& function) { return search(wide, true).leads(function); }

bool Cone::contains(const FunctionInfo& function) {
  if (function.leadsToFork || search(precise, false).leads(function)) return true;
  // It is asked at each call.
  auto [known, isNew] = enteredElse.try_emplace(&function, false);
  if (!isNew) return known->second;
  program.read(function, Asked::LeadsToEffect);
  return known->second = isAccessor(*function.body) || isStep(*function.body) || handsOn(function) ||
                         makesWhatLeads(function) || fillsBuffer(function);
}

bool Cone::handsOn(const FunctionInfo& function) {
  if (function.unit->language == "python" || !isHandingOn(*function.body)) return false;
  return isCopy(*function.body) || isCppClassThatLeads(scopeOf(beforeParameters(function.body->symbol)));
}

/// Does a method of the class lead to an effect?
bool Cone::isCppClassThatLeads(llvm::StringRef klass) {
  if (methodsInCpp.empty())
    for (const FunctionInfo& info : program.metFunctions())
      if (llvm::StringRef symbol = beforeParameters(info.body->symbol);
          info.unit->language != "python" && symbol.contains("::"))
        methodsInCpp[scopeOf(symbol)].push_back(&info);
  auto [known, isNew] = classesInCpp.try_emplace(klass, false);
  if (!isNew) return known->second;
  auto leads = [&](const FunctionInfo* method) {
    return method->leadsToFork || search(precise, false).leads(*method);
  };
  bool result = llvm::any_of(methodsInCpp.lookup(klass), leads);
  return classesInCpp[klass] = result;
}

/// What is left in the buffer of a stream before a fork is there twice behind it. Nearly every program writes
/// somewhere, so that only who does it himself is entered, and leads nobody on.
bool Cone::fillsBuffer(const FunctionInfo& function) {
  if (function.unit->language == "python") return false;
  return llvm::any_of(function.body->instructions, [&](const facts::Instruction& each) {
    const Model* row =
        each.kind == facts::InstructionKind::FunctionRef ? program.models().find(each.name) : nullptr;
    return row && llvm::any_of(row->effects, [](const Effect& effect) {
             return effect.kind == EffectKind::Uses && effect.life == "fill";
           });
  });
}

/// What a constructor stores is what the methods of its class work on, and whoever makes an object, or asks a
/// library for one, stores or gives away what they are called on. Both are entered where these lead to an
/// effect, and lead nobody on.
bool Cone::makesWhatLeads(const FunctionInfo& function) {
  llvm::StringRef name = lastComponent(function.body->symbol);
  bool isOfMaking =
      name == "__init__" || name == "__new__" || function.body->kind == facts::FunctionKind::Constructor;
  if (isOfMaking && isClassThatLeads(mentions.classOf(function))) return true;
  bool makes = false;
  mentions.of(function, [&](llvm::StringRef key, Mentions::Use use) {
    makes |= use == Mentions::Use::Called && key.consume_front("=") &&
             (program.models().givesWhatLeads(key) || isClassThatLeads(key));
  });
  return makes;
}

/// Do methods of the class, or of those that derive from it, lead to an effect?
bool Cone::isClassThatLeads(llvm::StringRef klass) {
  EffectSearch& effects = search(precise, false);
  llvm::StringSet<> asked;
  llvm::SmallVector<llvm::StringRef> classes{klass};
  while (!classes.empty()) {
    llvm::StringRef next = classes.pop_back_val();
    if (next.empty() || !asked.insert(next).second) continue;
    for (const FunctionInfo* each : std::vector(effects.methodsOf(next))) // reading adds to them
      if (effects.leads(*each)) return true;
    llvm::append_range(classes, mentions.derivedFrom(next));
  }
  return false;
}

} // namespace forklint::link
