// Which class an annotation names, as the file's imports and classes tell it.

#include "lowered.h"
#include "python-frontend/compare.h"

#include "gtest/gtest.h"

namespace forklint::python {

using namespace facts;

static const std::string imports = R"(from __future__ import annotations
import a.b
import a.c as d
import typing as t

from typing import Annotated, ClassVar, Optional, Type, Union, TYPE_CHECKING
from .sibling import Near
try:
    from fast import Maybe
except ImportError:
    from slow import Maybe
try:
    from fast import Never
except ImportError:
    Never = None
if TYPE_CHECKING:
    from redis import Redis, Queue as Named
class Own:
    class Inner: pass
)";

/// The class of the parameter of a function with this annotation; fails unless the module says the same in
/// parts.
static std::string classOf(const std::string& annotation) {
  std::string text =
      imports + "def f(x: " + annotation + "): first_of_all_the_statements(with_, arguments)\n";
  EXPECT_EQ(compareParts({"p/m.py", "p.m", false, text}).difference, "") << text;
  UnitFacts unit = factsOf(text, false, "p.m");
  return unit.chunks.back().functions[1].parameters[0].klass;
}

TEST(Annotations, NamesAsTheyAreBound) {
  EXPECT_EQ(classOf("a.b.C"), "a.b.C");
  EXPECT_EQ(classOf("d.C"), "a.c.C");
  EXPECT_EQ(classOf("Near"), "p.sibling.Near");
  EXPECT_EQ(classOf("Maybe"), "fast.Maybe");
  EXPECT_EQ(classOf("Never"), "fast.Never");
  EXPECT_EQ(classOf("Redis"), "redis.Redis");
  EXPECT_EQ(classOf("Named"), "redis.Queue");
  EXPECT_EQ(classOf("Own"), "p.m.Own");
  EXPECT_EQ(classOf("Own.Inner"), "p.m.Own.Inner");
  EXPECT_EQ(classOf("int"), "");
  EXPECT_EQ(classOf("unheard_of"), "");
}

TEST(Annotations, FormsOfOneClass) {
  for (const char* form :
       {"Redis", "'Redis'", "\"Redis\"", "Redis | None", "None | Redis", "'Redis|None'", "Optional[Redis]",
        "Optional['Redis']", "t.Optional[Redis]", "Union[Redis, None]", "Union[None, 'Redis']",
        "Annotated[Redis, 'a, b', (1, 2)]", "Annotated[Redis | None, f(1)]", "ClassVar[Redis]",
        "Optional[Union[Redis, None]]", "Redis[int, str]", "'Redis[\"int\"]'"})
    EXPECT_EQ(classOf(form), "redis.Redis") << form;
}

TEST(Annotations, OfSeveralClassesOrOfNoneNothingIsSaid) {
  for (const char* form : {"Redis | Own", "Union[Redis, Own, None]", "Type[Redis]", "type[Redis]", "None",
                           "Callable[[Redis], None]", "Literal['Redis']", "[Redis]", "Redis()", "1", "''",
                           "'Redis'  'x'", "list[Redis]", "'Optional[Redis'", "'Redis]'"})
    EXPECT_EQ(classOf(form), "") << form;
}

TEST(Annotations, ScopesAroundTheFunctionAreAsked) {
  UnitFacts unit = factsOf("from a import C\n"
                           "def g(C):\n"
                           "    def f(x: C): pass\n"
                           "def h():\n"
                           "    from b import C\n"
                           "    def f(x: C): pass\n"
                           "class K:\n"
                           "    from c import C\n"
                           "    def f(x: C, *rest: C, **more: C) -> C: pass\n"
                           "def p[C](x: C): pass\n");
  EXPECT_EQ(unit.chunks[1].functions[2].parameters[0].klass, "");
  EXPECT_EQ(unit.chunks[2].functions[2].parameters[0].klass, "b.C");
  // A function that is read alone does not see the names of its class.
  const Function& method = unit.chunks[3].functions[1];
  EXPECT_EQ(method.parameters[0].klass, "a.C");
  EXPECT_EQ(method.parameters[1].klass, "");
  EXPECT_EQ(method.parameters[2].klass, "");
  EXPECT_EQ(method.returns, "a.C");
  EXPECT_EQ(unit.chunks[4].functions[1].parameters[0].klass, "");
}

} // namespace forklint::python
