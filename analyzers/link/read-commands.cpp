// Reads the rows about command lines. Each table below is the only list of the keys of its row.
#include "analyzers/link/read-tables.h"

#include "llvm/ADT/STLExtras.h"

#include <variant>

namespace forklint::link {
namespace {

/// Where the value of a key goes; what kind of value it is follows from that.
using Target = std::variant<std::string*, std::vector<std::string>*, bool*, int64_t*, std::monostate>;
struct Key {
  llvm::StringRef name;
  Target target;
};

llvm::Error readValue(const toml::node& node, const Key& key, llvm::StringRef file) {
  if (auto* const* list = std::get_if<std::vector<std::string>*>(&key.target))
    return readStrings(node, key.name, file, **list);
  auto* const* text = std::get_if<std::string*>(&key.target);
  auto* const* flag = std::get_if<bool*>(&key.target);
  auto* const* number = std::get_if<int64_t*>(&key.target);
  if (text && node.is_string())
    **text = *node.value<std::string>();
  else if (flag && node.is_boolean())
    **flag = *node.value<bool>();
  else if (number && node.is_integer())
    **number = *node.value<int64_t>();
  else if (!std::holds_alternative<std::monostate>(key.target))
    return wrong(file, node.source(), "'" + key.name + "' has a value of the wrong kind");
  return llvm::Error::success();
}

/// `what` names the row in errors.
llvm::Error readTable(const toml::node& node, llvm::StringRef what, llvm::StringRef file,
                      llvm::ArrayRef<Key> keys) {
  if (!node.is_table()) return wrong(file, node.source(), "'" + what + "' must be a table");
  for (const auto& [key, value] : *node.as_table()) {
    llvm::StringRef name(key.str().data(), key.str().size());
    const Key* known = llvm::find_if(keys, [&](const Key& each) { return each.name == name; });
    if (known == keys.end()) return wrong(file, key.source(), "unknown key '" + name + "' in " + what);
    if (llvm::Error error = readValue(value, *known, file)) return error;
  }
  return llvm::Error::success();
}

llvm::Error needs(const toml::table& table, llvm::StringRef key, llvm::StringRef what, llvm::StringRef file) {
  if (table.contains(std::string_view(key))) return llvm::Error::success();
  return wrong(file, table.source(), what + " needs '" + key + "'");
}

llvm::Error readLauncher(const toml::table& table, llvm::StringRef what, llvm::StringRef file,
                         std::vector<Launcher>& launchers) {
  Launcher launcher;
  std::string source;
  launcher.isInterpreter = what == "interpreter";
  if (llvm::Error error = readTable(table, what, file,
                                    {{"names", &launcher.names},
                                     {"values", &launcher.values},
                                     {"subcommands", &launcher.subcommands},
                                     {"text", &launcher.text},
                                     {"module", &launcher.module},
                                     {"words", &launcher.words},
                                     {"skip-to-separator", &launcher.skipsToSeparator},
                                     {"source", &source}}))
    return error;
  launchers.push_back(std::move(launcher));
  return llvm::Error::success();
}

llvm::Error readApplication(const toml::node& node, llvm::StringRef file, Server& server) {
  return readTable(node, "application", file,
                   {{"word", &server.applicationIsWord},
                    {"settings", &server.applicationSettings},
                    {"submodules", &server.submodules},
                    {"literals", &server.literals},
                    {"configures", &server.configures},
                    {"discovers", &server.discovers},
                    {"discovered", &server.discovered},
                    {"factory", &server.factory}});
}

llvm::Error readConfiguration(const toml::node& node, llvm::StringRef file, Server& server) {
  std::string format;
  if (llvm::Error error = readTable(node, "configuration", file,
                                    {{"word", &server.configurationIsWord},
                                     {"settings", &server.configurationSettings},
                                     {"default", &server.defaultConfiguration},
                                     {"section", &server.section},
                                     {"format", &format}}))
    return error;
  static constexpr std::pair<const char*, ConfigurationFormat> formats[] = {
      {"none", ConfigurationFormat::None},
      {"python", ConfigurationFormat::Python},
      {"settings", ConfigurationFormat::Settings},
  };
  const auto* known = llvm::find_if(formats, [&](const auto& each) { return format == each.first; });
  if (known == std::end(formats))
    return wrong(file, node.source(), "'format' is one of 'python', 'settings', 'none'");
  server.format = known->second;
  return llvm::Error::success();
}

llvm::Error readProject(const toml::node& node, llvm::StringRef file, ProjectSettings& project) {
  return readTable(node, "project", file,
                   {{"variable", &project.variable},
                    {"set-by", &project.setBy},
                    {"object", &project.object},
                    {"packages", &project.packages},
                    {"attribute", &project.attribute}});
}

llvm::Error readServer(const toml::table& table, llvm::StringRef file, std::vector<Server>& servers) {
  Server server;
  std::string loads = "after-fork", source;
  if (llvm::Error error = readTable(table, "server", file,
                                    {{"name", &server.name},
                                     {"names", &server.names},
                                     {"subcommands", &server.subcommands},
                                     {"flags", &server.flags},
                                     {"variable", &server.variable},
                                     {"forks", &server.forks},
                                     {"forks-with", &server.forksWith},
                                     {"loads", &loads},
                                     {"other-order", &server.otherOrder},
                                     {"also-loads", &server.alsoLoads},
                                     {"before-fork", &server.beforeFork},
                                     {"in-child", &server.inChild},
                                     {"application", std::monostate()},
                                     {"configuration", std::monostate()},
                                     {"forks-for", std::monostate()},
                                     {"project", std::monostate()},
                                     {"starts", &server.starts},
                                     {"starts-unless", &server.startsUnless},
                                     {"source", &source}}))
    return error;
  if (loads != "before-fork" && loads != "after-fork")
    return wrong(file, table.source(), "'loads' is 'before-fork' or 'after-fork'");
  server.loadsBeforeFork = loads == "before-fork";
  if (const toml::node* node = table.get("application"))
    if (llvm::Error error = readApplication(*node, file, server)) return error;
  if (const toml::node* node = table.get("configuration"))
    if (llvm::Error error = readConfiguration(*node, file, server)) return error;
  if (const toml::node* node = table.get("forks-for"))
    if (llvm::Error error =
            readTable(*node, "forks-for", file,
                      {{"settings", &server.forksForSettings}, {"values", &server.forksForValues}}))
      return error;
  if (const toml::node* node = table.get("project"))
    if (llvm::Error error = readProject(*node, file, server.project)) return error;
  if (llvm::Error error = needs(table, "name", "a server", file)) return error;
  servers.push_back(std::move(server));
  return llvm::Error::success();
}

} // namespace

/// `[fork-server]`: for which versions the main module is among what it imports.
static llvm::Error readForkServer(const toml::node& node, llvm::StringRef file, Commands& commands) {
  std::string versions, source;
  if (llvm::Error error =
          readTable(node, "fork-server", file, {{"preloads-main", &versions}, {"source", &source}}))
    return error;
  std::optional<Variants> variants = parseVersions(versions);
  if (!variants || source.empty())
    return wrong(file, node.source(), "'fork-server' needs 'preloads-main' as \"3.14-\", and 'source'");
  commands.preloadsMain = *variants;
  return llvm::Error::success();
}

bool isAboutCommands(llvm::StringRef key) {
  static constexpr llvm::StringLiteral keys[] = {"launcher", "interpreter",  "server",
                                                 "session",  "test-modules", "fork-server"};
  return llvm::is_contained(keys, key);
}

llvm::Error readCommands(llvm::StringRef key, const toml::node& node, llvm::StringRef file,
                         Commands& commands) {
  if (key == "fork-server") return readForkServer(node, file, commands);
  return eachTable(node, key, file, [&](const toml::table& table) -> llvm::Error {
    for (llvm::StringRef needed : {"names", "source"})
      if (llvm::Error error = needs(table, needed, "[[" + key.str() + "]]", file)) return error;
    if (key == "server") return readServer(table, file, commands.servers);
    std::string source;
    if (key == "test-modules")
      return readTable(table, key, file, {{"names", &commands.testModules}, {"source", &source}});
    if (key == "session") {
      Session& added = commands.sessions.emplace_back();
      return readTable(table, key, file,
                       {{"names", &added.names}, {"starts", &added.starts}, {"source", &source}});
    }
    return readLauncher(table, key, file, commands.launchers);
  });
}

} // namespace forklint::link
