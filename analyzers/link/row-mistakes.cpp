#include "analyzers/link/row-mistakes.h"

#include "analyzers/support/suggest.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"

namespace forklint::link {
namespace {

constexpr llvm::StringRef heads[] = {"self", "arg", "result", "rest",   "name",
                                     "one",  "row", "true",   "number", "process"};
constexpr llvm::StringRef pathKeys[] = {"subject", "from",   "entry",   "arguments", "payload",
                                        "method",  "daemon", "pickles", "once"};

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

struct Needs {
  EffectKind kind;
  std::array<std::pair<llvm::StringRef, std::string Effect::*>, 3> keys;
};
constexpr std::pair<llvm::StringRef, std::string Effect::*> subject{"subject", &Effect::subject},
    entry{"entry", &Effect::entry}, life{"life", &Effect::life}, payload{"payload", &Effect::payload},
    lock{"lock", &Effect::lock}, from{"from", &Effect::from}, to{"to", &Effect::to}, way{"way", &Effect::way},
    primitive{"primitive", &Effect::primitive};
constexpr Needs needs[] = {
    {EffectKind::StartsThread, {subject}},
    {EffectKind::Ends, {subject}},
    {EffectKind::Forks, {primitive, entry}},
    {EffectKind::Acquires, {subject}},
    {EffectKind::Releases, {subject}},
    {EffectKind::Meets, {lock}},
    {EffectKind::Moves, {subject, to}},
    {EffectKind::Binds, {entry}},
    {EffectKind::Calls, {entry}},
    {EffectKind::Collects, {payload, life}},
    {EffectKind::HasAttribute, {subject, entry}},
    {EffectKind::IsInstance, {subject, entry}},
    {EffectKind::BeginsWith, {subject, entry}},
    {EffectKind::ListsAlive, {entry, life}},
    {EffectKind::Constructs, {entry}},
    {EffectKind::Destroys, {subject}},
    {EffectKind::Pairs, {payload, life}},
    {EffectKind::BeginsIteration, {subject}},
    {EffectKind::Steps, {subject}},
    {EffectKind::Adds, {subject, payload}},
    {EffectKind::Empties, {subject}},
    {EffectKind::Includes, {subject, payload}},
    {EffectKind::Takes, {subject}},
    {EffectKind::Describes, {entry, life}},
    {EffectKind::ReadsAttribute, {subject, entry}},
    {EffectKind::Super, {subject, entry}},
    {EffectKind::SetsStartMethod, {subject}},
    {EffectKind::RunsBeforeExec, {entry, primitive}},
    {EffectKind::Submits, {subject, payload, way}},
    {EffectKind::UnsafeInChild, {lock}},
    {EffectKind::AtFork, {entry, life}},
    {EffectKind::AtExit, {entry}},
    {EffectKind::Installs, {entry}},
    {EffectKind::Opens, {life}},
    {EffectKind::Uses, {subject, life}},
    {EffectKind::Violates, {entry}},
    {EffectKind::WaitsFor, {subject}},
    {EffectKind::Fills, {subject}},
    {EffectKind::Drains, {subject}},
    {EffectKind::HandsOver, {from, subject}},
    {EffectKind::Keeps, {from, subject}},
};

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

std::optional<std::string> mistakeInPath(llvm::StringRef text) {
  llvm::SmallVector<llvm::StringRef, 2> choices;
  text.split(choices, '|');
  for (llvm::StringRef choice : choices) {
    bool isOfMain = choice.consume_front("main ");
    choice.consume_front("default ");
    if (choice.size() > 1 && choice.starts_with("'") && choice.ends_with("'")) continue;
    if (isOfMain && choice == "none") continue;
    auto [head, rest] = choice.split('.');
    if (!llvm::is_contained(heads, head))
      return ("'" + choice + "' begins with '" + head + "', which is no part of a call" +
              suggestion(head, heads))
          .str();
    bool needsName = head == "arg" || head == "name" || head == "one";
    if (choice.ends_with(".") || (needsName && rest.empty()))
      return ("'" + choice + "' ends where a name must follow").str();
  }
  return std::nullopt;
}

std::optional<std::string> mistakeInPath(EffectKind kind, llvm::StringRef key, llvm::StringRef text) {
  if (key == "is") {
    llvm::SmallVector<llvm::StringRef, 2> conditions;
    text.split(conditions, '&');
    for (llvm::StringRef condition : conditions) {
      auto [path, wanted] = condition.split('=');
      if (wanted.empty()) return ("'" + condition + "' must be a path, '=' and a name or a text").str();
      if (std::optional<std::string> mistake = mistakeInPath(path)) return mistake;
    }
    return std::nullopt;
  }
  if (!llvm::is_contained(pathKeys, key) || isName(kind, key)) return std::nullopt;
  if (llvm::any_of(
          words, [&](const Word& word) { return word.kind == kind && word.key == key && word.word == text; }))
    return std::nullopt;
  if (key == "arguments") text.consume_front("elements ");
  if (key != "pickles") return mistakeInPath(text);
  llvm::SmallVector<llvm::StringRef> paths;
  text.split(paths, ',');
  for (llvm::StringRef path : paths)
    if (std::optional<std::string> mistake = mistakeInPath(path)) return mistake;
  return std::nullopt;
}

llvm::StringRef missingKey(const Effect& effect) {
  for (const Needs& each : needs)
    if (each.kind == effect.kind)
      for (const auto& [key, member] : each.keys)
        if (!key.empty() && (effect.*member).empty()) return key;
  return {};
}

} // namespace forklint::link
