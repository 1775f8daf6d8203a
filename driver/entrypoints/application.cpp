#include "driver/entrypoints/application.h"

#include "driver/entrypoints/python-text.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSet.h"

namespace forklint::driver {
namespace {

using python::Field;
using python::Kind;
using python::Node;

class Reader {
public:
  Reader(std::vector<Named> named, const ServerCommand& command, const FileIndex& files, TextOf textOf)
      : command(command), server(*command.server), files(files), textOf(textOf) {
    found.modules = std::move(named);
  }

  Application run() {
    if (server.literals.empty()) return std::move(found);
    size_t named = found.modules.size();
    for (size_t index = 0; index < found.modules.size(); ++index) {
      std::string file = files.fileOf(found.modules[index].written, command.said.file);
      std::optional<PythonText> text = parsed(file);
      if (!text) continue;
      bool isSettings = index >= named;
      if (!isSettings || configuring.contains(found.modules[index].written))
        literals(*text, file, isSettings);
      if (!isSettings) application(*text, file);
    }
    return std::move(found);
  }

private:
  std::optional<PythonText> parsed(const std::string& file) const {
    std::optional<std::string> text = file.empty() ? std::nullopt : textOf(file);
    return text ? std::optional<PythonText>(std::in_place, std::move(*text)) : std::nullopt;
  }

  /// A module of settings has them as its own names.
  void literals(const PythonText& text, const std::string& file, bool isSettings) {
    for (const std::string& name : server.literals) {
      auto add = [&](Node value) {
        for (TextLiteral& each : literalsOf(value))
          found.literals.add(name, std::move(each.text), {file, each.line});
      };
      isSettings ? text.eachBinding(name, add) : text.eachSetting(name, add);
    }
  }

  void application(const PythonText& text, const std::string& file) {
    std::optional<Named> project = projectSettings(text, file);
    if (project) addModule(*project);
    text.eachCall(server.configures, [&](Node arguments) {
      // `call("module")`, or "module:object".
      std::optional<TextLiteral> literal = literalOf(arguments.first());
      if (!literal) return;
      bool isProject = project && literal->text == server.project.object;
      Named module{llvm::StringRef(literal->text).split(':').first.str(), {file, literal->line}};
      configuring.insert(isProject ? project->written : module.written);
      addModule(module);
    });
    text.eachCall(server.discovers, [&](Node arguments) { discover(arguments, file, project); });
  }

  void addModule(const Named& module) {
    bool isKnown =
        llvm::any_of(found.modules, [&](const Named& each) { return each.written == module.written; });
    if (files.hasModule(module.written) && !isKnown) found.modules.push_back(module);
  }

  /// The module of settings that a variable of the environment names: as the application sets it, else as it
  /// is around the command, else as the application does where it is not set. Several are none.
  std::optional<Named> projectSettings(const PythonText& text, const std::string& file) const {
    const link::ProjectSettings& row = server.project;
    if (row.variable.empty()) return std::nullopt;
    std::vector<Named> set, byDefault;
    auto addTo = [&](std::vector<Named>& named, Node value) {
      std::optional<TextLiteral> literal = literalOf(value);
      named.push_back(literal ? Named{literal->text, {file, literal->line}} : Named());
    };
    text.eachItem(row.variable, [&](Node value) { addTo(set, value); });
    text.eachCall(row.setBy, [&](Node arguments) {
      std::optional<TextLiteral> name = literalOf(arguments.first());
      if (name && name->text == row.variable) addTo(byDefault, arguments.first().next());
    });
    const Setting* around = command.around.variables.find(row.variable);
    if (set.empty() && around) return Named{around->value, around->said};
    const std::vector<Named>& named = set.empty() ? byDefault : set;
    bool isOne = !named.empty() && llvm::all_of(named, [&](const Named& each) {
      return each.written == named.front().written;
    });
    return isOne ? std::optional(named.front()) : std::nullopt;
  }

  /// Of `call([package, …], name)` the submodules of that name; a function may give the list. Without
  /// packages those of the project.
  void discover(Node arguments, const std::string& file, const std::optional<Named>& project) {
    std::optional<Node> packages;
    std::string submodule = server.discovered;
    for (Node argument : arguments.children()) {
      bool isFirst = argument == arguments.first();
      bool isKeyword = argument.kind() == Kind::KeywordArgument;
      Node value = isKeyword ? argument.child(Field::Value) : argument;
      if (value.kind() == Kind::Lambda) value = value.child(Field::Body);
      std::optional<TextLiteral> literal = literalOf(value);
      bool isList = value.kind() == Kind::List || value.kind() == Kind::Tuple;
      bool isSwitch = value.kind() == Kind::True || value.kind() == Kind::False || value.kind() == Kind::None;
      if (literal && (isKeyword || !isFirst))
        submodule = literal->text;
      else if (isList)
        packages = value;
      else if (!isSwitch)
        return; // what is computed may be the packages
    }
    if (packages)
      for (const TextLiteral& package : literalsOf(*packages))
        add(package.text, submodule, {file, package.line});
    else if (project)
      addProject(*project, submodule);
  }

  void add(const std::string& package, const std::string& submodule, const Said& said) {
    found.discovered.push_back({package + "." + submodule, said});
  }

  void addProject(const Named& settings, const std::string& submodule) {
    std::string file = files.fileOf(settings.written, command.said.file);
    if (std::optional<PythonText> text = parsed(file))
      for (const TextLiteral& each : text->listNamed(server.project.packages))
        add(packageOf(each.text), submodule, {file, each.line});
  }

  /// An element is a package, or a class of the project that names one.
  std::string packageOf(const std::string& element) const {
    auto [module, name] = llvm::StringRef(element).rsplit('.');
    if (files.hasModule(element) || !files.hasModule(module)) return element;
    std::optional<PythonText> text = parsed(files.fileOf(module, command.said.file));
    std::optional<TextLiteral> package =
        text ? text->attributeOf(name, server.project.attribute) : std::nullopt;
    return package ? package->text : element;
  }

  const ServerCommand& command;
  const link::Server& server;
  const FileIndex& files;
  TextOf textOf;
  Application found;
  llvm::StringSet<> configuring; // modules whose names are settings
};

} // namespace

Application readApplication(std::vector<Named> named, const ServerCommand& command, const FileIndex& files,
                            TextOf textOf) {
  return Reader(std::move(named), command, files, textOf).run();
}

} // namespace forklint::driver
