// pyproject.toml: the scripts of the project, and those that poetry, flit and pdm keep in tables of their
// own.
#include "driver/entrypoints/declarations.h"

#include <toml++/toml.h>

namespace forklint::driver {
namespace {

class Reader {
public:
  Reader(const DeclaringFile& file, Declarations& found) : file(file), found(found) {}

  void functions(toml::node_view<const toml::node> table) {
    if (!table.is_table()) return;
    for (const auto& [key, value] : *table.as_table())
      if (std::string target = targetOf(value); !target.empty())
        found.functions.push_back({std::string(key.str()), std::move(target), saidAt(value)});
  }

  /// Commands by name: texts, or tables with one.
  void commands(toml::node_view<const toml::node> table) {
    if (!table.is_table()) return;
    for (const auto& [key, value] : *table.as_table()) {
      toml::node_view<const toml::node> view(value);
      std::string call = view["call"].value_or(std::string());
      if (!call.empty()) found.functions.push_back({std::string(key.str()), call, saidAt(value)});
      for (auto text : {view, view["cmd"], view["shell"]})
        if (text.is_string()) found.addShell(text.value_or(std::string()), {file.path, saidAt(value).line});
    }
  }

private:
  /// "package.module:function", which poetry may keep in a table.
  static std::string targetOf(const toml::node& value) {
    toml::node_view<const toml::node> view(value);
    if (view["type"].value_or(std::string()) == "file") return "";
    for (auto text : {view, view["callable"], view["reference"]})
      if (text.is_string()) return text.value_or(std::string());
    return "";
  }
  Said saidAt(const toml::node& node) const {
    return {file.path, static_cast<uint32_t>(node.source().begin.line)};
  }

  const DeclaringFile& file;
  Declarations& found;
};

} // namespace

void readPyproject(const DeclaringFile& file, Declarations& found) {
  toml::table document;
  try {
    document = toml::parse(std::string_view(file.text));
  } catch (const toml::parse_error&) {
    return; // the configuration tells of it, where it is one
  }
  toml::node_view<const toml::node> root(document);
  Reader reader(file, found);
  reader.functions(root["project"]["scripts"]);
  reader.functions(root["project"]["gui-scripts"]);
  reader.functions(root["tool"]["poetry"]["scripts"]);
  reader.functions(root["tool"]["flit"]["scripts"]);
  reader.commands(root["tool"]["pdm"]["scripts"]);
}

} // namespace forklint::driver
