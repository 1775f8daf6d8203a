// docker-compose: `command` and `entrypoint` of each service, as text or as list of words, with what holds
// around them. A service that is built by a Dockerfile of the project has what its image has, where it says
// nothing else.
#include "driver/entrypoints/declarations.h"
#include "driver/entrypoints/shell-words.h"
#include "driver/entrypoints/variables.h"
#include "driver/entrypoints/yaml.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Path.h"

#include <map>

namespace forklint::driver {
namespace {

struct Service {
  std::optional<Run> entrypoint, command;
  Surroundings around;
  Settings ofFiles;                   // of variables, which count less than its own
  std::optional<std::string> context; // the folder that its image is built in
  std::string dockerfile = "Dockerfile", stage;
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
  if (key == "build") { // the folder, or a mapping
    std::string part = value.path.size() == 4 ? value.path[3] : "context";
    if (part == "context" && !value.words) service.context = value.text;
    if (part == "dockerfile") service.dockerfile = value.text;
    if (part == "target") service.stage = value.text;
  }
  if (value.path.size() != 3) return;
  if (key == "working_dir") service.around.directory = value.text;
  if (key == "entrypoint") service.entrypoint = runOf(value, file.path, true);
  if (key == "command") service.command = runOf(value, file.path, false);
}

/// A path below the context; what an image takes is written from there.
std::string inContext(const Service& service, llvm::StringRef path) {
  llvm::SmallString<128> whole(*service.context);
  llvm::sys::path::append(whole, path);
  llvm::sys::path::remove_dots(whole, /*remove_dot_dot=*/true);
  return whole.empty() ? "." : whole.str().str();
}

/// What the service's image has, and nothing where no Dockerfile of the project makes it.
std::optional<Image> imageFor(const Service& service, const DeclaringFile& file) {
  std::optional<NamedText> dockerfile =
      service.context && file.open ? file.open(inContext(service, service.dockerfile)) : std::nullopt;
  if (!dockerfile) return std::nullopt;
  Image image = imageOf({dockerfile->path, dockerfile->text}, service.stage);
  for (Copied& each : image.around.copied)
    each.source = inContext(service, each.source);
  return image;
}

/// The service on top of its image: its own entry point leaves the image's command out.
void addService(Service service, const DeclaringFile& file, Declarations& found) {
  service.around.variables.addBefore(service.ofFiles);
  bool isAsImage = service.around.variables.empty() && service.around.directory.empty() &&
                   !service.entrypoint && !service.command;
  if (isAsImage) return; // the Dockerfile says it
  Image all = imageFor(service, file).value_or(Image());
  all.around.variables.add(service.around.variables);
  if (!service.around.directory.empty()) all.around.directory = service.around.directory;
  if (service.entrypoint) all.command = {};
  if (service.entrypoint) all.entrypoint = *service.entrypoint;
  if (service.command) all.command = *service.command;
  if (all.entrypoint.words && !all.command.text.empty()) all.command.words = shellWords(all.command.text);
  found.addContainer(all.entrypoint, all.command, all.around);
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
  for (auto& [name, service] : services)
    addService(std::move(service), file, found);
}

} // namespace forklint::driver
