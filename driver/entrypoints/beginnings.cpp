#include "driver/entrypoints/beginnings.h"

#include "driver/entrypoints/configuration.h"
#include "driver/entrypoints/servers.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSet.h"

namespace forklint::driver {

Beginnings readBeginnings(const std::vector<std::string>& declaring, const FileIndex& files,
                          const link::Commands& rows, TextOf read) {
  // A byte order mark is no part of what a file says.
  auto textOf = [&](const std::string& file) {
    std::optional<std::string> text = read(file);
    if (text && llvm::StringRef(*text).starts_with("\xEF\xBB\xBF")) text->erase(0, 3);
    return text;
  };
  Beginnings all;
  llvm::StringSet<> configurations; // that a command has named
  std::vector<std::pair<std::string, std::string>> unread;
  auto addServer = [&](ServerCommand command) {
    readConfiguration(command, files, textOf);
    if (!command.configuration.empty()) configurations.insert(command.configuration);
    all.servers.push_back(std::move(command));
  };
  auto addScript = [&](const std::string& file, const Said& said) {
    if (!file.empty()) all.scripts.push_back({file, said});
  };
  for (const std::string& file : declaring) {
    std::optional<std::string> text = textOf(file);
    if (!text) continue;
    Declarations found;
    auto open = [&](llvm::StringRef written) -> std::optional<NamedText> {
      std::string named = files.fileNamed(written, file);
      std::optional<std::string> other = named.empty() ? std::nullopt : textOf(named);
      if (!other) return std::nullopt;
      return NamedText{std::move(named), std::move(*other)};
    };
    readDeclarations({file, *text, open}, found);
    llvm::append_range(all.functions, found.functions);
    for (const CommandLine& command : found.commands)
      understand(
          command, rows,
          {[&](llvm::StringRef script, const Said& said) {
             addScript(files.fileNamed(script, said.file, command.around), said);
           },
           [&](llvm::StringRef module, const Said& said) { all.modules.push_back({module.str(), said}); },
           addServer});
    unread.emplace_back(file, std::move(*text));
  }
  // Last: what a command has named is its configuration.
  for (const auto& [file, text] : unread)
    if (!configurations.contains(file))
      for (ServerCommand& command : serversConfiguredBy({file, text}, rows))
        addServer(std::move(command));
  return all;
}

std::vector<std::string> Beginnings::moduleNames() const {
  std::vector<std::string> names;
  names.reserve(functions.size() + modules.size());
  for (const NamedFunction& function : functions)
    names.push_back(llvm::StringRef(function.target).split(':').first.trim().str());
  for (const NamedMain& module : modules)
    names.push_back(module.name + ".__main__");
  for (const ServerCommand& command : servers)
    llvm::append_range(names, modulesNamedBy(command));
  return names;
}

} // namespace forklint::driver
