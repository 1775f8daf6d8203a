#include "analyzers/link/row-mistakes.h"

#include "analyzers/link/vocabulary.h"
#include "analyzers/support/suggest.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"

namespace forklint::link {
namespace {

constexpr llvm::StringRef heads[] = {"self", "arg",  "result", "rest",   "name",   "one",
                                     "row",  "true", "zero",   "number", "process"};
constexpr llvm::StringRef pathKeys[] = {"subject", "from",    "entry", "arguments", "payload", "method",
                                        "daemon",  "pickles", "once",  "place",     "resolves"};

/// Words that stand in the place of a path.
struct Word {
  EffectKind kind;
  llvm::StringRef key, word;
};
constexpr Word words[] = {
    {EffectKind::Forks, "entry", "returns"},      {EffectKind::Forks, "entry", "continues"},
    {EffectKind::Forks, "subject", "raises"},     {EffectKind::Execs, "subject", "raises"},
    {EffectKind::ExitsFull, "subject", "raises"},
};

/// Keys whose text is a name in this kind of effect.
bool isName(EffectKind kind, llvm::StringRef key) {
  return key == "entry" && (kind == EffectKind::ListsAlive || kind == EffectKind::Violates);
}

/// Keys that hold the name of a parameter, or a path.
constexpr llvm::StringRef parameterKeys[] = {"given", "passed", "unless", "without"};

/// What the functions of a formula are called.
constexpr llvm::StringLiteral formulaWords = "elements|number|bytes|width";

std::optional<std::string> mistakeInPaths(llvm::StringRef text, char separator) {
  llvm::SmallVector<llvm::StringRef, 2> paths;
  text.split(paths, separator);
  for (llvm::StringRef path : paths)
    if (std::optional<std::string> mistake = mistakeInPath(path)) return mistake;
  return std::nullopt;
}

} // namespace

std::optional<std::string> mistakeInName(llvm::StringRef name) {
  if (name.trim("*.: ").empty()) return ("'" + name + "' names nothing").str();
  // In C and C++ operators and parameters are parts of a name.
  llvm::StringRef plain = name.contains("operator") ? "" : name.take_until([](char c) { return c == '('; });
  if (plain.contains(' ') && !plain.contains('<')) return ("the name '" + name + "' has a blank in it").str();
  if (plain.drop_back(plain.ends_with("*") ? 1 : 0).contains('*') && !plain.contains('<'))
    return ("in '" + name + "' the '*' must be the last character").str();
  return std::nullopt;
}

std::optional<std::string> mistakeInPath(llvm::StringRef text, llvm::ArrayRef<llvm::StringRef> words) {
  llvm::SmallVector<llvm::StringRef, 2> choices;
  text.split(choices, '|');
  for (llvm::StringRef choice : choices) {
    bool isOfMain = choice.consume_front("main ");
    choice.consume_front("default ");
    choice.consume_front("method unless ");
    if (choice.size() > 1 && choice.starts_with("'") && choice.ends_with("'")) continue;
    if (isOfMain && choice == "none") continue;
    auto [head, rest] = choice.split('.');
    if (!llvm::is_contained(heads, head)) {
      llvm::SmallVector<llvm::StringRef> possible(words);
      llvm::append_range(possible, heads);
      return ("'" + choice + "' begins with '" + head + "', which is no part of a call" +
              suggestion(head, possible))
          .str();
    }
    bool needsName = head == "arg" || head == "name" || head == "one";
    if (choice.ends_with(".") || (needsName && rest.empty()))
      return ("'" + choice + "' ends where a name must follow").str();
  }
  return std::nullopt;
}

std::optional<std::string> mistakeInPath(EffectKind kind, llvm::StringRef key, llvm::StringRef text) {
  if (key == "is" || key == "has" || key == "lacks") {
    llvm::SmallVector<llvm::StringRef, 2> conditions;
    text.split(conditions, '&');
    for (llvm::StringRef condition : conditions) {
      auto [path, wanted] = condition.split('=');
      if (wanted.empty()) return ("'" + condition + "' must be a path, '=' and a name or a text").str();
      if (std::optional<std::string> mistake = mistakeInPath(path)) return mistake;
    }
    return std::nullopt;
  }
  if (key == "method" && text.starts_with("'"))
    if (std::optional<std::string> mistake = mistakeInWord(text.trim('\''), methodWords))
      return "the text of 'method' " + *mistake;
  if (llvm::is_contained(parameterKeys, key)) return text.contains('.') ? mistakeInPath(text) : std::nullopt;
  if (key == "nonzero") return mistakeInPaths(text, '&');
  if (!llvm::is_contained(pathKeys, key) || isName(kind, key)) return std::nullopt;
  llvm::SmallVector<llvm::StringRef> known;
  for (const Word& word : words)
    if (word.kind == kind && word.key == key) known.push_back(word.word);
  if (llvm::is_contained(known, text)) return std::nullopt;
  if (key == "arguments") text.consume_front("elements ");
  return key == "pickles" ? mistakeInPaths(text, ',') : mistakeInPath(text, known);
}

std::optional<std::string> mistakeInFormula(llvm::StringRef formula) {
  llvm::SmallVector<llvm::StringRef, 4> terms;
  formula.split(terms, '*');
  for (llvm::StringRef term : terms) {
    term = term.trim();
    uint64_t number = 0;
    if (!term.getAsInteger(10, number)) continue;
    auto [function, path] = term.split('(');
    if (!path.consume_back(")"))
      return ("'" + term + "' must be a number, or a function of a path such as number(arg.stop)").str();
    if (std::optional<std::string> mistake = mistakeInWord(function, formulaWords))
      return ("the function '" + function + "' of a formula " + *mistake).str();
    if (std::optional<std::string> mistake = mistakeInPath(path.split(',').first.trim())) return mistake;
  }
  return std::nullopt;
}

std::vector<llvm::StringRef> namesIn(llvm::StringRef path) {
  llvm::SmallVector<llvm::StringRef, 2> choices;
  path.split(choices, '|');
  std::vector<llvm::StringRef> names;
  for (llvm::StringRef choice : choices) {
    choice.consume_front("default ");
    if (choice.consume_front("name.")) names.push_back(choice);
  }
  return names;
}

std::vector<llvm::StringRef> namesIn(EffectKind kind, llvm::StringRef key, llvm::StringRef text) {
  bool isPath = llvm::is_contained(pathKeys, key) && !isName(kind, key);
  if (key == "arguments") text.consume_front("elements ");
  return isPath ? namesIn(text) : std::vector<llvm::StringRef>();
}

std::vector<llvm::StringRef> parametersIn(llvm::StringRef text) {
  constexpr llvm::StringRef head = "arg.";
  auto inName = [](char c) { return llvm::isAlnum(c) || c == '_'; };
  std::vector<llvm::StringRef> names;
  for (size_t at = text.find(head); at != llvm::StringRef::npos; at = text.find(head, at + head.size())) {
    llvm::StringRef before = text.take_front(at);
    bool isEndOfName = !before.empty() && (inName(before.back()) || before.back() == '.');
    bool isQuoted = before.count('\'') % 2 != 0;
    if (!isEndOfName && !isQuoted) names.push_back(text.substr(at + head.size()).take_while(inName));
  }
  return names;
}

std::vector<llvm::StringRef> parametersIn(llvm::StringRef key, llvm::StringRef text) {
  bool isPlain = llvm::is_contained(parameterKeys, key) && !text.contains('.') && text != "self";
  return isPlain ? std::vector{text} : parametersIn(text);
}

} // namespace forklint::link
