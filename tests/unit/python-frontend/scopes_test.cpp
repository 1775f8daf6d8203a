// Names: LEGB, captures by value and by address, class bodies, global, nonlocal, star-imports.

#include "lowered.h"

#include "gtest/gtest.h"

namespace forklint::python {

TEST(Scopes, CaptureByValueWhenNobodyRebinds) {
  EXPECT_EQ(body("def f(a):\n  b = a.c\n  return lambda: b\n", "m.f"), R"(bb0:
%0 = load attr param 0 "c" -> "b"
%1 = closure @"m.f.<locals>.<lambda@3:10>" (%0)
return %1
)");
}

TEST(Scopes, CaptureByAddressInALoop) {
  EXPECT_EQ(lowered("def f():\n  return [lambda: i for i in r]\n").find("load deref capture 0") ==
                std::string::npos,
            false);
}

TEST(Scopes, NonlocalStoresThroughTheCapture) {
  const char* text = "def f(x):\n  def g():\n    nonlocal x\n    x = 1\n  return x\n";
  EXPECT_EQ(body(text, "m.f"), R"(bb0:
store local "x" param 0
%1 = address-of local "x"
%2 = closure @"m.f.<locals>.g" (%1) -> "g"
%3 = load local "x"
return %3
)");
  EXPECT_EQ(body(text, "m.f.<locals>.g"), "bb0:\nstore deref capture 0 const 1\nreturn\n");
}

TEST(Scopes, CaptureThroughAFunctionInBetween) {
  const char* text = "def f(x):\n  def g():\n    def h(): return x\n    return h\n  return g\n";
  EXPECT_EQ(body(text, "m.f.<locals>.g"),
            "bb0:\n%0 = closure @\"m.f.<locals>.g.<locals>.h\" (capture 0) -> \"h\"\nreturn %0\n");
}

TEST(Scopes, GlobalAndLocalImport) {
  EXPECT_EQ(body("def f():\n  global g\n  g = 1\n  import os.path\n  return os\n", "m.f"), R"(bb0:
store global @"m.g" const 1
%1 = import "os.path"
%2 = import "os" -> "os"
return %2
)");
}

TEST(Scopes, BuiltinUnlessBoundInTheModule) {
  EXPECT_EQ(body("def f(): return len\n", "m.f"), "bb0:\nreturn function @\"builtins.len\"\n");
  EXPECT_EQ(body("def f(): return len\nlen = 1\n", "m.f"), "bb0:\n%0 = load global @\"m.len\"\nreturn %0\n");
  EXPECT_EQ(body("from a import *\ndef f(): return len\n", "m.f"),
            "bb0:\n%0 = load global @\"m.len\"\nreturn %0\n");
  EXPECT_EQ(body("def f(): return __name__\n", "m.f"), "bb0:\n%0 = load global @\"m.__name__\"\nreturn %0\n");
}

TEST(Scopes, ClassBodySeesItsNamesMethodsDoNot) {
  const char* text = "x = 0\nclass C:\n  y = x\n  x = y\n  z = x\n  def m(self): return x\n";
  EXPECT_EQ(body(text), R"(bb0:
%0 = make-class @"m.C" () -> "C"
%1 = load global @"m.x" -> "y"
store attr %0 "y" %1
store attr %0 "x" %1
store attr %0 "z" %1
%5 = closure @"m.C.m" () -> "m"
store attr %0 "m" %5
store global @"m.C" %0
return
)");
  EXPECT_EQ(body(text, "m.C.m"), "bb0:\n%0 = load global @\"m.x\"\nreturn %0\n");
}

TEST(Scopes, ComprehensionVariablesAreTheirOwn) {
  EXPECT_EQ(body("def f(x, y):\n  [x for x in y]\n  return x\n", "m.f").find("return param 0") ==
                std::string::npos,
            false);
}

TEST(Scopes, WalrusInAComprehensionBindsAround) {
  std::string text = body("def f(y):\n  [z := x for x in y]\n  return z\n", "m.f");
  EXPECT_NE(text.find("return %"), std::string::npos) << text;
  EXPECT_EQ(text.find("builtins.z"), std::string::npos) << text;
}

TEST(Scopes, Delete) {
  EXPECT_EQ(body("def f(a):\n  del a\n  return a\n", "m.f"), "bb0:\nreturn unknown \"deleted\"\n");
  EXPECT_EQ(body("x = 1\ndel x\n"), "bb0:\ndelete global @\"m.x\"\nreturn\n");
}

TEST(Scopes, TypeParametersAreUnknown) {
  EXPECT_EQ(body("def f[T](x): return T\n", "m.f"), "bb0:\nreturn unknown \"type parameter\"\n");
}

} // namespace forklint::python
