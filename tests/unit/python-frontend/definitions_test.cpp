// Functions, classes, decorators, parameters, imports and the symbols they get.

#include "lowered.h"

#include "gtest/gtest.h"

namespace forklint::python {

using namespace facts;

TEST(Definitions, DecoratorsAreCalls) {
  EXPECT_EQ(body("@a\n@b(1)\ndef f(): pass\n"), R"(bb0:
%0 = call function @"builtins.b"(const 1)
%1 = closure @"m.f" ()
%2 = call %0(%1)
%3 = call function @"builtins.a"(%2) -> "f"
store global @"m.f" %3
return
)");
}

TEST(Definitions, ParametersKeepKindDefaultAndType) {
  UnitFacts unit = factsOf("def f(a, /, b: int = 1, *c, d, e: 'x.Y' = 2, **g): pass\n");
  const Function& function = unit.chunks[0].functions[1];
  ASSERT_EQ(function.parameters.size(), 6u);
  using enum ParameterKind;
  const Parameter expected[] = {
      {"a", PositionalOnly, false, "", ""},     {"b", Positional, true, "int", ""},
      {"c", VariadicPositional, false, "", ""}, {"d", KeywordOnly, false, "", ""},
      {"e", KeywordOnly, true, "x.Y", ""},      {"g", VariadicKeywords, false, "", ""}};
  for (size_t i = 0; i < 6; ++i)
    EXPECT_TRUE(function.parameters[i] == expected[i]) << i << " " << function.parameters[i].type.str();
  EXPECT_NE(body("def f(a, /, b: int = 1, *c, d, e: 'x.Y' = 2, **g): pass\n")
                .find("closure @\"m.f\" (\"default:b\"=const 1, \"default:e\"=const 2)"),
            std::string::npos);
}

TEST(Definitions, KindsOfFunctions) {
  UnitFacts unit =
      factsOf("def a(): yield\nasync def b(): pass\nasync def c(): yield\ndef d(): return lambda: (yield)\n");
  EXPECT_EQ(unit.chunks[0].functions[1].kind, FunctionKind::Generator);
  EXPECT_EQ(unit.chunks[1].functions[1].kind, FunctionKind::Coroutine);
  EXPECT_EQ(unit.chunks[2].functions[1].kind, FunctionKind::AsyncGenerator);
  EXPECT_EQ(unit.chunks[3].functions[1].kind, FunctionKind::Plain);
  EXPECT_EQ(unit.chunks[3].functions[2].kind, FunctionKind::Generator);
}

TEST(Definitions, SecondDefinitionIsNumbered) {
  UnitFacts unit = factsOf(
      "if a:\n  def f(): pass\nelse:\n  def f(): pass\nclass C:\n  def f(self):\n    def g(): pass\n");
  EXPECT_EQ(unit.chunks[0].functions[1].symbol, "m.f");
  EXPECT_EQ(unit.chunks[0].functions[2].symbol, "m.f#2");
  EXPECT_EQ(unit.chunks[1].functions[1].symbol, "m.C.f");
  EXPECT_EQ(unit.chunks[1].functions[2].symbol, "m.C.f.<locals>.g");
}

TEST(Definitions, YieldFrom) {
  EXPECT_EQ(body("def f(): x = yield from g\n", "m.f"),
            "bb0:\n%0 = yield from=function @\"builtins.g\" -> \"x\"\nreturn\n");
}

TEST(Definitions, ClassBasesAndKeywords) {
  EXPECT_EQ(body("class C(A, *b, metaclass=M): pass\n"), R"(bb0:
%0 = make-class @"m.C" (function @"builtins.A", *function @"builtins.b", metaclass=function @"builtins.M") -> "C"
store global @"m.C" %0
return
)");
}

TEST(Definitions, FieldsAreEntities) {
  UnitFacts unit = factsOf("class C:\n  x: int\n  y: str = ''\nz: float = 1.0\n");
  const std::vector<Entity>& entities = unit.chunks[0].entities;
  ASSERT_EQ(entities.size(), 3u);
  EXPECT_EQ(entities[0].symbol, "m.C");
  EXPECT_EQ(entities[1].symbol, "m.C.x");
  EXPECT_EQ(entities[1].type, "int");
  EXPECT_EQ(entities[2].symbol, "m.C.y");
  EXPECT_EQ(unit.chunks[1].entities[0].type, "float");
}

static std::string imported(const char* text, bool package, std::string module) {
  UnitFacts unit = factsOf(text, package, std::move(module));
  for (const Instruction& instruction : unit.chunks[0].functions[0].instructions)
    if (instruction.kind == InstructionKind::Import || instruction.kind == InstructionKind::ImportStar)
      return instruction.name;
  return "";
}

TEST(Imports, RelativeBecomesAbsolute) {
  EXPECT_EQ(imported("from .a import b\n", false, "p.q.m"), "p.q.a");
  EXPECT_EQ(imported("from .a import b\n", true, "p.q"), "p.q.a");
  EXPECT_EQ(imported("from .. import b\n", false, "p.q.m"), "p");
  EXPECT_EQ(imported("from ..c.d import *\n", false, "p.q.m"), "p.c.d");
  EXPECT_EQ(imported("from ... import b\n", false, "p.m"), "");
}

TEST(Imports, FromBindsAttributes) {
  EXPECT_EQ(body("from a.b import (c, d as e)\n"), R"(bb0:
%0 = import "a.b"
%1 = load attr %0 "c" -> "c"
store global @"m.c" %1
%3 = load attr %0 "d" -> "e"
store global @"m.e" %3
return
)");
  EXPECT_EQ(body("import a.b as c\n"),
            "bb0:\n%0 = import \"a.b\" -> \"c\"\nstore global @\"m.c\" %0\nreturn\n");
}

} // namespace forklint::python
