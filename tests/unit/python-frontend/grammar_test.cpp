// Grammar of newer Python, and the scopes at its edges: each construct becomes what the language reference
// says.

#include "lowered.h"

#include "gtest/gtest.h"

namespace forklint::python {

using namespace facts;

TEST(Grammar, PublicNamesAreAGlobalLikeAnyOther) {
  EXPECT_EQ(body("__all__ = ['a', 'b']\n"), "bb0:\n%0 = container \"list\" (const \"a\", const \"b\") -> "
                                            "\"__all__\"\nstore global @\"m.__all__\" %0\nreturn\n");
  std::string more = body("__all__ += x.__all__\n");
  EXPECT_NE(more.find("operator \"+\" (%0, %1)"), std::string::npos) << more;
  EXPECT_NE(more.find("store global @\"m.__all__\""), std::string::npos) << more;
}

TEST(Grammar, DefaultsAreEvaluatedWhereTheFunctionIsMade) {
  EXPECT_EQ(body("def f(a=g(), *, b=h): pass\n"), R"(bb0:
%0 = call function @"builtins.g"()
%1 = closure @"m.f" ("default:a"=%0, "default:b"=function @"builtins.h") -> "f"
store global @"m.f" %1
return
)");
}

TEST(Grammar, DefaultsOfAMethodSeeTheClassBody) {
  std::string text = body("class C:\n  n = 3\n  def m(self, k=n): pass\n");
  EXPECT_NE(text.find("closure @\"m.C.m\" (\"default:k\"=const 3)"), std::string::npos) << text;
}

TEST(Grammar, ChainedComparisonEvaluatesTheMiddleOnce) {
  std::string text = body("x = a < f() < b\n");
  EXPECT_EQ(text.find("call function @\"builtins.f\""), text.rfind("call function @\"builtins.f\"")) << text;
}

TEST(Grammar, StarInAnAssignmentAndInADisplay) {
  EXPECT_EQ(body("def f(a):\n  b, *c = a\n  return *c, b\n", "m.f"), R"(bb0:
%0 = load item param 0 const 0 -> "b"
%1 = operator "slice" (const 1, const none)
%2 = load item param 0 %1 -> "c"
%3 = container "tuple" (*%2, %0)
return %3
)");
  EXPECT_EQ(body("x[a, *b] = 1\n"), R"(bb0:
%0 = container "tuple" (function @"builtins.a", *function @"builtins.b")
store item function @"builtins.x" %0 const 1
return
)");
}

TEST(Grammar, ExceptStarIsAHandler) {
  std::string text = body("try: a()\nexcept* (A, B) as e: b(e)\nexcept* C: c()\n");
  EXPECT_NE(text.find("exception (function @\"builtins.A\", function @\"builtins.B\") bb2\n"
                      "exception (function @\"builtins.C\") bb3\n"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("store global @\"m.e\" unknown \"exception\""), std::string::npos) << text;
}

TEST(Grammar, TypeAliasAndTypeParametersBindNames) {
  UnitFacts unit =
      factsOf("type X[T] = list[T]\ndef f[T: int, *Ts, **P](a: T) -> T: return X\nclass C[T](B[T]): pass\n");
  EXPECT_TRUE(unit.gaps.empty());
  EXPECT_EQ(unit.chunks[1].functions[1].parameters[0].type, "T");
  std::string text = body("type X = list[int]\ndef f(): return X\n", "m.f");
  EXPECT_EQ(text, "bb0:\n%0 = load global @\"m.X\"\nreturn %0\n");
  std::string klass = body("class C[T](B[T]): pass\n");
  EXPECT_NE(klass.find("load item function @\"builtins.B\" unknown \"type parameter\""), std::string::npos)
      << klass;
}

TEST(Grammar, MatchBindsInTheScopeAround) {
  EXPECT_EQ(body("def f(p):\n  match p:\n    case q: pass\n  return q\n", "m.f"),
            "bb0:\nalways bb1\nbb1: from bb0\nreturn param 0\n");
  std::string global = body("match p:\n  case (a, b): c(a, b)\n");
  EXPECT_NE(global.find("store global @\"m.a\""), std::string::npos) << global;
  std::string field = body("class C:\n  match p:\n    case {'k': a}: pass\n");
  EXPECT_NE(field.find("store attr %0 \"a\""), std::string::npos) << field;
}

TEST(Grammar, GlobalAndNonlocalAtEveryLevel) {
  const char* text =
      "def f():\n  x = 1\n  def g():\n    class C:\n      nonlocal x\n      x = 2\n      global y\n"
      "      y = 3\n    def h():\n      global x\n      x = 4\n";
  std::string g = body(text, "m.f.<locals>.g");
  EXPECT_NE(g.find("store deref capture 0 const 2"), std::string::npos) << g;
  EXPECT_NE(g.find("store global @\"m.y\" const 3"), std::string::npos) << g;
  EXPECT_EQ(body(text, "m.f.<locals>.g.<locals>.h"), "bb0:\nstore global @\"m.x\" const 4\nreturn\n");
}

TEST(Grammar, NestedComprehensionsSeeTheOuterVariables) {
  std::string text = body("def f(m): return [[y for y in x] for x in m if x]\n", "m.f");
  EXPECT_NE(text.find("iterate param 0 -> \"x\""), std::string::npos) << text;
  EXPECT_NE(text.find("iterate %1 -> \"y\""), std::string::npos) << text;
}

TEST(Grammar, AsyncComprehensionAndGenerator) {
  std::string text = body("async def f(a): return [await x async for x in a]\n", "m.f");
  EXPECT_NE(text.find("iterate param 0 -> \"x\""), std::string::npos) << text;
  EXPECT_NE(text.find("await %1"), std::string::npos) << text;
}

TEST(Grammar, DeleteOfACapturedVariable) {
  std::string text = body("def f(x):\n  def g(): return x\n  del x\n  return g\n", "m.f");
  EXPECT_NE(text.find("delete local \"x\""), std::string::npos) << text;
}

TEST(Grammar, KeywordsKeepTheirRange) {
  UnitFacts unit = factsOf("f(1, k = a,\n  l=2)\n");
  const Function& function = unit.chunks[0].functions[0];
  for (const Instruction& instruction : function.instructions) {
    if (instruction.kind != InstructionKind::Call) continue;
    EXPECT_EQ(instruction.operands[1].position, Position());
    EXPECT_EQ(instruction.operands[2].position, (Position{0, 1, 6, 1, 11}));
    EXPECT_EQ(instruction.operands[3].position, (Position{0, 2, 3, 2, 6}));
  }
}

} // namespace forklint::python
