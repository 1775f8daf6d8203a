// Bodies that are left out and read later: the skimmer finds them as the parser would, and what is read in
// parts is what is read at once. The safe twin of each trap is the same module without it, which leaves the
// body out.

#include "python-frontend/compare.h"
#include "python-frontend/skim.h"
#include "python-frontend/words.h"

#include "gtest/gtest.h"

namespace forklint::python {

using facts::WordUse;

/// A statement that makes a body long enough to be left out.
static const std::string filler = "    first_of_all_the_statements(); second_of_the_statements()\n";

static std::vector<std::string> bodiesOf(const std::string& text) {
  std::vector<std::string> bodies;
  for (const SkimmedBody& each : skim(text))
    bodies.push_back(text.substr(each.body.begin, each.body.end - each.body.begin));
  return bodies;
}

/// How many bodies are left out of the module; fails unless it says the same in parts as at once.
static size_t leftOut(const std::string& text, const std::string& module = "m") {
  Comparison found = compareParts({"m.py", module, false, text});
  EXPECT_EQ(found.difference, "") << text;
  return found.bodies;
}

static std::string function(const std::string& body) {
  return "def f(self):\n" + filler + "    " + body + "\n";
}

TEST(Skim, BodiesEndWhereTheParserEndsThem) {
  std::string text = "def f():\n" + filler + "    # in it\n\n# behind it\n    # not in it\nx = 1\n";
  ASSERT_EQ(bodiesOf(text).size(), 1u);
  EXPECT_EQ(bodiesOf(text)[0], "\n" + filler + "    # in it");
  EXPECT_EQ(leftOut(text), 1u);
  // A comment further left ends nothing where code of the body follows.
  EXPECT_EQ(leftOut("def f():\n" + filler + "# further left\n    g()\nx = 1\n"), 1u);
  EXPECT_EQ(leftOut("def f():\n" + filler + "    return 1  # on the line"), 1u);
  EXPECT_EQ(
      leftOut("def f():\r\n    a_long_enough_statement(to, be, left, out)\r\n    b()  # c\r\nx = 1\r\n"), 1u);
  EXPECT_EQ(
      leftOut("def f():\n\tindented_by_a_tab(with_, some, more, arguments)\n\tif x:\n\t    g()\nx = 1\n"),
      1u);
}

TEST(Skim, StringsAndBracketsHideWhatStandsInThem) {
  for (const char* trap :
       {"x = '''\ndef g():\n'''", "x = \"\"\"\n\"not the end\" ''\n\"\"\"",
        "x = f'{a[\"b\"]!r:>{width}} {{ {c:%H:%M}'", "x = f\"{x[\"same\"]} {f\"{inner}\"}\"",
        "x = f'''{\n a + # comment '\n b}'''", "x = rb'\\'' + b'\\\\'",
        "x = (1,\nclass_,\n  # ) in a comment\n)", "x = 1 + \\\n2", "x = {'a': [1, (2,\n3)]}",
        "x = lambda: {1: 2}[1]", "x = ''", "x = \"\"; y = ''''''", "x: 'T' = a if b else c",
        "x = f'{a:\\'>10}'", "print(f'{x:{y}.{z}}')"}) {
    EXPECT_EQ(leftOut(function(trap)), 1u) << trap;
  }
}

TEST(Skim, WhatTheModuleNeedsIsNotLeftOut) {
  EXPECT_EQ(leftOut(function("g(self)")), 1u);
  for (const char* told :
       {"global x; x = 1", "import os", "from os import *", "yield 1", "super().f()", "x = __class__",
        "self.x: int = 1", "self.x : int", "g()  # forklint: ignore[fork-after-threads] why"})
    EXPECT_EQ(leftOut(function(told)), 0u) << told;
  // Words that only look like it.
  EXPECT_EQ(leftOut(function("if self.x: imported = globals_ = yielded = superb")), 1u);
}

TEST(Skim, HeadersAndDecoratorsStay) {
  EXPECT_EQ(
      leftOut(
          "@decorated(by=1)\nasync def f(a, /, b: int = g(), *c, d={1: 2}, **e) -> dict[str, int]:  # why\n" +
          filler + "    await h()\n"),
      1u);
  EXPECT_EQ(
      leftOut("def f(\n  a,\n  b=(1,\n     2),\n):\n" + filler + "def f(): return 1\ndef f():\n" + filler),
      2u);
  EXPECT_EQ(leftOut("class C[T](B[T]):\n    def __f(self):\n    " + filler +
                    "        return self.__f, lambda: self.__g\n    @property\n    def x(self):\n    " +
                    filler +
                    "        def x(): return T\n        return x\n    @x.setter\n    def x(self, y):\n    " +
                    filler + "        class D(C): z = y\n"),
            3u);
  // Functions of functions, of branches, and of classes in classes belong to what is around them.
  EXPECT_EQ(leftOut("if x:\n    def f():\n    " + filler +
                    "class A:\n    class B:\n        def f(self):\n        " + filler),
            0u);
}

TEST(Skim, WhereInDoubtNothingIsLeftOut) {
  for (const char* broken :
       {"x = (1", "x = 'a\n", "x = \'\'\'a", "x = )", "x = f'{a'", "x = 1 \\ 2", "x = [1)"})
    EXPECT_TRUE(skim(function(broken)).empty()) << broken;
  // A line that stands between two indents, a header without a body.
  EXPECT_TRUE(skim("def f():\n    " + filler + "      pass\n   y()\n").empty());
  EXPECT_TRUE(skim("def f():\n").empty());
  EXPECT_EQ(leftOut(""), 0u);
  EXPECT_EQ(leftOut("\xEF\xBB\xBF# coding: utf-8\n" + function("x = '\xC3\xA9' # \xC3\xA9")), 1u);
  EXPECT_EQ(leftOut("# coding: nonsense\n" + function("x = 1")), 0u);
  EXPECT_EQ(leftOut(function("x = '\xFF'")), 0u);
}

TEST(Outline, ABrokenBodyIsReadAsInItsWholeModule) {
  std::string text = function("x = 1") + "def g():\n" + filler + "    a ? b\n" + filler;
  Outline outline = extractOutline({"m.py", "m", false, text});
  ASSERT_TRUE(outline.unread);
  ASSERT_EQ(outline.unread->bodies().size(), 2u);
  EXPECT_TRUE(outline.facts.gaps.empty());
  EXPECT_TRUE(outline.unread->read(0).gaps.empty());
  facts::UnreadBodies::Read broken = outline.unread->read(1);
  ASSERT_EQ(broken.gaps.size(), 1u);
  EXPECT_EQ(broken.gaps[0].position.line, 6u);
  leftOut(text);
}

TEST(Outline, ABodyIsReadTheSameInAnyOrder) {
  std::string text = function("x = lambda: self") + "def g(a):\n" + filler + "    return [a for b in a]\n";
  Outline first = extractOutline({"m.py", "m", false, text}),
          second = extractOutline({"m.py", "m", false, text});
  ASSERT_EQ(first.unread->bodies().size(), 2u);
  facts::Chunk f = first.unread->read(0).chunk, g = first.unread->read(1).chunk;
  EXPECT_EQ(second.unread->read(1).chunk, g);
  EXPECT_EQ(second.unread->read(0).chunk, f);
  EXPECT_EQ(second.unread->read(0).chunk, f);
  EXPECT_EQ(f.functions.size(), 2u);
}

TEST(Words, AreKeptOnceForEachBody) {
  facts::WordHashes words, defined;
  for (const char* body : {"b = a + b", "", "def a(b): pass"}) {
    addWords(words, body);
    addDefined(defined, body);
  }
  EXPECT_EQ(words.ends, (std::vector<uint32_t>{2, 2, 6}));
  EXPECT_EQ(defined.ends, (std::vector<uint32_t>{0, 0, 1}));
  EXPECT_EQ(defined.hashes, std::vector<uint32_t>{facts::UnreadBodies::hashOf("a")});
}

TEST(Words, OfCommentsAndStringsAreNotUsed) {
  llvm::StringRef text = "a('b', r'\\'c', \"\"\"d 'e' \"\"\", f) # g\nh = '''\ni # '''; j(f'{k}', 'l') # m";
  for (llvm::StringRef used : {"a", "f", "h", "j", "k"})
    EXPECT_TRUE(hasWord(text, used, WordUse::Whole)) << used.str();
  for (llvm::StringRef unused : {"b", "c", "d", "e", "g", "i"}) {
    EXPECT_FALSE(hasWord(text, unused, WordUse::Whole)) << unused.str();
    EXPECT_TRUE(hasWord(text, unused, WordUse::Bare)) << unused.str();
  }
  // Where a string that holds code ends is not looked for.
  EXPECT_TRUE(hasWord(text, "l", WordUse::Whole));
}

TEST(Words, AreFoundAsTheyAreUsed) {
  llvm::StringRef text = "a.b . c(self, d)\nself.e\nprefork fork_ 'text'";
  EXPECT_TRUE(hasWord(text, "b", WordUse::Member));
  EXPECT_TRUE(hasWord(text, "c", WordUse::Member));
  EXPECT_FALSE(hasWord(text, "b", WordUse::Bare));
  EXPECT_TRUE(hasWord(text, "a", WordUse::Bare));
  EXPECT_FALSE(hasWord(text, "a", WordUse::Whole));
  EXPECT_TRUE(hasWord(text, "self", WordUse::Whole));
  EXPECT_TRUE(hasWord(text, "e", WordUse::WholeMember));
  EXPECT_FALSE(hasWord(text, "b", WordUse::WholeMember));
  EXPECT_FALSE(hasWord(text, "c", WordUse::Whole));
  EXPECT_FALSE(hasWord(text, "fork"));
  EXPECT_TRUE(hasWord(text, "text"));
  EXPECT_TRUE(definesWord("async def f(): pass", "f"));
  EXPECT_FALSE(definesWord("f = 1", "f"));
}

} // namespace forklint::python
