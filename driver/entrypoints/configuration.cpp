#include "driver/entrypoints/configuration.h"

#include "driver/entrypoints/sections.h"
#include "driver/entrypoints/xml.h"
#include "driver/entrypoints/yaml.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Path.h"

namespace forklint::driver {

using link::ConfigurationFormat;

static constexpr llvm::StringLiteral settingsFiles[] = {".ini", ".yaml", ".yml", ".json", ".xml"};

/// Is the value one that only the language itself computes: a text, a number, a constant?
static bool isLiteral(llvm::StringRef value) {
  double number = 0;
  return value == "True" || value == "False" || value == "None" || !value.getAsDouble(number);
}

/// The literals that a Python file binds at its top.
static Settings pythonSettings(const DeclaringFile& file) {
  Settings settings;
  uint32_t number = 0;
  for (llvm::StringRef line : llvm::split(file.text, '\n')) {
    ++number;
    llvm::StringRef name = line.take_while([](char c) { return llvm::isAlnum(c) || c == '_'; });
    llvm::StringRef rest = line.drop_front(name.size()).ltrim();
    if (name.empty() || rest.starts_with("==") || !rest.consume_front("=")) continue;
    rest = rest.trim();
    if (rest.starts_with("\"") || rest.starts_with("'")) {
      auto [value, behind] = rest.drop_front().split(rest.front());
      settings.add(name.str(), value.str(), {file.path, number});
    } else if (llvm::StringRef value = rest.split('#').first.rtrim(); isLiteral(value)) {
      settings.add(name.str(), value.str(), {file.path, number});
    }
  }
  return settings;
}

/// The section of a file of settings: sections with `key = value`, YAML, JSON or XML by its name.
static Settings sectionSettings(const DeclaringFile& file, llvm::StringRef section) {
  Settings settings;
  llvm::StringRef extension = llvm::sys::path::extension(file.path);
  if (extension == ".xml") {
    readXml(file.text, [&](const XmlElement& element) {
      if (element.parent == section)
        settings.add(element.name.str(), element.text.str(), {file.path, element.line});
    });
    return settings;
  }
  if (extension != ".ini") { // JSON is YAML
    readYaml(file.text, [&](const YamlValue& value) {
      if (value.path.size() == 2 && value.path[0] == section && !value.words)
        settings.add(value.path[1], value.text, {file.path, value.line});
    });
    return settings;
  }
  readSections(file.text, [&](const SectionLine& line, bool continues) {
    if (line.section != section) return;
    // Lines may be indented here: each is a setting of its own.
    auto [name, value] = llvm::StringRef(line.value).split('=');
    if (continues)
      settings.add(name.trim().str(), value.trim().str(), {file.path, line.line});
    else
      settings.add(line.key.str(), line.value, {file.path, line.line});
  });
  return settings;
}

bool isSettingsFile(llvm::StringRef path) {
  llvm::StringRef extension = llvm::sys::path::extension(path);
  return llvm::is_contained(settingsFiles, extension);
}

/// "file:path", "python:module", or a path; else what is there by default.
static std::string configurationFile(const ServerCommand& command, const FileIndex& files) {
  auto fileNamed = [&](llvm::StringRef written) {
    return files.fileNamed(written, command.said.file, command.around);
  };
  const link::Server& server = *command.server;
  if (const Setting* named = command.options.find(server.configurationSettings)) {
    llvm::StringRef value(named->value);
    if (value.consume_front("python:")) return files.fileAsPath(value, command.said.file, command.around);
    value.consume_front("file:");
    return fileNamed(value);
  }
  for (llvm::StringRef word : command.words)
    if (server.configurationIsWord && isSettingsFile(word)) return fileNamed(word);
  return server.defaultConfiguration.empty() ? "" : fileNamed(server.defaultConfiguration);
}

void readConfiguration(ServerCommand& command, const FileIndex& files, TextOf textOf) {
  if (command.server->format == ConfigurationFormat::None) return;
  std::string path = configurationFile(command, files);
  std::optional<std::string> text = path.empty() ? std::nullopt : textOf(path);
  if (!text) return;
  bool isPython = command.server->format == ConfigurationFormat::Python;
  command.options.addBefore(isPython ? pythonSettings({path, *text})
                                     : sectionSettings({path, *text}, command.server->section));
  command.configuration = path;
  command.configurationText = std::move(*text);
}

std::vector<ServerCommand> serversConfiguredBy(const DeclaringFile& file, const link::Commands& rows) {
  std::vector<ServerCommand> found;
  for (const link::Server& server : rows.servers) {
    bool isDefault = server.format == ConfigurationFormat::Python &&
                     llvm::sys::path::filename(file.path) == server.defaultConfiguration;
    bool hasSection = server.format == ConfigurationFormat::Settings && isSettingsFile(file.path) &&
                      !sectionSettings(file, server.section).empty();
    if (!isDefault && !hasSection) continue;
    ServerCommand command{&server, {}, {}, {file.path, 1}, {}, "", ""};
    command.options.add(server.configurationSettings.front(), file.path, command.said);
    found.push_back(std::move(command));
  }
  return found;
}

} // namespace forklint::driver
