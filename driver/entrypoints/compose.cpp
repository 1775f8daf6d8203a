// docker-compose: `command` and `entrypoint` of each service, as text or as list of words.
#include "driver/entrypoints/declarations.h"
#include "driver/entrypoints/yaml.h"

namespace forklint::driver {

void readCompose(const DeclaringFile& file, Declarations& found) {
  readYaml(file.text, [&](const YamlValue& value) {
    bool isRun = value.path.size() == 3 && value.path[0] == "services" &&
                 (value.path[2] == "command" || value.path[2] == "entrypoint");
    if (!isRun) return;
    if (value.words)
      found.addWords(*value.words, file.path, value.line);
    else
      found.addShell(value.text, file.path, value.line);
  });
}

} // namespace forklint::driver
