// Classes: super() and __class__, private names, annotations of fields, what a body sees.

#include "lowered.h"

#include "gtest/gtest.h"

namespace forklint::python {

using namespace facts;

TEST(Classes, SuperTakesTheClassAndTheFirstParameter) {
  const char* text = "class C(B):\n  def __init__(self, x):\n    super().__init__(x)\n";
  EXPECT_EQ(body(text, "m.C.__init__"), R"(bb0:
%0 = call function @"builtins.super"(capture 0, param 0)
%1 = load attr %0 "__init__"
%2 = call %1(param 1)
return
)");
  EXPECT_EQ(body(text), R"(bb0:
%0 = make-class @"m.C" (function @"builtins.B") -> "C"
%1 = closure @"m.C.__init__" (%0) -> "__init__"
store attr %0 "__init__" %1
store global @"m.C" %0
return
)");
}

TEST(Classes, SuperInAFunctionOfAMethodTakesThatFunctionsParameter) {
  const char* text = "class C:\n  def m(self):\n    def g(x): return super().y\n    return g\n";
  EXPECT_EQ(body(text, "m.C.m"),
            "bb0:\n%0 = closure @\"m.C.m.<locals>.g\" (capture 0) -> \"g\"\nreturn %0\n");
  EXPECT_EQ(body(text, "m.C.m.<locals>.g"), "bb0:\n%0 = call function @\"builtins.super\"(capture 0, param "
                                            "0)\n%1 = load attr %0 \"y\"\nreturn %1\n");
}

TEST(Classes, SuperInAComprehensionTakesTheMethodsParameter) {
  std::string text = body("class C:\n  def m(self, l):\n    return [super().n(x) for x in l]\n", "m.C.m");
  EXPECT_NE(text.find("call function @\"builtins.super\"(capture 0, param 0)"), std::string::npos) << text;
}

TEST(Classes, SuperIsLeftAloneOutsideOfMethods) {
  EXPECT_EQ(body("def f(x): return super()\n", "m.f"),
            "bb0:\n%0 = call function @\"builtins.super\"()\nreturn %0\n");
  EXPECT_EQ(body("class C:\n  def m(self): return super(D, self)\n", "m.C.m"),
            "bb0:\n%0 = call function @\"builtins.super\"(function @\"builtins.D\", param 0)\nreturn %0\n");
  EXPECT_EQ(body("class C:\n  def m(): return super()\n", "m.C.m"),
            "bb0:\n%0 = call function @\"builtins.super\"()\nreturn %0\n");
  EXPECT_EQ(body("def super(): pass\nclass C:\n  def m(self): return super()\n", "m.C.m"),
            "bb0:\n%0 = load global @\"m.super\"\n%1 = call %0()\nreturn %1\n");
}

TEST(Classes, ClassIsTheInnermostAround) {
  const char* text =
      "class A:\n  class B:\n    def m(self): return __class__\n  def n(self): return __class__\n";
  EXPECT_EQ(body(text, "m.A.B.m"), "bb0:\nreturn capture 0\n");
  std::string made = body(text);
  EXPECT_NE(made.find("closure @\"m.A.B.m\" (%1)"), std::string::npos) << made;
  EXPECT_NE(made.find("closure @\"m.A.n\" (%0)"), std::string::npos) << made;
}

TEST(Classes, AClassInAFunctionIsNotSharedBetweenCalls) {
  const char* text = "def make():\n  class C(B):\n    def m(self): super().m()\n  return C\n";
  std::string made = body(text, "m.make");
  EXPECT_NE(made.find("closure @\"m.make.<locals>.C.m\" (%0)"), std::string::npos) << made;
}

TEST(Classes, PrivateNamesCarryTheClass) {
  const char* text = "class _C:\n  __a = 1\n  def __m(self, __p, *, __k=2):\n    global __g\n    __g = __p\n"
                     "    self.__x = self.__m(__k=__k)\n    self.__x__ = _D.__y\n";
  EXPECT_EQ(body(text), R"(bb0:
%0 = make-class @"m._C" () -> "_C"
store attr %0 "_C__a" const 1
%2 = closure @"m._C.__m" ("default:_C__k"=const 2) -> "__m"
store attr %0 "_C__m" %2
store global @"m._C" %0
return
)");
  EXPECT_EQ(body(text, "m._C.__m"), R"(bb0:
store global @"m._C__g" param 1
%1 = load attr param 0 "_C__m"
%2 = call %1(_C__k=param 2)
store attr param 0 "_C__x" %2
%4 = load attr function @"builtins._D" "_C__y"
store attr param 0 "__x__" %4
return
)");
}

TEST(Classes, PrivateNamesOutsideOfAClassAreAsWritten) {
  EXPECT_EQ(body("def f(x): return x.__y\n", "m.f"), "bb0:\n%0 = load attr param 0 \"__y\"\nreturn %0\n");
  EXPECT_EQ(body("class __:\n  def f(x): return x.__y\n", "m.__.f"),
            "bb0:\n%0 = load attr param 0 \"__y\"\nreturn %0\n");
  EXPECT_EQ(body("class A:\n  import __b.c as __d\n"),
            "bb0:\n%0 = make-class @\"m.A\" () -> \"A\"\n%1 = import \"__b.c\" -> \"__d\"\n"
            "store attr %0 \"_A__d\" %1\nstore global @\"m.A\" %0\nreturn\n");
}

TEST(Classes, AnnotationsOfFieldsAndGlobalsAreTypes) {
  UnitFacts unit =
      factsOf("class C:\n  a: 'x.Y'\n  def m(self, n):\n    self.b: x.Y | None = n\n    n.c: int = 1\n"
              "d: list[ int ] = []\n");
  const std::vector<Entity>& entities = unit.chunks[0].entities;
  ASSERT_EQ(entities.size(), 4u);
  EXPECT_EQ(entities[1].symbol, "m.C.a");
  EXPECT_EQ(entities[1].type, "x.Y");
  EXPECT_EQ(entities[3].symbol, "m.C.b");
  EXPECT_EQ(entities[3].type, "x.Y|None");
  EXPECT_EQ(unit.chunks[1].entities[0].type, "list[int]");
}

TEST(Classes, ABodySeesTheScopesAroundItUntilItBinds) {
  const char* text = "def f(a, b):\n  class C:\n    c = a\n    a = 1\n    d = a, [b for e in a]\n"
                     "    f = [a for e in b]\n  return C\n";
  EXPECT_EQ(body(text, "m.f"), R"(bb0:
%0 = make-class @"m.f.<locals>.C" () -> "C"
store attr %0 "c" param 0
store attr %0 "a" const 1
%3 = container "list" ()
always bb1
bb1: from bb0, bb2
%4 = iterate const 1 -> "e"
when more %4 bb2
when done %4 bb3
bb2: from bb1
%5 = load attr %3 "append"
%6 = call %5(param 1)
always bb1
bb3: from bb1
%7 = container "tuple" (const 1, %3) -> "d"
store attr %0 "d" %7
%9 = container "list" () -> "f"
always bb4
bb4: from bb3, bb5
%10 = iterate param 1 -> "e"
when more %10 bb5
when done %10 bb6
bb5: from bb4
%11 = load attr %9 "append"
%12 = call %11(param 0)
always bb4
bb6: from bb4
store attr %0 "f" %9
return %0
)");
}

} // namespace forklint::python
