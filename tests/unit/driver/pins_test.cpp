#include "driver/pins.h"
#include "scratch.h"

#include <gtest/gtest.h>

namespace forklint::driver {
namespace {

/// Whether the pins allow a version of the package; true where they say nothing of it.
bool allows(const link::Pins& pins, const char* package, const char* version) {
  auto found = pins.find(package);
  if (found == pins.end()) return true;
  return llvm::any_of(found->second, [&](const Releases& each) {
    return each.meets(*Releases::parse(std::string("==") + version));
  });
}

TEST(Pins, Requirements) {
  link::Pins pins;
  readPins("requirements-dev.txt",
           "# comment\n-r base.txt\nFoo_Bar[extra,more] >= 1.2 , < 2 ; python_version < '3.9'  # why\n"
           "exact==3.1 \\\n    --hash=sha256:00\nany\nurl @ https://host/url-9.zip\n",
           pins);
  EXPECT_FALSE(allows(pins, "foo-bar", "2.1"));
  EXPECT_TRUE(allows(pins, "foo-bar", "1.3"));
  EXPECT_FALSE(allows(pins, "exact", "3.2"));
  EXPECT_TRUE(allows(pins, "any", "1"));
  EXPECT_TRUE(allows(pins, "url", "1"));
  EXPECT_EQ(pins.size(), 4u);
}

TEST(Pins, Projects) {
  link::Pins pins;
  readPins("pyproject.toml",
           "[project]\ndependencies = ['a<2']\n[project.optional-dependencies]\nx = ['b>=3']\n"
           "[tool.poetry.dependencies]\nc = '^1.5'\nd = { version = '~2.1', optional = true }\n",
           pins);
  readPins("setup.cfg", "[options]\ninstall_requires =\n    e>=5\n    f\n[other]\nkeys =\n    g<1\n", pins);
  EXPECT_FALSE(allows(pins, "a", "2"));
  EXPECT_FALSE(allows(pins, "b", "2"));
  EXPECT_FALSE(allows(pins, "c", "2"));
  EXPECT_FALSE(allows(pins, "d", "2.2"));
  EXPECT_FALSE(allows(pins, "e", "4"));
  EXPECT_TRUE(allows(pins, "f", "4"));
  EXPECT_FALSE(pins.contains("g"));
  readPins("pyproject.toml", "broken", pins);
  EXPECT_EQ(pins.size(), 6u);
}

TEST(Pins, LockSaysItExactly) {
  Scratch scratch;
  scratch.write("one/requirements.txt", "a>=1\nb>=1\n");
  scratch.write("one/poetry.lock", "[[package]]\nname = 'A'\nversion = '1.5'\n");
  scratch.write("two/requirements.txt", "b<1\n");
  link::Pins pins = pinsOf({scratch.path("one"), scratch.path("two")});
  EXPECT_TRUE(allows(pins, "a", "1.5"));
  EXPECT_FALSE(allows(pins, "a", "2"));
  EXPECT_TRUE(allows(pins, "b", "0.5")); // of either project
  EXPECT_TRUE(allows(pins, "b", "2"));
}

} // namespace
} // namespace forklint::driver
