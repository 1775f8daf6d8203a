// Text and binary give back what they were given.
#include "samples.h"

#include "analyzers/facts/codec.h"
#include "analyzers/facts/spelling.h"
#include "analyzers/facts/text.h"

#include <gtest/gtest.h>

namespace forklint::facts {
namespace {

void expectRoundTrips(const UnitFacts& unit) {
  ASSERT_EQ(brokenPromises(unit), "");
  std::string text = printed(unit);
  llvm::Expected<UnitFacts> read = parse(text, "t");
  ASSERT_TRUE(bool(read)) << llvm::toString(read.takeError()) << "\n" << text;
  EXPECT_EQ(printed(*read), text);
  EXPECT_TRUE(*read == unit) << text;
  llvm::Expected<UnitFacts> decoded = decode(encode(unit));
  ASSERT_TRUE(bool(decoded)) << llvm::toString(decoded.takeError());
  EXPECT_TRUE(*decoded == unit) << text;
}

class EachKind : public testing::TestWithParam<unsigned> {};
TEST_P(EachKind, RoundTrips) {
  auto kind = static_cast<InstructionKind>(GetParam());
  Function function = functionWith(kind);
  bool found = false;
  for (const Instruction& instruction : function.instructions)
    found |= instruction.kind == kind;
  EXPECT_TRUE(found);
  expectRoundTrips(unitOf(std::move(function)));
}
INSTANTIATE_TEST_SUITE_P(FactsDef, EachKind, testing::Range(0u, instructionKinds));

TEST(RoundTrip, EveryKindAtOnce) { expectRoundTrips(everyKind()); }

TEST(RoundTrip, SpellingsAreDistinct) {
  for (unsigned i = 0; i < instructionKinds; ++i) {
    auto kind = static_cast<InstructionKind>(i), read = InstructionKind::NoReturn;
    EXPECT_TRUE(fromSpelling(spelling(kind), read));
    EXPECT_EQ(kind, read);
  }
}

TEST(RoundTrip, RandomFunctions) {
  std::mt19937 random(7);
  UnitFacts unit = unitOf(randomFunction(random, "first"));
  for (int i = 0; i < 1000; ++i)
    unit.chunks[0].functions.push_back(randomFunction(random, "r" + std::to_string(i)));
  expectRoundTrips(unit);
}

TEST(RoundTrip, EveryByteInNames) {
  UnitFacts unit = everyKind();
  for (unsigned byte = 0; byte < 256; ++byte) {
    unit.chunks[0].functions[0].symbol = std::string("s") + static_cast<char>(byte);
    unit.chunks[0].entities = {
        {std::string(1, static_cast<char>(byte)), {}, {}, {}, "", "", "", {}, {}, "", {}}};
    std::string text = printed(unit);
    llvm::Expected<UnitFacts> read = parse(text, "t");
    ASSERT_TRUE(bool(read)) << llvm::toString(read.takeError());
    EXPECT_TRUE(*read == unit) << byte;
  }
}

TEST(RoundTrip, LongStringsInBinary) {
  UnitFacts unit = everyKind();
  unit.chunks[0].digest = std::string(100000, 'x');
  unit.chunks[1].digest = std::string(1024, 'y');
  expectRoundTrips(unit);
}

} // namespace
} // namespace forklint::facts
