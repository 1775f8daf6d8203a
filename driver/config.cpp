// See config.h. toml++ throws on broken TOML; its exceptions end here.
#include "driver/config.h"

#include "analyzers/support/releases.h"
#include "analyzers/support/suggest.h"
#include "driver/options.h"

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

#include <toml++/toml.h>

#include <sstream>

namespace forklint::driver {
namespace {

using llvm::Error;

std::string at(llvm::StringRef file, const toml::source_region& place) {
  return (file + ":" + llvm::Twine(place.begin.line) + ":" + llvm::Twine(place.begin.column)).str();
}

Error wrong(const llvm::Twine& where, const llvm::Twine& what) {
  return llvm::createStringError(where + ": " + what);
}

/// One key that is being read.
struct Reader {
  Config& config;
  const llvm::StringSet<>& rules;
  const toml::node& node;
  std::string where; // FILE:LINE:COLUMN of the value
  std::string key;
};

llvm::Expected<std::string> text(const Reader& reader) {
  if (auto value = reader.node.value<std::string>(); value && reader.node.is_string()) return *value;
  return wrong(reader.where, "`" + reader.key + "` is a string");
}

llvm::StringRef fileOf(const Reader& reader) {
  return llvm::StringRef(reader.where).rsplit(':').first.rsplit(':').first;
}

/// Hands each text of a list on, with its place.
Error eachText(const Reader& reader, llvm::StringRef what,
               llvm::function_ref<Error(std::string text, const std::string& where)> take) {
  const toml::array* array = reader.node.as_array();
  if (!array) return wrong(reader.where, "`" + reader.key + "` is a list of " + what);
  for (const toml::node& element : *array) {
    std::string here = at(fileOf(reader), element.source());
    if (!element.is_string()) return wrong(here, "`" + reader.key + "` is a list of " + what);
    if (Error error = take(**element.as_string(), here)) return error;
  }
  return Error::success();
}

template <typename Into> Error rulesInto(const Reader& reader, Into& into) {
  std::vector<std::string> names;
  Error error = eachText(reader, "rule names", [&](std::string name, const std::string& where) -> Error {
    if (!reader.rules.contains(name))
      return wrong(where, "there is no rule `" + name + "`" + suggestion(name, reader.rules.keys()));
    names.push_back(std::move(name));
    return Error::success();
  });
  into = std::move(names);
  return error;
}

Error modelsInto(const Reader& reader) {
  return eachText(reader, "files", [&](const std::string& name, const std::string& where) -> Error {
    llvm::SmallString<256> file(name);
    llvm::sys::fs::make_absolute(llvm::sys::path::parent_path(fileOf(reader)), file);
    if (!llvm::sys::fs::is_regular_file(file)) return wrong(where, "there is no file `" + name + "`");
    reader.config.models.emplace_back(file);
    return Error::success();
  });
}

Error levelInto(const Reader& reader, std::optional<check::Level>& into) {
  auto word = text(reader);
  if (!word) return word.takeError();
  into = parseLevel(*word);
  return into ? Error::success() : wrong(reader.where, "`" + *word + "` is not one of error, warning, note");
}

Error checkedInto(const Reader& reader, std::string& into, Error (*check)(llvm::StringRef, llvm::StringRef)) {
  auto word = text(reader);
  if (!word) return word.takeError();
  into = *word;
  return check(into, reader.where);
}

Error targetInto(const Reader& reader) {
  auto word = text(reader);
  if (!word) return word.takeError();
  auto targets = parseTargets(*word, reader.where);
  if (!targets) return targets.takeError();
  reader.config.targets = *targets;
  reader.config.targetsFrom = reader.where;
  return Error::success();
}

struct Key {
  llvm::StringRef name;
  Error (*read)(const Reader& reader);
};

const Key keys[] = {
    {"select", [](const Reader& reader) { return rulesInto(reader, reader.config.select); }},
    {"ignore", [](const Reader& reader) { return rulesInto(reader, reader.config.ignore); }},
    {"extend-select", [](const Reader& reader) { return rulesInto(reader, reader.config.extendSelect); }},
    {"models", modelsInto},
    {"target-version", targetInto},
    {"platform",
     [](const Reader& reader) { return checkedInto(reader, reader.config.platform, checkPlatform); }},
    {"libc", [](const Reader& reader) { return checkedInto(reader, reader.config.libc, checkLibc); }},
    {"show", [](const Reader& reader) { return levelInto(reader, reader.config.show); }},
    {"fail-on", [](const Reader& reader) { return levelInto(reader, reader.config.failOn); }},
};

llvm::Expected<toml::table> parse(llvm::StringRef content, llvm::StringRef file) {
  try {
    return toml::parse(std::string_view(content), std::string_view(file));
  } catch (const toml::parse_error& error) {
    return wrong(at(file, error.source()),
                 llvm::StringRef(error.description().data(), error.description().size()));
  }
}

} // namespace

std::optional<Variants> allowedVersions(llvm::StringRef requiresPython) {
  std::optional<Releases> range = Releases::parse(requiresPython);
  // Its words are those of packages; other tools have more.
  if (!range || requiresPython.contains('^')) return std::nullopt;
  Variants allowed = 0;
  for (unsigned minor = firstMinor; minor <= lastMinor; ++minor)
    if (range->meets(*Releases::parse("==3." + std::to_string(minor) + ".*")))
      allowed |= 1u << (minor - firstMinor);
  return allowed;
}

llvm::Expected<std::optional<Config>> readConfig(llvm::StringRef content, llvm::StringRef file,
                                                 const llvm::StringSet<>& rules) {
  auto whole = parse(content, file);
  if (!whole) return whole.takeError();
  const toml::table* table = &*whole;
  if (llvm::sys::path::filename(file) == "pyproject.toml") table = (*whole)["tool"]["forklint"].as_table();
  if (!table) return std::nullopt;
  Config config;
  config.file = file.str();
  for (const auto& [key, node] : *table) {
    llvm::StringRef name(key.str().data(), key.str().size());
    const Key* known = llvm::find_if(keys, [&](const Key& each) { return each.name == name; });
    if (known == std::end(keys)) {
      std::vector<llvm::StringRef> names;
      for (const Key& each : keys)
        names.push_back(each.name);
      return wrong(at(file, key.source()), "there is no key `" + name + "`" + suggestion(name, names));
    }
    if (Error error = known->read({config, rules, node, at(file, node.source()), name.str()})) return error;
  }
  return config;
}

llvm::Expected<Config> Configurations::read(llvm::StringRef folder) {
  Config config;
  for (llvm::StringRef name : {"forklint.toml", ".forklint.toml", "pyproject.toml"}) {
    llvm::SmallString<256> file(folder);
    llvm::sys::path::append(file, name);
    auto buffer = llvm::MemoryBuffer::getFile(file);
    if (!buffer) continue;
    auto found = readConfig((*buffer)->getBuffer(), file, rules);
    if (!found) return found.takeError();
    if (*found && config.file.empty()) {
      std::optional<Variants> targets = config.targets;
      config = std::move(**found);
      if (!config.targets) config.targets = targets;
    }
    if (name != "pyproject.toml" || config.targets) continue;
    auto project = parse((*buffer)->getBuffer(), file);
    if (!project) return project.takeError();
    if (auto versions = (*project)["project"]["requires-python"].value<std::string>()) {
      config.targets = allowedVersions(*versions);
      if (!config.targets || !*config.targets) {
        notes.push_back((file + ": requires-python `" + *versions + "` " +
                         (config.targets ? "admits none of" : "is no list of versions, such as `>=3.9`, of") +
                         " Python 3.8 to 3.14; all of these are checked")
                            .str());
        config.targets = std::nullopt;
      }
      if (config.targets) config.targetsFrom = (file + ": requires-python").str();
    }
  }
  return config;
}

llvm::Expected<const Config*> Configurations::of(llvm::StringRef folder) {
  auto known = byFolder.find(folder.str());
  if (known != byFolder.end()) return &known->second;
  auto config = read(folder);
  if (!config) return config.takeError();
  llvm::StringRef above = llvm::sys::path::parent_path(folder);
  if ((config->file.empty() || !config->targets) && !above.empty()) {
    auto outer = of(above);
    if (!outer) return outer.takeError();
    std::optional<Variants> targets = config->targets;
    std::string from = config->targetsFrom;
    bool own = !config->file.empty();
    // The nearest file holds alone, but for the target, which falls back to the nearest that says one.
    if (!own) *config = **outer;
    if (targets)
      config->targets = targets, config->targetsFrom = from;
    else if (own && !llvm::StringRef((*outer)->targetsFrom).ends_with("requires-python"))
      config->targets = std::nullopt;
    else if (own)
      config->targets = (*outer)->targets, config->targetsFrom = (*outer)->targetsFrom;
  }
  return &(byFolder[folder.str()] = std::move(*config));
}

void print(const Config& config, llvm::raw_ostream& out) {
  auto list = [&](llvm::StringRef key, const std::vector<std::string>& names) {
    out << key << " = [";
    llvm::interleaveComma(names, out, [&](const std::string& name) { out << '"' << name << '"'; });
    out << "]\n";
  };
  out << "# " << (config.file.empty() ? "no configuration file" : config.file) << '\n';
  if (config.select) list("select", *config.select);
  list("ignore", config.ignore);
  list("extend-select", config.extendSelect);
  list("models", config.models);
  out << "target-version = \"" << versions(config.targets.value_or(allVariants)) << '"';
  out << (config.targetsFrom.empty() ? "" : "  # from " + config.targetsFrom) << '\n';
  out << "platform = \"" << (config.platform.empty() ? "linux" : config.platform) << "\"\n";
  out << "libc = \""
      << (config.libc.empty() ? config.platform == "macos" ? "libSystem" : "glibc" : config.libc) << "\"\n";
  out << "show = \"" << check::spelling(config.show.value_or(check::Level::Warning)) << "\"\n";
  out << "fail-on = \"" << check::spelling(config.failOn.value_or(check::Level::Warning)) << "\"\n";
}

} // namespace forklint::driver
