// Discovery: what a walk takes, what a module is called, what belongs to the program.
#include "driver/database.h"
#include "driver/discover.h"
#include "driver/ignore.h"
#include "driver/modules.h"
#include "tests/unit/driver/scratch.h"

#include <unistd.h>

using namespace forklint;
using namespace forklint::driver;

namespace {

std::string join(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names)
    text += (text.empty() ? "" : " ") + name;
  return text;
}

class Discover : public ::testing::Test {
protected:
  /// "module" of each unit, or its file name, as discover and demand give them for `paths`.
  std::string units(const std::vector<std::string>& paths) {
    CheckOptions options;
    for (const std::string& path : paths)
      options.paths.push_back(scratch.path(path));
    options.pathsGiven = true;
    Configurations configurations(rules);
    auto isTelling = [](const std::string& path) { return path.ends_with("forks.c"); };
    auto workset = discover(options, configurations, isTelling);
    if (!workset) return llvm::toString(workset.takeError());
    addPrograms(*workset, link::Models());
    keepDemanded(*workset);
    std::vector<std::string> names;
    for (const Unit& unit : workset->units)
      names.push_back(unit.module.empty() ? llvm::sys::path::filename(unit.path).str() : unit.module);
    findings = workset->findings;
    notes = workset->notes;
    return join(names);
  }
  Scratch scratch;
  llvm::StringSet<> rules;
  std::vector<check::Finding> findings;
  std::vector<std::string> notes;
};

TEST_F(Discover, PackagesAndSrcLayout) {
  scratch.write("pyproject.toml", "[project]\n");
  scratch.write("src/pkg/__init__.py");
  scratch.write("src/pkg/sub/__init__.py");
  scratch.write("src/pkg/sub/mod.py");
  scratch.write("tool.py");
  EXPECT_EQ(units({"."}), "pkg pkg.sub pkg.sub.mod tool");
}

TEST_F(Discover, NamespacePackagesByTheirImports) {
  scratch.write("forklint.toml");
  scratch.write("main.py", "from company.team import mod\nimport scripts_like\n");
  scratch.write("company/team/mod.py");
  scratch.write("scripts/job.py", "import helper\n");
  scratch.write("scripts/helper.py");
  EXPECT_EQ(units({"."}), "company.team.mod main helper job");
}

TEST_F(Discover, NamespacePackagesByRelativeImports) {
  scratch.write("forklint.toml");
  scratch.write("company/team/worker.py", "from . import mod\nfrom ..shared import log\n");
  scratch.write("company/team/mod.py");
  scratch.write("company/shared.py");
  scratch.write("company/other.py");
  EXPECT_EQ(units({"."}), "other company.shared company.team.mod company.team.worker");
}

TEST_F(Discover, SkipsWhatIsNotSource) {
  scratch.write("a.py");
  for (const char* name : {".git/x.py", "node_modules/x.py", "env/x.py", "env/pyvenv.cfg", "build/x.py",
                           "gen/x.py", "lib/site-packages/x.py", "docs/keep.py", "docs/drop.py"})
    scratch.write(name);
  scratch.write(".gitignore", "/gen/\ndocs/*\n!docs/keep.py\n");
  EXPECT_EQ(units({"."}), "a keep");
  EXPECT_EQ(units({"build"}), "x");
}

TEST_F(Discover, LinkLoopsEnd) {
  scratch.write("a.py");
  ASSERT_EQ(symlink(".", scratch.path("loop").c_str()), 0);
  ASSERT_EQ(symlink("b.py", scratch.path("b.py").c_str()), 0);
  EXPECT_EQ(units({"."}), "a b"); // b is a unit that cannot be read, not silence
}

TEST_F(Discover, ProgramIsTheProjectByImports) {
  scratch.write("forklint.toml");
  scratch.write("main.py", "import middle\n");
  scratch.write("middle.py", "from leaf import (\n  f,\n)\n");
  scratch.write("leaf.py");
  scratch.write("other.py");
  EXPECT_EQ(units({"middle.py"}), "leaf main middle");
  EXPECT_EQ(units({"other.py"}), "other");
}

TEST_F(Discover, MissingPathAndDatabase) {
  EXPECT_NE(units({"nowhere"}).find("no such file or folder"), std::string::npos);
  scratch.write("a.py");
  scratch.write("b.cpp");
  EXPECT_EQ(units({"."}), "a");
  EXPECT_TRUE(findings.empty());
  EXPECT_EQ(notes.size(), 1u);
  units({"b.cpp"});
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].rule, "unanalyzed-unit");
  scratch.write("forks.c");
  EXPECT_EQ(units({"."}), "a");
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_TRUE(llvm::StringRef(findings[0].location.path).ends_with("forks.c"));
  EXPECT_TRUE(notes.empty());
}

TEST_F(Discover, BrokenDatabase) {
  scratch.write("b.cpp");
  scratch.write("compile_commands.json", "[{\"file\": \"b.cpp\"}]");
  EXPECT_NE(units({"."}).find("entry 0 (b.cpp) has neither"), std::string::npos);
  scratch.write("compile_commands.json", "[{");
  EXPECT_NE(units({"."}).find("not a compile database"), std::string::npos);
}

TEST(Modules, ImportedNames) {
  EXPECT_EQ(join(importedNames(
                "import a.b as c, d\n  from . import e # x\nfrom ..f import (g,\n  h)\nimportant = 1\n")),
            "a.b d . .e ..f ..f.g ..f.h");
  EXPECT_EQ(absoluteName(".e", "p.q", false), "p.e");
  EXPECT_EQ(absoluteName(".e", "p.q", true), "p.q.e");
  EXPECT_EQ(absoluteName("..f.g", "p.q.r", false), "p.f.g");
}

TEST(Ignore, Patterns) {
  IgnoreFile file("/r", "*.log\n/top\na/**/z\nonly/\n");
  auto ignored = [&](const char* path, bool isFolder = false) {
    return file.judge(path, isFolder) == IgnoreFile::Verdict::Ignored;
  };
  EXPECT_TRUE(ignored("/r/x/y.log"));
  EXPECT_TRUE(ignored("/r/top"));
  EXPECT_FALSE(ignored("/r/x/top"));
  EXPECT_TRUE(ignored("/r/a/b/c/z"));
  EXPECT_TRUE(ignored("/r/a/z"));
  EXPECT_FALSE(ignored("/r/only"));
  EXPECT_TRUE(ignored("/r/x/only", true));
}

} // namespace
