// Single assignment form: where merges stand, and where none is left.
#include "samples.h"

#include "analyzers/facts/builder.h"
#include "analyzers/facts/leaves.h"

#include "llvm/ADT/StringRef.h"

#include <gtest/gtest.h>

#include <set>

namespace forklint::facts {
namespace {

class Body : public FunctionBuilder {
public:
  Body() : FunctionBuilder("f", FunctionKind::Plain, {}) {}
  void set(const char* variable, int64_t value) { write(variable, constant(value, {})); }
  void use(const char* variable) {
    store({PlaceKind::Global, noValue, variable, noValue}, read(variable, {}), {});
  }
  void branch(BlockId onTrue, BlockId onFalse) {
    ValueId value = unknown("condition", {});
    BlockId from = block();
    connect(from, {EdgeKind::When, onTrue, value, Relation::Truthy, {}, {}});
    connect(from, {EdgeKind::When, onFalse, value, Relation::Falsy, {}, {}});
  }
  void catchIn(BlockId handler) {
    connect(block(), {EdgeKind::Exception, handler, noValue, Relation::Truthy, {}, {}});
  }
  void enter(BlockId block) {
    seal(block);
    setBlock(block);
  }
};

/// The text without header and indentation, of a function that keeps its promises.
std::string text(Body& body) {
  Function function = body.finish();
  EXPECT_EQ(brokenPromises(unitOf(function)), "");
  std::string all = printed(function), result;
  for (llvm::StringRef rest = all; !rest.empty();) {
    auto [line, after] = rest.split('\n');
    if (line.starts_with("  bb") || line.starts_with("    ")) result += line.trim().str() + "\n";
    rest = after;
  }
  return result;
}

TEST(Builder, IfAndElseMeetInAMerge) {
  Body body;
  BlockId onTrue = body.createBlock(), onFalse = body.createBlock(), join = body.createBlock();
  body.branch(onTrue, onFalse);
  body.enter(onTrue);
  body.set("x", 1);
  body.jump(join);
  body.enter(onFalse);
  body.set("x", 2);
  body.jump(join);
  body.enter(join);
  body.use("x");
  EXPECT_EQ(text(body), "bb0:\n"
                        "when truthy unknown \"condition\" bb1\n"
                        "when falsy unknown \"condition\" bb2\n"
                        "bb1: from bb0\n"
                        "always bb3\n"
                        "bb2: from bb0\n"
                        "always bb3\n"
                        "bb3: from bb1, bb2\n"
                        "%0 = merge (const 1, const 2) -> \"x\"\n"
                        "store global @\"x\" %0\n");
}

TEST(Builder, UnchangedVariableNeedsNoMerge) {
  Body body;
  BlockId onTrue = body.createBlock(), join = body.createBlock();
  body.set("x", 1);
  body.branch(onTrue, join);
  body.enter(onTrue);
  body.jump(join);
  body.enter(join);
  body.use("x");
  EXPECT_EQ(text(body).find("merge"), std::string::npos);
}

TEST(Builder, LoopMergesWhatItsBodyWrites) {
  Body body;
  BlockId head = body.createBlock(), inside = body.createBlock(), after = body.createBlock();
  body.set("x", 1);
  body.set("same", 5);
  body.jump(head);
  body.setBlock(head);
  body.use("x");
  body.use("same");
  body.branch(inside, after);
  body.enter(inside);
  body.set("x", 2);
  body.jump(head);
  body.seal(head);
  body.enter(after);
  body.use("x");
  EXPECT_EQ(text(body), "bb0:\n"
                        "always bb1\n"
                        "bb1: from bb0, bb2\n"
                        "%0 = merge (const 1, const 2) -> \"x\"\n"
                        "store global @\"x\" %0\n"
                        "store global @\"same\" const 5\n"
                        "when truthy unknown \"condition\" bb2\n"
                        "when falsy unknown \"condition\" bb3\n"
                        "bb2: from bb1\n"
                        "always bb1\n"
                        "bb3: from bb1\n"
                        "store global @\"x\" %0\n");
}

TEST(Builder, NestedLoopsWithoutSealing) {
  Body body;
  BlockId outer = body.createBlock(), inner = body.createBlock(), inside = body.createBlock(),
          after = body.createBlock();
  body.set("x", 1);
  body.set("same", 5);
  body.jump(outer);
  body.setBlock(outer);
  body.branch(inner, after);
  body.setBlock(inner);
  body.use("x");
  body.use("same");
  body.branch(inside, outer);
  body.setBlock(inside);
  body.set("x", 2);
  body.jump(inner);
  body.setBlock(after);
  body.use("x");
  std::string result = text(body);
  EXPECT_NE(result.find("bb1: from bb0, bb2\n%0 = merge (const 1, %1) -> \"x\"\n"), std::string::npos)
      << result;
  EXPECT_NE(result.find("bb2: from bb1, bb3\n%1 = merge (%0, const 2) -> \"x\"\n"), std::string::npos)
      << result;
  EXPECT_NE(result.find("store global @\"same\" const 5\n"), std::string::npos) << result;
}

TEST(Builder, ExceptionEdgesAreWaysToTheHandler) {
  Body body;
  BlockId next = body.createBlock(), handler = body.createBlock(), after = body.createBlock();
  body.set("x", 1);
  body.catchIn(handler);
  body.jump(next);
  body.enter(next);
  body.set("x", 2);
  body.catchIn(handler);
  body.jump(after);
  body.enter(handler);
  body.use("x");
  body.jump(after);
  body.enter(after);
  body.use("x");
  std::string result = text(body);
  EXPECT_NE(result.find("merge (const 1, const 2)"), std::string::npos) << result;
  EXPECT_NE(result.find("exception () bb"), std::string::npos) << result;
}

TEST(Builder, UnboundReadIsUnknown) {
  Body body;
  body.use("x");
  EXPECT_EQ(text(body), "bb0:\nstore global @\"x\" unknown \"unbound x\"\n");
}

TEST(Builder, UnboundOnOneWayOnly) {
  Body body;
  BlockId onTrue = body.createBlock(), join = body.createBlock();
  body.branch(onTrue, join);
  body.enter(onTrue);
  body.set("x", 1);
  body.jump(join);
  body.enter(join);
  body.use("x");
  EXPECT_NE(text(body).find("merge (unknown \"unbound x\", const 1)"), std::string::npos);
}

TEST(Builder, CodeAfterReturnIsDropped) {
  Body body;
  BlockId join = body.createBlock();
  body.set("x", 1);
  Instruction end;
  end.kind = InstructionKind::Return;
  body.append(end);
  EXPECT_TRUE(body.ended());
  body.set("x", 2);
  body.use("x");
  body.jump(join);
  body.enter(join);
  body.use("x");
  EXPECT_EQ(text(body), "bb0:\nreturn\n");
}

TEST(Builder, DeadWayToAJoinLeavesNoMerge) {
  Body body;
  BlockId dead = body.createBlock(), join = body.createBlock();
  body.set("x", 1);
  body.jump(join);
  body.setBlock(dead);
  body.set("x", 2);
  body.jump(join);
  body.setBlock(join);
  body.use("x");
  EXPECT_EQ(text(body), "bb0:\nalways bb1\nbb1: from bb0\nstore global @\"x\" const 1\n");
}

TEST(Builder, WriteAfterJumpDoesNotReachTheTarget) {
  Body body;
  BlockId target = body.createBlock();
  body.set("x", 1);
  body.jump(target);
  body.set("x", 2);
  body.enter(target);
  body.use("x");
  EXPECT_NE(text(body).find("store global @\"x\" const 1"), std::string::npos);
}

TEST(Builder, ParametersAndCaptures) {
  Body body;
  body.addParameter({"p", ParameterKind::Positional, false, "", ""}, {});
  body.addCapture("c");
  body.use("p");
  body.use("c");
  EXPECT_EQ(text(body), "bb0:\nstore global @\"p\" param 0\nstore global @\"c\" capture 0\n");
}

TEST(Builder, EqualLeavesAreOneAfterTheOrderedValues) {
  Body body;
  body.use("x");
  body.write("x", body.constant("s", {}));
  body.write("y", body.constant("s", {}));
  body.use("x");
  body.use("y");
  Function function = body.finish();
  ASSERT_EQ(function.instructions.size(), 5u);
  EXPECT_FALSE(isLeaf(function.instructions[2]));
  EXPECT_EQ(function.instructions[1].operands[0].value, 4u);
  EXPECT_EQ(function.instructions[2].operands[0].value, 4u);
}

TEST(Builder, LongFunctionsNeedNoStack) {
  Body body;
  body.set("x", 1);
  for (int i = 0; i < 100000; ++i) {
    BlockId side = body.createBlock(), next = body.createBlock();
    body.branch(side, next);
    body.enter(side);
    body.jump(next);
    body.enter(next);
  }
  body.use("x");
  Function function = body.finish();
  EXPECT_EQ(function.instructions.size(), 3u);
  EXPECT_EQ(brokenPromises(unitOf(std::move(function))), "");
}

/// No merge is left that could be one value, whatever the flow.
TEST(Builder, RandomFunctionsKeepPromises) {
  std::mt19937 random(20240607);
  for (int i = 0; i < 3000; ++i) {
    Function function = randomFunction(random, "r");
    ASSERT_EQ(brokenPromises(unitOf(function)), "") << printed(function);
    for (ValueId id = 0; id < function.instructions.size(); ++id) {
      if (function.instructions[id].kind != InstructionKind::Merge) continue;
      std::set<ValueId> values;
      for (const Operand& operand : function.instructions[id].operands)
        values.insert(operand.value);
      values.erase(id);
      bool ofOneLeaf = values.size() == 1 && isLeaf(function.instructions[*values.begin()]);
      EXPECT_TRUE(values.size() > 1 || ofOneLeaf) << printed(function); // equal leaves become one in the end
    }
  }
}

} // namespace
} // namespace forklint::facts
