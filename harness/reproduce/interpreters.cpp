// See the header.
#include "harness/reproduce/interpreters.h"

#include "harness/reproduce/command.h"
#include "harness/reproduce/places.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/Program.h"

#include <cstdlib>
#include <map>

namespace forklint::harness {
namespace {

constexpr unsigned oldestMinor = 8;

/// Runs the candidate: a version manager's stand-in on PATH, or a broken installation, is told apart only so.
std::optional<Interpreter> ask(llvm::StringRef path) {
  const auto answer =
      outputOf({path.str(), "-I", "-S", "-c",
                "import sys; print(sys.implementation.name, sys.version.split()[0], sys.executable)"});
  if (!answer) return std::nullopt;
  auto [implementation, rest] = llvm::StringRef(*answer).trim().split(' ');
  auto [version, executable] = rest.split(' ');
  Interpreter found;
  found.path = executable.empty() ? path.str() : executable.str();
  found.version = version.str();
  auto [major, minors] = version.split('.');
  if (implementation != "cpython" || major.getAsInteger(10, found.major) ||
      minors.split('.').first.getAsInteger(10, found.minor))
    return std::nullopt;
  return found;
}

std::string variable(const char* name) {
  const char* value = getenv(name);
  return value ? value : "";
}

void listFolders(const std::string& root, std::vector<std::string>& candidates) {
  std::error_code error;
  for (llvm::sys::fs::directory_iterator entry(root, error), end; !error && entry != end;
       entry.increment(error)) {
    const std::string python = entry->path() + "/bin/python3";
    if (llvm::sys::fs::can_execute(python)) candidates.push_back(python);
  }
}

std::vector<std::string> candidatePaths() {
  std::vector<std::string> candidates;
  const std::string home = variable("HOME");
  const std::string pyenv = variable("PYENV_ROOT");
  listFolders((pyenv.empty() ? home + "/.pyenv" : pyenv) + "/versions", candidates);
  const std::string uv = variable("UV_PYTHON_INSTALL_DIR");
  const std::string share = variable("XDG_DATA_HOME");
  listFolders(!uv.empty() ? uv : (share.empty() ? home + "/.local/share" : share) + "/uv/python", candidates);
  for (const char* name : {"python3", "python3.8", "python3.9", "python3.10", "python3.11", "python3.12",
                           "python3.13", "python3.14", "python3.15"})
    if (auto path = llvm::sys::findProgramByName(name)) candidates.push_back(*path);
  return candidates;
}

bool usable(const Interpreter& python) {
  return python.major > 3 || (python.major == 3 && python.minor >= oldestMinor);
}

std::vector<Interpreter> everyInterpreter() {
  std::map<std::string, Interpreter> byVersion; // the first place wins
  for (const std::string& path : candidatePaths())
    if (auto python = ask(path); python && usable(*python))
      byVersion.try_emplace(llvm::formatv("{0,3}.{1,3}.{2}", python->major, python->minor, python->version),
                            *python);
  std::vector<Interpreter> all;
  all.reserve(byVersion.size());
  for (auto& [key, python] : byVersion)
    all.push_back(std::move(python));
  return all;
}

} // namespace

llvm::Expected<std::vector<Interpreter>> findInterpreters(llvm::ArrayRef<std::string> wanted) {
  std::vector<Interpreter> chosen;
  const auto add = [&](const Interpreter& python) {
    if (llvm::none_of(chosen, [&](const Interpreter& other) { return other.path == python.path; }))
      chosen.push_back(python);
  };
  if (wanted.empty()) {
    const auto path = llvm::sys::findProgramByName("python3");
    const auto python = path ? ask(*path) : std::nullopt;
    if (!python || !usable(*python))
      return usageError("no CPython 3.8 or later found: python3 is not on PATH or is too old");
    add(*python);
    return chosen;
  }
  std::vector<Interpreter> all;
  const bool needAll = llvm::any_of(wanted, [](llvm::StringRef name) { return !name.contains('/'); });
  if (needAll) all = everyInterpreter();
  for (const llvm::StringRef name : wanted) {
    if (name.contains('/')) {
      const auto python = ask(name);
      if (!python) return usageError(name + " is not a CPython that runs");
      if (!usable(*python))
        return usageError(name + " is CPython " + python->version + "; 3.8 or later is needed");
      add(*python);
      continue;
    }
    const size_t before = chosen.size();
    bool known = false;
    for (const Interpreter& python : all)
      if (name == "all" || python.version == name ||
          llvm::StringRef(python.version).starts_with((name + ".").str())) {
        known = true;
        add(python);
        if (name != "all") break;
      }
    if (chosen.size() == before && !known)
      return usageError(name == "all"
                            ? "no CPython 3.8 or later found (looked in pyenv, uv and PATH)"
                            : llvm::Twine("no CPython ") + name + " found (looked in pyenv, uv and PATH)");
  }
  return chosen;
}

} // namespace forklint::harness
