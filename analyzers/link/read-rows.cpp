// Reads model rows, but for their effects (read-effects.cpp). `RowReader::readKeys` has the only list of the
// keys of a row.
#include "analyzers/link/models.h"
#include "analyzers/link/read-tables.h"
#include "analyzers/link/row-mistakes.h"
#include "analyzers/link/vocabulary.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

namespace forklint::link {
namespace {

/// What a name is to the language itself: `is = "version"`.
constexpr std::pair<llvm::StringLiteral, Role> roles[] = {
    {"version", Role::Version},
    {"end of program", Role::EndOfProgram},
    {"end of iteration", Role::EndOfIteration},
    {"start at import", Role::StartAtImport},
    {"root of classes", Role::RootOfClasses},
    {"property", Role::Property},
};
constexpr llvm::StringLiteral roleWords =
    "version|end of program|end of iteration|start at import|root of classes|property";

llvm::Error readLiteral(const toml::node& node, llvm::StringRef file, Model& model) {
  if (node.is_string())
    model.value = facts::Literal(*node.value<std::string>());
  else if (node.is_boolean())
    model.value = facts::Literal(*node.value<bool>());
  else if (node.is_integer())
    model.value = facts::Literal(*node.value<int64_t>());
  else
    return wrong(file, node.source(), "'value' must be a string, a number or a truth value");
  return llvm::Error::success();
}

/// What a call means in a child that execs behind it.
llvm::Error readBeforeExec(const toml::node& node, llvm::StringRef file, Model& model) {
  BeforeExec& means = model.beforeExec.emplace();
  std::string versions;
  if (llvm::Error error =
          readTable(node, "before-exec", file,
                    {{"write", &means.write}, {"versions", &versions}, {"arguments", &means.arguments}}))
    return error;
  if (llvm::Error error = needs(*node.as_table(), {"write"}, "'before-exec'", file)) return error;
  std::optional<Variants> parsed = versions.empty() ? allVariants : parseVersions(versions);
  if (!parsed) return wrong(file, node.source(), "'versions' must be versions such as \"3.9-\"");
  means.versions = *parsed;
  return llvm::Error::success();
}

class RowReader {
public:
  RowReader(const toml::table& table, llvm::StringRef file, Register& names)
      : table(table), file(file), known(names) {}

  llvm::Expected<Row> run() {
    for (auto read :
         {&RowReader::readKeys, &RowReader::readNames, &RowReader::readWords, &RowReader::readReleases,
          &RowReader::readParts, &RowReader::checkParameters, &RowReader::introduce})
      if (llvm::Error error = (this->*read)()) return std::move(error);
    return std::move(row);
  }

private:
  llvm::Error readKeys() {
    return readTable(table, "model", file,
                     {{"name", &name},
                      {"names", &row.names},
                      {"also", &model.also},
                      {"parameters", &model.parameters},
                      {"keywords", &keywords},
                      {"effects", std::monostate()},
                      {"returns", &model.returns},
                      {"bases", &model.bases},
                      {"members", std::monostate()},
                      {"dropped", &dropped},
                      {"size", &model.size},
                      {"count", &model.count},
                      {"pickles", &pickles},
                      {"in-child", &model.inChild},
                      {"before-exec", std::monostate()},
                      {"package-versions", &package},
                      {"value", std::monostate()},
                      {"top", &model.isTop},
                      {"is", &role},
                      {"source", &model.source}});
  }

  llvm::Error readNames() {
    if (table.contains("name")) row.names.insert(row.names.begin(), name);
    if (row.names.empty()) return wrong(file, table.source(), "a model needs 'name'");
    for (llvm::StringRef key : {"name", "names", "also"})
      for (const std::string& each : key == "also" ? model.also : row.names)
        if (table.contains(std::string_view(key)))
          if (std::optional<std::string> mistake = mistakeInName(each)) return wrongAt(key, *mistake);
    return llvm::Error::success();
  }

  /// Keys that take one of a few words, and paths and formulas.
  llvm::Error readWords() {
    std::pair<llvm::StringRef, std::optional<std::string>> mistakes[] = {
        {"is", mistakeIn("is", role, roleWords)},
        {"dropped", mistakeIn("dropped", dropped, "ends")},
        {"pickles", mistakeIn("pickles", pickles, "never|by inheritance")},
        {"returns", model.returns.empty() ? std::nullopt : mistakeInPath(model.returns)},
        {"size", model.size.empty() ? std::nullopt : mistakeInFormula(model.size)},
        {"count", model.count.empty() ? std::nullopt : mistakeInFormula(model.count)},
    };
    for (const auto& [key, mistake] : mistakes)
      if (mistake) return wrongAt(key, *mistake);
    for (const auto& [word, meant] : roles)
      if (role == word) model.role = meant;
    model.endsWhenDropped = !dropped.empty();
    if (!pickles.empty()) model.pickling = pickles == "never" ? Pickling::Never : Pickling::ByInheritance;
    return llvm::Error::success();
  }

  std::optional<std::string> mistakeIn(llvm::StringRef key, llvm::StringRef text,
                                       llvm::StringRef words) const {
    std::optional<std::string> mistake =
        table.contains(std::string_view(key)) ? mistakeInWord(text, words) : std::nullopt;
    return mistake ? std::optional(("'" + key + "' " + *mistake).str()) : std::nullopt;
  }

  /// `package-versions = "redis <2.7.2"`: a package, and a range of its releases.
  llvm::Error readReleases() {
    if (!table.contains("package-versions")) return llvm::Error::success();
    auto [of, range] = llvm::StringRef(package).split(' ');
    std::optional<Releases> releases = Releases::parse(range);
    if (of.empty() || range.trim().empty() || !releases)
      return wrongAt("package-versions", "'package-versions' must be a package and a range of its versions, "
                                         "such as \"redis >=2.7.2\"");
    if (!releases->meets(*releases))
      return wrongAt("package-versions", "no version is in the range '" + range.trim() + "'");
    model.releases = PackageReleases{of.str(), std::move(*releases)};
    return llvm::Error::success();
  }

  llvm::Error readParts() {
    if (const toml::node* node = table.get("value"))
      if (llvm::Error error = readLiteral(*node, file, model)) return error;
    if (const toml::node* node = table.get("before-exec"))
      if (llvm::Error error = readBeforeExec(*node, file, model)) return error;
    if (const toml::node* node = table.get("members")) {
      if (!node->is_table()) return wrongAt("members", "'members' must be a table");
      for (const auto& [key, value] : *node->as_table()) {
        std::string& meant = model.members.emplace_back(std::string(key.str()), "").second;
        if (llvm::Error error = readValue(value, {"members", &meant}, file)) return error;
        known.mention(NameKind::Row, meant, placeOf(file, value.source()), "'members'");
      }
    }
    const toml::node* node = table.get("effects");
    return node ? eachTable(*node, "effects", file,
                            [&](const toml::table& each) -> llvm::Error {
                              llvm::Expected<Effect> effect = readEffect(each, file, known);
                              if (!effect) return effect.takeError();
                              model.effects.push_back(std::move(*effect));
                              return llvm::Error::success();
                            })
                : llvm::Error::success();
  }

  /// Whatever a path or formula calls an argument is one of the row's own.
  llvm::Error checkParameters() {
    std::vector<std::string> own = model.parameters;
    llvm::append_range(own, keywords);
    for (size_t i = 0; i < own.size(); ++i)
      if (llvm::is_contained(llvm::ArrayRef(own).take_front(i), own[i]))
        return wrongAt(i < model.parameters.size() ? "parameters" : "keywords",
                       "the parameter '" + own[i] + "' is there twice");
    auto check = [&](const toml::table& texts) -> llvm::Error {
      for (const auto& [key, node] : texts)
        if (std::string text = node.value_or(std::string()); &texts != &table || isFormula(key.str()))
          for (llvm::StringRef parameter : parametersIn(key.str(), text))
            if (!llvm::is_contained(own, parameter))
              return wrong(file, node.source(),
                           "'" + parameter +
                               "' is neither among 'parameters' nor among 'keywords' of the row" +
                               suggestion(parameter, own));
      return llvm::Error::success();
    };
    if (llvm::Error error = check(table)) return error;
    if (const toml::node* effects = table.get("effects"))
      for (const toml::node& effect : *effects->as_array())
        if (llvm::Error error = check(*effect.as_table())) return error;
    return llvm::Error::success();
  }

  static bool isFormula(llvm::StringRef key) { return key == "returns" || key == "size" || key == "count"; }

  /// What the row introduces and mentions.
  llvm::Error introduce() {
    for (const auto& [key, all] :
         {std::pair(table.contains("names") ? "names" : "name", &row.names), std::pair("also", &model.also)})
      for (const std::string& each : *all)
        for (auto [kind, name] : {std::pair(NameKind::Row, llvm::StringRef(each)),
                                  std::pair(NameKind::Thing, llvm::StringRef(each)),
                                  std::pair(NameKind::Thing, llvm::StringRef(each).rsplit('.').first)})
          if (llvm::Error error = known.introduce(kind, name, placeAt(key), package)) return error;
    if (llvm::Error error = needs(table, {"source"}, "model '" + row.names[0] + "'", file)) return error;
    if (!model.inChild.empty())
      known.mention(NameKind::Row, model.inChild, placeAt("in-child"), "'in-child'");
    for (llvm::StringRef name : namesIn(model.returns))
      known.mention(NameKind::Thing, name, placeAt("returns"), "'returns'");
    for (const std::string& base : model.bases)
      known.mention(NameKind::Row, base, placeAt("bases"), "'bases'");
    return llvm::Error::success();
  }

  llvm::Error wrongAt(llvm::StringRef key, const llvm::Twine& what) const {
    return wrong(file, table.get(std::string_view(key))->source(), what);
  }

  std::string placeAt(llvm::StringRef key) const {
    return placeOf(file, table.get(std::string_view(key))->source());
  }

  const toml::table& table;
  llvm::StringRef file;
  Register& known;
  Row row;
  Model& model = row.model;
  std::string name, role, dropped, pickles, package;
  std::vector<std::string> keywords;
};

} // namespace

llvm::Expected<Row> readRow(const toml::table& table, llvm::StringRef file, Register& names) {
  return RowReader(table, file, names).run();
}

} // namespace forklint::link
