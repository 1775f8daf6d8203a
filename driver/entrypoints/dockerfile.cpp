// Dockerfile: what a container runs, and what holds around it: its environment, its folder, and what it has
// of the project. ENTRYPOINT in its exec form takes CMD as further words; a later one of a kind, in its
// stage, replaces an earlier one. A stage that begins with another one has what that has.
#include "driver/entrypoints/declarations.h"
#include "driver/entrypoints/shell-words.h"
#include "driver/walk.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/JSON.h"

#include <optional>

namespace forklint::driver {
namespace {

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

class Reader {
public:
  Reader(const DeclaringFile& file, Declarations& found) : file(file), found(found) {}

  void run() {
    llvm::StringRef rest = file.text;
    for (uint32_t line = 1; !rest.empty();) {
      said = {file.path, line};
      std::string whole = nextInstruction(rest, line);
      auto [word, value] = llvm::StringRef(whole).trim().split(' ');
      instruction(word.lower(), value.trim());
    }
    endStage();
  }

private:
  /// With the lines that it goes on in; comments between them are left out.
  static std::string nextInstruction(llvm::StringRef& rest, uint32_t& line) {
    std::string whole;
    for (bool goesOn = true; goesOn && !rest.empty(); ++line) {
      auto [first, behind] = rest.split('\n');
      rest = behind;
      llvm::StringRef text = first.rtrim(" \t\r");
      bool isComment = text.ltrim().starts_with("#");
      goesOn = isComment ? !whole.empty() : text.consume_back("\\");
      if (!isComment) whole += text.str() + " ";
    }
    return whole;
  }

  void instruction(const std::string& word, llvm::StringRef value) {
    if (word == "from") return from(value);
    if (word == "entrypoint" || word == "cmd") {
      Run run{execForm(value), "", said};
      if (!run.words) run.text = value.str();
      (word == "cmd" ? command : entrypoint) = std::move(run);
    } else if (word == "env" || word == "arg") {
      set(word == "env" ? around.variables : arguments, value);
    } else if (word == "workdir") {
      around.directory = inImage(expanded(value.trim("\"'")));
    } else if (word == "copy" || word == "add") {
      copy(value);
    }
  }

  /// `FROM image AS name`.
  void from(llvm::StringRef value) {
    endStage();
    std::vector<std::string> words = shellWords(value);
    llvm::erase_if(words, [](llvm::StringRef each) { return each.starts_with("--"); });
    around = words.empty() ? Surroundings() : stages.lookup(words.front());
    stage = words.size() == 3 ? words.back() : "";
  }

  /// `ENV name=value name=value`, or `ENV name value`.
  void set(Settings& variables, llvm::StringRef value) {
    auto [name, rest] = value.split(' ');
    if (name.contains('='))
      addAssignments(value, said, variables);
    else
      variables.add(name.str(), rest.trim().str(), said);
  }

  /// What comes from another stage is none of the project's.
  void copy(llvm::StringRef value) {
    for (; value.starts_with("--"); value = value.split(' ').second.ltrim())
      if (value.starts_with("--from=")) return;
    std::vector<std::string> words = execForm(value).value_or(shellWords(value));
    if (words.size() < 2) return;
    std::string target = inImage(expanded(words.back()));
    for (size_t index = 0; index + 1 < words.size(); ++index)
      around.copied.push_back({expanded(words[index]), target});
  }

  std::string inImage(llvm::StringRef path) const {
    return absolutePath(path.starts_with("/") ? path.str() : around.directory + "/" + path.str());
  }

  /// `$NAME` and `${NAME}` of what is set; others stay as they are.
  std::string expanded(llvm::StringRef text) const {
    std::string whole;
    while (!text.empty()) {
      auto [before, behind] = text.split('$');
      whole += before;
      if (before.size() == text.size()) break;
      bool isBraced = behind.starts_with("{");
      llvm::StringRef name = behind.drop_front(isBraced).take_while(
          [](char each) { return llvm::isAlnum(each) || each == '_'; });
      const Setting* known = around.variables.find(name.str());
      if (!known) known = arguments.find(name.str());
      text = behind.drop_front(known ? name.size() + (isBraced ? 2 : 0) : 0);
      whole += known ? known->value : "$";
    }
    return whole;
  }

  void endStage() {
    found.addContainer(entrypoint, command, around);
    if (!stage.empty()) stages[stage] = around;
    entrypoint = command = {};
  }

  const DeclaringFile& file;
  Declarations& found;
  Said said; // the instruction
  std::string stage;
  Run entrypoint, command;
  Surroundings around;
  Settings arguments;
  llvm::StringMap<Surroundings> stages;
};

} // namespace

void readDockerfile(const DeclaringFile& file, Declarations& found) { Reader(file, found).run(); }

} // namespace forklint::driver
