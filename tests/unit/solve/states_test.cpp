// What a run is noted to depend on: what it reads before it has stored anything there.
#include "analyzers/solve/state.h"

#include <gtest/gtest.h>

using namespace forklint;
using namespace forklint::solve;

namespace {

struct Run : testing::Test {
  Values values;
  States states{values};
  ValueSet one = values.literal(int64_t{1}), two = values.literal(int64_t{2});
  PlaceId place = 7;

  ValueSet valueOf(const State& state) { return States::peek(state, place); }
  State with(ValueSet value) {
    State state;
    states.put(state, place, value);
    return state;
  }
};

} // namespace

TEST_F(Run, DependsOnWhatItReads) {
  State state = with(one);
  Touched touched(state, 0);
  states.touched = &touched;
  states.get(state, place);
  EXPECT_EQ(touched.reads.lookup(place), one);
}

TEST_F(Run, DoesNotDependOnWhatItHasStored) {
  State state = with(one);
  Touched touched(state, 0);
  states.touched = &touched;
  states.set(state, place, two);
  EXPECT_EQ(states.get(state, place), two);
  EXPECT_TRUE(touched.reads.empty());
}

TEST_F(Run, DependsOnWhatOneOfTwoWaysStores) {
  State state = with(one), other = state;
  Touched touched(state, 0);
  states.touched = &touched;
  states.set(state, place, two);
  State joined = states.join(state, other);
  EXPECT_EQ(valueOf(joined), values.join(one, two));
  EXPECT_TRUE(touched.reads.contains(place));
}

TEST_F(Run, DependsOnWhatOneOfTwoWaysMakes) {
  State state, other;
  Touched touched(state, 0);
  states.touched = &touched;
  states.set(state, place, two);
  EXPECT_TRUE(touched.reads.empty());
  states.join(state, other);
  EXPECT_TRUE(touched.reads.contains(place));
}

TEST_F(Run, DependsOnWhatItPutsBack) {
  State state = with(one);
  Touched touched(state, 0);
  states.touched = &touched;
  states.set(state, place, two);
  states.set(state, place, one);
  EXPECT_TRUE(touched.reads.contains(place));
}

TEST_F(Run, DoesNotDependOnADefinition) {
  states.mayDefine(place);
  State state;
  states.set(state, place, one);
  Touched touched(state, 0);
  states.touched = &touched;
  states.get(state, place);
  EXPECT_TRUE(touched.reads.empty());
  // Until it is no definition any more, of which answers have to know.
  states.set(state, place, two);
  EXPECT_EQ(states.redefinitions(), 1u);
  Touched later(state, 1);
  states.touched = &later;
  states.get(state, place);
  EXPECT_TRUE(later.reads.contains(place));
}

TEST_F(Run, KeepsNoMoreThanItMay) {
  State state;
  Touched touched(state, 0);
  states.touched = &touched;
  for (PlaceId each = 0; each <= Touched::mostPlaces; ++each)
    states.get(state, each);
  EXPECT_TRUE(touched.isTooWide);
  EXPECT_TRUE(touched.reads.empty());
}
