#include "lowered.h"

#include "analyzers/facts/text.h"
#include "analyzers/facts/verifier.h"

#include "gtest/gtest.h"

namespace forklint::python {

using namespace facts;

UnitFacts factsOf(llvm::StringRef text, bool package, std::string module) {
  ModuleSource source;
  source.path = "m.py";
  source.module = std::move(module);
  source.package = package;
  source.text = text;
  UnitFacts unit = extract(source);
  if (llvm::Error error = verify(unit))
    ADD_FAILURE() << llvm::toString(std::move(error)) << "\nof\n" << text.str();
  std::string printed;
  llvm::raw_string_ostream out(printed);
  print(unit, out);
  llvm::Expected<UnitFacts> again = parse(printed, "m.ffacts");
  if (!again)
    ADD_FAILURE() << llvm::toString(again.takeError()) << "\n" << printed;
  else
    EXPECT_TRUE(*again == unit) << printed;
  return unit;
}

static void withoutPositions(Function& function) {
  function.position = {};
  for (Instruction& instruction : function.instructions) {
    instruction.position = {};
    for (Operand& operand : instruction.operands)
      operand.position = {};
  }
}

static std::string textOf(Function function) {
  withoutPositions(function);
  std::string printed;
  llvm::raw_string_ostream out(printed);
  print(function, out);
  return printed;
}

std::string lowered(llvm::StringRef text) {
  std::string all;
  for (const Chunk& chunk : factsOf(text).chunks)
    for (const Function& function : chunk.functions)
      all += textOf(function);
  return all;
}

/// Without the header and the closing bracket, and without indentation.
static std::string inner(llvm::StringRef printed) {
  std::string lines;
  printed = printed.split('\n').second.rtrim("\n }");
  while (!printed.empty()) {
    auto [line, rest] = printed.split('\n');
    lines += line.trim().str() + "\n";
    printed = rest;
  }
  return lines;
}

std::string body(llvm::StringRef text, llvm::StringRef symbol) {
  UnitFacts unit = factsOf(text);
  for (const Chunk& chunk : unit.chunks)
    for (const Function& function : chunk.functions)
      if (symbol.empty() ? &function == &unit.chunks.back().functions.front() : function.symbol == symbol)
        return inner(textOf(function));
  return "no function " + symbol.str();
}

} // namespace forklint::python
