#include "analyzers/support/releases.h"

#include <gtest/gtest.h>

namespace forklint {
namespace {

bool meet(const char* left, const char* right) {
  std::optional<Releases> one = Releases::parse(left), other = Releases::parse(right);
  return one && other && one->meets(*other) && other->meets(*one);
}

TEST(Releases, RangesMeet) {
  EXPECT_TRUE(meet(">=4.3", ">=2"));
  EXPECT_TRUE(meet("<2.7.2", "<2.7.3,>2.7.1"));
  EXPECT_TRUE(meet("<2.7.2", "==2.7"));
  EXPECT_FALSE(meet("<2.7.2", "==2.7.2"));
  EXPECT_FALSE(meet("<4", ">=4"));
  EXPECT_TRUE(meet("<=4", ">=4.0.0"));
  EXPECT_TRUE(meet(">4", "<4.0.1"));
  EXPECT_FALSE(meet("==1.4.*", ">=1.5"));
  EXPECT_TRUE(meet("==1.4.*", "<1.4.1"));
  EXPECT_FALSE(meet("!=1.4.*,>=1.4", "<1.5"));
  EXPECT_TRUE(meet("", "==7.1rc1"));
  EXPECT_TRUE(meet("*", "<0.1"));
}

TEST(Releases, Compatible) {
  EXPECT_TRUE(meet("~=1.4", "==1.9"));
  EXPECT_FALSE(meet("~=1.4", "==2.0"));
  EXPECT_FALSE(meet("~=1.4.2", "==1.5"));
  EXPECT_TRUE(meet("^1.4", "==1.9"));
  EXPECT_FALSE(meet("^1.4", "==2.0"));
  EXPECT_TRUE(meet("^0.4", "==0.4.9"));
  EXPECT_FALSE(meet("^0.4", "==0.5"));
  EXPECT_FALSE(meet("~1.4.2", "==1.5"));
  EXPECT_TRUE(meet("1.4.2", "==1.4.2"));
}

TEST(Releases, WhatIsNone) {
  EXPECT_FALSE(Releases::parse("since 2"));
  EXPECT_FALSE(Releases::parse(">=x"));
  EXPECT_FALSE(meet(">=2,<1", ">=0"));
}

} // namespace
} // namespace forklint
