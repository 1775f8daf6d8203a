// docker-compose: `command` and `entrypoint` of each service, as text or as list of words, with what holds
// around them.
#include "driver/entrypoints/declarations.h"
#include "driver/entrypoints/yaml.h"

#include <map>

namespace forklint::driver {
namespace {

/// `environment` is a mapping, or a list of `NAME=value`.
void addAround(const YamlValue& value, const std::string& file, Surroundings& around) {
  Said said{file, value.line};
  if (value.path.size() == 3 && value.path[2] == "working_dir") around.directory = value.text;
  if (value.path[2] != "environment") return;
  if (value.path.size() == 4) around.variables.add(value.path[3], value.text, said);
  for (llvm::StringRef each : value.words.value_or(std::vector<std::string>()))
    around.variables.add(each.split('=').first.str(), each.split('=').second.str(), said);
}

} // namespace

void readCompose(const DeclaringFile& file, Declarations& found) {
  auto eachValue = [&](auto visit) {
    readYaml(file.text, [&](const YamlValue& value) {
      if (value.path.size() >= 3 && value.path[0] == "services") visit(value);
    });
  };
  std::map<std::string, Surroundings> ofService;
  eachValue([&](const YamlValue& value) { addAround(value, file.path, ofService[value.path[1]]); });
  eachValue([&](const YamlValue& value) {
    bool isRun = value.path[2] == "command" || value.path[2] == "entrypoint";
    if (!isRun || value.path.size() != 3) return;
    const Surroundings& around = ofService[value.path[1]];
    if (value.words)
      found.addWords(*value.words, {file.path, value.line}, around);
    else
      found.addShell(value.text, {file.path, value.line}, around);
  });
}

} // namespace forklint::driver
