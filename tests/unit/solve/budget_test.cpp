// The bound on work: what all roots may take together grows with the program, not with roots times files.
#include "analyzers/solve/budget.h"

#include <gtest/gtest.h>

using namespace forklint::solve;

namespace {

/// The work of as many roots, each of which goes on for as long as it may.
uint64_t workOf(uint64_t instructions, size_t roots) {
  Budget budget(instructions, roots);
  uint64_t all = 0;
  for (size_t root = 0; root < roots; ++root) {
    budget.beginRoot();
    while (!budget.isSpent())
      budget.spend(100);
    all += budget.spent();
  }
  return all;
}

} // namespace

TEST(Budget, GrowsWithTheLengthOfTheProgram) {
  constexpr uint64_t perFile = 1000;
  uint64_t small = workOf(1'000'000 * 10, 10'000), large = workOf(1'000'000 * 100, 100'000);
  EXPECT_LE(large, small * 11);
  EXPECT_LE(workOf(10'000 * perFile, 10'000), 10'000 * perFile * 20);
}

TEST(Budget, OfAShortProgramEachRootHasItsOwn) { EXPECT_GE(workOf(1'000, 20), 20 * 300'000u); }

TEST(Budget, WhatHasBeenEndedCountsNoMore) {
  Budget budget(1'000, 1);
  budget.beginRoot();
  budget.spend(10);
  uint64_t since = budget.spent();
  budget.spend(400'000);
  EXPECT_TRUE(budget.isSpent());
  EXPECT_TRUE(budget.isMost(since));
  EXPECT_TRUE(budget.meetBound());
  EXPECT_FALSE(budget.meetBound());
  budget.giveBack(since);
  EXPECT_FALSE(budget.isSpent());
  EXPECT_TRUE(budget.meetBound());
}

TEST(Budget, WhatIsGrantedTakesNothingFromTheRest) {
  Budget budget(1'000, 1);
  budget.beginRoot();
  uint64_t since = budget.spent();
  budget.grant(500'000);
  budget.spend(500'000);
  EXPECT_FALSE(budget.isSpent());
  budget.settle(500'000, since);
  EXPECT_EQ(budget.spent(), since);
}
