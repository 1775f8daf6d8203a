// See the header.
#include "harness/reproduce/scenario.h"

#include "harness/reproduce/places.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/SHA256.h"

#include <toml++/toml.h>

#include <algorithm>

namespace forklint::harness {
namespace {

constexpr llvm::StringLiteral knownKeys[] = {"name", "title", "rule",   "example",      "program", "sources",
                                             "line", "fixed", "python", "start-method", "force"};

/// "3.8-3.13" or "3.8".
bool parseMinors(llvm::StringRef text, Scenario& scenario) {
  auto [first, last] = text.split('-');
  if (!first.consume_front("3.") || first.getAsInteger(10, scenario.oldestMinor)) return false;
  return last.empty() || (last.consume_front("3.") && !last.getAsInteger(10, scenario.newestMinor));
}

bool parsePark(llvm::StringRef text, Scenario& scenario) {
  scenario.parkAt = text == "lock" ? ParkAt::Lock : ParkAt::Write;
  return text == "lock" || text == "write";
}

llvm::Expected<toml::table> parseTable(const std::string& path) {
  try {
    return toml::parse_file(path);
  } catch (const toml::parse_error& error) {
    return usageError(path + ":" + llvm::Twine(error.source().begin.line) + ": " +
                      std::string(error.description()));
  }
}

llvm::Expected<Scenario> readScenario(const std::string& folder, const std::string& examples) {
  const std::string path = folder + "/scenario.toml";
  auto parsed = parseTable(path);
  if (!parsed) return parsed.takeError();
  const toml::table& table = *parsed;
  for (const auto& [key, value] : table)
    if (!llvm::is_contained(knownKeys, llvm::StringRef(key.str().data(), key.str().size())))
      return usageError(path + ": unknown key '" + std::string(key.str()) + "'");
  const auto text = [&](const char* key) { return table[key].value_or(std::string()); };
  Scenario scenario;
  scenario.name = text("name");
  scenario.title = text("title");
  scenario.rule = text("rule");
  scenario.example = examples + "/" + text("example");
  scenario.program = scenario.example + "/" + text("program");
  scenario.sources = {scenario.program};
  if (const toml::array* others = table["sources"].as_array())
    for (const auto& other : *others)
      scenario.sources.push_back(scenario.example + "/" + other.value_or(std::string()));
  scenario.line = table["line"].value_or(0U);
  scenario.fixed = folder + "/" + text("fixed");
  scenario.startMethod = text("start-method");
  scenario.descriptor = table["force"]["descriptor"].value_or(2U);
  scenario.lock = table["force"]["lock"].value_or(std::string());
  if (!parseMinors(table["python"].value_or("3.8"), scenario))
    return usageError(path + ": python must be a version or a range such as \"3.8-3.13\"");
  if (!parsePark(table["force"]["park"].value_or("write"), scenario))
    return usageError(path + ": force.park must be \"write\" or \"lock\"");
  if (scenario.name.empty() || scenario.rule.empty() || scenario.line == 0)
    return usageError(path + ": name, rule, example, program, line and fixed are needed");
  for (const std::string& source : scenario.sources)
    if (!llvm::sys::fs::is_regular_file(source)) return usageError(path + ": there is no file " + source);
  if (!llvm::sys::fs::is_regular_file(scenario.fixed))
    return usageError(path + ": there is no file " + scenario.fixed);
  return scenario;
}

} // namespace

llvm::Expected<std::string> readText(const std::string& path) {
  auto buffer = llvm::MemoryBuffer::getFile(path);
  if (!buffer) return usageError("cannot read " + path + ": " + buffer.getError().message());
  return (*buffer)->getBuffer().str();
}

std::string digestOf(llvm::StringRef bytes) {
  return "sha256:" + llvm::toHex(llvm::SHA256::hash(llvm::arrayRefFromStringRef(bytes)), true);
}

llvm::Expected<std::vector<Scenario>> readScenarios(const std::string& data) {
  const std::string folder = data + "/scenarios";
  const std::string examples = (llvm::sys::path::parent_path(data) + "/examples").str();
  std::vector<Scenario> scenarios;
  std::error_code error;
  for (llvm::sys::fs::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    if (!llvm::sys::fs::exists(entry->path() + "/scenario.toml")) continue;
    auto scenario = readScenario(entry->path(), examples);
    if (!scenario) return scenario.takeError();
    scenarios.push_back(std::move(*scenario));
  }
  if (error) return usageError("cannot list " + folder + ": " + error.message());
  llvm::sort(scenarios, [](const Scenario& a, const Scenario& b) { return a.name < b.name; });
  return scenarios;
}

llvm::Expected<std::string> applyDiff(llvm::StringRef text, llvm::StringRef diff) {
  llvm::SmallVector<llvm::StringRef, 64> source;
  llvm::SmallVector<llvm::StringRef, 64> lines;
  text.split(source, '\n');
  diff.split(lines, '\n');
  if (!lines.empty() && lines.back().empty()) lines.pop_back();
  std::string result;
  size_t at = 0; // the next line of the source to be copied
  const auto put = [&](llvm::StringRef line, bool last) { result += line.str() + (last ? "" : "\n"); };
  bool inHunk = false;
  for (const llvm::StringRef line : lines) {
    if (line.starts_with("@@ -")) {
      size_t first = 0;
      llvm::StringRef rest = line.substr(4);
      if (rest.consumeInteger(10, first) || first == 0 || first - 1 < at || first > source.size())
        return usageError("the diff does not fit: " + line);
      while (at < first - 1)
        put(source[at++], false);
      inHunk = true;
      continue;
    }
    if (!inHunk) continue;
    const char kind = line.empty() ? ' ' : line.front();
    const llvm::StringRef body = line.drop_front(line.empty() ? 0 : 1);
    if (kind == '+') {
      put(body, false);
      continue;
    }
    if ((kind != ' ' && kind != '-') || at >= source.size() || source[at] != body)
      return usageError("the diff does not fit at line " + llvm::Twine(at + 1));
    if (kind == ' ') put(source[at], at + 1 == source.size());
    ++at;
  }
  if (!inHunk) return usageError("the diff has no hunk");
  for (; at < source.size(); ++at)
    put(source[at], at + 1 == source.size());
  return result;
}

} // namespace forklint::harness
