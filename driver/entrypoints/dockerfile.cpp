// Dockerfile: what a container runs, and what holds around it: its environment, its folder, and what it has
// of the project. ENTRYPOINT in its exec form takes CMD as further words; a later one of a kind, in its
// stage, replaces an earlier one. A stage that begins with another one has what that has.
#include "driver/entrypoints/declarations.h"
#include "driver/entrypoints/shell-words.h"
#include "driver/walk.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/Path.h"

#include <optional>

namespace forklint::driver {
namespace {

namespace path = llvm::sys::path;

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

/// The place in an image that a path below a folder means; both begin at the root.
std::string joined(llvm::StringRef folder, llvm::StringRef below) {
  llvm::SmallString<128> whole("/");
  path::append(whole, folder.ltrim('/'), below.ltrim('/'));
  return absolutePath(whole);
}

/// What an image has at a place of the file that makes it.
struct Stage : Image {
  Settings arguments; // of its build
};

class Reader {
public:
  explicit Reader(const DeclaringFile& file) : file(file) {}

  /// Reads all, and visits each image at its end.
  void run(llvm::function_ref<void(const Image& image, llvm::ArrayRef<std::string> names)> visitEach) {
    visit = visitEach;
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
      (word == "cmd" ? current.command : current.entrypoint) = std::move(run);
    } else if (word == "env") {
      set(current.around.variables, value);
    } else if (word == "arg") {
      argument(value);
    } else if (word == "workdir") {
      current.around.directory = inImage(known().expanded(value.trim("\"'")));
    } else if (word == "copy" || word == "add") {
      copy(value);
    }
  }

  /// `FROM image AS name`.
  void from(llvm::StringRef value) {
    if (!number) globals = current.arguments;
    endStage();
    std::vector<std::string> words = shellWords(value);
    llvm::erase_if(words, [](llvm::StringRef each) { return each.starts_with("--"); });
    current = words.empty() ? Stage() : stages.lookup(llvm::StringRef(words.front()).lower());
    current.entrypoint = current.command = {};
    names = {std::to_string(number++)};
    if (words.size() == 3) names.push_back(llvm::StringRef(words.back()).lower());
  }

  /// `ENV name=value name=value`, or `ENV name value`.
  void set(Settings& variables, llvm::StringRef value) {
    auto [name, rest] = value.split(' ');
    if (name.contains('='))
      addAssignments(value, said, variables, known());
    else
      variables.add(name.str(), known().expanded(rest.trim(" \t\"'")), said);
  }

  /// `ARG name=default`. Without a default it is that of an argument before the first stage, if there is one.
  void argument(llvm::StringRef value) {
    if (value.contains('='))
      set(current.arguments, value);
    else if (const Setting* global = globals.find(value.str()))
      current.arguments.add(global->name, global->value, global->said);
  }

  /// From the project, or `--from` another stage of this file; what another image has is not known.
  void copy(llvm::StringRef value) {
    std::optional<std::string> from;
    for (; value.starts_with("--"); value = value.split(' ').second.ltrim())
      if (llvm::StringRef option = value.split(' ').first; option.consume_front("--from="))
        from = option.lower();
    std::vector<std::string> words = execForm(value).value_or(shellWords(value));
    if (words.size() < 2) return;
    std::string written = known().expanded(words.back()), target = inImage(written);
    const Stage other = from ? stages.lookup(*from) : Stage();
    for (size_t index = 0; index + 1 < words.size(); ++index) {
      std::string source = known().expanded(words[index]);
      if (!from)
        current.around.copied.push_back({source, target});
      else
        copyFrom(other, joined("/", source), target, llvm::StringRef(written).ends_with("/"));
    }
  }

  /// All that the stage has of the project at the place. In a folder a file keeps the name that it has there.
  void copyFrom(const Stage& other, llvm::StringRef place, const std::string& target, bool isFolder) {
    std::vector<Copied>& copied = current.around.copied;
    for (const Copied& each : other.around.copied) {
      if (each.target != place && isBelow(each.target, place))
        copied.push_back({each.source, joined(target, each.target.substr(place.size()))});
      std::vector<std::string> sources = sourcesOf(each, place);
      for (const std::string& source : llvm::reverse(sources)) {
        copied.push_back({source, target});
        if (isFolder) copied.push_back({source, joined(target, path::filename(place))});
      }
    }
  }

  std::string inImage(llvm::StringRef path) const {
    return absolutePath(path.starts_with("/") ? path.str() : current.around.directory + "/" + path.str());
  }

  /// An argument is none of the environment in which the commands run.
  Variables known() const {
    Settings all = current.arguments;
    all.add(current.around.variables);
    return Variables(all);
  }

  void endStage() {
    visit(current, names);
    for (const std::string& name : names)
      stages[name] = current;
  }

  const DeclaringFile& file;
  llvm::function_ref<void(const Image& image, llvm::ArrayRef<std::string> names)> visit;
  Said said; // the instruction
  Stage current;
  Settings globals;               // arguments before the first stage
  size_t number = 0;              // of stages so far
  std::vector<std::string> names; // of the current one: its number, and its own
  llvm::StringMap<Stage> stages;
};

} // namespace

void readDockerfile(const DeclaringFile& file, Declarations& found) {
  Reader(file).run([&](const Image& image, llvm::ArrayRef<std::string>) {
    found.addContainer(image.entrypoint, image.command, image.around);
  });
}

Image imageOf(const DeclaringFile& file, llvm::StringRef stage) {
  Image found;
  Reader(file).run([&](const Image& image, llvm::ArrayRef<std::string> names) {
    if (stage.empty() || llvm::is_contained(names, stage.lower())) found = image;
  });
  return found;
}

} // namespace forklint::driver
