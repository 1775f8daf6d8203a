// What is kept once: numbers by what things are, sets of values, and ways.
#include "analyzers/solve/values.h"
#include "analyzers/solve/witnesses.h"
#include "analyzers/support/id-table.h"

#include <gtest/gtest.h>

#include <limits>
#include <map>
#include <random>

using namespace forklint;
using namespace forklint::solve;

TEST(IdTable, FindsWhatAMapFindsThoughHashesMeet) {
  std::mt19937 random(1);
  std::vector<uint32_t> things;
  std::map<uint32_t, uint32_t> model;
  IdTable table;
  for (unsigned i = 0; i < 20000; ++i) {
    uint32_t thing = random() % 5000;
    auto add = [&] {
      things.push_back(thing);
      return static_cast<uint32_t>(things.size() - 1);
    };
    uint32_t id = table.find(thing % 97, [&](uint32_t known) { return things[known] == thing; }, add);
    EXPECT_EQ(model.try_emplace(thing, id).first->second, id);
  }
  EXPECT_EQ(things.size(), model.size());
}

TEST(Values, OfEqualThingsAreEqual) {
  Values values;
  auto literal = [&](facts::Literal value) { return values.literal(std::move(value)); };
  std::vector<ValueSet> different{
      literal(facts::None()),      literal(true),         literal(int64_t{1}),        literal(1.0),
      literal(Text("1")),          literal(Text("none")), literal(facts::Bytes{"1"}), literal(Text()),
      literal(facts::Ellipsis()),  values.unknown("1"),   values.unknown("one"),      values.object(1),
      values.unknown("one", true), values.object(2)};
  EXPECT_EQ(std::set<ValueSet>(different.begin(), different.end()).size(), different.size());
  EXPECT_EQ(literal(Text("1")), different[4]);
  EXPECT_EQ(values.object(2), different.back());
  // What is computed over and over comes to an end.
  double none = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(literal(none), literal(none));
  EXPECT_EQ(literal(1.0), literal(1.0 + 1e-12));
}

TEST(Values, OfSetsAreSortedAndEachOnce) {
  Values values;
  ValueSet one = values.object(1), two = values.object(2), both = values.join(two, one);
  EXPECT_EQ(both, values.join(one, two));
  EXPECT_EQ(values.join(both, one), both);
  EXPECT_EQ(values.objectsIn(both), (std::vector<ObjectId>{1, 2}));
  EXPECT_EQ(values.within(both, allVariants), both);
  EXPECT_EQ(values.within(both, 0), Values::nothing);
  Variants first = values.of(one)[0].variants & -values.of(one)[0].variants;
  ValueSet cut = values.join(values.within(one, first), two);
  EXPECT_NE(cut, both);
  EXPECT_EQ(values.join(cut, one), both);
  EXPECT_EQ(values.set({values.of(two)[0], values.of(one)[0], values.of(one)[0]}), both);
}

TEST(Witnesses, NumberWaysByTheirHops) {
  Witnesses ways;
  link::FunctionInfo f, g;
  facts::Position here, there;
  here.line = 1;
  there.line = 2;
  Path path{{&f, here}, {&g, here}, {&f, there}};
  uint32_t way = ways.number(path);
  EXPECT_EQ(ways[way], path);
  EXPECT_EQ(ways.last(way), path.back());
  EXPECT_EQ(ways.number({}), 0u);
  EXPECT_TRUE(ways[0].empty());
  uint32_t outer = ways.number({path[0], path[1]});
  EXPECT_NE(outer, way);
  EXPECT_EQ(ways.extend(outer, path[2]), way);
  EXPECT_NE(ways.number({path[1], path[0], path[2]}), way);
}
