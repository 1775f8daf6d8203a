// The unit as a whole: roots, suppressions, order, determinism.

#include "lowered.h"

#include "gtest/gtest.h"

namespace forklint::python {

using namespace facts;

TEST(Unit, RootsAndOrder) {
  UnitFacts unit = factsOf("import a; b = 1\nif __name__ == '__main__':\n  b()\n");
  ASSERT_EQ(unit.roots.size(), 2u);
  EXPECT_EQ(unit.roots[0].kind, RootKind::Module);
  EXPECT_EQ(unit.roots[1].kind, RootKind::Script);
  ASSERT_EQ(unit.chunks.size(), 3u);
  EXPECT_EQ(unit.chunks[2].order, 2u);
  EXPECT_EQ(unit.chunks[2].functions[0].symbol, "m.<2>");
  EXPECT_EQ(factsOf("#!/usr/bin/python\n").roots.size(), 2u);
  EXPECT_FALSE(unit.hadErrors);
}

TEST(Unit, Suppressions) {
  UnitFacts unit = factsOf("# forklint: file-ignore[a]\nf()  # forklint: ignore[b, c-d] because\n"
                           "# forklint: fork-safe owned by the child\n\ng('# forklint: ignore[no]')\n");
  ASSERT_EQ(unit.suppressions.size(), 3u);
  EXPECT_EQ(unit.suppressions[0].directive, "file-ignore");
  EXPECT_EQ(unit.suppressions[1].rules, (std::vector<std::string>{"b", "c-d"}));
  EXPECT_EQ(unit.suppressions[1].reason, "because");
  EXPECT_EQ(unit.suppressions[1].line, 2u);
  EXPECT_EQ(unit.suppressions[2].directive, "fork-safe");
  EXPECT_EQ(unit.suppressions[2].reason, "owned by the child");
  EXPECT_EQ(unit.suppressions[2].line, 5u);
}

TEST(Unit, SameSourceSameFacts) {
  const char* text = "def f(x):\n  try:\n    with a: return [lambda: y + x for y in x]\n  finally: x = 1\n";
  EXPECT_TRUE(factsOf(text) == factsOf(text));
}

TEST(Unit, PositionsAreRanges) {
  UnitFacts unit = factsOf("\nx = f(\n  1)\n");
  const Position& at = unit.chunks[0].functions[0].instructions[0].position;
  EXPECT_EQ(at, (Position{0, 2, 5, 3, 5}));
}

} // namespace forklint::python
