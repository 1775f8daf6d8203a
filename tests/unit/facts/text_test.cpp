// Interned texts: one entry for each content, from any thread; order and comparisons by content.
#include "analyzers/support/text.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <thread>
#include <vector>

using namespace forklint;

TEST(Text, EqualContentsAreOnePointer) {
  std::string built = "thre";
  built += "ading";
  Text first = "threading", second = built, other = "multiprocessing";
  EXPECT_EQ(first.ref().data(), second.ref().data());
  EXPECT_EQ(first, second);
  EXPECT_EQ(first.identity(), second.identity());
  EXPECT_NE(first, other);
  EXPECT_EQ(sizeof(Text), sizeof(void*));
}

TEST(Text, EmptyIsNoEntry) {
  EXPECT_TRUE(Text().empty());
  EXPECT_EQ(Text(), Text(""));
  EXPECT_EQ(Text(std::string()).identity(), 0U);
  EXPECT_EQ(Text().str(), "");
}

TEST(Text, KeepsAnyBytes) {
  std::string bytes("a\0b", 3);
  EXPECT_EQ(Text(bytes).str(), bytes);
  EXPECT_EQ(Text(bytes).size(), 3U);
  EXPECT_NE(Text(bytes), Text("a"));
}

TEST(Text, ComparesWithStrings) {
  Text text = "fork";
  EXPECT_TRUE(text == "fork" && "fork" == text && text == llvm::StringRef("fork"));
  EXPECT_TRUE(std::string("fork") == text && text != "spawn" && "spawn" != text);
  EXPECT_EQ("os." + text, "os.fork");
  EXPECT_EQ(text + "server", "forkserver");
}

/// The characters are those of the table, not of a copy that is gone.
TEST(Text, ReferencesLast) {
  Text text = "a name that is longer than what a string keeps in itself";
  llvm::StringRef implicitly = text, explicitly(text);
  EXPECT_EQ(implicitly.data(), text.ref().data());
  EXPECT_EQ(explicitly.data(), text.ref().data());
}

TEST(Text, OrderIsThatOfTheContents) {
  std::vector<Text> texts = {"order.z", "order.b", "order.a", "", "order.ab"};
  std::ranges::sort(texts);
  EXPECT_EQ(texts, (std::vector<Text>{"", "order.a", "order.ab", "order.b", "order.z"}));
}

TEST(Text, ThreadsAgree) {
  constexpr size_t names = 5000, threads = 4;
  std::vector<std::vector<Text>> made(threads);
  std::vector<std::thread> running;
  running.reserve(made.size());
  for (std::vector<Text>& mine : made)
    running.emplace_back([&mine] {
      for (size_t i = 0; i < names; ++i)
        mine.push_back("thread.name." + std::to_string(i));
    });
  for (std::thread& thread : running)
    thread.join();
  for (size_t i = 0; i < names; ++i)
    EXPECT_EQ(made[0][i].str(), "thread.name." + std::to_string(i));
  for (const std::vector<Text>& mine : made)
    EXPECT_EQ(mine, made[0]);
}
