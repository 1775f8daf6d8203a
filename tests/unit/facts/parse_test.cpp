// What hand-writers may leave out, what is refused and where, and that no input does harm.
#include "samples.h"

#include "analyzers/facts/text.h"

#include <gtest/gtest.h>

namespace forklint::facts {
namespace {

std::string unitText(const std::string& body) {
  return "ffacts 3\nunit \"u.py\" python\nchunk 0 {\nfunction @\"f\" {\n" + body + "}\n}\n";
}

Function functionOf(const std::string& body) {
  llvm::Expected<UnitFacts> unit = parse(unitText(body), "t");
  if (!unit) {
    ADD_FAILURE() << llvm::toString(unit.takeError());
    return {};
  }
  EXPECT_EQ(brokenPromises(*unit), "");
  return unit->chunks[0].functions[0];
}

std::string errorOf(const std::string& text) {
  llvm::Expected<UnitFacts> unit = parse(text, "dir/t.ffacts");
  return unit ? "no error" : llvm::toString(unit.takeError());
}

TEST(Parse, TheExampleOfThePage) {
  std::string text = R"(ffacts 3
unit "app.py" python "app"
root script "app"
chunk 0 {
  entity function external @"app.work" 1:1
  statement @"app.<0>" 1:1 {
  bb0:
    %0 = import "threading" 1:1-1:17
    store global @"app.threading" %0 1:8-1:17
  }
}
chunk 1 {
  function @"app.work" (x, *rest, key=, **more) [outer] 3:1 {
  bb0:
    %0 = load global @"app.threading" 4:5-4:14
    %1 = load attr %0 "Thread" 4:5-4:21
    %2 = call %1(target=function @"app.run", *%0) -> "t" 4:5-4:40
    when %2 == 0 bb1
    when %2 != 0 bb2
  bb1: from bb0
    return const none 5:5
  bb2: from bb0
    return 6:5
  }
}
)";
  llvm::Expected<UnitFacts> unit = parse(text, "t");
  ASSERT_TRUE(bool(unit)) << llvm::toString(unit.takeError());
  EXPECT_EQ(brokenPromises(*unit), "");
  EXPECT_EQ(printed(*unit), text);
  const Function& work = unit->chunks[1].functions[0];
  ASSERT_EQ(work.parameters.size(), 4u);
  EXPECT_EQ(work.parameters[2].kind, ParameterKind::KeywordOnly);
  EXPECT_TRUE(work.parameters[2].hasDefault);
  EXPECT_EQ(work.instructions[2].operands[2].spread, Spread::Positional);
}

TEST(Parse, BareLiteralsAndNoPositions) {
  Function function = functionOf("%fork = call function fork() -> \"pid\"\n"
                                 "store local x 1\nstore global g \"s\"\nstore global g b\"\\x00\"\n"
                                 "store attr %fork name none\nstore item %fork 0 -1.5\nstore global g ...\n"
                                 "return true\n");
  EXPECT_EQ(function.instructions[0].variable, "pid");
  EXPECT_EQ(printed(function), "  function @\"f\" {\n"
                               "  bb0:\n"
                               "    %0 = call function @\"fork\"() -> \"pid\"\n"
                               "    store local \"x\" const 1\n"
                               "    store global @\"g\" const \"s\"\n"
                               "    store global @\"g\" const b\"\\x00\"\n"
                               "    store attr %0 \"name\" const none\n"
                               "    store item %0 const 0 const -1.5\n"
                               "    store global @\"g\" const ...\n"
                               "    return const true\n"
                               "  }\n");
}

TEST(Parse, KeywordPositionIsNoPositionOfALiteral) {
  Function function =
      functionOf("%0 = call function f(key@3:1-3:8=none, none@4:2, \"a b\"@5:1=true@5:9, x=1@6:7)\n"
                 "return %0\n");
  const List<Operand>& operands = function.instructions[0].operands;
  ASSERT_EQ(operands.size(), 5u);
  EXPECT_EQ(operands[1].keyword, "key");
  EXPECT_EQ(operands[1].position, (Position{0, 3, 1, 3, 8}));
  EXPECT_EQ(operands[2].keyword, "");
  EXPECT_EQ(operands[2].position, Position());
  EXPECT_EQ(operands[3].keyword, "a b");
  EXPECT_EQ(operands[3].position, (Position{0, 5, 1, 0, 0}));
  EXPECT_EQ(operands[4].position, Position());
}

TEST(Parse, PredecessorsAreFilledIn) {
  Function function =
      functionOf("bb0:\nwhen truthy 1 bb1\nwhen falsy 1 bb2\nbb1:\nalways bb2\nbb2:\nreturn\n");
  EXPECT_EQ(function.blocks[1].predecessors, std::vector<BlockId>({0}));
  EXPECT_EQ(function.blocks[2].predecessors, std::vector<BlockId>({0, 1}));
}

TEST(Parse, BlocksAndValuesInAnyNumbering) {
  Function function = functionOf("bb7:\n%9 = load global a\nalways bb3\nbb3:\nreturn %9\n");
  EXPECT_EQ(function.blocks[0].edges[0].target, 1u);
  EXPECT_EQ(function.instructions[1].operands[0].value, 0u);
}

TEST(Parse, PredecessorsKeepTheirOrder) {
  Function function =
      functionOf("bb0:\nwhen truthy 1 bb1\nwhen falsy 1 bb2\nbb1:\nalways bb3\nbb2:\nalways bb3\n"
                 "bb3: from bb2, bb1\n%0 = merge (2, 1)\nreturn %0\n");
  EXPECT_EQ(function.blocks[3].predecessors, std::vector<BlockId>({2, 1}));
}

TEST(Parse, LeafWithALabel) {
  Function function = functionOf("%e = unknown \"exception\" -> \"e\" 3:4\nreturn %e\n");
  EXPECT_EQ(function.instructions[1].variable, "e");
  EXPECT_EQ(function.instructions[1].position.line, 3u);
}

TEST(Parse, ReturnDoesNotTakeTheNextLine) {
  Function function = functionOf("when truthy 1 bb1\nwhen falsy 1 bb2\nbb1:\nreturn\nbb2:\nreturn ; 5\n");
  EXPECT_TRUE(function.instructions[0].operands.empty());
  EXPECT_TRUE(function.instructions[1].operands.empty());
}

TEST(Parse, ParametersLikePython) {
  llvm::Expected<UnitFacts> unit =
      parse("ffacts 3\nunit \"u\" c++\nchunk 0 {\nfunction f (a, /, b: \"int\"=, *, c) { return }\n}", "t");
  ASSERT_TRUE(bool(unit)) << llvm::toString(unit.takeError());
  const List<Parameter>& parameters = unit->chunks[0].functions[0].parameters;
  ASSERT_EQ(parameters.size(), 3u);
  EXPECT_EQ(parameters[0].kind, ParameterKind::PositionalOnly);
  EXPECT_EQ(parameters[1].type, "int");
  EXPECT_EQ(parameters[1].klass, "");
  EXPECT_EQ(parameters[2].kind, ParameterKind::KeywordOnly);
  EXPECT_EQ(unit->language, "c++");
  EXPECT_EQ(unit->files, std::vector<std::string>({"u"}));
}

TEST(Parse, ClassesOfAnnotations) {
  llvm::Expected<UnitFacts> unit = parse(
      "ffacts 3\nunit \"u\" python\nchunk 0 {\nfunction f (a: \"C|None\" @\"m.C\"=, b: \"\" @\"m.D\") [c] -> "
      "@\"m.C\" { return }\n}",
      "t");
  ASSERT_TRUE(bool(unit)) << llvm::toString(unit.takeError());
  const Function& function = unit->chunks[0].functions[0];
  EXPECT_EQ(function.parameters[0].type, "C|None");
  EXPECT_EQ(function.parameters[0].klass, "m.C");
  EXPECT_TRUE(function.parameters[0].hasDefault);
  EXPECT_EQ(function.parameters[1].klass, "m.D");
  EXPECT_EQ(function.returns, "m.C");
}

struct Refused {
  std::string text, error;
};
class RefusedText : public testing::TestWithParam<Refused> {};
TEST_P(RefusedText, SaysWhere) {
  std::string error = errorOf(GetParam().text);
  EXPECT_EQ(error.substr(0, GetParam().error.size()), GetParam().error);
}
INSTANTIATE_TEST_SUITE_P(
    Errors, RefusedText,
    testing::Values(
        Refused{"", "dir/t.ffacts:1:1: expected 'ffacts 3'"},
        Refused{"ffacts 1\n", "dir/t.ffacts:1:8: schema version 1, expected 3"},
        Refused{"ffacts 3\nnonsense", "dir/t.ffacts:2:1: expected 'unit'"},
        Refused{"ffacts 3\nunit \"a", "dir/t.ffacts:2:6: quote without an end"},
        Refused{"ffacts 3\nunit \"\\q\" c", "dir/t.ffacts:2:7: unknown escape"},
        Refused{"ffacts 3\n $", "dir/t.ffacts:2:2: unexpected byte"},
        Refused{"ffacts 3\nfile 1 \"x\"", "dir/t.ffacts:2:6: files are numbered in order, expected 0"},
        Refused{"ffacts 3\nroot boat \"x\"", "dir/t.ffacts:2:6: unknown kind of root 'boat'"},
        Refused{"ffacts 3\nchunk 0 {\n", "dir/t.ffacts:3:1: expected 'entity'"},
        Refused{unitText("bb0:\n  frobnicate %1\n"), "dir/t.ffacts:6:3: expected an instruction"},
        Refused{unitText("return %5\n"), "dir/t.ffacts:5:8: %5 is not defined"},
        Refused{unitText("%1 = load local x\n%1 = load local x\n"), "dir/t.ffacts:6:1: %1 is defined twice"},
        Refused{unitText("always bb4\n"), "dir/t.ffacts:5:8: this block is not defined"},
        Refused{unitText("bb1:\nbb1:\n"), "dir/t.ffacts:6:1: this block is defined twice"},
        Refused{unitText("const 5\n"), "dir/t.ffacts:5:1: a leaf is written where it is used"},
        Refused{unitText("return 99999999999999999999\n"), "dir/t.ffacts:5:8: the integer does not fit"},
        Refused{unitText("return 1 99999999999:1\n"), "dir/t.ffacts:5:10: a number of the position"},
        Refused{unitText("when 1 , 2 bb0\n"), "dir/t.ffacts:5:8: expected one of =="},
        Refused{unitText("%0 = load place x\n"), "dir/t.ffacts:5:11: expected a place"},
        Refused{unitText("return 1 2\n"), "dir/t.ffacts:5:10: expected an instruction"}));

TEST(Parse, EveryBeginningOfASampleDoesNoHarm) {
  std::string text = printed(everyKind());
  for (size_t length = 0; length < text.size(); length += 7)
    llvm::consumeError(parse(llvm::StringRef(text).take_front(length), "t").takeError());
}

TEST(Parse, RandomMutationsDoNoHarm) {
  std::mt19937 random(11);
  const std::string text = printed(everyKind());
  const std::string marks = "{}()[],:=<>*/.~@%\"\\;\nb0-";
  for (int i = 0; i < 2000; ++i) {
    std::string mutated = text;
    for (unsigned count = 1 + random() % 4; count > 0; --count)
      mutated[random() % mutated.size()] =
          random() % 2 ? marks[random() % marks.size()] : static_cast<char>(random());
    llvm::Expected<UnitFacts> unit = parse(mutated, "t");
    if (unit)
      brokenPromises(*unit);
    else
      llvm::consumeError(unit.takeError());
  }
}

TEST(Parse, DeepNestingIsOnlyAnError) {
  EXPECT_NE(errorOf(unitText("%0 = call " + std::string(1000000, '('))), "no error");
}

} // namespace
} // namespace forklint::facts
