// Loops: what lies in one, whether it can be left early, and which values step from round to round.
#include "analyzers/solve/loops.h"

#include "analyzers/facts/text.h"

#include "llvm/Support/Error.h"

#include <gtest/gtest.h>

using namespace forklint;

namespace {

facts::UnitFacts unitOf(const std::string& blocks) {
  llvm::Expected<facts::UnitFacts> unit =
      facts::parse("ffacts 3\nunit \"a.py\" python \"a\"\nchunk 0 {\n  function @\"a.f\" (x) 1:1 {\n" +
                       blocks + "  }\n}\n",
                   "test.ffacts");
  if (!unit) {
    ADD_FAILURE() << llvm::toString(unit.takeError());
    return {};
  }
  return std::move(*unit);
}

const facts::Function& functionOf(const facts::UnitFacts& unit) { return unit.chunks[0].functions[0]; }

/// The value that an instruction of this kind makes, the first one of them.
facts::ValueId first(const facts::Function& body, facts::InstructionKind kind) {
  for (facts::ValueId id = 0; id < body.instructions.size(); ++id)
    if (body.instructions[id].kind == kind) return id;
  ADD_FAILURE() << "no such instruction";
  return 0;
}

const std::string iteration = R"(  bb0:
    always bb1
  bb1:
    %each = iterate param 0 2:1
    when more %each bb2
    when done %each bb4
  bb2:
    %join = load attr %each "join" 3:1
    %joined = call %join() 3:1
)";

} // namespace

TEST(Loops, AnIterationMeetsEach) {
  facts::UnitFacts unit = unitOf(iteration + "    always bb1\n  bb4:\n    return\n");
  solve::Loops loops(functionOf(unit));
  ASSERT_NE(loops.at(1), nullptr);
  EXPECT_EQ(loops.at(0), nullptr);
  EXPECT_FALSE(loops.at(1)->isCut);
  EXPECT_EQ(loops.at(1)->inside.size(), 2u);
  EXPECT_TRUE(loops.meetsEach(first(functionOf(unit), facts::InstructionKind::Call)));
}

TEST(Loops, ABreakCutsAnIteration) {
  facts::UnitFacts unit =
      unitOf(iteration + "    when truthy %joined bb1\n    when falsy %joined bb4\n  bb4:\n    return\n");
  solve::Loops loops(functionOf(unit));
  EXPECT_TRUE(loops.at(1)->isCut);
  EXPECT_FALSE(loops.meetsEach(first(functionOf(unit), facts::InstructionKind::Call)));
}

TEST(Loops, AReturnCutsNothing) {
  facts::UnitFacts unit = unitOf(iteration + "    when truthy %joined bb1\n    when falsy %joined bb3\n"
                                             "  bb3:\n    return %joined\n  bb4:\n    return\n");
  solve::Loops loops(functionOf(unit));
  EXPECT_FALSE(loops.at(1)->isCut);
}

TEST(Loops, WhatIsMadeOfItselfSteps) {
  facts::UnitFacts unit = unitOf(R"(  bb0:
    store local "i" 0 1:1
    store local "k" 0 1:1
    always bb1
  bb1:
    %i = load local "i" 2:1
    %more = operator "<" (%i, param 0) 2:1
    when truthy %more bb2
    when falsy %more bb3
  bb2:
    %next = operator "+" (%i, 1) 3:1
    store local "i" %next 3:1
    %k = load local "k" 4:1
    store local "k" param 0 4:1
    always bb1
  bb3:
    return
)");
  const facts::Function& body = functionOf(unit);
  solve::Loops loops(body);
  facts::ValueId counter = first(body, facts::InstructionKind::Load), sum = counter, other = counter;
  for (facts::ValueId id = 0; id < body.instructions.size(); ++id) {
    if (body.instructions[id].kind == facts::InstructionKind::Operator) sum = id;
    if (body.instructions[id].kind == facts::InstructionKind::Load) other = id;
  }
  EXPECT_TRUE(loops.steps(counter, counter, false));
  EXPECT_TRUE(loops.steps(sum, sum, false));
  EXPECT_FALSE(loops.steps(other, other, false)); // stored in the loop, but not made of itself
}

TEST(Loops, AnElementStepsAsAKeyOnly) {
  facts::UnitFacts unit = unitOf(iteration + "    always bb1\n  bb4:\n    return\n");
  const facts::Function& body = functionOf(unit);
  solve::Loops loops(body);
  facts::ValueId element = first(body, facts::InstructionKind::Iterate);
  EXPECT_TRUE(loops.steps(element, element, true));
  EXPECT_FALSE(loops.steps(element, element, false));
}
