#include "driver/entrypoints/servers.h"

#include "driver/entrypoints/application.h"
#include "driver/entrypoints/configuration.h"
#include "driver/entrypoints/literals.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

namespace forklint::driver {
namespace {

using Kind = EntryAction::Kind;

/// What a shell would compute is not known.
Named applicationOf(const ServerCommand& command) {
  const link::Server& server = *command.server;
  for (llvm::StringRef word : command.words)
    if (server.applicationIsWord && !isSettingsFile(word))
      return {isComputed(word) ? "" : word.str(), command.said};
  const Setting* setting = command.options.find(server.applicationSettings);
  if (!setting || isComputed(setting->value)) return {"", command.said};
  std::string behindMountPoint = llvm::StringRef(setting->value).rsplit('=').second.str();
  return {behindMountPoint.empty() ? setting->value : behindMountPoint, setting->said};
}

/// Those that settings name besides the application.
std::vector<Named> furtherModules(const ServerCommand& command) {
  std::vector<Named> modules;
  for (const Setting* more : command.options.findAll(command.server->alsoLoads))
    for (llvm::StringRef module : llvm::split(more->value, ','))
      if (!module.trim().empty()) modules.push_back({module.trim().str(), more->said});
  return modules;
}

bool isPath(llvm::StringRef target) { return target.contains('/') || target.ends_with(".py"); }

class Builder {
public:
  Builder(const ServerCommand& command, const FileIndex& files, PythonTexts& texts)
      : command(command), server(*command.server), said(command.said), files(files), texts(texts) {}

  EntryPoint run() {
    entry = {EntryKind::Server, server.name, said, {}, ""};
    application = readApplication(namedApplication(), command, files, texts);
    command.options.addBefore(application.literals);
    if (server.format == link::ConfigurationFormat::Python) import(configuration, said);
    const Setting* other = command.options.isOn(server.otherOrder);
    bool loadsFirst = server.loadsBeforeFork != (other != nullptr);
    if (loadsFirst) load();
    hooks(server.beforeFork);
    const Said* forks = forksAt(other);
    if (forks && !server.starts.empty() && !command.options.isOn(server.startsUnless))
      entry.actions.push_back({Kind::Start, "", server.starts, said});
    if (forks) entry.actions.push_back({Kind::Fork, "", server.forks, *forks});
    if (forks) hooks(server.inChild);
    if (!loadsFirst) load();
    return std::move(entry);
  }

private:
  /// The modules of the application, in the order of their import: "module:name", "module:factory()",
  /// "path/of/file.py", or a name in a module.
  std::vector<Named> namedApplication() {
    auto [written, where] = applicationOf(command);
    auto [target, name] = llvm::StringRef(written).split(':');
    std::string module = moduleOf(target);
    while (!files.hasModule(module) && llvm::StringRef(module).contains('.') &&
           files.hasModule(llvm::StringRef(module).rsplit('.').first))
      module = llvm::StringRef(module).rsplit('.').first.str();
    if (module.empty()) return {};
    if (name.contains('(') || command.options.isOn(server.factory)) factory = name.split('(').first.str();
    std::vector<Named> modules{{module, where}};
    for (const std::string& submodule : server.submodules)
      if (std::string inner = module + "." + submodule; files.hasModule(inner))
        modules.push_back({inner, where});
    return modules;
  }

  std::string moduleOf(llvm::StringRef target) const {
    if (!isPath(target) && (target.empty() || files.hasModule(target))) return target.str();
    std::string file = isPath(target) ? files.fileNamed(target, said.file, command.around)
                                      : files.fileAsPath(target, said.file, command.around);
    return isPath(target) || !file.empty() ? files.moduleAt(file).str() : target.str();
  }

  /// Where it is said that the server forks; null where it does not.
  const Said* forksAt(const Setting* other) const {
    if (server.forks.empty()) return nullptr;
    const Setting* way = command.options.find(server.forksForSettings);
    if (way && !llvm::is_contained(server.forksForValues, way->value)) return nullptr;
    const Setting* asked = command.options.isOn(server.forksWith);
    if (!server.forksWith.empty() && !asked) return nullptr;
    return other ? &other->said : asked ? &asked->said : &said;
  }

  void hooks(const std::vector<std::string>& names) {
    for (const std::string& name : names)
      eachMention(command.configurationText, name, [&](llvm::StringRef) {
        EntryAction call{Kind::Call, configuration, name, said};
        if (!llvm::is_contained(entry.actions, call)) entry.actions.push_back(call);
      });
  }

  void load() {
    for (const Named& each : application.modules)
      import(each.written, each.said);
    if (const Named* first = factory.empty() ? nullptr : &application.modules.front())
      entry.actions.push_back({Kind::Call, first->written, factory, first->said});
    for (const Named& more : furtherModules(command))
      import(moduleOf(more.written), more.said);
    for (const Named& each : application.discovered)
      if (files.hasModule(each.written)) import(each.written, each.said);
  }

  void import(const std::string& module, const Said& where) {
    if (!module.empty()) entry.actions.push_back({Kind::Import, module, "", where});
  }

  ServerCommand command;
  const link::Server& server;
  const Said& said;
  const FileIndex& files;
  PythonTexts& texts;
  std::string configuration = files.moduleAt(command.configuration).str(); // its module
  Application application;
  std::string factory; // of the application
  EntryPoint entry;
};

} // namespace

std::vector<std::string> modulesNamedBy(const ServerCommand& command) {
  std::vector<std::string> names;
  if (const Setting* named = command.options.find(command.server->configurationSettings))
    if (llvm::StringRef value(named->value); value.consume_front("python:")) names.push_back(value.str());
  Named application = applicationOf(command);
  llvm::StringRef target = llvm::StringRef(application.written).split(':').first;
  if (!target.empty() && !isPath(target)) names.push_back(target.str());
  for (const Named& more : furtherModules(command))
    names.push_back(more.written);
  return names;
}

std::optional<EntryPoint> serverEntry(const ServerCommand& command, const FileIndex& files,
                                      PythonTexts& texts) {
  EntryPoint entry = Builder(command, files, texts).run();
  bool imports =
      llvm::any_of(entry.actions, [](const EntryAction& action) { return action.kind == Kind::Import; });
  return imports ? std::optional(std::move(entry)) : std::nullopt;
}

} // namespace forklint::driver
