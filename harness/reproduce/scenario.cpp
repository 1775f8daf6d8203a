// See the header.
#include "harness/reproduce/scenario.h"

#include "harness/reproduce/places.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/SHA256.h"

#include <toml++/toml.h>

#include <algorithm>

namespace forklint::harness {
namespace {

llvm::Expected<Scenario> readScenario(const std::string& folder) {
  const std::string path = folder + "/scenario.toml";
  toml::table table;
  try {
    table = toml::parse_file(path);
  } catch (const toml::parse_error& error) {
    return usageError(path + ":" + llvm::Twine(error.source().begin.line) + ": " +
                      std::string(error.description()));
  }
  for (const auto& [key, value] : table)
    if (!llvm::is_contained(
            {"name", "title", "rule", "program", "line", "fixed", "python", "start-method", "force"},
            llvm::StringRef(key.str().data(), key.str().size())))
      return usageError(path + ": unknown key '" + std::string(key.str()) + "'");
  Scenario scenario;
  scenario.folder = folder;
  scenario.name = table["name"].value_or(std::string());
  scenario.title = table["title"].value_or(std::string());
  scenario.rule = table["rule"].value_or(std::string());
  scenario.program = folder + "/" + table["program"].value_or(std::string());
  scenario.line = table["line"].value_or(0U);
  scenario.fixed = folder + "/" + table["fixed"].value_or(std::string());
  scenario.startMethod = table["start-method"].value_or(std::string());
  scenario.descriptor = table["force"]["descriptor"].value_or(2U);
  scenario.lock = table["force"]["lock"].value_or(std::string());
  const std::string oldest = table["python"].value_or(std::string("3.8"));
  llvm::StringRef minor(oldest);
  if (!minor.consume_front("3.") || minor.getAsInteger(10, scenario.oldestMinor))
    return usageError(path + ": python must be a version such as \"3.8\"");
  if (scenario.name.empty() || scenario.rule.empty() || scenario.line == 0)
    return usageError(path + ": name, rule, program, line and fixed are needed");
  if (table["force"]["park"].value_or(std::string("write")) != "write")
    return usageError(path + ": force.park knows only \"write\"");
  for (const std::string& file : {scenario.program, scenario.fixed})
    if (!llvm::sys::fs::is_regular_file(file)) return usageError(path + ": there is no file " + file);
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

llvm::Expected<std::vector<Scenario>> readScenarios(const std::string& folder) {
  std::vector<Scenario> scenarios;
  std::error_code error;
  for (llvm::sys::fs::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    if (!llvm::sys::fs::exists(entry->path() + "/scenario.toml")) continue;
    auto scenario = readScenario(entry->path());
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
