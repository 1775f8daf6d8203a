// docker-compose: `command` and `entrypoint` of each service, as text or as list of words, with what holds
// around them.
#include "driver/entrypoints/declarations.h"
#include "driver/entrypoints/shell-words.h"
#include "driver/entrypoints/variables.h"
#include "driver/entrypoints/yaml.h"

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

void addTo(Service& service, const YamlValue& value, const DeclaringFile& file) {
  const std::string& key = value.path[2];
  if (key == "env_file") {
    // A name, or a list of names or of mappings with a `path`.
    bool isName = value.path.size() == 3 || value.path.back() == "path";
    for (llvm::StringRef each : value.words.value_or(std::vector{isName ? value.text : ""}))
      service.ofFiles.add(variablesNamed(file, each));
  }
  if (key == "environment") {
    // A mapping, or a list of `NAME=value`.
    Said said{file.path, value.line};
    if (value.path.size() == 4) service.around.variables.add(value.path[3], value.text, said);
    for (llvm::StringRef each : value.words.value_or(std::vector<std::string>()))
      service.around.variables.add(each.split('=').first.str(), each.split('=').second.str(), said);
  }
  if (value.path.size() != 3) return;
  if (key == "working_dir") service.around.directory = value.text;
  if (key == "entrypoint") service.entrypoint = runOf(value, file.path, true);
  if (key == "command") service.command = runOf(value, file.path, false);
}

} // namespace

void readCompose(const DeclaringFile& file, Declarations& found) {
  std::map<std::string, Service> services;
  readYaml(file.text, [&](const YamlValue& value) {
    if (value.path.size() >= 3 && value.path[0] == "services") addTo(services[value.path[1]], value, file);
  });
  for (auto& [name, service] : services) {
    service.around.variables.addBefore(service.ofFiles);
    Run& command = service.command;
    if (service.entrypoint.words && !command.text.empty()) command.words = shellWords(command.text);
    found.addContainer(service.entrypoint, command, service.around);
  }
}

} // namespace forklint::driver
