// Spawns, polls, proves and cleans up; see the header for what is guaranteed.
#include "harness/supervisor/run.h"

#include "llvm/ADT/ScopeExit.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <ctime>
#include <fcntl.h>
#include <new>
#include <set>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace forklint::harness {
namespace {

volatile std::sig_atomic_t interrupted = 0;

double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

void nap(long milliseconds) {
  const timespec pause = {0, milliseconds * 1'000'000};
  nanosleep(&pause, nullptr);
}

/// Ctrl-C and the like end the run, not us, so that nothing is left behind.
class InterruptScope {
public:
  InterruptScope() {
    interrupted = 0;
    struct sigaction action = {};
    action.sa_handler = [](int) { interrupted = 1; };
    for (size_t i = 0; i < signals.size(); ++i)
      sigaction(signals[i], &action, &before[i]);
  }
  ~InterruptScope() {
    for (size_t i = 0; i < signals.size(); ++i)
      sigaction(signals[i], &before[i], nullptr);
  }
  InterruptScope(const InterruptScope&) = delete;
  InterruptScope& operator=(const InterruptScope&) = delete;

private:
  static constexpr std::array<int, 3> signals = {SIGINT, SIGTERM, SIGHUP};
  std::array<struct sigaction, 3> before{};
};

/// The processes of one run. Orphans come to us, as we are their subreaper for as long as the run lasts.
class Family {
public:
  Family() {
    prctl(PR_GET_CHILD_SUBREAPER, &wasSubreaper);
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    const auto children = readChildren(getpid());
    strangers.insert(children.begin(), children.end());
  }
  ~Family() { prctl(PR_SET_CHILD_SUBREAPER, wasSubreaper); }
  Family(const Family&) = delete;
  Family& operator=(const Family&) = delete;

  /// Parents before their children.
  std::vector<pid_t> members() const {
    std::vector<pid_t> found;
    for (const pid_t child : readChildren(getpid()))
      if (!strangers.contains(child)) found.push_back(child);
    for (size_t i = 0; i < found.size(); ++i)
      for (const pid_t child : readChildren(found[i]))
        if (std::find(found.begin(), found.end(), child) == found.end()) found.push_back(child);
    return found;
  }

  /// Collects orphans that ended; `root` is left to its own waitpid.
  void reapOrphans(pid_t root) const {
    for (const pid_t child : readChildren(getpid()))
      if (child != root && !strangers.contains(child)) waitpid(child, nullptr, WNOHANG);
  }

  void endAll() const {
    // Until nobody is left: a process may still be forking while its parent is ended.
    for (int round = 0; round < 500; ++round) {
      const auto all = members();
      if (all.empty()) return;
      for (const pid_t pid : all)
        signalExactly(pid, SIGKILL);
      nap(2);
      for (const pid_t child : readChildren(getpid()))
        if (!strangers.contains(child)) waitpid(child, nullptr, WNOHANG);
    }
  }

  /// By descriptor and start time, so that a reused number never hits another process.
  static void signalExactly(pid_t pid, int signal) {
    const auto before = readStat(pid);
    const int handle = static_cast<int>(syscall(SYS_pidfd_open, pid, 0));
    if (handle < 0) return;
    const auto after = readStat(pid);
    if (before && after && before->startTime == after->startTime && before->parent == after->parent)
      syscall(SYS_pidfd_send_signal, handle, signal, nullptr, 0);
    close(handle);
  }

private:
  int wasSubreaper = 0;
  std::set<pid_t> strangers;
};

class SharedRecord {
public:
  llvm::Error create(const std::string& path, const RunSpec& spec) {
    const int fd = open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0 || ftruncate(fd, 4096) != 0)
      return llvm::createStringError(std::error_code(errno, std::generic_category()), "cannot create %s",
                                     path.c_str());
    void* memory = mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    if (memory == MAP_FAILED)
      return llvm::createStringError(std::error_code(errno, std::generic_category()), "cannot map %s",
                                     path.c_str());
    record = new (memory) WatchRecord{};
    llvm::SmallString<128> real;
    if (!llvm::sys::fs::real_path(path, real)) realPath = real.str().str();
    record->targetFd = spec.targetDescriptor;
    record->parkAt = spec.parkAt;
    record->armInFork = spec.armInFork ? 1 : 0;
    record->paceBudget.store(2'000'000);
    record->magic = watchMagic;
    return llvm::Error::success();
  }
  ~SharedRecord() {
    if (record) munmap(record, 4096);
  }
  WatchRecord* get() const { return record; }
  /// As the kernel names it.
  const std::string& file() const { return realPath; }

private:
  std::string realPath;
  WatchRecord* record = nullptr;
};

std::vector<std::string> environmentFor(const RunSpec& spec, bool& clearedUnbuffered) {
  std::vector<std::string> variables;
  for (char** entry = environ; *entry; ++entry) {
    const llvm::StringRef text(*entry);
    const llvm::StringRef name = text.split('=').first;
    if (name == "PYTHONUNBUFFERED") {
      clearedUnbuffered = true;
      continue;
    }
    if (name.starts_with("FORKLINT_WATCH_")) // FORKLINT_WATCH itself is the user's kill switch
      continue;
    const bool replaced =
        llvm::any_of(spec.environment, [&](const auto& pair) { return name == pair.first; });
    if (!replaced) variables.push_back(text.str());
  }
  for (const auto& [name, value] : spec.environment)
    if (!value.empty()) variables.push_back(name + "=" + value);
  return variables;
}

/// As C takes lists: with a null at the end.
std::vector<char*> pointersTo(const std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  pointers.reserve(texts.size() + 1);
  for (const std::string& text : texts)
    pointers.push_back(const_cast<char*>(text.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

llvm::Expected<pid_t> spawn(const RunSpec& spec, const std::vector<std::string>& variables) {
  const std::vector<char*> arguments = pointersTo(spec.command);
  const std::vector<char*> environment = pointersTo(variables);
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_init(&actions);
  posix_spawnattr_init(&attributes);
  const auto destroy = llvm::make_scope_exit([&] {
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
  });
  const std::string output = spec.workDirectory + "/stdout";
  const std::string errors = spec.workDirectory + "/stderr";
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 1, output.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  posix_spawn_file_actions_addopen(&actions, 2, errors.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
  pid_t pid = 0;
  const int error =
      posix_spawn(&pid, arguments[0], &actions, &attributes, arguments.data(), environment.data());
  if (error != 0)
    return llvm::createStringError(std::error_code(error, std::generic_category()), "cannot start %s",
                                   spec.command.front().c_str());
  return pid;
}

std::string readTail(const std::string& path, size_t size) {
  auto buffer = llvm::MemoryBuffer::getFile(path);
  if (!buffer) return {};
  const llvm::StringRef text = (*buffer)->getBuffer();
  return text.take_back(size).str();
}

std::vector<Note> readNotes(const std::string& path, std::string& stack) {
  std::vector<Note> notes;
  auto buffer = llvm::MemoryBuffer::getFile(path);
  if (!buffer) return notes;
  llvm::SmallVector<llvm::StringRef, 32> lines;
  (*buffer)->getBuffer().split(lines, '\n', -1, false);
  for (const llvm::StringRef line : lines) {
    if (!line.contains('\t')) {
      stack += line.str() + "\n";
      continue;
    }
    llvm::SmallVector<llvm::StringRef, 8> fields;
    line.split(fields, '\t');
    Note note;
    for (const llvm::StringRef field : fields)
      note.fields.push_back(field.str());
    notes.push_back(std::move(note));
  }
  return notes;
}

/// What the interposer and the shim are told.
void addDirections(RunSpec& spec, const std::string& record, const std::string& notes, int stackSignal) {
  const char* preload = getenv("LD_PRELOAD");
  spec.environment.emplace_back("LD_PRELOAD",
                                preload && *preload ? spec.interposer + ":" + preload : spec.interposer);
  spec.environment.emplace_back("FORKLINT_WATCH_RECORD", record);
  spec.environment.emplace_back("FORKLINT_WATCH_NOTES", notes);
  spec.environment.emplace_back("FORKLINT_WATCH_FORCE", "1");
  spec.environment.emplace_back("FORKLINT_WATCH_STACK_SIGNAL", llvm::itostr(stackSignal));
}

/// One look at all processes of the run but its root, which is looked at only while it forks.
std::optional<HangFacts> lookForHang(HangProver& prover, const Family& family, pid_t root,
                                     const WatchRecord* record, pid_t& lastSuspect) {
  for (const pid_t pid : family.members()) {
    if (pid == root) continue;
    lastSuspect = pid;
    if (auto facts = prover.observe(pid)) return facts;
  }
  const auto forking = static_cast<pid_t>(record ? record->forkingTid.load() : 0);
  if (!forking) return std::nullopt;
  return prover.observeForking(static_cast<pid_t>(record->ownerPid.load()), forking);
}

RunResult::End watchToItsEnd(HangProver& prover, const Family& family, pid_t root, const WatchRecord* record,
                             double deadline, RunResult& result) {
  pid_t lastSuspect = 0;
  for (;; nap(10)) {
    if (waitpid(root, &result.status, WNOHANG) == root) return RunResult::End::Exited;
    family.reapOrphans(root);
    if (auto facts = lookForHang(prover, family, root, record, lastSuspect)) {
      result.hang = *facts;
      return RunResult::End::Hung;
    }
    if (interrupted) return RunResult::End::Interrupted;
    if (now() > deadline) {
      result.hang = prover.suspicion(lastSuspect);
      result.hang.verdict = Verdict::Suspect;
      return RunResult::End::Suspect;
    }
  }
}

/// Only for a proof that stands; the handler was installed by the shim if the signal is caught at all.
void askForStack(const HangFacts& hang, int stackSignal) {
  if (hang.verdict == Verdict::ParentInPrefork) return;
  const auto caught = readCaughtSignals(hang.pid);
  if (!caught || (*caught >> (stackSignal - 1) & 1) == 0) return;
  Family::signalExactly(hang.pid, stackSignal);
  nap(50);
}

void takeRecord(const WatchRecord& record, RunResult& result) {
  result.reached = record.reached.load() != 0;
  result.parkedTid = static_cast<pid_t>(record.parkedTid.load());
  result.parkedName.assign(record.parkedComm, strnlen(record.parkedComm, sizeof record.parkedComm));
  result.held.assign(record.held, record.held + std::min(record.heldCount.load(), watchHeldMax));
}

} // namespace

llvm::Expected<RunResult> watchRun(const RunSpec& spec) {
  RunResult result;
  RunSpec full = spec;
  const std::string notesPath = spec.workDirectory + "/notes";
  const int stackSignal = spec.directed ? SIGRTMIN + 5 : 0;
  unlink(notesPath.c_str());
  SharedRecord record;
  if (spec.directed) {
    const std::string path = spec.workDirectory + "/record";
    if (llvm::Error error = record.create(path, spec)) return error;
    addDirections(full, path, notesPath, stackSignal);
  }
  const auto variables = environmentFor(full, result.clearedUnbuffered);

  InterruptScope interrupts;
  Family family;
  const double start = now();
  auto root = spawn(full, variables);
  if (!root) return root.takeError();
  const auto cleanUp = llvm::make_scope_exit([&] { family.endAll(); });

  HangProver prover(record.get(), record.file(), stackSignal);
  result.end = watchToItsEnd(prover, family, *root, record.get(), start + spec.limitSeconds, result);
  result.seconds = now() - start;
  if (result.end == RunResult::End::Hung && spec.directed) askForStack(result.hang, stackSignal);
  family.endAll();
  if (const WatchRecord* seen = record.get()) {
    takeRecord(*seen, result);
    result.notes = readNotes(notesPath, result.childStack);
  }
  if (result.end != RunResult::End::Hung) result.errorTail = readTail(spec.workDirectory + "/stderr", 600);
  return result;
}

} // namespace forklint::harness
