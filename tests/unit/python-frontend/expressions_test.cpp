// Expressions, targets and literals.

#include "lowered.h"

#include "gtest/gtest.h"

namespace forklint::python {

static std::string valueOf(const std::string& expression) { return body("f(" + expression + ")\n"); }
static std::string argument(const std::string& leaf) {
  return "bb0:\n%0 = call function @\"builtins.f\"(" + leaf + ")\nreturn\n";
}

TEST(Expressions, Literals) {
  EXPECT_EQ(valueOf("1_000, 0xfF, 0b101, 0o17, -3"),
            argument("const 1000, const 255, const 5, const 15, const -3"));
  EXPECT_EQ(valueOf("99999999999999999999"), argument("unknown \"number\""));
  EXPECT_EQ(valueOf("2j"), argument("unknown \"number\""));
  EXPECT_EQ(valueOf("1.5, 1e3, True, None, ..."),
            argument("const 1.5, const 1000.0, const true, const none, const ..."));
}

TEST(Expressions, Strings) {
  EXPECT_EQ(valueOf(R"('a\x41\n' "b", r'\n', b'\x00\377')"),
            argument(R"(const "aA\nb", const "\\n", const b"\x00\xff")"));
  EXPECT_EQ(valueOf(R"('\u00e9\
x')"),
            argument("const \"\xC3\xA9x\""));
}

TEST(Expressions, FormattedStrings) {
  EXPECT_EQ(
      body("x = f'a{b!r:>{w}}{{}}' 'c'\n"),
      "bb0:\n%0 = operator \"format\" (const \"a\", function @\"builtins.b\", function @\"builtins.w\", "
      "const \"{}\", const \"c\") -> \"x\"\nstore global @\"m.x\" %0\nreturn\n");
  EXPECT_EQ(body("f(f'plain')\n"), argument("const \"plain\""));
  std::string nested = body("x = f'{f'{a}' + \"b\"}'\n");
  EXPECT_NE(nested.find("operator \"format\" (function @\"builtins.a\")"), std::string::npos) << nested;
  std::string dated = body("x = t'{a}'\n");
  EXPECT_NE(dated.find("operator \"format\" (function @\"builtins.a\")"), std::string::npos) << dated;
}

TEST(Expressions, CallsKeepKeywordsAndStars) {
  EXPECT_EQ(
      body("f(*a, b, k=1, **c)\n"),
      argument("*function @\"builtins.a\", function @\"builtins.b\", k=const 1, **function @\"builtins.c\""));
}

TEST(Expressions, Containers) {
  EXPECT_EQ(body("x = {**a, 'k': 1, 'l': [*b, 2]}\n"), R"(bb0:
%0 = container "list" (*function @"builtins.b", const 2)
%1 = container "dict" (**function @"builtins.a", const "k", const 1, const "l", %0) -> "x"
store global @"m.x" %1
return
)");
}

TEST(Expressions, StarOfACallInADisplay) {
  EXPECT_EQ(body("f([{*g(1)}])\n"), R"(bb0:
%0 = call function @"builtins.g"(const 1)
%1 = container "set" (*%0)
%2 = container "list" (%1)
%3 = call function @"builtins.f"(%2)
return
)");
}

TEST(Expressions, AssignmentToAnAttributeOfACallOfType) {
  EXPECT_EQ(body("type(x).y = 1\n"), "bb0:\n%0 = call function @\"builtins.type\"(function "
                                     "@\"builtins.x\")\nstore attr %0 \"y\" const 1\nreturn\n");
}

TEST(Expressions, AndOrMerge) {
  EXPECT_EQ(body("def f(a, b): return a or b.c\n", "m.f"), R"(bb0:
when truthy param 0 bb2
when falsy param 0 bb1
bb1: from bb0
%0 = load attr param 1 "c"
always bb2
bb2: from bb0, bb1
%1 = merge (param 0, %0)
return %1
)");
}

TEST(Expressions, ConditionalMerges) {
  EXPECT_EQ(body("def f(a, b, c): return a if b else c\n", "m.f"), R"(bb0:
when truthy param 1 bb1
when falsy param 1 bb2
bb1: from bb0
always bb3
bb2: from bb0
always bb3
bb3: from bb1, bb2
%0 = merge (param 0, param 2)
return %0
)");
}

TEST(Expressions, ComprehensionInPlace) {
  EXPECT_EQ(body("x = [a for a in c if a]\n"), R"(bb0:
%0 = container "list" () -> "x"
always bb1
bb1: from bb0, bb4
%1 = iterate function @"builtins.c" -> "a"
when more %1 bb2
when done %1 bb5
bb2: from bb1
when truthy %1 bb3
when falsy %1 bb4
bb3: from bb2
%2 = load attr %0 "append"
%3 = call %2(%1)
always bb4
bb4: from bb2, bb3
always bb1
bb5: from bb1
store global @"m.x" %0
return
)");
}

TEST(Expressions, DictComprehensionStoresItems) {
  std::string text = body("x = {k: v for k, v in c}\n");
  EXPECT_NE(
      text.find(
          "%2 = load item %1 const 0 -> \"k\"\n%3 = load item %1 const 1 -> \"v\"\nstore item %0 %2 %3\n"),
      std::string::npos)
      << text;
}

TEST(Targets, UnpackAttributesItems) {
  EXPECT_EQ(
      body("def f(x, d):\n  a, (b, *c) = x\n  d.e = d[0:1] = a\n  d.e += 1\n  d[a] -= 2\n  del d.e, d[a]\n",
           "m.f"),
      R"(bb0:
%0 = load item param 0 const 0 -> "a"
%1 = load item param 0 const 1
%2 = load item %1 const 0 -> "b"
%3 = operator "slice" (const 1, const none)
%4 = load item %1 %3 -> "c"
store attr param 1 "e" %0
%6 = operator "slice" (const 0, const 1, const none)
store item param 1 %6 %0
%8 = load attr param 1 "e"
%9 = operator "+" (%8, const 1)
store attr param 1 "e" %9
%11 = load item param 1 %0
%12 = operator "-" (%11, const 2)
store item param 1 %0 %12
delete attr param 1 "e"
delete item param 1 %0
return
)");
}

TEST(Targets, SwapKeepsValues) {
  EXPECT_EQ(body("def f(a, b):\n  a, b = b, a\n  return a\n", "m.f"), "bb0:\nreturn param 1\n");
}

TEST(Targets, BracketsAreNoTuple) {
  EXPECT_EQ(body("def f(a):\n  (b) = a\n  (b) += 1\n  return b\n", "m.f"),
            "bb0:\n%0 = operator \"+\" (param 0, const 1) -> \"b\"\nreturn %0\n");
}

TEST(Targets, RaiseFrom) {
  EXPECT_EQ(body("raise a from b\n"),
            "bb0:\nraise function @\"builtins.a\", from=function @\"builtins.b\"\n");
}

TEST(Expressions, PrintAndSoftKeywordsAreNames) {
  EXPECT_EQ(body("def f(print, type, match, case): return print(type, match[case])\n", "m.f"),
            "bb0:\n%0 = load item param 2 param 3\n%1 = call param 0(param 1, %0)\nreturn %1\n");
}

} // namespace forklint::python
