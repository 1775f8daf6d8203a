// Control: conditions as edges, loops, try, finally on each way out, with, match.

#include "lowered.h"

#include "gtest/gtest.h"

namespace forklint::python {

TEST(Control, LiteralComparisonIsARelation) {
  EXPECT_EQ(body("if (p := f()) == 0 and not q: a()\n"), R"(bb0:
%0 = call function @"builtins.f"() -> "p"
store global @"m.p" %0
when %0 == 0 bb1
when %0 != 0 bb3
bb1: from bb0
when truthy function @"builtins.q" bb3
when falsy function @"builtins.q" bb2
bb2: from bb1
%2 = call function @"builtins.a"()
always bb3
bb3: from bb0, bb1, bb2
return
)");
}

TEST(Control, MirroredAndChainedComparison) {
  EXPECT_EQ(body("while 0 < n <= -1: pass\n"), R"(bb0:
always bb1
bb1: from bb0, bb3
when function @"builtins.n" > 0 bb2
when function @"builtins.n" <= 0 bb4
bb2: from bb1
when function @"builtins.n" <= -1 bb3
when function @"builtins.n" > -1 bb4
bb3: from bb2
always bb1
bb4: from bb1, bb2
return
)");
}

TEST(Control, ElifAndElse) {
  EXPECT_EQ(body("if a is None: b()\nelif c is not True: d()\nelse: e()\n"), R"(bb0:
when function @"builtins.a" == none bb1
when function @"builtins.a" != none bb2
bb1: from bb0
%0 = call function @"builtins.b"()
always bb5
bb2: from bb0
when function @"builtins.c" != true bb3
when function @"builtins.c" == true bb4
bb3: from bb2
%1 = call function @"builtins.d"()
always bb5
bb4: from bb2
%2 = call function @"builtins.e"()
always bb5
bb5: from bb1, bb3, bb4
return
)");
}

TEST(Control, EndlessLoopHasNoOtherWay) {
  EXPECT_EQ(body("while True:\n  if a(): break\nelse: never()\n"), R"(bb0:
always bb1
bb1: from bb0, bb5
always bb2
bb2: from bb1
%0 = call function @"builtins.a"()
when truthy %0 bb3
when falsy %0 bb5
bb3: from bb2
always bb4
bb4: from bb3
return
bb5: from bb2
always bb1
)");
}

TEST(Control, FinallyOnEachWayOut) {
  EXPECT_EQ(body("def f():\n  try: return g()\n  finally: h()\n", "m.f"), R"(bb0:
%0 = call function @"builtins.g"()
exception () bb1
always bb2
bb1: from bb0
%1 = call function @"builtins.h"()
raise
bb2: from bb0
%3 = call function @"builtins.h"()
return %0
)");
}

TEST(Control, FinallyBeforeContinueAndBreak) {
  EXPECT_EQ(body("for i in r:\n  try:\n    if i: continue\n    break\n  finally: h()\n"), R"(bb0:
always bb1
bb1: from bb0, bb3
%0 = iterate function @"builtins.r" -> "i"
when more %0 bb2
when done %0 bb5
bb2: from bb1
store global @"m.i" %0
%2 = load global @"m.i"
when truthy %2 bb3
when falsy %2 bb4
bb3: from bb2
%3 = call function @"builtins.h"()
always bb1
bb4: from bb2
%4 = call function @"builtins.h"()
always bb5
bb5: from bb1, bb4
return
)");
}

TEST(Control, HandlersInOrder) {
  EXPECT_EQ(body("try: a()\nexcept (A, B) as e: b(e)\nexcept: raise\nelse: c()\n"), R"(bb0:
always bb1
bb1: from bb0
%0 = call function @"builtins.a"()
exception (function @"builtins.A", function @"builtins.B") bb2
exception () bb3
always bb4
bb2: from bb1
store global @"m.e" unknown "exception"
%2 = load global @"m.e"
%3 = call function @"builtins.b"(%2)
always bb5
bb3: from bb1
raise
bb4: from bb1
%5 = call function @"builtins.c"()
always bb5
bb5: from bb2, bb4
return
)");
}

TEST(Control, HandlerIsReachedWhereOnlyALoadCanRaise) {
  EXPECT_EQ(body("def f(a):\n  try: return a['x']\n  except KeyError: return g()\n", "m.f"), R"(bb0:
always bb1
exception (function @"builtins.KeyError") bb2
bb1: from bb0
%0 = load item param 0 const "x"
return %0
bb2: from bb0
%2 = call function @"builtins.g"()
return %2
)");
}

TEST(Control, ImportInTryCanFail) {
  EXPECT_EQ(body("try: import a\nexcept ImportError: a = None\n"), R"(bb0:
always bb1
bb1: from bb0
%0 = import "a" -> "a"
exception (function @"builtins.ImportError") bb2
always bb3
bb2: from bb1
store global @"m.a" const none
always bb4
bb3: from bb1
store global @"m.a" %0
always bb4
bb4: from bb2, bb3
return
)");
}

TEST(Control, WithLeavesOnEveryWayOut) {
  EXPECT_EQ(body("def f():\n  with a as b: return b()\n", "m.f"), R"(bb0:
%0 = enter-scope function @"builtins.a" -> "b"
%1 = call %0()
exception () bb1
always bb4
bb1: from bb0
%2 = leave-scope function @"builtins.a"
when truthy %2 bb2
when falsy %2 bb3
bb2: from bb1
return
bb3: from bb1
raise
bb4: from bb0
%5 = leave-scope function @"builtins.a"
return %1
)");
}

TEST(Control, WithInBracketsIsSeveralItems) {
  EXPECT_EQ(body("with (a as b, c as d,): pass\n"), body("with a as b, c as d: pass\n"));
}

TEST(Control, Async) {
  std::string text =
      body("async def f():\n  async with a as b:\n    pass\n  async for i in b: await i\n", "m.f");
  EXPECT_NE(text.find("%0 = enter-scope function @\"builtins.a\"\n%1 = await %0 -> \"b\"\n"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("%2 = leave-scope function @\"builtins.a\"\n%3 = await %2\n"), std::string::npos)
      << text;
  EXPECT_NE(text.find("iterate %1 -> \"i\""), std::string::npos) << text;
}

TEST(Control, MatchOnLiterals) {
  EXPECT_EQ(body("match p:\n case -1 | 'x': a()\n case None if b: c()\n case _: d()\n"), R"(bb0:
when function @"builtins.p" == -1 bb1
when function @"builtins.p" != -1 bb2
bb1: from bb0
always bb4
bb2: from bb0
when function @"builtins.p" == "x" bb3
when function @"builtins.p" != "x" bb5
bb3: from bb2
always bb4
bb4: from bb1, bb3
%0 = call function @"builtins.a"()
always bb9
bb5: from bb2
when function @"builtins.p" == none bb6
when function @"builtins.p" != none bb8
bb6: from bb5
when truthy function @"builtins.b" bb7
when falsy function @"builtins.b" bb8
bb7: from bb6
%1 = call function @"builtins.c"()
always bb9
bb8: from bb5, bb6
%2 = call function @"builtins.d"()
always bb9
bb9: from bb4, bb7, bb8
return
)");
}

TEST(Control, MatchBindsParts) {
  std::string text =
      body("def f(p):\n match p:\n  case [a, *b, c]: return a, b, c\n  case {'k': d, **e}: return d, e\n"
           "  case D.E: return 1\n  case F(g=h) as i: return h, i\n"
           "  case J(k=str() as l, m=-1 as n): return l, n\n",
           "m.f");
  for (const char* part :
       {"when truthy unknown \"sequence pattern\"", "load item param 0 const 0 -> \"a\"",
        "operator \"slice\" (const 1, const -1)", "load item param 0 const -1 -> \"c\"",
        "when truthy unknown \"mapping pattern\"", "load item param 0 const \"k\" -> \"d\"",
        "load attr function @\"builtins.D\" \"E\"", "operator \"==\" (param 0, ",
        "call function @\"builtins.isinstance\"(param 0, function @\"builtins.F\")",
        "load attr param 0 \"g\" -> \"h\"", "load attr param 0 \"k\" -> \"l\"",
        "load attr param 0 \"m\" -> \"n\""})
    EXPECT_NE(text.find(part), std::string::npos) << part << "\nin\n" << text;
}

TEST(Control, AssertRaises) {
  EXPECT_EQ(body("assert a, 'no'\n"), R"(bb0:
when truthy function @"builtins.a" bb1
when falsy function @"builtins.a" bb2
bb1: from bb0
return
bb2: from bb0
%1 = call function @"builtins.AssertionError"(const "no")
raise %1
)");
}

} // namespace forklint::python
