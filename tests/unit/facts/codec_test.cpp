// Bytes that are no facts are refused, whatever they are.
#include "samples.h"

#include "analyzers/facts/codec.h"

#include <gtest/gtest.h>

namespace forklint::facts {
namespace {

std::string errorOf(llvm::StringRef bytes) {
  llvm::Expected<UnitFacts> unit = decode(bytes);
  return unit ? "" : llvm::toString(unit.takeError());
}

TEST(Codec, EveryTruncationIsAnError) {
  std::string bytes = encode(everyKind());
  ASSERT_EQ(errorOf(bytes), "");
  for (size_t length = 0; length < bytes.size(); ++length)
    ASSERT_NE(errorOf(llvm::StringRef(bytes).take_front(length)), "") << length;
}

TEST(Codec, MoreBytesAreAnError) {
  EXPECT_NE(errorOf(encode(everyKind()) + '\0').find("more bytes than facts"), std::string::npos);
}

TEST(Codec, RandomMutationsDoNoHarm) {
  std::mt19937 random(3);
  const std::string bytes = encode(everyKind());
  for (int i = 0; i < 10000; ++i) {
    std::string mutated = bytes;
    for (unsigned count = 1 + random() % 3; count > 0; --count)
      mutated[random() % mutated.size()] = static_cast<char>(random());
    llvm::Expected<UnitFacts> unit = decode(mutated);
    if (unit)
      EXPECT_EQ(brokenPromises(*unit), "");
    else
      llvm::consumeError(unit.takeError());
  }
}

TEST(Codec, AnotherVersionIsAnError) {
  std::string bytes = encode(everyKind());
  bytes[4] = static_cast<char>(schemaVersion + 1);
  EXPECT_NE(errorOf(bytes).find("another schema version"), std::string::npos);
  EXPECT_NE(errorOf("MZ").find("these are no facts"), std::string::npos);
}

TEST(Codec, ClaimedCountsTakeNoMemory) {
  std::string bytes = "FFCT\x03";
  bytes += std::string(9, '\xff') + '\x01'; // 2^64 - 1 strings
  EXPECT_NE(errorOf(bytes), "");
  EXPECT_NE(errorOf(std::string("FFCT\x03") + std::string(40, '\xff')).find("a number is too long"),
            std::string::npos);
}

TEST(Codec, LongStringsAreNotShared) {
  std::string bytes = std::string("FFCT\x03\x01\x81\x08", 8) + std::string(1025, 'x');
  EXPECT_NE(errorOf(bytes).find("a string of the table is too long"), std::string::npos);
}

TEST(Codec, IsSmallerThanText) {
  std::mt19937 random(5);
  UnitFacts unit = unitOf(randomFunction(random, "r"));
  for (int i = 0; i < 100; ++i)
    unit.chunks[0].functions.push_back(randomFunction(random, "r"));
  EXPECT_LT(encode(unit).size() * 2, printed(unit).size());
}

TEST(Codec, BrokenFactsAreRefused) {
  UnitFacts unit = everyKind();
  unit.chunks[0].functions[0].blocks[0].edges.push_back({});
  EXPECT_NE(errorOf(encode(unit)), "");
}

} // namespace
} // namespace forklint::facts
