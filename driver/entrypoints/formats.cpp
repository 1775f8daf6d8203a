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
    {"*.env", "*", nullptr},
    {"*.env.*", "*", nullptr},
    {"*wsgi*.y*ml", "*", nullptr},
    {"*wsgi*.json", "*", nullptr},
    {"*wsgi*.xml", "*", nullptr},
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
  if (format == std::end(formats)) return readShellScript(file, found);
  if (format->read) format->read(file, found);
}

void addAssignments(llvm::StringRef text, const Said& said, Settings& variables, const Variables& known) {
  for (llvm::StringRef word : shellWords(text, known))
    if (std::optional<Assignment> assignment = assignmentOf(word))
      variables.add(std::move(assignment->name), std::move(assignment->value), said);
}

void Declarations::addShell(llvm::StringRef text, const Said& said, const Surroundings& around,
                            Sourced sourced) {
  for (ShellCommand& command : shellCommands(text, Variables(around.variables), sourced)) {
    addWords(std::move(command.words), {said.file, said.line + command.line}, around);
    for (llvm::StringRef each : command.removed)
      commands.back().around.variables.remove(each);
    for (Assignment& each : command.environment)
      commands.back().around.variables.add(std::move(each.name), std::move(each.value),
                                           {said.file, said.line + each.line});
  }
}

void Declarations::addWords(std::vector<std::string> words, const Said& said, const Surroundings& around) {
  if (!words.empty()) commands.push_back({std::move(words), said, around});
}

void Declarations::addContainer(const Run& entrypoint, const Run& command, const Surroundings& around) {
  if (!entrypoint.text.empty()) return addShell(entrypoint.text, entrypoint.said, around);
  if (entrypoint.words) {
    std::vector<std::string> words = *entrypoint.words;
    if (command.words) words.insert(words.end(), command.words->begin(), command.words->end());
    addWords(std::move(words), entrypoint.said, around);
  }
  // A script as entry point may run the command in the end, so that it counts by itself too.
  if (command.words)
    addWords(*command.words, command.said, around);
  else
    addShell(command.text, command.said, around);
}

} // namespace forklint::driver
