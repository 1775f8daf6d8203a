#include "driver/entrypoints/shell-words.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringExtras.h"

namespace forklint::driver {
namespace {

class Splitter {
public:
  explicit Splitter(llvm::StringRef text) : text(text) {}

  std::vector<ShellCommand> run() {
    while (at < text.size())
      step();
    endCommand();
    return std::move(commands);
  }

private:
  void step() {
    char c = text[at];
    if (c == '\\')
      escape();
    else if (c == '\'')
      quoted();
    else if (c == '"')
      doubleQuoted();
    else if (c == '`' || text.substr(at).starts_with("$("))
      substitution();
    else if (c == ' ' || c == '\t' || c == '\r')
      endWord(), ++at;
    else if (c == '#' && !inWord)
      at += text.substr(at).take_until([](char each) { return each == '\n'; }).size();
    else if (c == '<' || c == '>')
      redirection();
    else if (llvm::StringRef("\n;&|()").contains(c))
      endCommand(), advance();
    else
      put(c), ++at;
  }

  void put(char c) {
    if (!inWord && current.words.empty()) current.line = line;
    inWord = true;
    word += c;
  }
  void advance() { line += text[at++] == '\n'; }

  void escape() {
    ++at;
    if (at == text.size()) return;
    if (text[at] == '\n') return advance(); // the line goes on
    put(text[at++]);
  }
  void quoted() {
    begin();
    for (++at; at < text.size() && text[at] != '\''; advance())
      word += text[at];
    ++at;
  }
  void doubleQuoted() {
    begin();
    for (++at; at < text.size() && text[at] != '"'; advance()) {
      if (text[at] == '\\' && at + 1 < text.size() && llvm::StringRef("\"\\$`\n").contains(text[at + 1]))
        advance();
      word += text[at];
    }
    ++at;
  }
  void begin() {
    put(' ');
    word.pop_back();
  }

  /// `$(…)` and backquotes, up to their own end.
  void substitution() {
    char closing = text[at] == '`' ? '`' : ')';
    size_t open = 0;
    do {
      open += text[at] == '(';
      put(text[at]);
      advance();
      if (closing == ')' && text[at - 1] == ')' && --open == 0) return;
    } while (at < text.size() && !(closing == '`' && text[at] == '`'));
    if (at < text.size()) put(text[at++]);
  }

  /// With the word that it goes to; a number before it is part of it.
  void redirection() {
    if (inWord && llvm::all_of(word, [](char c) { return llvm::isDigit(c); })) word.clear(), inWord = false;
    endWord();
    while (at < text.size() && llvm::StringRef("<>&").contains(text[at]))
      ++at;
    at += text.substr(at).take_while([](char c) { return c == ' ' || c == '\t'; }).size();
    at +=
        text.substr(at).take_until([](char c) { return llvm::StringRef(" \t\r\n;&|()").contains(c); }).size();
  }

  void endWord() {
    if (inWord) current.words.push_back(std::move(word));
    word.clear();
    inWord = false;
  }
  void endCommand() {
    endWord();
    if (!current.words.empty()) commands.push_back(std::move(current));
    current = {};
  }

  llvm::StringRef text;
  size_t at = 0;
  uint32_t line = 0;
  bool inWord = false;
  std::string word;
  ShellCommand current;
  std::vector<ShellCommand> commands;
};

} // namespace

std::optional<Assignment> assignmentOf(llvm::StringRef word, uint32_t line) {
  llvm::StringRef name = word.take_while([](char c) { return llvm::isAlnum(c) || c == '_'; });
  if (name.empty() || llvm::isDigit(name.front()) || name.size() == word.size() || word[name.size()] != '=')
    return std::nullopt;
  return Assignment{name.str(), word.drop_front(name.size() + 1).str(), line};
}

std::vector<std::string> shellWords(llvm::StringRef text) {
  std::vector<std::string> words;
  for (const ShellCommand& command : Splitter(text).run())
    words.insert(words.end(), command.words.begin(), command.words.end());
  return words;
}

std::vector<ShellCommand> shellCommands(llvm::StringRef text) {
  std::vector<ShellCommand> commands;
  std::vector<Assignment> exported;
  for (ShellCommand& command : Splitter(text).run()) {
    llvm::ArrayRef<std::string> words = command.words;
    bool exports = words.front() == "export";
    if (exports) words = words.drop_front();
    command.environment = exported;
    std::vector<Assignment>& assigned = exports ? exported : command.environment;
    for (; !words.empty(); words = words.drop_front()) {
      std::optional<Assignment> assignment = assignmentOf(words.front(), command.line);
      if (!assignment) break;
      assigned.push_back(std::move(*assignment));
    }
    if (exports || words.empty()) continue;
    command.words = words.vec();
    commands.push_back(std::move(command));
  }
  return commands;
}

} // namespace forklint::driver
