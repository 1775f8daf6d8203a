// Dockerfile: what a container runs. ENTRYPOINT in its exec form takes CMD as further words; a later one of a
// kind, in its stage, replaces an earlier one.
#include "driver/entrypoints/declarations.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/JSON.h"

#include <optional>

namespace forklint::driver {
namespace {

struct Run {
  std::optional<std::vector<std::string>> words; // the exec form
  std::string text;                              // the shell form
  uint32_t line = 0;
};

/// The words of `["a", "b"]`; nothing for other text.
std::optional<std::vector<std::string>> execForm(llvm::StringRef text) {
  llvm::Expected<llvm::json::Value> list = llvm::json::parse(text);
  if (!list) {
    llvm::consumeError(list.takeError());
    return std::nullopt;
  }
  const llvm::json::Array* array = list->getAsArray();
  if (!array) return std::nullopt;
  std::vector<std::string> words;
  for (const llvm::json::Value& each : *array)
    words.push_back(each.getAsString().value_or("").str());
  return words;
}

/// A shell as entry point takes no CMD. A script may run the command in the end, so that CMD counts by itself
/// too.
void addStage(const Run& entrypoint, const Run& command, const std::string& file, Declarations& found) {
  if (!entrypoint.text.empty()) return found.addShell(entrypoint.text, file, entrypoint.line);
  if (entrypoint.words) {
    std::vector<std::string> words = *entrypoint.words;
    if (command.words) words.insert(words.end(), command.words->begin(), command.words->end());
    found.addWords(std::move(words), file, entrypoint.line);
  }
  if (command.words)
    found.addWords(*command.words, file, command.line);
  else
    found.addShell(command.text, file, command.line);
}

} // namespace

void readDockerfile(const DeclaringFile& file, Declarations& found) {
  Run entrypoint, command;
  llvm::StringRef rest = file.text;
  for (uint32_t line = 1; !rest.empty();) {
    uint32_t begin = line;
    std::string whole;
    for (bool goesOn = true; goesOn && !rest.empty(); ++line) {
      auto [first, behind] = rest.split('\n');
      rest = behind;
      llvm::StringRef text = first.rtrim(" \t\r");
      bool isComment = text.ltrim().starts_with("#");
      goesOn = isComment ? !whole.empty() : text.consume_back("\\");
      if (!isComment) whole += text.str() + " ";
    }
    auto [word, value] = llvm::StringRef(whole).trim().split(' ');
    if (word.equals_insensitive("from")) {
      addStage(entrypoint, command, file.path, found);
      entrypoint = command = {};
    }
    bool isEntrypoint = word.equals_insensitive("entrypoint");
    if (!isEntrypoint && !word.equals_insensitive("cmd")) continue;
    value = value.trim();
    Run run{execForm(value), "", begin};
    if (!run.words) run.text = value.str();
    (isEntrypoint ? entrypoint : command) = std::move(run);
  }
  addStage(entrypoint, command, file.path, found);
}

} // namespace forklint::driver
