#include "analyzers/support/variants.h"

#include <gtest/gtest.h>

using namespace forklint;

TEST(Variants, RangesAreInclusiveAndPrintBack) {
  EXPECT_EQ(versions(*parseVersions("3.8-3.13")), "3.8-3.13");
  EXPECT_EQ(versions(*parseVersions("3.14-")), "3.14");
  EXPECT_EQ(versions(*parseVersions("3.9") | *parseVersions("3.12-3.13")), "3.9, 3.12-3.13");
  EXPECT_EQ(*parseVersions("3.8-"), allVariants);
}

TEST(Variants, OtherTextIsRefused) {
  EXPECT_FALSE(parseVersions("2.7"));
  EXPECT_FALSE(parseVersions("3.x"));
  EXPECT_FALSE(parseVersions(""));
  EXPECT_FALSE(parseVersions("3.8-4"));
}
