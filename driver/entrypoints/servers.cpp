#include "driver/entrypoints/servers.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Path.h"

namespace forklint::driver {
namespace {

using Kind = EntryAction::Kind;
using link::ConfigurationFormat;

bool isSettingsFile(llvm::StringRef path) {
  llvm::StringRef extension = llvm::sys::path::extension(path);
  return extension == ".ini" || extension == ".yaml" || extension == ".yml";
}

/// Does the text have the name as a word?
bool mentions(llvm::StringRef text, llvm::StringRef name) {
  auto inWord = [](char c) { return llvm::isAlnum(c) || c == '_'; };
  for (size_t at = text.find(name); at != llvm::StringRef::npos; at = text.find(name, at + 1)) {
    llvm::StringRef behind = text.drop_front(at + name.size());
    if ((at == 0 || !inWord(text[at - 1])) && (behind.empty() || !inWord(behind.front()))) return true;
  }
  return false;
}

class Builder {
public:
  Builder(ServerCommand command, const FileIndex& files, TextOf textOf, llvm::StringSet<>& read)
      : server(*command.server), settings(std::move(command.options)), words(std::move(command.words)),
        said(command.said), files(files), textOf(textOf), read(read) {}

  EntryPoint run() {
    entry = {EntryKind::Server, server.name, said, {}, ""};
    readConfiguration();
    const Setting* other = settings.isOn(server.otherOrder);
    bool loadsFirst = server.loadsBeforeFork != (other != nullptr);
    if (loadsFirst) load();
    hooks(server.beforeFork);
    const Said* forks = forksAt(other);
    if (forks) entry.actions.push_back({Kind::Fork, "", server.forks, *forks});
    if (forks) hooks(server.inChild);
    if (!loadsFirst) load();
    return std::move(entry);
  }

private:
  void readConfiguration() {
    if (server.format == ConfigurationFormat::None) return;
    std::string path = configurationFile();
    std::optional<std::string> text = path.empty() ? std::nullopt : textOf(path);
    if (!text) return;
    read.insert(path);
    if (server.format == ConfigurationFormat::Settings)
      return settings.addBefore(sectionSettings({path, *text}, server.section));
    settings.addBefore(pythonSettings({path, *text}));
    configuration = files.moduleAt(path).str();
    configurationText = std::move(*text);
    if (!configuration.empty()) entry.actions.push_back({Kind::Import, configuration, "", said});
  }

  std::string configurationFile() const {
    if (const Setting* named = settings.find(server.configurationSettings)) {
      llvm::StringRef value(named->value);
      if (value.consume_front("python:")) value = value.split(':').first;
      value.consume_front("file:");
      std::string path = files.fileNamed(value, said.file);
      if (!path.empty()) return path;
    }
    for (llvm::StringRef word : words)
      if (server.configurationIsWord && isSettingsFile(word)) return files.fileNamed(word, said.file);
    return server.defaultConfiguration.empty() ? "" : files.fileNamed(server.defaultConfiguration, said.file);
  }

  /// Where it is said that the server forks; null where it does not.
  const Said* forksAt(const Setting* other) const {
    if (server.forks.empty()) return nullptr;
    const Setting* pool = settings.find(server.forksUnlessSettings);
    if (pool && llvm::is_contained(server.forksUnlessValues, pool->value)) return nullptr;
    const Setting* asked = settings.isOn(server.forksWith);
    if (!server.forksWith.empty() && !asked) return nullptr;
    return other ? &other->said : asked ? &asked->said : &said;
  }

  void hooks(const std::vector<std::string>& names) {
    for (const std::string& name : names)
      if (mentions(configurationText, name)) entry.actions.push_back({Kind::Call, configuration, name, said});
  }

  void load() {
    std::string written;
    Said where = said;
    for (llvm::StringRef word : words)
      if (server.applicationIsWord && written.empty() && !isSettingsFile(word)) written = word.str();
    if (const Setting* setting = settings.find(server.applicationSettings); setting && written.empty()) {
      written = llvm::StringRef(setting->value).rsplit('=').second.str(); // of a mount point
      if (written.empty()) written = setting->value;
      where = setting->said;
    }
    loadApplication(written, where);
    for (const Setting* more : settings.findAll(server.alsoLoads))
      for (llvm::StringRef module : llvm::split(more->value, ','))
        import(module.str(), more->said);
  }

  void import(const std::string& module, const Said& where) {
    if (!module.empty()) entry.actions.push_back({Kind::Import, module, "", where});
  }

  /// "module:name", "module:factory()", "path/of/file.py", or a name in a module.
  void loadApplication(llvm::StringRef written, const Said& where) {
    auto [target, name] = written.split(':');
    std::string module = target.str();
    if (target.contains('/') || target.ends_with(".py"))
      module = files.moduleAt(files.fileNamed(target, said.file)).str();
    while (!files.hasModule(module) && llvm::StringRef(module).contains('.') &&
           files.hasModule(llvm::StringRef(module).rsplit('.').first))
      module = llvm::StringRef(module).rsplit('.').first.str();
    import(module, where);
    for (const std::string& submodule : server.submodules)
      if (std::string inner = module + "." + submodule; files.hasModule(inner)) import(inner, where);
    bool isFactory = name.contains('(') || settings.isOn(server.factory);
    if (isFactory && !module.empty())
      entry.actions.push_back({Kind::Call, module, name.split('(').first.str(), where});
  }

  const link::Server& server;
  Settings settings;
  std::vector<std::string> words;
  Said said;
  const FileIndex& files;
  TextOf textOf;
  llvm::StringSet<>& read;
  EntryPoint entry;
  std::string configuration; // its module
  std::string configurationText;
};

} // namespace

std::optional<EntryPoint> serverEntry(ServerCommand command, const FileIndex& files, TextOf textOf,
                                      llvm::StringSet<>& read) {
  EntryPoint entry = Builder(std::move(command), files, textOf, read).run();
  bool imports =
      llvm::any_of(entry.actions, [](const EntryAction& action) { return action.kind == Kind::Import; });
  return imports ? std::optional(std::move(entry)) : std::nullopt;
}

std::vector<ServerCommand> serversConfiguredBy(const DeclaringFile& file, const link::Commands& rows) {
  std::vector<ServerCommand> found;
  for (const link::Server& server : rows.servers) {
    bool isDefault = server.format == ConfigurationFormat::Python &&
                     llvm::sys::path::filename(file.path) == server.defaultConfiguration;
    bool hasSection = server.format == ConfigurationFormat::Settings && isSettingsFile(file.path) &&
                      !sectionSettings(file, server.section).empty();
    if (!isDefault && !hasSection) continue;
    ServerCommand command{&server, {}, {}, {file.path, 1}};
    command.options.add(server.configurationSettings.front(), file.path, command.said);
    found.push_back(std::move(command));
  }
  return found;
}

} // namespace forklint::driver
