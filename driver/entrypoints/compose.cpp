// docker-compose: `command` and `entrypoint` of each service, as text or as list of words, with what holds
// around them.
#include "driver/entrypoints/declarations.h"
#include "driver/entrypoints/shell-words.h"
#include "driver/entrypoints/variables.h"
#include "driver/entrypoints/yaml.h"

#include "llvm/ADT/StringExtras.h"

#include <map>

namespace forklint::driver {
namespace {

struct Service {
  Run entrypoint, command;
  Surroundings around;
  Settings ofFiles; // of variables, which count less than its own
};

/// A text is split as a shell does, and none runs it. Without an entry point in this file the image may have
/// a shell as one.
Run runOf(const YamlValue& value, const std::string& file, bool isEntrypoint) {
  Run run{value.words, "", {file, value.line}};
  if (!value.words && isEntrypoint) run.words = shellWords(value.text);
  if (!value.words) run.text = isEntrypoint ? "" : value.text;
  return run;
}

/// What compose puts in by itself; `$$` is a dollar sign of the text.
std::string interpolated(llvm::StringRef text, const Variables& known) {
  std::vector<std::string> parts;
  for (llvm::StringRef part : llvm::split(text, "$$"))
    parts.push_back(known.expanded(part));
  return llvm::join(parts, "$");
}

void interpolate(YamlValue& value, const Variables& known) {
  value.text = interpolated(value.text, known);
  if (value.words)
    for (std::string& word : *value.words)
      word = interpolated(word, known);
}

/// `known` are those from outside.
void addTo(Service& service, const YamlValue& value, const DeclaringFile& file, const Variables& known) {
  const std::string& key = value.path[2];
  if (key == "env_file") {
    // A name, or a list of names or of mappings with a `path`.
    bool isName = value.path.size() == 3 || value.path.back() == "path";
    for (llvm::StringRef each : value.words.value_or(std::vector{isName ? value.text : ""}))
      service.ofFiles.add(variablesNamed(file, each));
  }
  if (key == "environment") {
    // A mapping, or a list of `NAME=value`, or of names that have the value that they have outside.
    Said said{file.path, value.line};
    if (value.path.size() == 4) service.around.variables.add(value.path[3], value.text, said);
    for (llvm::StringRef each : value.words.value_or(std::vector<std::string>())) {
      auto [name, own] = each.split('=');
      std::string whole = each.contains('=') ? own.str() : known.expanded(("$" + name).str());
      service.around.variables.add(name.str(), std::move(whole), said);
    }
  }
  if (value.path.size() != 3) return;
  if (key == "working_dir") service.around.directory = value.text;
  if (key == "entrypoint") service.entrypoint = runOf(value, file.path, true);
  if (key == "command") service.command = runOf(value, file.path, false);
}

} // namespace

void readCompose(const DeclaringFile& file, Declarations& found) {
  std::map<std::string, Service> services;
  Variables known(variablesBeside(file));
  readYaml(file.text, [&](YamlValue value) {
    if (value.path.size() < 3 || value.path[0] != "services") return;
    interpolate(value, known);
    addTo(services[value.path[1]], value, file, known);
  });
  for (auto& [name, service] : services) {
    service.around.variables.addBefore(service.ofFiles);
    Run& command = service.command;
    if (service.entrypoint.words && !command.text.empty()) command.words = shellWords(command.text);
    found.addContainer(service.entrypoint, command, service.around);
  }
}

} // namespace forklint::driver
