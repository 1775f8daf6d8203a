// Each promise of the facts, broken once.
#include "samples.h"

#include "analyzers/facts/spelling.h"
#include "analyzers/facts/text.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

namespace forklint::facts {
namespace {

/// Written as text where text can say it.
struct BrokenText {
  std::string name, body, error;
};
class BrokenFunction : public testing::TestWithParam<BrokenText> {};
TEST_P(BrokenFunction, IsRefused) {
  llvm::Expected<UnitFacts> unit =
      parse("ffacts 3\nunit \"u\" python\nchunk 0 {\n" + GetParam().body + "}\n", "t");
  ASSERT_TRUE(bool(unit)) << llvm::toString(unit.takeError());
  EXPECT_NE(("\n" + brokenPromises(*unit) + "\n").find("\n" + GetParam().error + "\n"), std::string::npos)
      << brokenPromises(*unit);
}
std::string f(const std::string& body) { return "function f {\n" + body + "}\n"; }

INSTANTIATE_TEST_SUITE_P(
    Promises, BrokenFunction,
    testing::Values(
        BrokenText{"NoBlock", f(""), "f: has no block"},
        BrokenText{"NoSymbol", "function \"\" {\nreturn\n}\n", "function: has no symbol"},
        BrokenText{"VoidUsed", f("%0 = store local x 1\nreturn %0\n"),
                   "f: bb0: %0 is used, but store gives no value"},
        BrokenText{"NoName", f("%0 = import \"\"\nreturn\n"), "f: bb0: import has no name"},
        BrokenText{"NoReason", f("return unknown \"\"\n"), "f: unknown has no name"},
        BrokenText{"NoParameter", f("return param 3\n"), "f: param 3 does not exist"},
        BrokenText{"NoCapture", f("return capture 0\n"), "f: capture 0 does not exist"},
        BrokenText{"HeapLoad", f("%0 = load heap\n"), "f: bb0: place deref has no base"},
        BrokenText{"PlaceName", f("%0 = load local \"\"\n"), "f: bb0: place local has no name"},
        BrokenText{"NoOperand", f("%0 = await\n"), "f: bb0: await has no operand"},
        BrokenText{"TwoOperands", f("return 1, 2\n"), "f: bb0: return has 2 operands, expected one"},
        BrokenText{"NamedSpread", f("%0 = call 1(*x=2)\n"),
                   "f: bb0: call has an operand both spread and named"},
        BrokenText{"KeywordPosition", f("%0 = call 1(x@3:5-3:2=2)\n"),
                   "f: bb0: call has an operand in no file, or one that ends before it begins"},
        BrokenText{"Callee", f("%0 = call *1()\n"), "f: bb0: the callee is named or spread"},
        BrokenText{"Constructor", f("%0 = construct C local x (1)\n"),
                   "f: bb0: the constructor is neither a function nor unknown"},
        BrokenText{"Receiver", f("%0 = virtual-call \"C::m\" (1)\n"),
                   "f: bb0: the first operand of a virtual call is not 'this'"},
        BrokenText{"MergeCount", f("%0 = merge (1)\nreturn %0\n"),
                   "f: bb0: merge of 1 values where 0 ways meet"},
        BrokenText{"MergeOperand", f("always bb1\nbb1:\n%0 = merge (x=1)\n"),
                   "f: bb1: merge has a named or spread operand"},
        BrokenText{"MergeBelow", f("always bb1\nbb1:\n%1 = load local x\n%0 = merge (1)\n"),
                   "f: bb1: merge %1 stands below other instructions"},
        BrokenText{"Dict", f("%0 = container dict (1)\n"), "f: bb0: a dict has a key without a value"},
        BrokenText{"AfterEnd", f("return\nstore local x 1\n"), "f: bb0: return is not the last instruction"},
        BrokenText{"EdgeAfterEnd", f("noreturn\nalways bb1\nbb1:\nreturn\n"),
                   "f: bb0: an edge leaves a block that ends with noreturn"},
        BrokenText{"TwoAlways", f("always bb1\nalways bb1\nbb1:\nreturn\n"),
                   "f: bb0: an always edge is not alone"},
        BrokenText{"AlwaysAndWhen", f("always bb1\nwhen truthy 1 bb1\nbb1:\nreturn\n"),
                   "f: bb0: an always edge is not alone"},
        BrokenText{"SingleWhen", f("when truthy 1 bb1\nbb1:\nreturn\n"),
                   "f: bb0: a single when edge: the when edges of a block are exhaustive"},
        BrokenText{"MoreWithoutDone",
                   f("%0 = iterate 1\nwhen more %0 bb1\nwhen falsy %0 bb1\nbb1:\nreturn\n"),
                   "f: bb0: edge more without its done"},
        BrokenText{"MoreOfNoIterate", f("when more 1 bb1\nwhen done 1 bb1\nbb1:\nreturn\n"),
                   "f: bb0: edge more on a value that is no iterate"},
        BrokenText{"EdgeToEntry", f("bb0:\nalways bb0\n"), "f: bb0: an edge goes to the entry"},
        BrokenText{"WrongPredecessors", f("bb0:\nalways bb1\nbb1: from bb1\nreturn\n"),
                   "f: bb1: the predecessors are not the blocks with an edge to here"},
        BrokenText{"PredecessorTwice", f("bb0:\nalways bb1\nbb1: from bb0, bb0\nreturn\n"),
                   "f: bb1: a predecessor is listed twice"},
        BrokenText{"Unreachable", f("bb0:\nreturn\nbb1:\nreturn\n"), "f: bb1: nothing reaches this block"},
        BrokenText{"UseBefore", f("store local x %0\n%0 = load local x\n"),
                   "f: bb0: %1 is used where its definition may not have run"},
        BrokenText{"UseOfItself", f("%0 = operator neg (%0)\n"),
                   "f: bb0: %0 is used where its definition may not have run"},
        BrokenText{
            "NotDominated",
            f("when truthy 1 bb1\nwhen falsy 1 bb2\nbb1:\n%0 = load local x\nalways bb2\nbb2:\nreturn %0\n"),
            "f: bb2: %0 is used where its definition may not have run"},
        BrokenText{
            "MergeWrongWay",
            f("bb0:\nwhen truthy 1 bb1\nwhen falsy 1 bb2\nbb1:\n%0 = load local x\nalways bb3\nbb2:\nalways "
              "bb3\nbb3: from bb1, bb2\n%1 = merge (1, %0)\n"),
            "f: bb2: %0 is used where its definition may not have run"},
        BrokenText{"EdgeUse",
                   f("when truthy 1 bb1\nwhen falsy 1 bb2\nbb1:\n%0 = load local x\nalways "
                     "bb2\nbb2:\nexception (%0) "
                     "bb3\nbb3:\nreturn\n"),
                   "f: bb2: %0 is used where its definition may not have run"},
        BrokenText{"PositionFile", f("return f4:1:1\n"),
                   "f: bb0: return has a position in no file, or one that ends before it begins"},
        BrokenText{"PositionOrder", f("return 5:1-4:9\n"),
                   "f: bb0: return has a position in no file, or one that ends before it begins"},
        BrokenText{"ClosureCaptures", f("%0 = closure g ()\n") + "function g [a] {\nreturn\n}\n",
                   "f: closure of g has 0 captured values, the function captures 1"},
        BrokenText{"ClosureDefaults", f("%0 = closure g ()\n") + "function g (a=) {\nreturn\n}\n",
                   "f: closure of g has other defaults than the function's parameters"}),
    [](const auto& info) { return info.param.name; });

/// What text cannot say.
struct BrokenUnit {
  std::string name;
  std::function<void(UnitFacts&)> damage;
  std::string error;
};
class BrokenSample : public testing::TestWithParam<BrokenUnit> {};
TEST_P(BrokenSample, IsRefused) {
  UnitFacts unit = unitOf(functionWith(InstructionKind::Load));
  ASSERT_EQ(brokenPromises(unit), "");
  GetParam().damage(unit);
  EXPECT_NE(("\n" + brokenPromises(unit) + "\n").find("\n" + GetParam().error + "\n"), std::string::npos)
      << brokenPromises(unit);
}
Function& function(UnitFacts& unit) { return unit.chunks[0].functions[0]; }
Instruction& load(UnitFacts& unit) { return function(unit).instructions[0]; }
Block& block(UnitFacts& unit) { return function(unit).blocks[0]; }
Edge& newEdge(UnitFacts& unit, EdgeKind kind) {
  Edge& edge = block(unit).edges.emplace_back();
  edge.kind = kind;
  edge.target = 1;
  function(unit).blocks.emplace_back().predecessors = {0};
  return edge;
}

INSTANTIATE_TEST_SUITE_P(
    Promises, BrokenSample,
    testing::Values(
        BrokenUnit{"Schema", [](UnitFacts& u) { u.schema = 9; }, "app.py: schema version 9, expected 3"},
        BrokenUnit{"Path", [](UnitFacts& u) { u.unit = ""; }, "unit: has no path"},
        BrokenUnit{"Language", [](UnitFacts& u) { u.language = "ada"; },
                   "app.py: language is none of python, c, c++"},
        BrokenUnit{"Files", [](UnitFacts& u) { u.files.clear(); },
                   "app.py: file 0, the main file, is missing"},
        BrokenUnit{"Root", [](UnitFacts& u) { u.roots.emplace_back(); }, "app.py: a root has no symbol"},
        BrokenUnit{"Gap", [](UnitFacts& u) { u.gaps.emplace_back(); }, "app.py: a gap has no reason"},
        BrokenUnit{"Directive", [](UnitFacts& u) { u.suppressions.emplace_back().directive = "hush"; },
                   "app.py: unknown directive 'hush'"},
        BrokenUnit{"EntitySymbol", [](UnitFacts& u) { u.chunks[0].entities.emplace_back(); },
                   ": an entity, its base or what it overrides has no symbol"},
        BrokenUnit{"EntityPosition",
                   [](UnitFacts& u) {
                     u.chunks[0].entities.emplace_back().symbol = "e";
                     u.chunks[0].entities.back().position.file = 8;
                   },
                   "e: a position is in no file or ends before it begins"},
        BrokenUnit{"PromiseOfAClass",
                   [](UnitFacts& u) {
                     u.chunks[0].entities.emplace_back().symbol = "C";
                     u.chunks[0].entities.back().kind = EntityKind::Class;
                     u.chunks[0].entities.back().promise = "async-signal-safe";
                   },
                   "C: promises what only a function does, or an unknown thing"},
        BrokenUnit{"UnknownPromise",
                   [](UnitFacts& u) {
                     u.chunks[0].entities.emplace_back().symbol = "f";
                     u.chunks[0].entities.back().promise = "fast";
                   },
                   "f: promises what only a function does, or an unknown thing"},
        BrokenUnit{"InstructionRange", [](UnitFacts& u) { block(u).instructions.push_back(99); },
                   "kind.load: bb0: instruction %99 does not exist"},
        BrokenUnit{"LeafInBlock", [](UnitFacts& u) { block(u).instructions.push_back(1); },
                   "kind.load: bb0: leaf %1 stands in a block"},
        BrokenUnit{"TwoPlaces", [](UnitFacts& u) { block(u).instructions.push_back(0); },
                   "kind.load: bb0: instruction %0 stands in two places"},
        BrokenUnit{"NoPlace", [](UnitFacts& u) { block(u).instructions.clear(); },
                   "kind.load: instruction %0 stands in no block"},
        BrokenUnit{"ValueRange", [](UnitFacts& u) { load(u).place.base = 77; },
                   "kind.load: bb0: value %77 does not exist"},
        BrokenUnit{"StrayName", [](UnitFacts& u) { load(u).name = "n"; }, "kind.load: bb0: load has a name"},
        BrokenUnit{"StrayIndex", [](UnitFacts& u) { load(u).index = 1; },
                   "kind.load: bb0: load has an index"},
        BrokenUnit{"StrayLiteral", [](UnitFacts& u) { load(u).literal = true; },
                   "kind.load: bb0: load has a literal"},
        BrokenUnit{"StrayOperand", [](UnitFacts& u) { load(u).operands.push_back({1, "", Spread::Single}); },
                   "kind.load: bb0: load has operands"},
        BrokenUnit{"StrayPlace", [](UnitFacts& u) { function(u).instructions[1].place.name = "x"; },
                   "kind.load: unknown has a place"},
        BrokenUnit{"PlaceBase", [](UnitFacts& u) { load(u).place.kind = PlaceKind::Local; },
                   "kind.load: bb0: place local has a base"},
        BrokenUnit{"PlaceIndex", [](UnitFacts& u) { load(u).place.index = 1; },
                   "kind.load: bb0: place attr has an index"},
        BrokenUnit{"PlaceNoIndex", [](UnitFacts& u) { load(u).place.kind = PlaceKind::Item; },
                   "kind.load: bb0: place item has no index"},
        BrokenUnit{"PlaceStrayName", [](UnitFacts& u) { load(u).place.kind = PlaceKind::Deref; },
                   "kind.load: bb0: place deref has a name"},
        BrokenUnit{"OperandValue",
                   [](UnitFacts& u) {
                     load(u).kind = InstructionKind::Await;
                     load(u).operands.emplace_back();
                   },
                   "kind.load: bb0: await has an operand without a value"},
        BrokenUnit{"EdgeTarget", [](UnitFacts& u) { newEdge(u, EdgeKind::Always).target = 5; },
                   "kind.load: bb0: an edge goes to bb5, which does not exist"},
        BrokenUnit{"AlwaysValue", [](UnitFacts& u) { newEdge(u, EdgeKind::Always).value = 1; },
                   "kind.load: bb0: an always edge has a value"},
        BrokenUnit{"AlwaysTypes", [](UnitFacts& u) { newEdge(u, EdgeKind::Always).types = {1}; },
                   "kind.load: bb0: an edge that is no exception edge has types"},
        BrokenUnit{"AlwaysLiteral", [](UnitFacts& u) { newEdge(u, EdgeKind::Always).literal = true; },
                   "kind.load: bb0: an edge has a literal that its relation does not use"},
        BrokenUnit{"AlwaysRelation",
                   [](UnitFacts& u) { newEdge(u, EdgeKind::Always).relation = Relation::More; },
                   "kind.load: bb0: an edge that is no when edge has a relation"},
        BrokenUnit{"WhenValue", [](UnitFacts& u) { newEdge(u, EdgeKind::When); },
                   "kind.load: bb0: a when edge has no value"}),
    [](const auto& info) { return info.param.name; });

TEST(Verifier, TheSamplesKeepEveryPromise) { EXPECT_EQ(brokenPromises(everyKind()), ""); }

TEST(Verifier, ListsEveryBrokenPromise) {
  UnitFacts unit = everyKind();
  unit.schema = 4;
  unit.language = "ada";
  std::string errors = brokenPromises(unit);
  EXPECT_EQ(std::count(errors.begin(), errors.end(), '\n'), 1);
}

} // namespace
} // namespace forklint::facts
