// Suppression comments: NOLINT(forklint-RULE) and its kin as clang-tidy reads them, and `forklint:
// DIRECTIVE`.
#include "cpp-frontend/suppressions.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace clang;

namespace forklint::cpp {

using facts::Suppression;
using llvm::StringRef;

static constexpr std::pair<StringRef, StringRef> nolintDirectives[] = {
    {"NOLINTNEXTLINE", "nolint-nextline"},
    {"NOLINTBEGIN", "nolint-begin"},
    {"NOLINTEND", "nolint-end"},
    {"NOLINT", "nolint"},
};
static constexpr StringRef ownDirectives[] = {"ignore", "disable", "enable", "file-ignore", "fork-safe"};

static std::string reasonIn(StringRef rest) {
  rest = rest.take_until([](char c) { return c == '\n'; }).rtrim("*/ \t\r");
  return rest.ltrim(":-, \t").str();
}

/// NOLINT without a list, or with one that names a rule of ours (`forklint-RULE`, `*`).
static void parseNolint(StringRef comment, facts::Position position, std::vector<Suppression>& out) {
  size_t start = comment.find("NOLINT");
  if (start == StringRef::npos) return;
  StringRef rest = comment.substr(start);
  Suppression found;
  found.position = position;
  for (auto [word, directive] : nolintDirectives)
    if (rest.consume_front(word)) {
      found.directive = directive.str();
      break;
    }
  if (!rest.empty() && llvm::isAlnum(rest.front())) return; // another word
  if (rest.consume_front("(")) {
    auto [list, after] = rest.split(')');
    llvm::SmallVector<StringRef> names;
    list.split(names, ',');
    for (StringRef name : names) {
      name = name.trim();
      bool isOurs = name.starts_with("forklint-"); // kept: it tells a wrong name of ours from another tool's
      if (isOurs || name == "*") found.rules.push_back(name.str());
    }
    if (found.rules.empty()) return;
    rest = after;
  }
  found.reason = reasonIn(rest);
  size_t linesBefore = comment.take_front(start).count('\n');
  found.line =
      position.line + static_cast<uint32_t>(linesBefore) + (found.directive == "nolint-nextline" ? 1 : 0);
  out.push_back(std::move(found));
}

/// `forklint: ignore[rule, rule] reason`. A comment on a line of its own speaks of the next line.
static void parseOwn(StringRef comment, facts::Position position, bool isAlone,
                     std::vector<Suppression>& out) {
  size_t start = comment.find("forklint:");
  if (start == StringRef::npos || !comment.take_front(start).trim("/*!< \t").empty()) return;
  StringRef rest = comment.substr(start).drop_front(StringRef("forklint:").size()).ltrim();
  StringRef word = rest.take_while([](char c) { return llvm::isAlnum(c) || c == '-'; });
  if (!llvm::is_contained(ownDirectives, word)) return;
  rest = rest.drop_front(word.size()).ltrim();
  Suppression found;
  found.position = position;
  found.directive = word.str();
  if (rest.consume_front("[")) {
    auto [list, after] = rest.split(']');
    llvm::SmallVector<StringRef> names;
    list.split(names, ',', /*MaxSplit=*/-1, /*KeepEmpty=*/false);
    for (StringRef name : names)
      found.rules.push_back(name.trim().str());
    rest = after;
  }
  found.reason = reasonIn(rest);
  bool isOfNextLine = isAlone && (word == "ignore" || word == "fork-safe");
  uint32_t lastLine = position.endLine ? position.endLine : position.line;
  found.line = isOfNextLine ? lastLine + 1 : position.line;
  out.push_back(std::move(found));
}

std::vector<Suppression> parseSuppressions(StringRef comment, facts::Position position, bool isAlone) {
  std::vector<Suppression> found;
  parseNolint(comment, position, found);
  parseOwn(comment, position, isAlone, found);
  return found;
}

bool SuppressionComments::HandleComment(Preprocessor& preprocessor, SourceRange comment) {
  const SourceManager& sources = preprocessor.getSourceManager();
  const char* begin = sources.getCharacterData(comment.getBegin());
  size_t size = sources.getFileOffset(comment.getEnd()) - sources.getFileOffset(comment.getBegin());
  StringRef text(begin, size);
  if ((text.contains("NOLINT") || text.contains("forklint:")) &&
      !sources.isInSystemHeader(comment.getBegin()))
    comments.push_back(comment);
  return false;
}

std::vector<Suppression> SuppressionComments::take(const SourceManager& sources, Positions& positions) {
  std::vector<Suppression> found;
  for (SourceRange comment : comments) {
    auto [file, begin] = sources.getDecomposedLoc(comment.getBegin());
    unsigned end = sources.getFileOffset(comment.getEnd());
    StringRef text = sources.getBufferData(file);
    StringRef line = text.take_front(begin);
    line = line.substr(line.rfind('\n') + 1);
    facts::Position position = positions.point(comment.getBegin());
    position.endLine = sources.getLineNumber(file, end);
    position.endColumn = sources.getColumnNumber(file, end);
    for (Suppression& one : parseSuppressions(text.slice(begin, end), position, line.trim().empty()))
      found.push_back(std::move(one));
  }
  comments.clear();
  return found;
}

} // namespace forklint::cpp
