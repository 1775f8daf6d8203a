// Files that name the processes of a service: Procfile, systemd's units, supervisor's programs, shell
// scripts.
#include "driver/entrypoints/declarations.h"
#include "driver/entrypoints/sections.h"
#include "driver/entrypoints/variables.h"

#include "llvm/ADT/StringExtras.h"

#include <map>

namespace forklint::driver {

/// "A=1,B="x,y"" with blanks for the commas that part.
static std::string withoutCommas(llvm::StringRef list) {
  std::string words = list.str();
  char quote = 0;
  for (char& each : words) {
    if (quote ? each == quote : each == '"' || each == '\'') quote = quote ? '\0' : each;
    if (!quote && each == ',') each = ' ';
  }
  return words;
}

/// "web: command" on each line. Who runs a Procfile sets what the `.env` beside it says.
void readProcfile(const DeclaringFile& file, Declarations& found) {
  Surroundings around;
  around.variables = variablesBeside(file);
  uint32_t number = 0;
  for (llvm::StringRef line : llvm::split(file.text, '\n')) {
    ++number;
    auto [name, command] = line.split(':');
    bool isName =
        !name.empty() && llvm::all_of(name, [](char c) { return llvm::isAlnum(c) || c == '-' || c == '_'; });
    if (isName) found.addShell(command, {file.path, number}, around);
  }
}

/// systemd runs no shell, but splits words and quotes as one does; what stands before the path says how to
/// run it. What holds around a command may stand behind it. Files of variables count more than what stands
/// here; an empty value takes back those before.
void readSystemd(const DeclaringFile& file, Declarations& found) {
  Surroundings around;
  Settings ofFiles;
  readSections(file.text, [&](const SectionLine& line, bool) {
    if (line.section != "Service") return;
    if (line.key == "Environment") addAssignments(line.value, {file.path, line.line}, around.variables);
    if (line.key == "Environment" && line.value.empty()) around.variables = {};
    if (line.key == "EnvironmentFile")
      ofFiles.add(variablesNamed(file, llvm::StringRef(line.value).ltrim('-')));
    if (line.key == "EnvironmentFile" && line.value.empty()) ofFiles = {};
    if (line.key == "WorkingDirectory") around.directory = llvm::StringRef(line.value).ltrim("-~").str();
  });
  around.variables.add(ofFiles);
  readSections(file.text, [&](const SectionLine& line, bool) {
    if (line.section == "Service" && line.key.starts_with("ExecStart"))
      found.addShell(llvm::StringRef(line.value).ltrim("-@:+!|"), {file.path, line.line}, around);
  });
}

/// A comment begins with a semicolon behind a blank. What holds for all programs stands in a section of its
/// own.
void readSupervisor(const DeclaringFile& file, Declarations& found) {
  auto valueOf = [](const SectionLine& line) { return llvm::StringRef(line.value).split(" ;").first.trim(); };
  std::map<std::string, Surroundings> ofSection;
  readSections(file.text, [&](const SectionLine& line, bool) {
    Surroundings& around = ofSection[line.section.str()];
    Said said{file.path, line.line};
    if (line.key == "environment") addAssignments(withoutCommas(valueOf(line)), said, around.variables);
    if (line.key == "directory") around.directory = valueOf(line).str();
  });
  readSections(file.text, [&](const SectionLine& line, bool continues) {
    if (!line.section.starts_with("program:") || line.key != "command" || continues) return;
    Surroundings around = ofSection[line.section.str()];
    around.variables.addBefore(ofSection["supervisord"].variables);
    found.addShell(valueOf(line), {file.path, line.line}, around);
  });
}

void readShellScript(const DeclaringFile& file, Declarations& found) {
  auto sourced = [&](llvm::StringRef written) { return assignmentsNamed(file, written); };
  found.addShell(file.text, {file.path, 1}, {}, sourced);
}

} // namespace forklint::driver
