#include "analyzers/solve/stores.h"

#include "analyzers/solve/loops.h"

#include "llvm/ADT/STLExtras.h"

namespace forklint::solve {

using facts::Function;
using facts::Instruction;
using facts::InstructionKind;
using facts::PlaceKind;

/// Is it something that has a name, as a module and a class have?
static bool isNamed(const Function& function, facts::ValueId id) {
  if (id == facts::noValue) return false;
  const Instruction& value = function.instructions[id];
  if (value.kind != InstructionKind::Load) return value.kind == InstructionKind::Import;
  return value.place.kind == PlaceKind::Global ||
         (value.place.kind == PlaceKind::Attribute && isNamed(function, value.place.base));
}

void Stores::update() {
  for (; counted < program.readFunctions().size(); ++counted) {
    const link::FunctionInfo& function = *program.readFunctions()[counted];
    count(*function.body, function.unit->module);
  }
}

void Stores::count(const Function& function, llvm::StringRef module) {
  bool repeats = hasLoop(function);
  for (const Instruction& instruction : function.instructions) {
    if (instruction.kind == InstructionKind::ImportStar) starred[module].push_back(instruction.name);
    bool isStore = instruction.kind == InstructionKind::Store || instruction.kind == InstructionKind::Delete;
    if (!isStore) continue;
    const facts::Place& where = instruction.place;
    std::string name = where.name;
    if (where.kind == PlaceKind::Attribute) {
      if (isNamed(function, where.base)) members.insert(name);
      bool isInClass = where.base != facts::noValue &&
                       function.instructions[where.base].kind == InstructionKind::MakeClass;
      if (!isInClass) continue;
      name = function.instructions[where.base].name.str() + "." + name;
    } else if (where.kind != PlaceKind::Global) {
      continue;
    }
    auto [slot, isFirst] = once.try_emplace(name, true);
    slot->second = isFirst && !repeats;
  }
}

bool Stores::isOnce(llvm::StringRef name) const {
  auto [scope, last] = name.rsplit('.');
  if (!once.lookup(name) || members.contains(last)) return false;
  auto slot = starred.find(scope);
  return slot == starred.end() || llvm::none_of(slot->second, [&](const std::string& module) {
           return once.contains((module + "." + last).str());
         });
}

} // namespace forklint::solve
