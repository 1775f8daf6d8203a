// Amounts: no more digits than are known.
#include "analyzers/support/amounts.h"

#include <gtest/gtest.h>

using namespace forklint;

TEST(Amounts, Bytes) {
  EXPECT_EQ(bytesText(0), "0 bytes");
  EXPECT_EQ(bytesText(1), "1 byte");
  EXPECT_EQ(bytesText(1023), "1023 bytes");
  EXPECT_EQ(bytesText(1024), "1 KiB");
  EXPECT_EQ(bytesText(1536), "1.5 KiB");
  EXPECT_EQ(bytesText(200'000'000), "191 MiB");
  EXPECT_EQ(bytesText((1u << 30) - 1), "1 GiB");
  EXPECT_EQ(bytesText(UINT64_MAX), "16 EiB");
}

TEST(Amounts, Seconds) {
  EXPECT_EQ(secondsText(0), "0 s");
  EXPECT_EQ(secondsText(4.51), "5 s");
  EXPECT_EQ(secondsText(0.0312), "0.03 s");
  EXPECT_EQ(secondsText(0.96), "1 s");
  EXPECT_EQ(secondsText(18.7), "20 s");
  EXPECT_EQ(secondsText(4.51, 2), "4.5 s");
  EXPECT_EQ(secondsText(18.7, 2), "19 s");
  EXPECT_EQ(secondsText(0.281, 2), "0.28 s");
}
