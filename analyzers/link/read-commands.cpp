// Reads the rows about command lines. Each table below is the only list of the keys of its row.
#include "analyzers/link/read-tables.h"

#include "analyzers/link/vocabulary.h"

#include "llvm/ADT/STLExtras.h"

namespace forklint::link {
namespace {

/// The text of a key is the name of a row.
void mentionRow(const toml::node& node, llvm::StringRef key, llvm::StringRef file, Register& names) {
  names.mention(NameKind::Row, node.value_or(std::string()), placeOf(file, node.source()),
                ("'" + key + "'").str());
}

llvm::Error readLauncher(const toml::table& table, llvm::StringRef what, llvm::StringRef file,
                         std::vector<Launcher>& launchers) {
  Launcher launcher;
  std::string source;
  launcher.isInterpreter = what == "interpreter";
  if (llvm::Error error = readTable(table, what, file,
                                    {{"names", &launcher.names},
                                     {"values", &launcher.values},
                                     {"unsets", &launcher.unsets},
                                     {"clears", &launcher.clears},
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
  if (std::optional<std::string> mistake = mistakeInWord(format, "python|settings|none"))
    return wrong(file, node.source(), "'format' " + *mistake);
  server.format = format == "python"     ? ConfigurationFormat::Python
                  : format == "settings" ? ConfigurationFormat::Settings
                                         : ConfigurationFormat::None;
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

llvm::Error readServer(const toml::table& table, llvm::StringRef file, std::vector<Server>& servers,
                       Register& names) {
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
  if (std::optional<std::string> mistake = mistakeInWord(loads, "before-fork|after-fork"))
    return wrong(file, table.get("loads")->source(), "'loads' " + *mistake);
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
  if (llvm::Error error = needs(table, {"name"}, "a server", file)) return error;
  for (llvm::StringRef key : {"forks", "starts"})
    if (const toml::node* node = table.get(std::string_view(key))) mentionRow(*node, key, file, names);
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

llvm::ArrayRef<llvm::StringRef> commandKeys() {
  static constexpr llvm::StringRef keys[] = {"launcher", "interpreter",  "server",
                                             "session",  "test-modules", "fork-server"};
  return keys;
}

llvm::Error readCommands(llvm::StringRef key, const toml::node& node, llvm::StringRef file,
                         Commands& commands, Register& names) {
  if (key == "fork-server") return readForkServer(node, file, commands);
  return eachTable(node, key, file, [&](const toml::table& table) -> llvm::Error {
    if (llvm::Error error = needs(table, {"names", "source"}, "[[" + key.str() + "]]", file)) return error;
    if (key == "server") return readServer(table, file, commands.servers, names);
    std::string source;
    if (key == "test-modules")
      return readTable(table, key, file, {{"names", &commands.testModules}, {"source", &source}});
    if (key == "session") {
      Session& added = commands.sessions.emplace_back();
      if (const toml::node* starts = table.get("starts")) mentionRow(*starts, "starts", file, names);
      return readTable(table, key, file,
                       {{"names", &added.names}, {"starts", &added.starts}, {"source", &source}});
    }
    return readLauncher(table, key, file, commands.launchers);
  });
}

} // namespace forklint::link
