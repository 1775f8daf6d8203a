// Facts for the tests: one unit that uses every kind of facts.def, and generated functions.
#pragma once

#include "analyzers/facts/facts.h"

#include <random>
#include <string>

namespace forklint::facts {

/// A function with one instruction of the kind, and whatever it needs to keep its promises.
Function functionWith(InstructionKind kind);
/// Every instruction, relation, function kind, place, entity kind, linkage, root, literal and position form.
UnitFacts everyKind();
/// Blocks at random with writes and reads of a few variables, through the builder.
Function randomFunction(std::mt19937& random, const std::string& symbol);
UnitFacts unitOf(Function function);
std::string printed(const UnitFacts& unit);
std::string printed(const Function& function);
/// The errors of verify(), empty when there are none.
std::string brokenPromises(const UnitFacts& unit);

} // namespace forklint::facts
