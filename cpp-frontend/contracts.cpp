// Promises are read as sentences: who wrote them for people did not write them for us, and of most comments
// that mention the words the function is not what they speak of.
#include "cpp-frontend/contracts.h"

#include "clang/AST/Attr.h"
#include "clang/AST/DeclTemplate.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"

#include <algorithm>

using namespace clang;

namespace forklint::cpp {

using llvm::StringRef;
using Words = llvm::SmallVector<std::string, 32>;

static constexpr llvm::StringLiteral safety = "async-signal-safe";

/// Lower-case words; a mark of punctuation is a word of its own, and so is the phrase, however it is joined.
static Words wordsOf(StringRef sentence) {
  Words words;
  for (size_t at = 0; at < sentence.size();) {
    auto isPart = [](char c) { return llvm::isAlnum(c) || c == '_' || c == '-' || c == '\'' || c == ':'; };
    StringRef word = sentence.substr(at).take_while(isPart);
    if (word.empty()) {
      if (StringRef(",;?(").contains(sentence[at])) words.push_back(std::string(1, sentence[at]));
      ++at;
      continue;
    }
    at += word.size();
    bool isColon = word.ends_with(":");
    word = word.trim("-':_");
    if (!word.empty()) words.push_back(word.lower());
    if (isColon) words.push_back(":");
  }
  // "async signal safe", "async-signal safe", "async signal-safe"
  for (size_t i = 0; i < words.size(); ++i) {
    std::string joined;
    for (size_t n = 1; n <= 3 && i + n <= words.size(); ++n) {
      joined += (n == 1 ? "" : "-") + words[i + n - 1];
      if (joined == "asyncsignalsafe") joined = safety.str();
      if (joined != safety) continue;
      words[i] = joined;
      if (n > 1) words.erase(words.begin() + i + 1, words.begin() + i + n);
      break;
    }
  }
  return words;
}

/// Does the sentence say the contrary, ask, doubt or set a condition? What explains the promise counts no
/// more: "async-signal-safe: only calls write".
static bool isOpen(llvm::ArrayRef<std::string> before, llvm::ArrayRef<std::string> behind) {
  static const llvm::StringSet<> contrary = {"not",    "never",  "no",      "non",  "nor",       "neither",
                                             "none",   "cannot", "unsafe",  "than", "supposed",  "intended",
                                             "meant",  "assume", "assumes", "try",  "guarantee", "almost",
                                             "mostly", "nearly", "without", "want", "wants",     "assumed"};
  static const llvm::StringSet<> conditions = {
      "if",     "unless",  "when", "where",    "whether",   "while",   "until",    "provided",
      "except", "only",    "long", "once",     "but",       "however", "although", "though",
      "yet",    "depends", "or",   "assuming", "depending", "ideally"};
  static const llvm::StringSet<> doubts = {"?",         "todo",    "fixme",  "xxx",     "hack",
                                           "hopefully", "hope",    "maybe",  "perhaps", "probably",
                                           "think",     "believe", "likely", "afaik",   "presumably"};
  auto isContrary = [](StringRef word) { return contrary.contains(word) || word.ends_with("n't"); };
  auto isCondition = [](StringRef word) { return conditions.contains(word); };
  auto isDoubt = [](StringRef word) { return doubts.contains(word); };
  static const llvm::StringSet<> reasons = {":", ";", "because", "since"};
  auto claimed = behind.take_until([](StringRef word) { return reasons.contains(word); });
  return llvm::any_of(before, isContrary) || llvm::any_of(before, isCondition) ||
         llvm::any_of(claimed, isCondition) || llvm::any_of(before, isDoubt) || llvm::any_of(behind, isDoubt);
}

/// Does the phrase say of the function what it is? `rest` are the words of its sentence before it. Where
/// these leave open of whom they speak, the comment must speak of nobody else (`isAlone`).
static bool isSaidOfFunction(llvm::ArrayRef<std::string> rest, StringRef function, bool isAlone) {
  static const llvm::StringSet<> adverbs = {"fully",       "also",      "completely", "both",     "and",
                                            "always",      "a",         "an",         "the",      ",",
                                            "therefore",   "thus",      "hence",      "itself",   "strictly",
                                            "thread-safe", "reentrant", "re-entrant", "fork-safe"};
  static const llvm::StringSet<> verbs = {"is", "be", "remains", "remain", "stays", "stay"};
  static const llvm::StringSet<> duties = {"must", "has",   "needs", "have",      "to",   "shall", "will",
                                           "so",   "hence", "thus",  "therefore", "also", "always"};
  static const llvm::StringSet<> leads = {"note",    "that", ":",         "important", "warning", "brief",
                                          "details", "nb",   "attention", "forklint",  ","};
  auto dropBack = [&](const llvm::StringSet<>& some) {
    while (!rest.empty() && some.contains(rest.back()))
      rest = rest.drop_back();
  };
  dropBack(adverbs);
  while (!rest.empty() && leads.contains(rest.front()))
    rest = rest.drop_front();
  if (rest.empty()) return isAlone; // "Async-signal-safe.", "An async-signal-safe version of"
  if (!verbs.contains(rest.back())) return false;
  rest = rest.drop_back();
  dropBack(duties);
  if (rest.empty()) return isAlone; // "Must be async-signal-safe."
  // The subject, or a further thing that is said of it.
  static const llvm::StringSet<> nouns = {"function", "method", "routine", "helper", "procedure", "one"};
  bool isThis = rest.front() == "this" || (rest.front() == "it" && isAlone) || rest.front() == "the" ||
                StringRef(rest.front()) == function.lower();
  if (!isThis) return false;
  if (rest.front() == "the") {
    if (rest.size() < 2 || !nouns.contains(rest[1])) return false;
    rest = rest.drop_front();
  }
  if (rest.front() == "this" && rest.size() > 1 && nouns.contains(rest[1])) rest = rest.drop_front();
  rest = rest.drop_front();
  static const llvm::StringSet<> joints = {"and", "so", ",", "("};
  return rest.empty() || joints.contains(rest.back()) || (rest.back() == "it" && isAlone);
}

/// What may stand behind the phrase: the end, or what it is a kind of.
static bool isWhole(llvm::ArrayRef<std::string> behind) {
  static const llvm::StringSet<> joints = {",", ";", ":", "(", "and", "because", "as", "since", "so", "see"};
  static const llvm::StringSet<> kinds = {"version",        "variant", "replacement", "equivalent",
                                          "alternative",    "wrapper", "function",    "method",
                                          "implementation", "routine"};
  return behind.empty() || joints.contains(behind.front()) || kinds.contains(behind.front());
}

/// Does the comment speak of what the function is given, too?
static bool speaksOfOthers(const Words& words) {
  static const llvm::StringSet<> others = {"param",    "callback",  "callbacks", "hook",      "hooks",
                                           "argument", "arguments", "register",  "registers", "installs",
                                           "caller",   "callers",   "delegate",  "cb"};
  return llvm::any_of(words, [](StringRef word) { return others.contains(word); });
}

/// The text without what marks it as a comment, and with one blank for each break.
static std::string bare(StringRef comment) {
  std::string text;
  for (StringRef line : llvm::split(comment, '\n')) {
    line = line.trim(" \t\r").ltrim("/*!<").rtrim("*/").trim(" \t\r");
    // An empty line, and an item of a list, begin a sentence.
    if (line.empty() || line.starts_with("- ")) text += ". ";
    text += line.str() + " ";
    if (StringRef(text).ends_with("- ")) text.pop_back(); // a word that is broken behind its hyphen
  }
  return text;
}

bool promisesSignalSafety(StringRef comment, StringRef function) {
  if (!comment.contains_insensitive("signal")) return false;
  std::string text = bare(comment);
  bool isAlone = !speaksOfOthers(wordsOf(text));
  bool isPromised = false;
  for (StringRef left = text; !left.empty();) {
    // A sentence ends with a full stop before a blank.
    size_t end = std::min({left.find(". "), left.find("! "), left.find("? ")});
    StringRef sentence = left.take_front(end == StringRef::npos ? end : end + 1);
    left = left.drop_front(std::min(left.size(), sentence.size()));
    Words words = wordsOf(sentence);
    auto said = llvm::find(words, safety);
    if (said == words.end()) continue;
    llvm::ArrayRef<std::string> all(words);
    auto before = all.take_front(said - words.begin()), behind = all.drop_front(before.size() + 1);
    if (isOpen(before, behind) || !isSaidOfFunction(before, function, isAlone) || !isWhole(behind))
      return false;
    isPromised = true;
  }
  return isPromised;
}

StringRef commentBefore(StringRef text, size_t offset) {
  StringRef before = text.take_front(offset);
  auto lastLine = [](StringRef of) { return of.substr(of.rfind('\n') + 1); };
  if (lastLine(before).trim().empty())
    before = before.take_front(before.rfind('\n') + 1).drop_back(before.contains('\n'));
  before = before.rtrim(" \t\r");
  if (before.ends_with("*/")) {
    size_t begin = before.rfind("/*");
    if (begin == StringRef::npos || !lastLine(before.take_front(begin)).trim().empty()) return {};
    return before.drop_front(begin);
  }
  size_t begin = before.size();
  for (StringRef left = before; lastLine(left).ltrim().starts_with("//");) {
    begin = left.size() - lastLine(left).size();
    left = left.take_front(begin ? begin - 1 : 0);
  }
  return before.drop_front(begin);
}

/// Where the declaration begins: its template's parameters and its attributes are part of it.
static SourceLocation beginOf(const SourceManager& sources, const FunctionDecl& function) {
  const FunctionTemplateDecl* pattern = function.getDescribedFunctionTemplate();
  SourceLocation begin = sources.getExpansionLoc(pattern ? pattern->getBeginLoc() : function.getBeginLoc());
  for (const Attr* attribute : function.attrs())
    if (SourceLocation at = sources.getExpansionLoc(attribute->getLocation());
        at.isValid() && sources.getFileID(at) == sources.getFileID(begin) && at < begin)
      begin = at;
  return begin;
}

/// In its file, the text of the comment before the declaration.
static StringRef commentOf(const SourceManager& sources, const FunctionDecl& function) {
  SourceLocation begin = beginOf(sources, function);
  if (begin.isInvalid()) return {};
  auto [file, offset] = sources.getDecomposedLoc(begin);
  std::optional<StringRef> text = sources.getBufferDataOrNone(file);
  if (!text) return {};
  // Before a type or an attribute there may be more of the declaration: `[[`, a macro.
  StringRef line = text->take_front(offset);
  line = line.substr(line.rfind('\n') + 1);
  StringRef before = commentBefore(*text, offset);
  return before.empty() ? commentBefore(*text, offset - line.size()) : before;
}

void addPromise(UnitContext& unit, const FunctionDecl* function, facts::Entity& entity) {
  if (function->isImplicit()) return; // what stands before it is its class's
  const SourceManager& sources = unit.ast.getSourceManager();
  const FunctionDecl* pattern = function->getTemplateInstantiationPattern();
  std::string name = function->getNameAsString();
  for (const FunctionDecl* each : (pattern ? pattern : function)->redecls()) {
    for (const auto* attribute : each->specific_attrs<AnnotateAttr>()) {
      if (attribute->getAnnotation() != "forklint::async-signal-safe") continue;
      entity.promise = safety.str();
      entity.promised = unit.positions.point(attribute->getLocation());
      return;
    }
    StringRef comment = commentOf(sources, *each);
    if (comment.empty() || !promisesSignalSafety(comment, name)) continue;
    auto [file, offset] = sources.getDecomposedLoc(beginOf(sources, *each));
    size_t begin = comment.data() - sources.getBufferData(file).data();
    entity.promise = safety.str();
    entity.promised = unit.positions.point(sources.getLocForStartOfFile(file).getLocWithOffset(begin));
  }
}

} // namespace forklint::cpp
