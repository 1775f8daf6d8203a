// Configuration: each mistake is one line with its place; the nearest file holds.
#include "driver/config.h"
#include "tests/unit/driver/scratch.h"

using namespace forklint;
using namespace forklint::driver;

namespace {

const llvm::StringSet<>& rules() {
  static const llvm::StringSet<> names = {"fork-after-threads", "preexec-fn"};
  return names;
}

std::string errorOf(llvm::StringRef text, llvm::StringRef file = "forklint.toml") {
  auto config = readConfig(text, file, rules());
  return config ? "" : llvm::toString(config.takeError());
}

TEST(Config, Mistakes) {
  EXPECT_EQ(errorOf("selct = []\n"), "forklint.toml:1:1: there is no key `selct`; did you mean `select`?");
  EXPECT_EQ(errorOf("\nselect = [\"prexec-fn\"]\n"),
            "forklint.toml:2:11: there is no rule `prexec-fn`; did you mean `preexec-fn`?");
  EXPECT_EQ(errorOf("ignore = 'x'\n"), "forklint.toml:1:10: `ignore` is a list of rule names");
  EXPECT_EQ(errorOf("fail-on = 'loud'\n"), "forklint.toml:1:11: `loud` is not one of error, warning, note");
  EXPECT_NE(errorOf("target-version = '2.7'\n").find("forklint.toml:1:18"), std::string::npos);
  EXPECT_NE(errorOf("select = [\n").find("forklint.toml:"), std::string::npos);
  EXPECT_EQ(
      errorOf("[tool.forklint]\nnope = 1\n", "pyproject.toml"),
      "pyproject.toml:2:1: there is no key `nope`; there are extend-select, fail-on, ignore, libc, models, "
      "platform, select, show, target-version");
  EXPECT_EQ(errorOf("models = 'rows.toml'\n"), "forklint.toml:1:10: `models` is a list of files");
  EXPECT_EQ(errorOf("models = [\n 'none.toml']\n"), "forklint.toml:2:2: there is no file `none.toml`");
}

TEST(Config, OnlyItsTableOfPyprojectCounts) {
  auto config = readConfig("[tool.other]\nx = 1\n", "pyproject.toml", rules());
  ASSERT_TRUE(static_cast<bool>(config));
  EXPECT_FALSE(config->has_value());
}

TEST(Config, NearestHoldsAloneButForRequiresPython) {
  Scratch scratch;
  scratch.write("forklint.toml", "ignore = ['preexec-fn']\ntarget-version = '3.14'\n");
  scratch.write("one/pyproject.toml", "[project]\nrequires-python = '>=3.10,<3.13'\n");
  scratch.write("one/two/forklint.toml", "fail-on = 'error'\n");
  scratch.write("one/two/three/x.py");
  Configurations configurations(rules());
  auto of = [&](llvm::StringRef folder) {
    auto config = configurations.of(scratch.path(folder));
    EXPECT_TRUE(static_cast<bool>(config));
    return **config;
  };
  EXPECT_EQ(of("one/two/three").failOn, check::Level::Error);
  EXPECT_TRUE(of("one/two/three").ignore.empty());
  EXPECT_EQ(versions(*of("one/two/three").targets), "3.10-3.12");
  EXPECT_EQ(of("one").ignore, std::vector<std::string>{"preexec-fn"});
  EXPECT_EQ(versions(*of("one").targets), "3.10-3.12");
  EXPECT_EQ(versions(*of(".").targets), "3.14");
}

TEST(Config, RequiresPython) {
  auto text = [](llvm::StringRef clause) { return versions(allowedVersions(clause).value_or(0)); };
  EXPECT_EQ(text(">=3.9"), "3.9-3.14");
  EXPECT_EQ(text(">=3.9.2"), "3.9-3.14");
  EXPECT_EQ(text(">3.9, !=3.11.*"), "3.9-3.10, 3.12-3.14"); // 3.9.1 is allowed (PEP 440)
  EXPECT_EQ(text(">3"), "3.8-3.14");
  EXPECT_EQ(text("<3.8"), "");
  EXPECT_EQ(text("~=3.10"), "3.10-3.14");
  EXPECT_EQ(text("~=3.10.1"), "3.10");
  EXPECT_EQ(text("==3.12.*"), "3.12");
  EXPECT_EQ(text(">=3,<4"), "3.8-3.14");
  EXPECT_EQ(text("<=3.10"), "3.8-3.10");
  EXPECT_FALSE(allowedVersions("three"));
}

} // namespace
