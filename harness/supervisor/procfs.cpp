// Reading /proc; see the header for what is guaranteed.
#include "harness/supervisor/procfs.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/FormatVariadic.h"

#include <cstdlib>
#include <dirent.h>
#include <fcntl.h>
#include <sys/uio.h>
#include <unistd.h>

namespace forklint::harness {
namespace {

std::optional<std::string> slurp(const std::string& path) {
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return std::nullopt;
  std::string text;
  char chunk[4096];
  ssize_t got = 0;
  while ((got = read(fd, chunk, sizeof chunk)) > 0)
    text.append(chunk, static_cast<size_t>(got));
  close(fd);
  if (got < 0) return std::nullopt;
  return text;
}

std::string fileOf(pid_t pid, llvm::StringRef name) {
  return llvm::formatv("/proc/{0}/{1}", pid, name).str();
}

std::vector<pid_t> numbersIn(llvm::StringRef text) {
  std::vector<pid_t> numbers;
  llvm::SmallVector<llvm::StringRef, 8> words;
  text.split(words, ' ', -1, false);
  for (llvm::StringRef word : words) {
    pid_t number = 0;
    if (!word.trim().getAsInteger(10, number)) numbers.push_back(number);
  }
  return numbers;
}

std::optional<uint64_t> statusField(pid_t pid, llvm::StringRef key, unsigned radix) {
  const auto text = slurp(fileOf(pid, "status"));
  if (!text) return std::nullopt;
  llvm::SmallVector<llvm::StringRef, 64> lines;
  llvm::StringRef(*text).split(lines, '\n');
  for (llvm::StringRef line : lines)
    if (line.consume_front(key)) {
      uint64_t value = 0;
      if (!line.trim().getAsInteger(radix, value)) return value;
    }
  return std::nullopt;
}

} // namespace

std::optional<ProcessStat> readStat(pid_t pid) {
  const auto text = slurp(fileOf(pid, "stat"));
  if (!text) return std::nullopt;
  // The name is in brackets and may itself hold brackets and spaces.
  const llvm::StringRef rest = llvm::StringRef(*text).substr(llvm::StringRef(*text).rfind(')') + 1).trim();
  llvm::SmallVector<llvm::StringRef, 52> fields;
  rest.split(fields, ' ');
  if (fields.size() < 20) return std::nullopt;
  ProcessStat stat;
  uint64_t user = 0;
  uint64_t kernel = 0;
  stat.state = fields[0].front();
  if (fields[1].getAsInteger(10, stat.parent) || fields[11].getAsInteger(10, user) ||
      fields[12].getAsInteger(10, kernel) || fields[19].getAsInteger(10, stat.startTime))
    return std::nullopt;
  stat.cpuTicks = user + kernel;
  return stat;
}

std::optional<TaskSyscall> readSyscall(pid_t pid, pid_t task) {
  const auto text = slurp(llvm::formatv("/proc/{0}/task/{1}/syscall", pid, task).str());
  if (!text || text->empty()) return std::nullopt;
  TaskSyscall call;
  if (llvm::StringRef(*text).starts_with("running")) {
    call.running = true;
    return call;
  }
  llvm::SmallVector<llvm::StringRef, 9> words;
  llvm::StringRef(*text).trim().split(words, ' ');
  if (words.size() != 9 || words[0].getAsInteger(10, call.number)) return std::nullopt;
  for (size_t i = 0; i < 6; ++i)
    if (words[i + 1].getAsInteger(0, call.arguments[i])) return std::nullopt;
  if (words[8].getAsInteger(0, call.programCounter)) return std::nullopt;
  return call;
}

std::vector<pid_t> readTasks(pid_t pid) {
  std::vector<pid_t> tasks;
  const std::string path = fileOf(pid, "task");
  const int fd = open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return tasks;
  if (DIR* directory = fdopendir(fd)) {
    while (const dirent* entry = readdir(directory)) {
      pid_t task = 0;
      if (!llvm::StringRef(entry->d_name).getAsInteger(10, task)) tasks.push_back(task);
    }
    closedir(directory);
  }
  return tasks;
}

std::vector<pid_t> readChildren(pid_t pid) {
  std::vector<pid_t> children;
  for (const pid_t task : readTasks(pid))
    if (const auto text = slurp(llvm::formatv("/proc/{0}/task/{1}/children", pid, task).str()))
      for (const pid_t child : numbersIn(*text))
        children.push_back(child);
  return children;
}

std::vector<Mapping> readMappings(pid_t pid) {
  std::vector<Mapping> mappings;
  const auto text = slurp(fileOf(pid, "maps"));
  if (!text) return mappings;
  llvm::SmallVector<llvm::StringRef, 256> lines;
  llvm::StringRef(*text).split(lines, '\n', -1, false);
  for (const llvm::StringRef line : lines) {
    auto [range, rest] = line.split(' ');
    auto [low, high] = range.split('-');
    Mapping mapping;
    if (low.getAsInteger(16, mapping.begin) || high.getAsInteger(16, mapping.end) || rest.size() < 4)
      continue;
    mapping.writable = rest[1] == 'w';
    mapping.shared = rest[3] == 's';
    const size_t slash = rest.find('/');
    if (slash != llvm::StringRef::npos) mapping.path = rest.substr(slash).str();
    mappings.push_back(std::move(mapping));
  }
  return mappings;
}

std::optional<Mapping> findMapping(pid_t pid, uint64_t address) {
  for (Mapping& mapping : readMappings(pid))
    if (mapping.begin <= address && address < mapping.end) return std::move(mapping);
  return std::nullopt;
}

std::optional<uint64_t> readCaughtSignals(pid_t pid) { return statusField(pid, "SigCgt:", 16); }

std::optional<uint64_t> readVoluntarySwitches(pid_t pid) {
  return statusField(pid, "voluntary_ctxt_switches:", 10);
}

bool readMemory(pid_t pid, uint64_t address, void* into, size_t size) {
  iovec local = {into, size};
  iovec remote = {reinterpret_cast<void*>(address), size};
  return process_vm_readv(pid, &local, 1, &remote, 1, 0) == static_cast<ssize_t>(size);
}

std::string readTaskName(pid_t pid, pid_t task) {
  const auto text = slurp(llvm::formatv("/proc/{0}/task/{1}/comm", pid, task).str());
  return text ? llvm::StringRef(*text).trim().str() : std::string();
}

} // namespace forklint::harness
