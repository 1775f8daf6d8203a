// Lists against std::vector, under random changes, and the room that they keep.
#include "analyzers/support/list.h"
#include "analyzers/support/rare.h"

#include "analyzers/facts/facts.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <thread>
#include <vector>

using namespace forklint;

namespace {

/// Long enough that what is not destroyed leaks, and what is destroyed twice breaks.
std::string item(unsigned number) { return "an item with the number " + std::to_string(number); }

struct Both {
  List<std::string> list;
  std::vector<std::string> model;

  void change(std::mt19937& random) {
    unsigned number = random() % 100;
    switch (random() % 8) {
    case 0: list.shrink(); break;
    case 1: list = List<std::string>(list); break;
    case 2:
      if (number > 50) break;
      list.clear();
      model.clear();
      break;
    default: list.push_back(item(number)); model.push_back(item(number));
    }
  }
};

} // namespace

TEST(List, HoldsWhatAVectorHolds) {
  std::mt19937 random(1);
  for (int round = 0; round < 20; ++round) {
    Both both;
    for (int step = 0; step < 300; ++step)
      both.change(random);
    EXPECT_EQ(both.list, List<std::string>(both.model));
    EXPECT_EQ(both.list.size(), both.model.size());
  }
}

TEST(List, KeepsNoRoomThatItDoesNotNeed) {
  EXPECT_EQ(sizeof(List<std::string>), sizeof(void*));
  List<std::string> grown;
  for (unsigned number = 0; number < 5; ++number)
    grown.push_back(item(number));
  EXPECT_GT(grown.capacity(), 5U);
  EXPECT_EQ(List<std::string>(grown).capacity(), 5U);
  grown.shrink();
  EXPECT_EQ(grown.capacity(), 5U);
  std::vector<std::string> vector(grown.begin(), grown.end());
  vector.reserve(100);
  EXPECT_EQ(List<std::string>(std::move(vector)).capacity(), 5U);
  List<std::string> moved = std::move(grown);
  EXPECT_EQ(moved.size(), 5U);
  EXPECT_TRUE(grown.empty()); // NOLINT(bugprone-use-after-move): a list that was moved from is empty
}

TEST(List, TakesACopyOfItsOwnElement) {
  List<std::string> list{item(1)};
  for (int i = 0; i < 10; ++i)
    list.emplace_back(list.front());
  EXPECT_EQ(list.back(), item(1));
  EXPECT_EQ(list.size(), 11U);
}

TEST(List, GoesFromThreadToThread) {
  std::vector<List<std::string>> made(4);
  std::vector<std::thread> running;
  running.reserve(made.size());
  for (List<std::string>& mine : made)
    running.emplace_back([&mine] {
      for (unsigned number = 0; number < 1000; ++number)
        mine = List<std::string>{item(number), item(number + 1)};
    });
  for (std::thread& thread : running)
    thread.join();
  for (const List<std::string>& mine : made)
    EXPECT_EQ(mine, (List<std::string>{item(999), item(1000)}));
}

TEST(Rare, IsAValue) {
  Rare<int> usual, rare = 3, copy = rare;
  rare = 0;
  EXPECT_EQ(usual, rare);
  EXPECT_EQ(copy, 3);
  EXPECT_EQ(usual, 0);
}

/// Members stand in the room at the end of others: to write one must not change its neighbours.
TEST(Facts, NeighboursKeepTheirValues) {
  using namespace facts;
  Instruction instruction;
  instruction.kind = InstructionKind::Call;
  instruction.index = UINT32_MAX;
  instruction.position = {1, 2, 3, 4, 5};
  Instruction before = instruction;
  Place place(PlaceKind::Item, 1, "", 2);
  const std::vector<Literal> literals = {None(), true, INT64_MIN, 1.5, Text("x"), Bytes{"y"}, Ellipsis()};
  for (const Literal& literal : literals) {
    instruction.place = place;
    instruction.literal = literal;
    EXPECT_EQ(instruction.kind, before.kind);
    EXPECT_EQ(instruction.index, before.index);
    EXPECT_EQ(instruction.position, before.position);
    Edge edge;
    edge.kind = EdgeKind::Exception;
    edge.relation = Relation::Less;
    edge.target = edge.value = 7;
    edge.literal = literal;
    EXPECT_TRUE(edge.kind == EdgeKind::Exception && edge.relation == Relation::Less && edge.target == 7);
    EXPECT_EQ(edge.literal, literal);
  }
  EXPECT_EQ(instruction.place, place);
}
