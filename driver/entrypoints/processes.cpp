// Files that name the processes of a service: Procfile, systemd's units, supervisor's programs, shell
// scripts.
#include "driver/entrypoints/declarations.h"
#include "driver/entrypoints/sections.h"

#include "llvm/ADT/StringExtras.h"

namespace forklint::driver {

/// "web: command" on each line.
void readProcfile(const DeclaringFile& file, Declarations& found) {
  uint32_t number = 0;
  for (llvm::StringRef line : llvm::split(file.text, '\n')) {
    ++number;
    auto [name, command] = line.split(':');
    bool isName =
        !name.empty() && llvm::all_of(name, [](char c) { return llvm::isAlnum(c) || c == '-' || c == '_'; });
    if (isName) found.addShell(command, file.path, number);
  }
}

/// systemd runs no shell, but splits words and quotes as one does; what stands before the path says how to
/// run it.
void readSystemd(const DeclaringFile& file, Declarations& found) {
  readSections(file.text, [&](const SectionLine& line, bool) {
    if (line.section == "Service" && line.key.starts_with("ExecStart"))
      found.addShell(llvm::StringRef(line.value).ltrim("-@:+!|"), file.path, line.line);
  });
}

/// A comment begins with a semicolon behind a blank.
void readSupervisor(const DeclaringFile& file, Declarations& found) {
  readSections(file.text, [&](const SectionLine& line, bool continues) {
    if (line.section.starts_with("program:") && line.key == "command" && !continues)
      found.addShell(llvm::StringRef(line.value).split(" ;").first, file.path, line.line);
  });
}

void readShellScript(const DeclaringFile& file, Declarations& found) {
  found.addShell(file.text, file.path, 1);
}

} // namespace forklint::driver
