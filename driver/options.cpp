// See options.h. CLI11 reads the words; its exceptions end here.
#include "driver/options.h"

#include "analyzers/support/suggest.h"
#include "driver/option-words.h"
#include "driver/report/renderer.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/bit.h"
#include "llvm/Support/FileSystem.h"

#include <CLI/CLI.hpp>

namespace forklint::driver {
namespace {

const char* const stageNames[] = {"discover", "extract", "link", "solve", "check", "filter", "render"};

/// More are typing errors.
constexpr unsigned mostJobs = 1024, mostRuns = 1'000'000, mostSeconds = 1'000'000, mostMegabytes = 1'000'000;
/// What one unit of C or C++ may take: far above what the largest real ones do, far below for ever.
constexpr unsigned defaultSeconds = 300, defaultMegabytes = 4096;

llvm::Error wrong(const llvm::Twine& what) { return llvm::createStringError(what); }

std::vector<std::string> optionNames(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options()) {
    if (option->get_group().empty()) continue; // hidden
    for (const std::string& name : option->get_lnames())
      names.push_back("--" + name);
    for (const std::string& name : option->get_snames())
      names.push_back("-" + name);
  }
  return names;
}

llvm::Expected<unsigned> parseNumber(const std::string& text, llvm::StringRef option, unsigned most) {
  unsigned number = 0;
  if (text.empty()) return 0;
  if (llvm::StringRef(text).getAsInteger(10, number) || number == 0 || number > most)
    return wrong(option + ": `" + text + "` is not a number from 1 to " + std::to_string(most));
  return number;
}

llvm::Expected<std::vector<Output>> parseOutputs(const std::vector<std::string>& words,
                                                 const std::vector<llvm::StringRef>& formats) {
  std::vector<Output> outputs;
  bool standard = false;
  for (llvm::StringRef word : words) {
    auto [format, file] = word.split('=');
    if (!llvm::is_contained(formats, format))
      return wrong("--output: there is no format `" + format + "`" + suggestion(format, formats));
    if (word.contains('=') && file.empty()) return wrong("--output: `" + word + "` names no file");
    if (file.empty() && std::exchange(standard, true))
      return wrong("--output: only one format can go to standard output; give the other a file, FORMAT=FILE");
    outputs.push_back({format.str(), file.str()});
  }
  return outputs;
}

llvm::Error levelInto(std::optional<check::Level>& level, const std::string& text, llvm::StringRef option) {
  if (text.empty()) return llvm::Error::success();
  level = parseLevel(text);
  if (!level) return wrong(option + ": `" + text + "` is not one of error, warning, note");
  return llvm::Error::success();
}

llvm::Error stagesInto(CheckOptions& options, const Words& words) {
  std::vector<llvm::StringRef> names;
  for (const Printable& each : printables)
    names.push_back(each.name);
  for (const std::string& name : words.print)
    if (!llvm::is_contained(names, name))
      return wrong("--print: there is no stage `" + name + "`" + suggestion(name, names));
  options.print = words.print;
  if (words.stopAfter.empty()) return llvm::Error::success();
  auto found = llvm::find_if(stageNames, [&](const char* name) { return words.stopAfter == name; });
  if (found == std::end(stageNames))
    return wrong("--stop-after: there is no stage `" + words.stopAfter + "`" +
                 suggestion(words.stopAfter, stageNames));
  options.stopAfter = static_cast<Stage>(found - stageNames);
  return llvm::Error::success();
}

llvm::Error colorInto(ColorMode& mode, const std::string& text) {
  if (text.empty() || text == "auto")
    mode = ColorMode::Auto;
  else if (text == "always")
    mode = ColorMode::Always;
  else if (text == "never")
    mode = ColorMode::Never;
  else
    return wrong("--color: `" + text + "` is not one of auto, always, never");
  return llvm::Error::success();
}

/// Two versions; options that speak of versions, levels or stages have no meaning beside them.
llvm::Error compareInto(CheckOptions& options, const Words& words) {
  if (words.compare.empty()) return llvm::Error::success();
  std::vector<Variants> pair;
  for (const std::string& text : words.compare) {
    auto version = parseTargets(text, "--compare");
    if (!version) return version.takeError();
    if (llvm::popcount(*version) != 1) return wrong("--compare: `" + text + "` is more than one version");
    pair.push_back(*version);
  }
  if (pair[0] == pair[1]) return wrong("--compare: both versions are " + words.compare[0]);
  const std::pair<const char*, bool> others[] = {{"--target-version", !words.targets.empty()},
                                                 {"--show", !words.show.empty()},
                                                 {"--fail-on", !words.failOn.empty()},
                                                 {"--observed", !words.observed.empty()},
                                                 {"--print", !words.print.empty()},
                                                 {"--stop-after", !words.stopAfter.empty()},
                                                 {"--stats", words.stats}};
  for (const auto& [name, isGiven] : others)
    if (isGiven) return wrong("--compare: it can not be combined with " + llvm::Twine(name));
  options.compare = {pair[0], pair[1]};
  return llvm::Error::success();
}

llvm::Error extractionInto(CheckOptions& options, const Words& words) {
  options.cached = !words.uncached;
  options.cacheFolder = words.cacheFolder;
  auto seconds = parseNumber(words.unitSeconds, "--unit-time", mostSeconds);
  if (!seconds) return seconds.takeError();
  options.unitSeconds = *seconds ? *seconds : defaultSeconds;
  auto megabytes = parseNumber(words.unitMegabytes, "--unit-memory", mostMegabytes);
  if (!megabytes) return megabytes.takeError();
  options.unitMegabytes = *megabytes ? *megabytes : defaultMegabytes;
  return llvm::Error::success();
}

llvm::Expected<CheckOptions> checkOptions(const Words& words, bool selects) {
  CheckOptions options;
  if (llvm::is_contained(words.paths, "")) return wrong("an empty PATH");
  options.paths = words.paths.empty() ? std::vector<std::string>{"."} : words.paths;
  options.pathsGiven = !words.paths.empty();
  options.exhaustive = words.exhaustive;
  options.stats = words.stats;
  options.buildDirectory = words.buildDirectory;
  options.platform = words.platform;
  options.libc = words.libc;
  if (selects) options.select = words.select;
  options.ignore = words.ignore;
  options.extendSelect = words.extendSelect;
  options.observed = words.observed;
  for (const std::string& file : words.models)
    if (!llvm::sys::fs::is_regular_file(file)) return wrong("--models: there is no file `" + file + "`");
  options.models = words.models;
  options.withoutModels = words.withoutModels;
  if (!words.targets.empty()) {
    auto targets = parseTargets(words.targets, "--target-version");
    if (!targets) return targets.takeError();
    options.targets = *targets;
  }
  if (auto error = checkPlatform(words.platform, "--platform")) return error;
  if (auto error = checkLibc(words.libc, "--libc")) return error;
  if (auto error = levelInto(options.show, words.show, "--show")) return error;
  if (auto error = levelInto(options.failOn, words.failOn, "--fail-on")) return error;
  if (auto error = stagesInto(options, words)) return error;
  if (auto error = colorInto(options.color, words.color)) return error;
  auto jobs = parseNumber(words.jobs, "-j", mostJobs);
  if (!jobs) return jobs.takeError();
  options.jobs = *jobs;
  if (auto error = extractionInto(options, words)) return error;
  if (auto error = compareInto(options, words)) return error;
  std::vector<llvm::StringRef> formats = {"full", "json"};
  auto outputs = parseOutputs(words.outputs, options.compare ? formats : formatNames().vec());
  if (!outputs) return outputs.takeError();
  options.outputs = *outputs;
  return options;
}

llvm::Expected<std::vector<std::string>> harnessOutputs(const Words& words) {
  auto outputs = parseOutputs(words.outputs, {"text", "json-lines", "html"});
  if (!outputs) return outputs.takeError();
  return words.outputs;
}

llvm::Expected<Options> reproduceOptions(const Words& words) {
  harness::ReproduceOptions options;
  options.names = words.paths;
  options.pythons = words.pythons;
  auto runs = parseNumber(words.runs, "--runs", mostRuns);
  if (!runs) return runs.takeError();
  if (*runs) options.runs = *runs;
  auto outputs = harnessOutputs(words);
  if (!outputs) return outputs.takeError();
  options.outputs = *outputs;
  const llvm::StringRef modes[] = {"naive", "forced", "fixed"};
  for (const std::string& mode : words.modes) {
    auto found = llvm::find(modes, mode);
    if (found == std::end(modes))
      return wrong("--mode: `" + mode + "` is not one of naive, forced, fixed" + suggestion(mode, modes));
    options.modes.push_back(static_cast<harness::Mode>(found - modes));
  }
  return options;
}

/// "268435456", "256M", "1G".
std::optional<uint64_t> parseSize(llvm::StringRef text) {
  uint64_t size = 0, unit = 1;
  text.consume_back("iB");
  if (text.consume_back("K"))
    unit = uint64_t(1) << 10;
  else if (text.consume_back("M"))
    unit = uint64_t(1) << 20;
  else if (text.consume_back("G"))
    unit = uint64_t(1) << 30;
  if (text.getAsInteger(10, size) || size == 0 || size > UINT64_MAX / unit) return std::nullopt;
  return size * unit;
}

llvm::Expected<Options> measureOptions(const Words& words) {
  harness::MeasureOptions options;
  if (words.paths.size() > 1) return wrong("`measure` takes one name");
  if (!words.paths.empty()) options.what = words.paths.front();
  options.venv = words.venv;
  auto repeats = parseNumber(words.repeats, "--repeats", mostRuns);
  if (!repeats) return repeats.takeError();
  if (*repeats) options.repeats = *repeats;
  if (!words.bytes.empty()) {
    auto bytes = parseSize(words.bytes);
    if (!bytes) return wrong("--bytes: `" + words.bytes + "` is not a size such as 256M");
    options.bytes = *bytes;
  }
  auto outputs = harnessOutputs(words);
  if (!outputs) return outputs.takeError();
  options.outputs = *outputs;
  return options;
}

/// Whether a verb that only prints shall print JSON.
llvm::Expected<bool> printsJson(const Words& words, llvm::StringRef verb) {
  auto outputs = parseOutputs(words.outputs, {"full", "json"});
  if (!outputs) return outputs.takeError();
  if (outputs->size() > 1 || (!outputs->empty() && !outputs->front().file.empty()))
    return wrong("--output: `" + verb + "` prints one format to standard output");
  return !outputs->empty() && outputs->front().format == "json";
}

llvm::Expected<Options> ruleOptions(const Words& words) {
  auto json = printsJson(words, "rule");
  if (!json) return json.takeError();
  return RuleOptions{words.paths, words.all, *json};
}

llvm::Expected<Options> explainOptions(Words words) {
  if (words.paths.size() != 1) return wrong("`explain` takes one place, FILE:LINE");
  ExplainOptions options;
  auto [file, line] = llvm::StringRef(words.paths.front()).rsplit(':');
  if (line.empty() || file.empty())
    return wrong("`" + words.paths.front() + "` names no line; write FILE:LINE");
  if (line.getAsInteger(10, options.line) || options.line == 0)
    return wrong("`" + words.paths.front() + "`: `" + line + "` is no line number");
  auto json = printsJson(words, "explain");
  if (!json) return json.takeError();
  options.json = *json;
  options.file = file.str();
  words.paths = {options.file};
  words.outputs.clear();
  auto run = checkOptions(words, false);
  if (!run) return run.takeError();
  options.run = std::move(*run);
  return options;
}

llvm::Expected<Options> build(llvm::StringRef verb, const CLI::App& app, const Words& words) {
  if (verb == "rule") return ruleOptions(words);
  if (verb == "reproduce") return reproduceOptions(words);
  if (verb == "measure") return measureOptions(words);
  if (verb == "config") return ConfigOptions{words.paths};
  if (verb == "clean") return CleanOptions{words.cacheFolder};
  if (verb == "version") return VersionOptions{};
  if (verb == "explain") return explainOptions(words);
  auto options = checkOptions(words, app.count("--select") > 0);
  if (!options) return options.takeError();
  return std::move(*options);
}

/// A first word that is neither a path nor looks like one is meant as a verb where one is near.
llvm::Error refuseMistypedVerb(llvm::StringRef word) {
  bool plain = llvm::all_of(word, [](char each) { return llvm::isAlpha(each) || each == '-'; });
  if (word.empty() || word.front() == '-' || !plain || llvm::sys::fs::exists(word))
    return llvm::Error::success();
  if (llvm::is_contained(verbs, word)) return wrong("the command stands first: forklint " + word);
  std::string near = suggestion(word, verbs);
  if (near.empty()) return llvm::Error::success();
  return wrong("`" + word + "` is neither a command nor a path" + near);
}

} // namespace

llvm::Expected<Options> readOptions(const std::vector<std::string>& arguments) {
  std::vector<std::string> rest = arguments;
  llvm::StringRef first = rest.empty() ? "" : llvm::StringRef(rest.front());
  if (first == "--version" || first == "-V") return VersionOptions{};
  if (first == "--help" || first == "-h" || first == "help") return HelpOptions{overview()};
  std::string verb = "check";
  if (llvm::is_contained(verbs, first)) {
    verb = first.str();
    rest.erase(rest.begin());
  }

  bool isImplied = rest.size() == arguments.size();
  if (isImplied)
    if (llvm::Error error = refuseMistypedVerb(first)) return error;

  CLI::App app("", "forklint " + verb);
  app.allow_extras();
  Words words;
  define(app, verb, words);
  try {
    std::reverse(rest.begin(), rest.end());
    app.parse(rest);
  } catch (const CLI::CallForHelp&) {
    return HelpOptions{app.help()};
  } catch (const CLI::ParseError& error) {
    return wrong(error.what());
  }
  for (const std::string& extra : app.remaining()) {
    if (extra == "--") continue;
    llvm::StringRef name = llvm::StringRef(extra).split('=').first;
    if (name.starts_with("-"))
      return wrong("unknown option `" + name + "`" + suggestion(name, optionNames(app)));
    return wrong("unexpected argument `" + extra + "`");
  }
  if (isImplied && !words.paths.empty())
    if (llvm::Error error = refuseMistypedVerb(words.paths.front())) return error;
  return build(verb, app, words);
}

} // namespace forklint::driver
