// How much of what is called is known (Solution::resolution). A call site counts once, however often and on
// how many ways it is reached, by the best that was found of its callee on any of them.
#include "analyzers/solve/interpreter.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringMap.h"

#include <tuple>

namespace forklint::solve {

using facts::Instruction;
using facts::InstructionKind;

namespace {

/// What is called where the source has a call; what a row calls in turn is of its site.
bool isCall(const Instruction& instruction) {
  return instruction.kind == InstructionKind::Call || instruction.kind == InstructionKind::VirtualCall ||
         instruction.kind == InstructionKind::Construct;
}

/// A value by the name that the source has for it: a variable, a member, what was called for it.
std::string writtenName(const facts::Function& body, facts::ValueId id) {
  if (id == facts::noValue) return "a value";
  const Instruction& value = body.instructions[id];
  if (value.kind == InstructionKind::Load && !value.place.name.empty())
    return link::lastComponent(value.place.name).str();
  if (value.kind == InstructionKind::Parameter && value.index < body.parameters.size())
    return body.parameters[value.index].name;
  if (value.kind == InstructionKind::Capture && value.index < body.captures.size())
    return body.captures[value.index];
  if (value.kind == InstructionKind::Call && !value.operands.empty())
    return writtenName(body, value.operands[0].value) + "()";
  if (value.kind == InstructionKind::Constant) return "a literal";
  return !value.name.empty() ? value.name : value.variable.empty() ? "a value" : value.variable;
}

std::string writtenCallee(const facts::Function& body, const Instruction& call) {
  bool isNamed = call.kind != InstructionKind::Call || call.operands.empty();
  return isNamed ? call.name.str() : writtenName(body, call.operands[0].value);
}

/// Why nothing is known: of a member, what it is a member of.
std::string reasonOf(const facts::Function& body, const Instruction& call, const Atom& callee) {
  if (callee.kind == AtomKind::External) return "no row names it";
  if (callee.kind != AtomKind::Unknown) return "nothing says how to call it";
  if (call.kind == InstructionKind::Call && call.operands[0].value != facts::noValue) {
    const facts::Place& place = body.instructions[call.operands[0].value].place;
    if (place.kind == facts::PlaceKind::Attribute && place.base != facts::noValue)
      return "of " + writtenName(body, place.base);
  }
  return callee.function ? "given by callers that are not known" : callee.text;
}

} // namespace

void Interpreter::noteCallee(const Site& site, Callee callee, const link::Model* row) {
  if (!isCall(site.instruction)) return;
  CallSite& met = log.callSites[&site.instruction];
  met.callee = std::max(met.callee, callee);
  if (row) met.name = row->effects.empty() ? Text() : Text(row->name);
}

void Interpreter::noteUnknownCallee(const Site& site, const Atom& callee) {
  if (!isCall(site.instruction)) return;
  CallSite& met = log.callSites[&site.instruction];
  if (!met.name.empty()) return;
  bool isNamed = callee.kind == AtomKind::External;
  met.name = isNamed ? callee.text : Text(writtenCallee(*site.frame.function->body, site.instruction));
  met.reason = reasonOf(*site.frame.function->body, site.instruction, callee);
}

Resolution Interpreter::resolution() const {
  Resolution found;
  std::map<Text, UnknownCallee> unknown;
  // In the order of the program, so that the reason is always that of the same site.
  for (const link::FunctionInfo* info : program.functions()) {
    const link::FunctionInfo& function = *info;
    for (const Instruction& instruction : function.body->instructions) {
      auto met = log.callSites.find(&instruction);
      if (met == log.callSites.end()) continue;
      const CallSite& site = met->second;
      bool isUnknown = site.callee == Callee::Unknown;
      if (isUnknown)
        found.unknownCalls.push_back({{&function, instruction.position}, site.name, site.reason});
      if (site.callee == Callee::Modelled && !site.name.empty())
        found.rowCalls.push_back({{&function, instruction.position}, site.name});
      if (!function.leadsToFork) continue;
      found.modelled += site.callee == Callee::Modelled;
      found.resolved += site.callee == Callee::Known;
      found.unknown += isUnknown;
      if (!isUnknown) continue;
      UnknownCallee& callee =
          unknown.try_emplace(site.name, UnknownCallee{site.name, site.reason, 0}).first->second;
      ++callee.sites;
    }
  }
  llvm::append_range(found.unknownCallees, llvm::make_second_range(unknown));
  llvm::stable_sort(found.unknownCallees,
                    [](const UnknownCallee& a, const UnknownCallee& b) { return a.sites > b.sites; });
  return found;
}

} // namespace forklint::solve
