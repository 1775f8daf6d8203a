// Input that is no Python, or that the parser can not take: a gap where it is, facts for everything else.

#include "lowered.h"

#include "gtest/gtest.h"

namespace forklint::python {

using namespace facts;

static std::string repeated(const char* text, size_t count) {
  std::string all;
  while (count-- > 0)
    all += text;
  return all;
}

static bool calls(const UnitFacts& unit, const std::string& name) {
  for (const Chunk& chunk : unit.chunks)
    for (const Function& function : chunk.functions)
      for (const Instruction& instruction : function.instructions)
        if (instruction.name == "builtins." + name) return true;
  return false;
}

TEST(BadInput, TypeParameterDefaultsLoseNothing) {
  UnitFacts unit = factsOf("def f[T = int](x: T):\n  g(x)\nclass C[*Ts = *tuple[int]](B): y = h()\n"
                           "type A[T = list[int]] = T\n");
  EXPECT_TRUE(unit.gaps.empty());
  EXPECT_TRUE(calls(unit, "g") && calls(unit, "h") && calls(unit, "B"));
}

TEST(BadInput, HeaderIsLostBodyIsNot) {
  UnitFacts unit = factsOf("def f(a, $):\n  g()\n  if a ? b:\n    h()\n  else:\n    i()\nj()\n");
  ASSERT_EQ(unit.gaps.size(), 2u);
  EXPECT_TRUE(unit.hadErrors);
  EXPECT_FALSE(unit.gaps[0].wholeUnit);
  EXPECT_EQ(unit.gaps[0].position.line, 1u);
  EXPECT_EQ(unit.gaps[1].position.line, 3u);
  for (const char* name : {"g", "h", "i", "j"})
    EXPECT_TRUE(calls(unit, name)) << name;
}

TEST(BadInput, StatementIsLostOthersAreNot) {
  UnitFacts unit = factsOf("a()\nb( ? )\nfor x in ? :\n  c()\nd()\n");
  EXPECT_EQ(unit.gaps.size(), 2u);
  for (const char* name : {"a", "c", "d"})
    EXPECT_TRUE(calls(unit, name)) << name;
}

TEST(BadInput, WhatIsNeverClosedCostsItsLine) {
  for (const char* broken :
       {"def f(:\n  pass\n", "b(1, [\n", "x = {\n", "s = \"\"\"no end\n", "@d(\ndef f(): pass\n"}) {
    UnitFacts unit = factsOf(std::string("a()\n") + broken + "c()\nif d:\n  e()\n");
    EXPECT_FALSE(unit.gaps.empty()) << broken;
    for (const char* name : {"a", "c", "e"})
      EXPECT_TRUE(calls(unit, name)) << name << " after " << broken;
  }
}

TEST(BadInput, ContinuationFurtherLeft) {
  UnitFacts unit = factsOf("class C:\n    def m(self):\n        (bar.\n    baz)\n        ok()\n");
  EXPECT_TRUE(unit.gaps.empty());
  EXPECT_TRUE(calls(unit, "ok"));
}

TEST(BadInput, NulAndInvalidUtf8) {
  UnitFacts unit = factsOf(llvm::StringRef("x = 1\0\nf('\xff')\n", 15));
  EXPECT_EQ(unit.gaps.size(), 2u);
  EXPECT_TRUE(calls(unit, "f"));
}

TEST(BadInput, EncodingsAndMark) {
  EXPECT_TRUE(factsOf("\xEF\xBB\xBF"
                      "f()\n")
                  .gaps.empty());
  UnitFacts unit = factsOf("# -*- coding: latin-1 -*-\nx = '\xe9'\n");
  EXPECT_TRUE(unit.gaps.empty());
  EXPECT_EQ(std::get<Text>(unit.chunks[0].functions[0].instructions.back().literal), "\xC3\xA9");
  EXPECT_TRUE(factsOf("#!x\n# vim: set fileencoding=koi8-r :\nx = '\xe9'\n").gaps.empty());
}

TEST(BadInput, NestingIsBounded) {
  const size_t deep = 10000;
  EXPECT_EQ(factsOf("x = " + repeated("(", deep) + repeated(")", deep) + "\nf()\n").gaps.size(), 1u);
  UnitFacts open = factsOf("f()\nx = " + repeated("[", deep) + "\n");
  EXPECT_FALSE(open.gaps.empty());
  EXPECT_TRUE(calls(open, "f"));
  EXPECT_FALSE(factsOf("x = " + repeated("-", deep) + "1\n").gaps.empty());
  EXPECT_FALSE(factsOf("x = " + repeated("not ", deep) + "1\n").gaps.empty());
  EXPECT_TRUE(factsOf("x = a" + repeated(" + a", deep) + "\n").gaps.empty());
  EXPECT_TRUE(factsOf("x = a" + repeated(" or a", deep) + "\n").gaps.empty());
  factsOf("x = " + repeated("lambda: ", 2000) + "1\n");
  factsOf("match x:\n case " + repeated("[", 3000) + repeated("]", 3000) + ": pass\n");
  factsOf("del " + repeated("(", 3000) + "a" + repeated(")", 3000) + "\n");
}

TEST(BadInput, TooLargeIsAWholeGap) {
  std::string text(50u << 20, ' ');
  UnitFacts unit = factsOf(text);
  ASSERT_EQ(unit.gaps.size(), 1u);
  EXPECT_TRUE(unit.gaps[0].wholeUnit);
}

TEST(BadInput, OldStatementsAreCalls) {
  UnitFacts unit = factsOf("print 'a', f()\nexec 'b' in c\n");
  EXPECT_TRUE(calls(unit, "print") && calls(unit, "f"));
}

TEST(BadInput, EmptyAndBlank) {
  EXPECT_TRUE(factsOf("").chunks.empty());
  EXPECT_TRUE(factsOf("\n\n# nothing\n\\\n").gaps.empty());
}

} // namespace forklint::python
