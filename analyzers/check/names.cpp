#include "analyzers/check/names.h"

namespace forklint::check {

using facts::Instruction;
using facts::InstructionKind;
using facts::PlaceKind;

namespace {

constexpr unsigned longestChain = 32;

bool isLoadOf(const Instruction& instruction, PlaceKind kind) {
  return instruction.kind == InstructionKind::Load && instruction.place.kind == kind;
}

/// The one store to a global in its unit; none where there are several.
Origin onlyStore(const link::Program& program, const facts::UnitFacts& unit, const std::string& global) {
  Origin found;
  for (const facts::Chunk& chunk : unit.chunks)
    for (const facts::Function& function : chunk.functions)
      for (const Instruction& each : function.instructions) {
        if (each.kind != InstructionKind::Store || each.place.kind != PlaceKind::Global ||
            each.place.name != global)
          continue;
        if (found.function) return {};
        found = {program.info(function), each.operands[0].value};
      }
  return found;
}

} // namespace

Origin originOf(const link::Program& program, Origin value) {
  for (unsigned length = 0; value.function && length < longestChain; ++length) {
    const Instruction& instruction = value.instruction();
    if (!isLoadOf(instruction, PlaceKind::Global)) return value;
    value = onlyStore(program, *value.function->unit, instruction.place.name);
  }
  return {};
}

bool namesModule(const link::Program& program, const facts::UnitFacts& unit, const std::string& name) {
  Origin bound = onlyStore(program, unit, unit.module + "." + name);
  return bound.function && bound.instruction().kind == InstructionKind::Import &&
         bound.instruction().name == name;
}

std::string spelledName(const link::Program& program, Origin value) {
  std::string attributes;
  for (unsigned length = 0; length < longestChain; ++length) {
    value = originOf(program, value);
    if (!value.function) return "";
    const Instruction& instruction = value.instruction();
    if (instruction.kind == InstructionKind::Import || instruction.kind == InstructionKind::FunctionRef)
      return instruction.name + attributes;
    if (!isLoadOf(instruction, PlaceKind::Attribute)) return "";
    attributes = "." + instruction.place.name + attributes;
    value.value = instruction.place.base;
  }
  return "";
}

} // namespace forklint::check
