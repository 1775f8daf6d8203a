// What an expression names, as far as its own unit tells: enough to say that a value is written `os.setsid`,
// for fixes that replace text. Nothing is said about values that flow; those are the solver's.
#pragma once

#include "analyzers/link/program.h"

#include <string>

namespace forklint::check {

/// A value and the function that it stands in.
struct Origin {
  const link::FunctionInfo* function = nullptr;
  facts::ValueId value = facts::noValue;
  const facts::Instruction& instruction() const { return function->body->instructions[value]; }
};

/// Where a value comes from: a global that is stored once in its unit is followed to what is stored.
Origin originOf(const link::Program& program, Origin value);

/// The dotted name that the value spells: an import, an attribute of one, a function's name; else empty.
std::string spelledName(const link::Program& program, Origin value);

/// Is a module of this name what the name stands for in the unit, wherever it is written?
bool namesModule(const link::Program& program, const facts::UnitFacts& unit, const std::string& name);

} // namespace forklint::check
