// What is proven and, above all, what is not.
#include "harness/harness.h"
#include "harness/reproduce/interpreters.h"
#include "harness/reproduce/places.h"
#include "harness/reproduce/scenario.h"
#include "harness/supervisor/run.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/Path.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace forklint::harness;

namespace {

class Supervisor : public testing::Test {
protected:
  void SetUp() override {
    ASSERT_FALSE(llvm::sys::fs::createUniqueDirectory("forklint-test", folder));
    childrenBefore = readChildren(getpid());
  }
  void TearDown() override {
    EXPECT_EQ(readChildren(getpid()), childrenBefore) << "a process of the run is left";
    EXPECT_FALSE(llvm::sys::fs::remove_directories(folder));
  }

  RunResult watch(const char* mode) { return watch(mode, RunSpec{}); }
  /// The first fork is directed: the first other thread that takes a lock keeps it.
  RunResult direct(const char* mode) {
    RunSpec spec;
    spec.directed = true;
    spec.parkAt = ParkAt::Lock;
    spec.armInFork = true;
    auto places = locate({});
    EXPECT_TRUE(static_cast<bool>(places));
    if (places) spec.interposer = places->interposer;
    return watch(mode, spec);
  }
  RunResult watch(const char* mode, RunSpec spec) {
    const std::string program =
        llvm::sys::fs::getMainExecutable("tests", reinterpret_cast<void*>(&nameOfTest));
    spec.command = {(llvm::sys::path::parent_path(program) + "/harness-probes").str(), mode};
    spec.workDirectory = folder.str().str();
    auto result = watchRun(spec);
    EXPECT_TRUE(static_cast<bool>(result));
    return result ? *result : RunResult{};
  }
  void expectEndsUnproven(const char* mode) {
    const RunResult result = watch(mode);
    EXPECT_EQ(result.end, RunResult::End::Exited) << nameOf(result.hang.verdict).str();
    EXPECT_TRUE(WIFEXITED(result.status) && WEXITSTATUS(result.status) == 0);
  }

  static void nameOfTest() {}
  llvm::SmallString<128> folder;
  std::vector<pid_t> childrenBefore;
};

TEST_F(Supervisor, NeverProvesProcessSharedSemaphore) { expectEndsUnproven("shared-semaphore"); }
TEST_F(Supervisor, NeverProvesSleep) { expectEndsUnproven("sleep"); }
TEST_F(Supervisor, NeverProvesTimedWait) { expectEndsUnproven("timed-wait"); }
TEST_F(Supervisor, NeverProvesWaitThatASignalHandlerEnds) { expectEndsUnproven("signal-wait"); }
TEST_F(Supervisor, NeverProvesComputation) { expectEndsUnproven("computing"); }
TEST_F(Supervisor, NeverProvesACountInMemory) { expectEndsUnproven("counting"); }

TEST_F(Supervisor, ProvesMutexOfVanishedOwner) {
  const RunResult result = watch("mutex");
  ASSERT_EQ(result.end, RunResult::End::Hung);
  EXPECT_EQ(result.hang.verdict, Verdict::ProvenOwner);
  EXPECT_EQ(result.hang.lockKind, "pthread_mutex_t");
  EXPECT_NE(result.hang.ownerTid, 0);
  EXPECT_NE(result.hang.ownerTid, result.hang.pid);
  EXPECT_EQ(result.hang.tasks, 1U);
  EXPECT_TRUE(result.hang.privateFutex);
  EXPECT_FALSE(result.hang.shared);
  EXPECT_FALSE(result.hang.timeout);
}

TEST_F(Supervisor, DecidesSharedMutexOfVanishedOwner) {
  const RunResult result = watch("shared-mutex");
  ASSERT_EQ(result.end, RunResult::End::Hung);
  EXPECT_TRUE(result.hang.verdict == Verdict::Spin || result.hang.verdict == Verdict::ProvenNoOwner);
}

TEST_F(Supervisor, ProvesSpinOnLockOfVanishedOwner) {
  const RunResult result = watch("spin");
#ifdef __x86_64__
  ASSERT_EQ(result.end, RunResult::End::Hung);
  EXPECT_EQ(result.hang.verdict, Verdict::Spin);
#else
  EXPECT_EQ(result.end, RunResult::End::Suspect);
#endif
}

void expectNamed(const RunResult& result, const char* kind) {
  ASSERT_EQ(result.end, RunResult::End::Hung) << result.hang.doubt << result.errorTail;
  EXPECT_TRUE(result.reached);
  EXPECT_EQ(result.hang.lockKind, kind);
  EXPECT_NE(result.parkedTid, 0);
  EXPECT_EQ(result.hang.ownerTid, result.parkedTid);
  EXPECT_TRUE(llvm::StringRef(result.hang.takenAt.file).ends_with("harness-probes"))
      << result.hang.takenAt.file;
  EXPECT_TRUE(llvm::StringRef(result.hang.waitsAt.file).ends_with("harness-probes"))
      << result.hang.waitsAt.file;
}

TEST_F(Supervisor, DirectsMutex) {
  const RunResult result = direct("seldom-mutex");
  expectNamed(result, "pthread_mutex_t");
  EXPECT_EQ(result.hang.verdict, Verdict::ProvenOwner);
}
TEST_F(Supervisor, DirectsReadWriteLock) { expectNamed(direct("seldom-rwlock"), "pthread_rwlock_t"); }
TEST_F(Supervisor, DirectsSpinLock) { expectNamed(direct("seldom-spin"), "pthread_spinlock_t"); }
TEST_F(Supervisor, DirectsMutexThatAWaitTookAgain) {
  const RunResult result = direct("woken-waiter");
  ASSERT_EQ(result.end, RunResult::End::Hung);
  EXPECT_EQ(result.hang.lockKind, "pthread_mutex_t");
  EXPECT_EQ(result.hang.ownerTid, result.parkedTid);
}

std::vector<LockKind> kindsHeld(const RunResult& result) {
  std::vector<LockKind> kinds;
  kinds.reserve(result.held.size());
  for (const HeldLock& lock : result.held)
    kinds.push_back(lock.kind);
  return kinds;
}

TEST_F(Supervisor, KnowsEveryKindThatIsHeld) {
  EXPECT_EQ(kindsHeld(direct("nested")),
            (std::vector{LockKind::Semaphore, LockKind::Guard, LockKind::Once, LockKind::Mutex}));
}
TEST_F(Supervisor, ForgetsWhatWasGivenBack) {
  EXPECT_EQ(kindsHeld(direct("given-back")), std::vector{LockKind::Mutex});
}

TEST(Diff, AppliesExactlyOrNotAtAll) {
  auto fixed = applyDiff("a\nb\nc\n", "--- x\n+++ x\n@@ -1,3 +1,3 @@\n a\n-b\n+B\n c\n");
  ASSERT_TRUE(static_cast<bool>(fixed));
  EXPECT_EQ(*fixed, "a\nB\nc\n");
  for (const char* diff : {"@@ -1,3 +1,3 @@\n a\n-x\n+B\n c\n", "@@ -9,1 +9,1 @@\n-b\n+c\n", "nothing"}) {
    auto refused = applyDiff("a\nb\nc\n", diff);
    EXPECT_FALSE(static_cast<bool>(refused));
    llvm::consumeError(refused.takeError());
  }
}

/// The records of a reproduction, keyed by mode.
std::map<std::string, llvm::json::Object> reproduceRecords(ReproduceOptions options, int& code) {
  std::string text;
  std::string errors;
  llvm::raw_string_ostream out(text);
  llvm::raw_string_ostream err(errors);
  options.outputs = {"json-lines"};
  code = reproduce(options, out, err);
  EXPECT_EQ(errors, "");
  std::map<std::string, llvm::json::Object> records;
  llvm::SmallVector<llvm::StringRef, 4> lines;
  llvm::StringRef(text).split(lines, '\n', -1, false);
  for (const llvm::StringRef line : lines)
    if (auto value = llvm::json::parse(line))
      records[value->getAsObject()->getString("mode")->str()] = *value->getAsObject();
    else
      llvm::consumeError(value.takeError());
  return records;
}

TEST(Article, IsForcedEveryTimeAndFixedNeverThoughUnbuffered) {
  auto pythons = findInterpreters({"all"});
  ASSERT_TRUE(static_cast<bool>(pythons)) << "no CPython 3.8 or later here: the harness cannot be tested";
  for (unsigned minor = 8; minor <= 13; ++minor)
    if (llvm::none_of(*pythons, [&](const Interpreter& python) { return python.minor == minor; }))
      llvm::outs() << "not tested: CPython 3." << minor << " is absent here\n";
  llvm::erase_if(*pythons, [](const Interpreter& python) { return python.minor > 13; });
  ASSERT_FALSE(pythons->empty()) << "no CPython 3.8 to 3.13 here: the harness cannot be tested";
  setenv("PYTHONUNBUFFERED", "1", 1);
  const auto before = readChildren(getpid());
  for (const Interpreter& python : *pythons) {
    SCOPED_TRACE(python.version);
    ReproduceOptions options;
    options.names = {"article"};
    options.pythons = {python.path};
    options.runs = 3;
    int code = 2;
    auto records = reproduceRecords(options, code);
    EXPECT_EQ(code, 0);
    const llvm::json::Object& forced = records["forced"];
    EXPECT_EQ(forced.getInteger("failures"), 3);
    EXPECT_EQ(forced.getString("proof"), "PROVEN-OWNER");
    EXPECT_EQ(records["fixed"].getInteger("failures"), 0);
    EXPECT_EQ(records["naive"].getString("source_digest"), forced.getString("source_digest"));
    EXPECT_NE(records["fixed"].getString("source_digest"), forced.getString("source_digest"));
    ASSERT_TRUE(forced.getObject("thread") && forced.getObject("lock") && forced.getObject("environment"));
    EXPECT_TRUE(forced.getObject("thread")->getString("where")->contains("app.py:10 in report_progress"));
    EXPECT_EQ(forced.getObject("lock")->getString("kind"), "sem_t");
    EXPECT_TRUE(forced.getObject("environment")->getArray("cleared"));
  }
  EXPECT_EQ(readChildren(getpid()), before);
}

TEST(Mutex, IsForcedEveryTimeAndFixedNever) {
  ReproduceOptions options;
  options.names = {"mutex"};
  options.runs = 3;
  int code = 2;
  auto records = reproduceRecords(options, code);
  EXPECT_EQ(code, 0);
  const llvm::json::Object& forced = records["forced"];
  EXPECT_EQ(forced.getInteger("failures"), 3);
  EXPECT_EQ(forced.getString("proof"), "PROVEN-OWNER");
  EXPECT_EQ(records["fixed"].getInteger("failures"), 0);
  ASSERT_TRUE(forced.getObject("thread") && forced.getObject("lock") && forced.getObject("waits"));
  EXPECT_EQ(forced.getObject("lock")->getString("kind"), "pthread_mutex_t");
  EXPECT_FALSE(forced.getObject("environment")->getArray("cleared"));
}

TEST(Article, KillSwitchLeavesTheProgramAlone) {
  setenv("FORKLINT_WATCH", "0", 1);
  ReproduceOptions options;
  options.names = {"article"};
  options.modes = {Mode::Forced};
  options.runs = 2;
  int code = 2;
  auto records = reproduceRecords(options, code);
  unsetenv("FORKLINT_WATCH");
  EXPECT_EQ(records["forced"].getInteger("missed"), 2);
}

TEST(Article, BadRequestsAreUsageErrors) {
  for (const auto& [name, python] : std::vector<std::pair<std::string, std::string>>{
           {"no-such-scenario", ""}, {"article", "2.1"}, {"article", "/no/such/python"}}) {
    ReproduceOptions options;
    options.names = {name};
    if (!python.empty()) options.pythons = {python};
    std::string text;
    std::string errors;
    llvm::raw_string_ostream out(text);
    llvm::raw_string_ostream err(errors);
    EXPECT_EQ(reproduce(options, out, err), 2);
    EXPECT_EQ(llvm::StringRef(errors).count('\n'), 1U) << errors;
    EXPECT_EQ(text, "");
  }
}

} // namespace
