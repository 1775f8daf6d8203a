// The solver and the rules on hand-written facts: each hazard beside the twin that must stay silent.
#include "analyzers/check/rule.h"
#include "analyzers/facts/text.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"

#include <gtest/gtest.h>

using namespace forklint;

namespace {

/// Findings as "level rule path:line [versions]", for units given as text.
std::vector<std::string> findings(std::initializer_list<std::string> texts, Variants targets = allVariants) {
  std::vector<facts::UnitFacts> units;
  for (const std::string& text : texts) {
    llvm::Expected<facts::UnitFacts> unit = facts::parse(text, "test.ffacts");
    if (!unit) {
      ADD_FAILURE() << llvm::toString(unit.takeError());
      return {};
    }
    units.push_back(std::move(*unit));
  }
  llvm::Expected<link::Models> models = link::Models::builtin();
  if (!models) {
    ADD_FAILURE() << llvm::toString(models.takeError());
    return {};
  }
  link::Program program(std::move(units), std::move(*models));
  solve::Solution solution = solve::solve(program);
  std::vector<std::string> lines;
  for (const check::Finding& finding : check::runRules(program, solution, targets))
    lines.push_back(std::string(check::spelling(finding.level)) + " " + finding.rule + " " +
                    finding.location.path + ":" + std::to_string(finding.location.line) +
                    (finding.python.empty() ? "" : " " + finding.python));
  return lines;
}

using Lines = std::vector<std::string>;

/// Of the lines those of one rule; what others say of the same program, their pages hold.
Lines of(const std::string& rule, Lines lines) {
  llvm::erase_if(lines,
                 [&](const std::string& line) { return !llvm::StringRef(line).contains(" " + rule + " "); });
  return lines;
}

/// A script with `body` in its one statement; threading, multiprocessing and os are imported.
std::string script(const std::string& body, const std::string& functions = "",
                   const std::string& name = "app") {
  return "ffacts 3\nunit \"" + name + ".py\" python \"" + name + "\"\nroot script \"" + name +
         "\"\nchunk 0 {\n" + functions + "  statement @\"" + name + ".<0>\" 1:1 {\n" + body + "  }\n}\n";
}

const std::string work = R"facts(  function @"app.work" () 30:1 {
  bb0:
    %0 = call function @"builtins.print"(const "hello") 31:1
    return
  }
)facts";

const std::string article = R"facts(  bb0:
    %0 = import "threading" 1:1
    %1 = import "multiprocessing" 2:1
    %2 = closure "app.work" 3:1
    %3 = load attr %0 "Thread" 5:1
    %4 = call %3(target=%2) 5:1
    %5 = load attr %4 "start" 6:1
    %6 = call %5() 6:1
)facts";

const std::string process = R"facts(    %20 = load attr %1 "Process" 9:1
    %21 = call %20(target=%2) 9:1
    %22 = load attr %21 "start" 10:1
    %23 = call %22() 10:1
)facts";

} // namespace

TEST(ForkAfterThreads, ThreadThenProcessForksUntilTheDefaultChanges) {
  EXPECT_EQ(of("fork-after-threads", findings({script(article + process, work)})),
            Lines{"warning fork-after-threads app.py:10 3.8-3.13"});
}

TEST(ForkAfterThreads, NothingWhereTheDefaultIsForkserver) {
  EXPECT_EQ(of("fork-after-threads", findings({script(article + process, work)}, *parseVersions("3.14"))),
            Lines{});
}

TEST(ForkAfterThreads, SilentAfterJoin) {
  std::string join = "    %10 = load attr %4 \"join\" 7:1\n    %11 = call %10() 7:1\n";
  EXPECT_EQ(of("fork-after-threads", findings({script(article + join + process, work)})), Lines{});
}

TEST(ForkAfterThreads, AJoinWithATimeOutProvesNothing) {
  std::string join = "    %10 = load attr %4 \"join\" 7:1\n    %11 = call %10(const 1) 7:1\n";
  EXPECT_EQ(of("fork-after-threads", findings({script(article + join + process, work)})),
            Lines{"warning fork-after-threads app.py:10 3.8-3.13"});
}

TEST(ForkAfterThreads, SilentUnderASpawnContext) {
  std::string context = R"facts(    %10 = load attr %1 "get_context" 7:1
    %11 = call %10(const "spawn") 7:1
    %20 = load attr %11 "Process" 9:1
    %21 = call %20(target=%2) 9:1
    %22 = load attr %21 "start" 10:1
    %23 = call %22() 10:1
)facts";
  EXPECT_EQ(of("fork-after-threads", findings({script(article + context, work)})), Lines{});
}

TEST(ForkAfterThreads, AForkContextForksInEveryVersion) {
  std::string context = R"facts(    %10 = load attr %1 "get_context" 7:1
    %11 = call %10(const "fork") 7:1
    %20 = load attr %11 "Process" 9:1
    %21 = call %20(target=%2) 9:1
    %22 = load attr %21 "start" 10:1
    %23 = call %22() 10:1
)facts";
  EXPECT_EQ(of("fork-after-threads", findings({script(article + context, work)})),
            Lines{"warning fork-after-threads app.py:10 3.8-3.14"});
}

TEST(ForkAfterThreads, SilentWhereTheProcessStartsFirst) {
  std::string body = R"facts(  bb0:
    %0 = import "threading" 1:1
    %1 = import "multiprocessing" 2:1
    %2 = closure "app.work" 3:1
    %20 = load attr %1 "Process" 4:1
    %21 = call %20(target=%2) 4:1
    %22 = load attr %21 "start" 4:1
    %23 = call %22() 4:1
    %3 = load attr %0 "Thread" 5:1
    %4 = call %3(target=%2) 5:1
    %5 = load attr %4 "start" 6:1
    %6 = call %5() 6:1
)facts";
  EXPECT_EQ(of("fork-after-threads", findings({script(body, work)})), Lines{});
}

TEST(ForkAfterThreads, TwoScriptsNeverInfluenceEachOther) {
  std::string threads = script(article, work);
  std::string forks = R"facts(  bb0:
    %1 = import "multiprocessing" 2:1
    %2 = closure "other.work" 3:1
    %20 = load attr %1 "Process" 9:1
    %21 = call %20(target=%2) 9:1
    %22 = load attr %21 "start" 10:1
    %23 = call %22() 10:1
)facts";
  std::string other = "  function @\"other.work\" () 30:1 {\n  bb0:\n    return\n  }\n";
  EXPECT_EQ(of("fork-after-threads", findings({threads, script(forks, other, "other")})), Lines{});
}

TEST(ForkAfterThreads, TheThreadMayStartInAnImportedModule) {
  std::string app = R"facts(  bb0:
    %9 = import "background" 1:1
    %1 = import "multiprocessing" 2:1
    %2 = closure "app.work" 3:1
)facts" + process;
  std::string background = R"facts(ffacts 3
unit "background.py" python "background"
root module "background"
chunk 0 {
  function @"background.work" () 30:1 {
  bb0:
    %0 = call function @"builtins.print"(const "hello") 31:1
    return
  }
  statement @"background.<0>" 1:1 {
  bb0:
    %0 = import "threading" 1:1
    %2 = closure "background.work" 2:1
    %3 = load attr %0 "Thread" 2:1
    %4 = call %3(target=%2) 2:1
    %5 = load attr %4 "start" 3:1
    %6 = call %5() 3:1
  }
}
)facts";
  EXPECT_EQ(of("fork-after-threads", findings({script(app, work), background})),
            Lines{"warning fork-after-threads app.py:10 3.8-3.13"});
}

namespace {

/// A C++ unit with main() in `name`.
std::string unit(const std::string& name, const std::string& functions, bool isMain = true) {
  return "ffacts 3\nunit \"" + name + "\" c++\n" + (isMain ? "root main \"main\"\n" : "") + "chunk 0 {\n" +
         functions + "}\n";
}

const std::string startThread = R"facts(  function @"startWorker()" () 1:1 {
  bb0:
    %0 = address-of local "id" 2:1
    %1 = call function @"pthread_create"(%0, const 0, function @"worker", const 0) 2:1
    return
  }
)facts";

} // namespace

TEST(ForkAfterThreads, AcrossTwoUnits) {
  std::string mainUnit = unit("main.cpp", R"facts(  function @"main" () 1:1 {
  bb0:
    %0 = call function @"startWorker()"() 2:1
    %1 = call function @"fork"() 3:1
    when %1 == 0 bb1
    when %1 != 0 bb2
  bb1:
    %2 = call function @"work"() 4:1
    %3 = call function @"_exit"(const 0) 5:1
    noreturn
  bb2:
    return const 0
  }
)facts");
  EXPECT_EQ(findings({mainUnit, unit("worker.cpp", startThread, false)}),
            Lines{"warning fork-after-threads main.cpp:3"});
}

TEST(ForkAfterThreads, SilentWhereTheChildExecsAtOnce) {
  std::string mainUnit = unit("main.cpp", R"facts(  function @"main" () 1:1 {
  bb0:
    %0 = call function @"startWorker()"() 2:1
    %1 = call function @"fork"() 3:1
    when %1 == 0 bb1
    when %1 != 0 bb2
  bb1:
    %2 = call function @"execv"(const "/bin/true", const 0) 4:1
    %3 = call function @"_exit"(const 127) 5:1
    noreturn
  bb2:
    return const 0
  }
)facts");
  EXPECT_EQ(findings({mainUnit, unit("worker.cpp", startThread, false)}), Lines{});
}

TEST(UnsafeCallInChild, InAHelperBehindAWrapperThatReturnsThePid) {
  std::string mainUnit = unit("main.cpp", R"facts(  function @"spawn()" () 1:1 {
  bb0:
    %0 = call function @"fork"() 2:1
    return %0
  }
  function @"stamp()" () 5:1 {
  bb0:
    %0 = call function @"localtime_r"(const 0, const 0) 6:1
    return
  }
  function @"main" () 10:1 {
  bb0:
    %0 = call function @"startWorker()"() 11:1
    %1 = call function @"spawn()"() 12:1
    when %1 == 0 bb1
    when %1 != 0 bb2
  bb1:
    %2 = call function @"stamp()"() 13:1
    %3 = call function @"_exit"(const 0) 14:1
    noreturn
  bb2:
    %4 = call function @"stamp()"() 15:1
    return const 0
  }
)facts");
  EXPECT_EQ(findings({mainUnit, unit("worker.cpp", startThread, false)}),
            (Lines{"warning fork-after-threads main.cpp:2", "note unchecked-fork-result main.cpp:2",
                   "error unsafe-call-in-child main.cpp:6"}));
}

TEST(ChildReturnsToCaller, AfterAFailedExec) {
  std::string text = unit("main.cpp", R"facts(  function @"launch()" () 1:1 {
  bb0:
    %0 = call function @"fork"() 2:1
    when %0 == 0 bb1
    when %0 != 0 bb2
  bb1:
    %1 = call function @"execv"(const "/bin/true", const 0) 3:1
    always bb2
  bb2:
    return
  }
  function @"main" () 10:1 {
  bb0:
    %0 = call function @"launch()"() 11:1
    return const 0
  }
)facts");
  EXPECT_EQ(findings({text}), Lines{"error child-returns-to-caller main.cpp:2"});
}

TEST(ChildReturnsToCaller, SilentForAWrapperAndForADaemonize) {
  std::string wrapper = unit("main.cpp", R"facts(  function @"spawn()" () 1:1 {
  bb0:
    %0 = call function @"fork"() 2:1
    when %0 < 0 bb1
    when %0 >= 0 bb2
  bb1:
    return const -1
  bb2:
    return %0
  }
  function @"daemonize()" () 5:1 {
  bb0:
    %0 = call function @"fork"() 6:1
    when %0 != 0 bb1
    when %0 == 0 bb2
  bb1:
    %1 = call function @"_exit"(const 0) 7:1
    noreturn
  bb2:
    return const 0
  }
  function @"main" () 10:1 {
  bb0:
    %0 = call function @"daemonize()"() 11:1
    %1 = call function @"spawn()"() 12:1
    return const 0
  }
)facts");
  EXPECT_EQ(findings({wrapper}), Lines{});
}

TEST(LargePoolArgument, PricesAConstantShapeThroughALocal) {
  auto body = [](const std::string& extent) {
    return R"facts(  bb0:
    %0 = import "numpy" 1:1
    %1 = import "multiprocessing" 2:1
    %2 = closure "app.work" 3:1
    %3 = load attr %0 "ones" 5:1
    %4 = load attr %0 "uint8" 5:1
    %5 = container "tuple" (const )facts" +
           extent + R"facts(, const 1024, const 1024) 5:1
    %6 = call %3(%5, dtype=%4) 5:1
    %7 = load attr %1 "get_context" 6:1
    %8 = call %7(const "spawn") 6:1
    %9 = load attr %8 "Pool" 6:1
    %10 = call %9(const 1) 6:1
    %11 = load attr %10 "apply" 7:1
    %12 = container "tuple" (%6) 7:1
    %13 = call %11(%2, %12) 7:1
)facts";
  };
  EXPECT_EQ(of("large-pool-argument", findings({script(body("1024"), work)})),
            Lines{"warning large-pool-argument app.py:7"});
  EXPECT_EQ(of("large-pool-argument", findings({script(body("1"), work)})), Lines{});
}
