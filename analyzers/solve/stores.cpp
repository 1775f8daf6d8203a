#include "analyzers/solve/stores.h"

#include "analyzers/link/mentions.h"
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
    for (const Instruction& instruction : function.body->instructions)
      noteWriter(instruction, function);
  }
}

/// The statements of a module are one writer.
static const void* writerOf(const link::FunctionInfo& function) {
  bool isStatement = function.body->kind == facts::FunctionKind::Statement;
  return isStatement ? static_cast<const void*>(function.unit) : function.body;
}

void Stores::noteWriter(const Instruction& instruction, const link::FunctionInfo& function) {
  const facts::Place& where = instruction.place;
  bool isStore = instruction.kind == InstructionKind::Store || instruction.kind == InstructionKind::Delete ||
                 instruction.kind == InstructionKind::AddressOf;
  if (!isStore || (where.kind != PlaceKind::Global && where.kind != PlaceKind::Attribute)) return;
  const facts::Function& body = *function.body;
  auto add = [&](llvm::StringRef name, const void* writer) {
    auto [slot, isFirst] = writers.try_emplace(name, writer);
    if (!isFirst && slot->second != writer) slot->second = nullptr;
  };
  bool isInClass = where.kind == PlaceKind::Attribute && where.base != facts::noValue &&
                   body.instructions[where.base].kind == InstructionKind::MakeClass;
  if (isInClass) {
    // What a class computes each time (a property) is as good as stored by several.
    bool isPlain = instruction.kind == InstructionKind::Store;
    if (isPlain) {
      InstructionKind member = body.instructions[instruction.operands[0].value].kind;
      isPlain = member != InstructionKind::Closure && member != InstructionKind::Call;
    }
    if (!isPlain) add(where.name, nullptr);
  } else if (where.kind == PlaceKind::Attribute) {
    bool isMaker =
        body.kind == facts::FunctionKind::Constructor || link::lastComponent(body.symbol) == "__init__";
    if (!isMaker) add(where.name, writerOf(function));
  } else if (body.kind != facts::FunctionKind::Statement) {
    add(where.name, writerOf(function));
    add(link::lastComponent(where.name), writerOf(function)); // as a member of its module
  }
}

bool Stores::isStoredOnlyBy(llvm::StringRef name, const link::FunctionInfo& function) const {
  auto writer = writers.find(name);
  if (writer != writers.end() && writer->second != writerOf(function)) return false;
  auto [scope, last] = name.rsplit('.');
  return last.empty() || !members.contains(last);
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

bool Stores::isForeign(llvm::StringRef variable, const facts::UnitFacts& unit) {
  if (owners.empty())
    for (const facts::UnitFacts& each : program.units())
      for (const facts::Chunk& chunk : each.chunks)
        for (const facts::Entity& entity : chunk.entities)
          if (entity.kind == facts::EntityKind::Global && each.language != "python") {
            auto& declaring = owners[entity.symbol.ref()];
            if (!entity.position.file) declaring.push_back(&each);
          }
  auto known = owners.find(variable);
  return known != owners.end() && !llvm::is_contained(known->second, &unit);
}

} // namespace forklint::solve
