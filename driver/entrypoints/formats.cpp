// Which file is read in which format.
#include "driver/entrypoints/declarations.h"
#include "driver/entrypoints/shell-words.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Path.h"

#include <fnmatch.h>

namespace forklint::driver {
namespace {

struct Format {
  const char* name;                                             // of the file, with `*`
  const char* folder;                                           // in which it lies, with `*`
  void (*read)(const DeclaringFile& file, Declarations& found); // null: read where a command names the file
};

const Format formats[] = {
    {"pyproject.toml", "*", readPyproject},
    {"setup.cfg", "*", readSetupCfg},
    {"setup.py", "*", readSetupPy},
    {"entry_points.txt", "*-info", readEntryPointsTxt},
    {"Procfile*", "*", readProcfile},
    {"Dockerfile*", "*", readDockerfile},
    {"*.[Dd]ockerfile", "*", readDockerfile},
    {"Containerfile*", "*", readDockerfile},
    {"docker-compose*.y*ml", "*", readCompose},
    {"compose*.y*ml", "*", readCompose},
    {"*.service", "*", readSystemd},
    {"*.conf", "*", readSupervisor},
    {"*.ini", "*", readSupervisor},
    {"*.sh", "*", readShellScript},
    {"*.conf.py", "*", nullptr},
    {"*wsgi*.y*ml", "*", nullptr},
};

bool matches(const Format& format, llvm::StringRef path) {
  std::string name = llvm::sys::path::filename(path).str();
  std::string folder = llvm::sys::path::filename(llvm::sys::path::parent_path(path)).str();
  return fnmatch(format.name, name.c_str(), 0) == 0 && fnmatch(format.folder, folder.c_str(), 0) == 0;
}

} // namespace

bool mayDeclare(llvm::StringRef path) {
  return llvm::any_of(formats, [&](const Format& format) { return matches(format, path); });
}

void readDeclarations(const DeclaringFile& file, Declarations& found) {
  const Format* format = llvm::find_if(formats, [&](const Format& each) { return matches(each, file.path); });
  if (format != std::end(formats) && format->read) format->read(file, found);
}

void Declarations::addShell(llvm::StringRef text, const std::string& file, uint32_t line) {
  for (ShellCommand& command : shellCommands(text))
    commands.push_back({std::move(command.words), {file, line + command.line}});
}

void Declarations::addWords(std::vector<std::string> words, const std::string& file, uint32_t line) {
  if (!words.empty()) commands.push_back({std::move(words), {file, line}});
}

} // namespace forklint::driver
