#include "driver/entrypoints/application.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/Path.h"

namespace forklint::driver {
namespace {

using python::Field;
using python::Kind;
using python::Node;

class Reader {
public:
  Reader(std::vector<Named> named, const ServerCommand& command, const FileIndex& files, PythonTexts& texts)
      : command(command), server(*command.server), files(files), texts(texts) {
    found.modules = std::move(named);
  }

  Application run() {
    if (server.literals.empty()) return std::move(found);
    size_t named = found.modules.size();
    for (size_t index = 0; index < found.modules.size(); ++index) {
      std::string file = files.fileOf(found.modules[index].written, command.said.file);
      const PythonText* text = texts.of(file);
      if (!text) continue;
      bool isSettings = index >= named;
      if (!isSettings || configuring.contains(found.modules[index].written))
        settings({found.modules[index].written, file, text}, isSettings);
      if (!isSettings) application(*text, file);
    }
    return std::move(found);
  }

private:
  struct Module {
    std::string name, file;
    const PythonText* text = nullptr;
  };
  /// Settings are split over this many modules at most.
  static constexpr unsigned deepest = 8;

  /// The one that a module imports; without a text where the program has none of that name.
  Module importedBy(const Module& from, llvm::StringRef written) const {
    bool isPackage = llvm::sys::path::filename(from.file) == "__init__.py";
    Module module{absoluteModule(written, from.name, isPackage), "", nullptr};
    module.file = files.fileOf(module.name, from.file);
    module.text = texts.of(module.file);
    return module;
  }

  /// Those of a module of settings begin with those of which it imports all.
  void settings(const Module& module, bool isSettings, unsigned depth = 0) {
    if (isSettings && depth < deepest)
      module.text->eachStarred([&](const std::string& written, uint32_t) {
        if (Module other = importedBy(module, written); other.text) settings(other, isSettings, depth + 1);
      });
    literals(*module.text, module.file, isSettings);
  }

  std::vector<TextLiteral> listNamed(const Module& module, llvm::StringRef name, unsigned depth = 0) {
    if (!module.text || depth > deepest) return {};
    std::vector<TextLiteral> list =
        module.text->listNamed(name, [&](llvm::StringRef other, llvm::StringRef of) {
          return listNamed(importedBy(module, other), of, depth + 1);
        });
    for (TextLiteral& each : list)
      if (each.file.empty()) each.file = module.file;
    return list;
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
    for (const TextLiteral& each :
         listNamed({settings.written, file, texts.of(file)}, server.project.packages))
      add(packageOf(each.text), submodule, {each.file, each.line});
  }

  /// An element is a package, or a class of the project that names one.
  std::string packageOf(const std::string& element) const {
    auto [module, name] = llvm::StringRef(element).rsplit('.');
    if (files.hasModule(element) || !files.hasModule(module)) return element;
    const PythonText* text = texts.of(files.fileOf(module, command.said.file));
    std::optional<TextLiteral> package =
        text ? text->attributeOf(name, server.project.attribute) : std::nullopt;
    return package ? package->text : element;
  }

  const ServerCommand& command;
  const link::Server& server;
  const FileIndex& files;
  PythonTexts& texts;
  Application found;
  llvm::StringSet<> configuring; // modules whose names are settings
};

} // namespace

const PythonText* PythonTexts::of(const std::string& file) {
  if (file.empty()) return nullptr;
  auto [known, isNew] = texts.try_emplace(file);
  if (isNew)
    if (std::optional<std::string> text = textOf(file)) known->second.emplace(*text);
  return known->second ? &*known->second : nullptr;
}

Application readApplication(std::vector<Named> named, const ServerCommand& command, const FileIndex& files,
                            PythonTexts& texts) {
  return Reader(std::move(named), command, files, texts).run();
}

} // namespace forklint::driver
