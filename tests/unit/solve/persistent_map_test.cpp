// Persistent maps against std::map, under random changes.
#include "analyzers/support/persistent-map.h"

#include <gtest/gtest.h>

#include <map>
#include <random>

using namespace forklint;

namespace {

struct Both {
  PersistentMap map;
  std::map<uint32_t, uint32_t> model;

  void change(std::mt19937& random, PersistentMap::Arena& arena) {
    uint32_t key = random() % 64 * (random() % 3 ? 1 : 0x1000001), value = random() % 8;
    if (random() % 3) {
      map = map.with(key, value, arena);
      model[key] = value;
    } else {
      map = map.without(key, arena);
      model.erase(key);
    }
  }
};

std::map<uint32_t, uint32_t> contentOf(const PersistentMap& map) {
  std::map<uint32_t, uint32_t> content;
  map.forEach([&](uint32_t key, uint32_t value) { content[key] = value; });
  return content;
}

} // namespace

TEST(PersistentMap, HoldsWhatAMapHolds) {
  PersistentMap::Arena arena;
  std::mt19937 random(1);
  Both both;
  for (int step = 0; step < 5000; ++step) {
    both.change(random, arena);
    ASSERT_EQ(contentOf(both.map), both.model);
  }
}

TEST(PersistentMap, ChangesMakeTheOneTheOther) {
  PersistentMap::Arena arena;
  std::mt19937 random(2);
  for (int round = 0; round < 2000; ++round) {
    Both before;
    for (unsigned step = random() % 40; step > 0; --step)
      before.change(random, arena);
    Both after = round % 2 ? before : Both{};
    for (unsigned step = random() % 40; step > 0; --step)
      after.change(random, arena);
    std::map<uint32_t, uint32_t> made = before.model;
    before.map.forEachChange(after.map, [&](uint32_t key, const uint32_t* now) {
      auto was = before.model.find(key);
      EXPECT_TRUE(now ? was == before.model.end() || was->second != *now : was != before.model.end());
      if (now)
        made[key] = *now;
      else
        made.erase(key);
    });
    ASSERT_EQ(made, after.model);
  }
}

TEST(PersistentMap, MadeOfSortedPairsIsTheSame) {
  PersistentMap::Arena arena;
  std::mt19937 random(4);
  auto second = [](uint32_t, uint32_t, uint32_t value) { return value; };
  for (int round = 0; round < 2000; ++round) {
    Both before, given;
    for (unsigned step = random() % 40; step > 0; --step)
      before.change(random, arena);
    for (unsigned step = random() % 40; step > 0; --step)
      given.change(random, arena);
    std::vector<std::pair<uint32_t, uint32_t>> sorted(given.model.begin(), given.model.end());
    PersistentMap made = PersistentMap::of(sorted, arena);
    ASSERT_EQ(contentOf(made), given.model);
    ASSERT_TRUE(made == given.map);
    // What is given replaces what was there.
    std::map<uint32_t, uint32_t> both = given.model;
    both.insert(before.model.begin(), before.model.end());
    ASSERT_EQ(contentOf(before.map.joined(made, arena, second)), both);
  }
}

TEST(PersistentMap, JoiningTellsWhatOnlyOneHasAndWhatDiffers) {
  PersistentMap::Arena arena;
  std::mt19937 random(5);
  for (int round = 0; round < 2000; ++round) {
    Both left;
    for (unsigned step = random() % 40; step > 0; --step)
      left.change(random, arena);
    Both right = round % 2 ? left : Both{};
    for (unsigned step = random() % 40; step > 0; --step)
      right.change(random, arena);
    std::map<uint32_t, uint32_t> told, expected;
    auto both = [&](uint32_t key, uint32_t value, uint32_t) {
      told[key] = value;
      return value;
    };
    auto alone = [&](uint32_t key, uint32_t value) { told[key] = value; };
    std::map<uint32_t, uint32_t> joined = left.model;
    joined.insert(right.model.begin(), right.model.end());
    for (const auto& [key, value] : joined) {
      auto first = left.model.find(key), second = right.model.find(key);
      bool inBoth = first != left.model.end() && second != right.model.end();
      if (!inBoth || first->second != second->second) expected[key] = value;
    }
    ASSERT_EQ(contentOf(left.map.joined(right.map, arena, both, alone)), joined);
    ASSERT_EQ(told, expected);
  }
}
