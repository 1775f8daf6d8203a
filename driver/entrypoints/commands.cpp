#include "driver/entrypoints/commands.h"

#include "driver/entrypoints/shell-words.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Path.h"

namespace forklint::driver {
namespace {

using Words = llvm::ArrayRef<std::string>;

constexpr unsigned deepest = 8; // launchers that launch launchers

bool isOption(llvm::StringRef word) { return word.size() > 1 && word.starts_with("-") && word != "--"; }

bool isNamed(const std::vector<std::string>& names, llvm::StringRef name) {
  return llvm::any_of(names, [&](llvm::StringRef each) {
    return each.consume_back("*") ? name.starts_with(each) : name == each;
  });
}

/// An option and its value, which may stand in one word: "--x=y", or "-xy" where `xy` is no option.
struct Option {
  std::string name, value;
  bool hasValue = false;
};
Option optionOf(llvm::StringRef word, const link::Server& server) {
  auto [name, value] = word.ltrim('-').split('=');
  bool isLong = word.starts_with("--") || name.size() == 1 || llvm::is_contained(server.flags, name);
  if (isLong) return {name.str(), value.str(), word.contains('=')};
  return {name.take_front().str(), word.drop_front(2).str(), true};
}

class Understanding {
public:
  Understanding(const link::Commands& rows, const CommandVisitor& visit, const CommandLine& line)
      : rows(rows), visit(visit), said(line.said), around(line.around) {}

  void command(Words words, unsigned depth = 0) {
    for (; !words.empty(); words = words.drop_front()) {
      std::optional<Assignment> assignment = assignmentOf(words.front());
      if (!assignment) break;
      around.variables.add(std::move(assignment->name), std::move(assignment->value), said);
    }
    if (words.empty() || depth > deepest) return;
    llvm::StringRef name = llvm::sys::path::filename(words.front());
    for (const link::Launcher& launcher : rows.launchers)
      if (isNamed(launcher.names, name)) return launch(launcher, words.drop_front(), depth);
    server(name, words.drop_front());
  }

private:
  void launch(const link::Launcher& launcher, Words words, unsigned depth) {
    if (!launcher.subcommands.empty()) {
      const auto* found = llvm::find_if(
          words, [&](const std::string& word) { return llvm::is_contained(launcher.subcommands, word); });
      if (found == words.end()) return;
      words = words.drop_front(found - words.begin() + 1);
    }
    if (launcher.skipsToSeparator)
      if (const auto* found = llvm::find(words, "--"); found != words.end())
        words = words.drop_front(found - words.begin());
    for (; !words.empty() && isOption(words.front()); words = words.drop_front()) {
      llvm::StringRef option = llvm::StringRef(words.front()).ltrim('-');
      bool isShort = !llvm::StringRef(words.front()).starts_with("--");
      if (!launcher.text.empty() && isShort && option.ends_with(launcher.text)) {
        Variables known(around.variables);
        for (const ShellCommand& inner : shellCommands(words.size() > 1 ? words[1] : "", known)) {
          Understanding shell = *this;
          for (llvm::StringRef each : inner.removed)
            shell.around.variables.remove(each);
          for (const Assignment& each : inner.environment)
            shell.around.variables.add(each.name, each.value, said);
          shell.command(inner.words, depth + 1);
        }
        return;
      }
      if (!launcher.module.empty() && isShort && option.ends_with(launcher.module) && words.size() > 1)
        return module(words[1], words.drop_front(2));
      bool takesNext = llvm::is_contained(launcher.values, option) && words.size() > 1;
      if (takesNext) words = words.drop_front();
      takeAway(launcher, option, takesNext ? words.front() : "");
    }
    if (!launcher.clears.empty() && !words.empty() && words.front() == "-") words = takeAll(words);
    if (!words.empty() && words.front() == "--") words = words.drop_front();
    words = words.drop_front(std::min<size_t>(words.size(), launcher.words));
    if (!launcher.isInterpreter)
      command(words, depth + 1);
    else if (!words.empty())
      visit.script(words.front(), said);
  }

  /// What an option of the launcher takes out of the environment: all, or the variable that is its value,
  /// which stands behind it, or in the same word ("-uNAME", "--unset=NAME").
  void takeAway(const link::Launcher& launcher, llvm::StringRef option, llvm::StringRef value) {
    auto isOne = [&](llvm::StringRef each) { return option == each; };
    if (llvm::any_of(launcher.clears, isOne)) around.variables.clear();
    for (llvm::StringRef each : launcher.unsets) {
      llvm::StringRef inside = option;
      if (value.empty() && inside.consume_front(each) && (inside.consume_front("=") || each.size() == 1))
        around.variables.remove(inside);
      else if (option == each)
        around.variables.remove(value);
    }
  }
  /// A single dash does the same as the option.
  Words takeAll(Words words) {
    around.variables.clear();
    return words.drop_front();
  }

  void module(llvm::StringRef name, Words words) {
    if (!server(name, words)) visit.module(name, said);
  }

  bool server(llvm::StringRef name, Words words) {
    bool known = false;
    for (const link::Server& row : rows.servers) {
      if (!llvm::is_contained(row.names, name)) continue;
      known = true;
      ServerCommand command{&row, {}, {}, said, around, "", ""};
      if (const Setting* variable = around.variables.find(row.variable)) {
        readOptions(shellWords(variable->value), command, variable->said);
        command.words.clear();
      }
      readOptions(words, command, said);
      if (hasSubcommand(row, command)) visit.server(std::move(command));
    }
    return known;
  }

  static void readOptions(Words words, ServerCommand& command, const Said& said) {
    while (!words.empty()) {
      llvm::StringRef word = words.front();
      words = words.drop_front();
      if (!isOption(word)) {
        command.words.push_back(word.str());
        continue;
      }
      Option option = optionOf(word, *command.server);
      bool takesNext = !option.hasValue && !llvm::is_contained(command.server->flags, option.name) &&
                       !words.empty() && !isOption(words.front());
      if (takesNext) {
        option.value = words.front();
        words = words.drop_front();
      }
      command.options.add(std::move(option.name), std::move(option.value), said);
    }
  }

  /// Takes the subcommand off the words, which begin with it.
  static bool hasSubcommand(const link::Server& row, ServerCommand& command) {
    for (llvm::StringRef subcommand : row.subcommands) {
      auto names = llvm::to_vector(llvm::split(subcommand, ' '));
      bool fits = names.size() <= command.words.size() &&
                  std::equal(names.begin(), names.end(), command.words.begin());
      if (!fits) continue;
      command.words = Words(command.words).drop_front(names.size()).vec();
      return true;
    }
    return row.subcommands.empty();
  }

  const link::Commands& rows;
  const CommandVisitor& visit;
  const Said& said;
  Surroundings around; // with what the launchers so far have set
};

} // namespace

void understand(const CommandLine& command, const link::Commands& rows, const CommandVisitor& visit) {
  Understanding(rows, visit, command).command(command.words);
}

} // namespace forklint::driver
