#include "driver/entrypoints/shell-words.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringExtras.h"

#include <utility>

namespace forklint::driver {
namespace {

/// The name of a variable that a word begins with, and what stands behind it.
std::pair<llvm::StringRef, llvm::StringRef> nameAt(llvm::StringRef word) {
  llvm::StringRef name = word.take_while([](char c) { return llvm::isAlnum(c) || c == '_'; });
  if (!name.empty() && llvm::isDigit(name.front())) name = "";
  return {name, word.drop_front(name.size())};
}

/// The word that a redirection goes to, as it is written.
llvm::StringRef targetAt(llvm::StringRef text) {
  constexpr llvm::StringLiteral quotes = "'\"", ends = " \t\r\n;&|()";
  if (!text.empty() && quotes.contains(text.front()))
    if (size_t end = text.find(text.front(), 1); end != llvm::StringRef::npos)
      return text.take_front(end + 1);
  return text.take_until([&](char c) { return ends.contains(c); });
}

/// What a parameter stands for: a text, or a list of words that stay apart.
struct Expansion {
  std::vector<std::string> words;
  bool isList = false;
};
std::optional<Expansion> expansionOf(std::optional<std::string> value) {
  return value ? std::optional(Expansion{{std::move(*value)}, false}) : std::nullopt;
}

/// That of one in a word that has begun so; nothing where it stays as it is written.
using ValueOf =
    llvm::function_ref<std::optional<Expansion>(const Parameter& parameter, llvm::StringRef word)>;

class Splitter {
public:
  using Visit = llvm::function_ref<void(ShellCommand& command)>;
  using Parenthesis = llvm::function_ref<void(bool opens)>;
  /// Visits each command at its end, and each parenthesis around commands.
  Splitter(
      llvm::StringRef text, ValueOf valueOf, Visit visit, Parenthesis around = [](bool) {})
      : text(text), valueOf(valueOf), visit(visit), around(around) {}

  void run() {
    while (at < text.size())
      step();
    endCommand();
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
    else if (c == '\n' && inList)
      endWord(), advance();
    else if (c == '\n')
      endLine();
    else if (inList && c == ')')
      endList(), ++at;
    else if (c == '(' && !inList && inWord && !nameAt(word).first.empty() && nameAt(word).second == "=")
      beginList(), ++at;
    else if (llvm::StringRef(";&|()").contains(c))
      separator(c);
    else if (c != '$' || !expand(/*isQuoted=*/false))
      put(c), ++at;
  }

  void separator(char c) {
    endCommand();
    if (c == '(' || c == ')') around(c == '(');
    advance();
  }

  /// A value without quotes around it may be several words, but where it is assigned.
  bool expand(bool isQuoted) {
    std::optional<Parameter> parameter = parameterAt(text.substr(at));
    std::optional<Expansion> value = parameter ? valueOf(*parameter, word) : std::nullopt;
    if (!value) return false;
    bool isOneWord = isQuoted || nameAt(word).second.starts_with("=");
    for (size_t index = 0; index < value->words.size(); ++index) {
      if (index) endWord();
      for (char c : value->words[index])
        if (isOneWord || value->isList || !llvm::isSpace(c))
          put(c);
        else
          endWord();
    }
    for (size_t end = at + parameter->length; at < end;)
      advance();
    return true;
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
    for (++at; at < text.size() && text[at] != '"';) {
      if (text[at] == '$' && expand(/*isQuoted=*/true)) continue;
      if (text[at] == '\\' && at + 1 < text.size() && llvm::StringRef("\"\\$`\n").contains(text[at + 1]))
        advance();
      word += text[at];
      advance();
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
    llvm::StringRef sign =
        text.substr(at).take_while([](char c) { return llvm::StringRef("<>&").contains(c); });
    at += sign.size();
    if (sign == "<<" && text.substr(at).starts_with("-")) ++at;
    at += text.substr(at).take_while([](char c) { return c == ' ' || c == '\t'; }).size();
    llvm::StringRef target = targetAt(text.substr(at));
    at += target.size();
    if (sign == "<<" && !target.empty() && !llvm::isDigit(target.front())) documents.push_back(target.str());
  }

  /// What stands behind the line for its redirections (`<<END`), up to a line that is the word, is text.
  void endLine() {
    endCommand();
    advance();
    for (std::string& end : std::exchange(documents, {})) {
      llvm::erase_if(end, [](char c) { return c == '\'' || c == '"' || c == '\\'; });
      skipBehind(end);
    }
  }
  void skipBehind(llvm::StringRef end) {
    for (llvm::StringRef rest = text.substr(at); !rest.empty();) {
      auto [here, next] = rest.split('\n');
      rest = next;
      if (here.trim("\t\r") != end) continue;
      for (size_t behind = text.size() - rest.size(); at < behind;)
        advance();
      return;
    }
  }

  void endWord() {
    if (inWord) (inList ? current.lists.back().words : current.words).push_back(std::move(word));
    word.clear();
    inWord = false;
  }
  void beginList() {
    current.lists.push_back({nameAt(word).first.str(), {}});
    word.clear();
    inWord = false;
    inList = true;
  }
  void endList() {
    endWord();
    inList = false;
  }
  void endCommand() {
    endList();
    if (!current.words.empty() || !current.lists.empty()) visit(current);
    current = {};
  }

  llvm::StringRef text;
  ValueOf valueOf;
  Visit visit;
  Parenthesis around;
  size_t at = 0;
  uint32_t line = 0;
  bool inWord = false, inList = false;
  std::string word;
  ShellCommand current;
  std::vector<std::string> documents; // words that end what stands behind the line
};

/// The commands of one text, with the variables that it assigns.
class Shell {
public:
  Shell(llvm::StringRef text, const Variables& given, Sourced sourced)
      : text(text), given(given), sourced(sourced), here{given, {}, false, {}, {}} {}

  std::vector<ShellCommand> run() {
    auto asWritten = [](const Parameter&, llvm::StringRef) { return std::nullopt; };
    Splitter(text, asWritten, [&](const ShellCommand& command) { count(command); }).run();
    for (const auto& each : times)
      here.known.forget(each.first());
    auto valueOf = [&](const Parameter& parameter, llvm::StringRef word) {
      bool isList = parameter.how == '[' && (parameter.word == "@]" || parameter.word == "*]");
      auto list = here.lists.find(parameter.name);
      if (isList && list != here.lists.end()) return std::optional(Expansion{list->second, true});
      return expansionOf(this->valueOf(parameter, word));
    };
    Splitter(
        text, valueOf, [&](ShellCommand& command) { take(command); }, [&](bool opens) { pass(opens); })
        .run();
    return std::move(commands);
  }

private:
  /// What holds at a place of the text.
  struct Here {
    Variables known;
    llvm::StringMap<std::vector<std::string>> lists;
    bool exportsAll = false;
    std::vector<Assignment> exported;
    std::vector<std::string> removed; // from the environment
  };

  /// A parenthesis: behind the closing one all is as it was. One that closes nothing is of a `case`.
  void pass(bool opens) {
    if (opens) return outer.push_back(here);
    if (outer.empty()) return;
    here = std::move(outer.back());
    outer.pop_back();
  }

  /// How often each variable gets a value; one that is not written there counts as several.
  void count(const ShellCommand& command) {
    llvm::ArrayRef<std::string> words = command.words;
    for (const Assignment& each : readIn(words))
      ++times[each.name];
    for (const ListAssignment& each : command.lists)
      ++times[each.name];
    static const llvm::StringRef binding[] = {"for",     "select",    "read", "unset", "getopts",
                                              "mapfile", "readarray", "let",  "printf"};
    constexpr unsigned several = 2;
    bool binds = llvm::any_of(words, [](llvm::StringRef word) { return llvm::is_contained(binding, word); });
    for (llvm::StringRef word : words) {
      auto [name, behind] = nameAt(word);
      if (behind.starts_with("="))
        ++times[name];
      else if (!name.empty() &&
               (behind.empty() ? binds : behind.starts_with("+=") || behind.starts_with("[")))
        times[name] += several;
      for (size_t at = word.find('$'); at != llvm::StringRef::npos; at = word.find('$', at + 1))
        if (std::optional<Parameter> each = parameterAt(word.substr(at)); each && each->how == '=')
          ++times[each->name];
    }
  }

  /// In its own assignment (`A=${A:-x}`, `${A:=x}`) a variable has the value from before the text.
  std::optional<std::string> valueOf(const Parameter& parameter, llvm::StringRef word) {
    bool assigns = parameter.how == '=';
    auto [name, behind] = nameAt(word);
    bool isOwn = assigns || (behind.starts_with("=") && name == parameter.name);
    if (!isOwn || times.lookup(parameter.name) != 1) return here.known.valueOf(parameter);
    std::optional<std::string> value = given.valueOf(parameter);
    if (assigns && value) here.known.set(parameter.name, *value);
    return value;
  }

  /// What the file assigns that the command reads in.
  std::vector<Assignment> readIn(llvm::ArrayRef<std::string> words) const {
    bool reads = sourced && words.size() > 1 && (words[0] == "." || words[0] == "source");
    return reads ? sourced(words[1]) : std::vector<Assignment>();
  }

  void take(ShellCommand& command) {
    for (ListAssignment& each : command.lists)
      if (times.lookup(each.name) == 1) here.lists[each.name] = std::move(each.words);
    if (command.words.empty()) return;
    assign(command.words);
    llvm::ArrayRef<std::string> words = command.words;
    // `set -a` exports what is assigned from there on, up to `set +a`.
    if (words.front() == "set" && (words.back() == "-a" || words.back() == "allexport"))
      here.exportsAll = words[1].front() != '+';
    if (words.front() == "set" && words.back() == "+a") here.exportsAll = false;
    for (Assignment& each : readIn(words)) {
      if (times.lookup(each.name) <= 1) here.known.set(each.name, each.value);
      each.line = command.line;
      if (each.isExported || here.exportsAll) here.exported.push_back(std::move(each));
    }
    bool unsets = words.front() == "unset" && !llvm::is_contained(words, "-f");
    bool exports = words.front() == "export", takesBack = exports && llvm::is_contained(words, "-n");
    if (unsets || takesBack) return remove(words.drop_front());
    if (exports) words = words.drop_front();
    command.environment = here.exported;
    command.removed = here.removed;
    std::vector<Assignment>& assigned = exports ? here.exported : command.environment;
    for (; !words.empty(); words = words.drop_front()) {
      std::optional<Assignment> assignment = assignmentOf(words.front(), command.line);
      if (!assignment) break;
      assigned.push_back(std::move(*assignment));
    }
    if (exports || words.empty()) return;
    command.words = words.vec();
    commands.push_back(std::move(command));
  }

  /// Takes the variables that the words name out of the environment.
  void remove(llvm::ArrayRef<std::string> words) {
    for (llvm::StringRef name : words) {
      name = nameAt(name).first;
      if (name.empty()) continue;
      llvm::erase_if(here.exported, [&](const Assignment& each) { return each.name == name; });
      here.removed.push_back(name.str());
    }
  }

  /// A command that only assigns; what stands before another one's words holds for that one alone. An empty
  /// value may be the begin of a list.
  void assign(llvm::ArrayRef<std::string> words) {
    static const llvm::StringRef reserved[] = {"then", "do", "else", "{"};
    static const llvm::StringRef declaring[] = {"export", "readonly", "local", "declare", "typeset"};
    while (!words.empty() && llvm::is_contained(reserved, words.front()))
      words = words.drop_front();
    bool declares = !words.empty() && llvm::is_contained(declaring, words.front());
    if (!declares && !llvm::all_of(words, [](llvm::StringRef word) { return assignmentOf(word); })) return;
    for (llvm::StringRef word : words)
      if (std::optional<Assignment> each = assignmentOf(word); each && !each->value.empty())
        if (times.lookup(each->name) == 1) here.known.set(each->name, each->value);
  }

  llvm::StringRef text;
  const Variables& given;
  Sourced sourced;
  Here here;
  std::vector<Here> outer;         // around the parentheses that are open
  llvm::StringMap<unsigned> times; // that the text gives a variable a value
  std::vector<ShellCommand> commands;
};

} // namespace

std::optional<Assignment> assignmentOf(llvm::StringRef word, uint32_t line) {
  auto [name, behind] = nameAt(word);
  if (name.empty() || !behind.consume_front("=")) return std::nullopt;
  return Assignment{name.str(), behind.str(), line};
}

std::vector<std::string> shellWords(llvm::StringRef text, const Variables& known) {
  std::vector<std::string> words;
  auto valueOf = [&](const Parameter& parameter, llvm::StringRef) {
    return expansionOf(known.valueOf(parameter));
  };
  Splitter(text, valueOf, [&](const ShellCommand& command) {
    words.insert(words.end(), command.words.begin(), command.words.end());
  }).run();
  return words;
}

std::vector<ShellCommand> shellCommands(llvm::StringRef text, const Variables& given, Sourced sourced) {
  return Shell(text, given, sourced).run();
}

} // namespace forklint::driver
