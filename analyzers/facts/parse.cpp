// The text form, read: the lines of a unit and its chunks. Functions are in parse-function.cpp.
#include "analyzers/facts/parser.h"
#include "analyzers/facts/spelling.h"
#include "analyzers/facts/text.h"

namespace forklint::facts {
namespace {

class UnitParser {
public:
  UnitParser(const std::vector<Token>& tokens, TextError& error) : cursor(tokens, error) {}
  bool run(UnitFacts& unit);

private:
  bool line(UnitFacts& unit);
  bool header(UnitFacts& unit);
  bool file(UnitFacts& unit);
  bool gap(UnitFacts& unit, bool wholeUnit);
  bool suppression(UnitFacts& unit);
  bool chunk(UnitFacts& unit);
  bool promise(Entity& entity);
  bool entity(Chunk& chunk);
  bool symbols(List<Text>& names);
  template <typename Kind> bool kind(Kind& kind, llvm::StringRef what);

  Cursor cursor;
};

template <typename Kind> bool UnitParser::kind(Kind& kind, llvm::StringRef what) {
  if (!cursor.is(TokenKind::Word) || !fromSpelling(cursor.token().text, kind))
    return cursor.fail("unknown " + what.str() + " '" + cursor.token().text.take_front(40).str() + "'");
  cursor.advance();
  return true;
}

bool UnitParser::header(UnitFacts& unit) {
  if (!cursor.acceptWord("ffacts"))
    return cursor.fail("expected 'ffacts " + std::to_string(schemaVersion) + "' at the beginning");
  size_t offset = cursor.token().offset;
  if (!cursor.number(unit.schema, "the schema version")) return false;
  if (unit.schema != schemaVersion)
    return cursor.failAt(offset, "schema version " + std::to_string(unit.schema) + ", expected " +
                                     std::to_string(schemaVersion));
  return true;
}

bool UnitParser::file(UnitFacts& unit) {
  size_t offset = cursor.token().offset;
  uint32_t number = 0;
  if (!cursor.number(number, "the file's number")) return false;
  if (number != unit.files.size())
    return cursor.failAt(offset,
                         "files are numbered in order, expected " + std::to_string(unit.files.size()));
  return cursor.quoted(unit.files.emplace_back(), "a path");
}

bool UnitParser::gap(UnitFacts& unit, bool wholeUnit) {
  Gap& gap = unit.gaps.emplace_back();
  gap.wholeUnit = wholeUnit;
  return cursor.quoted(gap.reason, "a reason") && cursor.positionHere(gap.position);
}

bool UnitParser::suppression(UnitFacts& unit) {
  Suppression& suppression = unit.suppressions.emplace_back();
  return cursor.name(suppression.directive, "a directive") && cursor.expect("[") &&
         cursor.list("]", [&] { return cursor.name(suppression.rules.emplace_back(), "a rule"); }) &&
         cursor.quoted(suppression.reason, "a reason") && cursor.number(suppression.line, "a line") &&
         cursor.positionHere(suppression.position);
}

bool UnitParser::symbols(List<Text>& names) {
  return cursor.expect("[") &&
         cursor.list("]", [&] { return cursor.name(names.emplace_back(), "a symbol"); });
}

bool UnitParser::promise(Entity& entity) {
  Position promised;
  if (!cursor.quoted(entity.promise, "a promise") || (cursor.accept("@") && !cursor.position(promised)))
    return false;
  entity.promised = promised;
  return true;
}

bool UnitParser::entity(Chunk& chunk) {
  Entity& entity = chunk.entities.emplace_back();
  if (!kind(entity.kind, "kind of entity") || !kind(entity.linkage, "linkage") ||
      !cursor.name(entity.symbol, "a symbol"))
    return false;
  while (cursor.is(TokenKind::Word) && !cursor.token().startsLine) {
    bool good = cursor.acceptWord("display")     ? cursor.quoted(entity.display, "a name")
                : cursor.acceptWord("type")      ? cursor.quoted(entity.type, "a type")
                : cursor.acceptWord("class")     ? cursor.name(entity.klass, "a class")
                : cursor.acceptWord("bases")     ? symbols(entity.bases)
                : cursor.acceptWord("overrides") ? symbols(entity.overrides)
                : cursor.acceptWord("promise")
                    ? promise(entity)
                    : cursor.fail("expected 'display', 'type', 'class', 'bases', 'overrides' or 'promise'");
    if (!good) return false;
  }
  return cursor.positionHere(entity.position);
}

bool UnitParser::chunk(UnitFacts& unit) {
  Chunk& chunk = unit.chunks.emplace_back();
  if (!cursor.number(chunk.order, "the chunk's order")) return false;
  if (cursor.is(TokenKind::String) && !cursor.quoted(chunk.digest, "a digest")) return false;
  if (!cursor.expect("{")) return false;
  while (!cursor.accept("}")) {
    bool good =
        cursor.acceptWord("entity") ? entity(chunk) : parseFunction(cursor, chunk.functions.emplace_back());
    if (!good) return false;
  }
  return true;
}

bool UnitParser::line(UnitFacts& unit) {
  if (cursor.acceptWord("unit")) {
    if (!cursor.quoted(unit.unit, "the unit's path") || !cursor.name(unit.language, "a language"))
      return false;
    return !cursor.is(TokenKind::String) || cursor.token().startsLine ||
           cursor.quoted(unit.module, "a module");
  }
  if (cursor.acceptWord("had-errors")) return unit.hadErrors = true;
  if (cursor.acceptWord("file")) return file(unit);
  if (cursor.acceptWord("input")) {
    Input& input = unit.inputs.emplace_back();
    return cursor.quoted(input.path, "a path") && cursor.quoted(input.digest, "a digest");
  }
  if (cursor.acceptWord("root")) {
    Root& root = unit.roots.emplace_back();
    return kind(root.kind, "kind of root") && cursor.name(root.symbol, "a symbol");
  }
  if (cursor.acceptWord("gap")) return gap(unit, false);
  if (cursor.acceptWord("gap-unit")) return gap(unit, true);
  if (cursor.acceptWord("suppress")) return suppression(unit);
  if (cursor.acceptWord("chunk")) return chunk(unit);
  return cursor.fail(
      "expected 'unit', 'file', 'input', 'root', 'gap', 'gap-unit', 'suppress', 'had-errors' or 'chunk'");
}

bool UnitParser::run(UnitFacts& unit) {
  if (!header(unit)) return false;
  while (!cursor.is(TokenKind::End))
    if (!line(unit)) return false;
  if (unit.files.empty()) unit.files.push_back(unit.unit);
  return true;
}

} // namespace

llvm::Expected<UnitFacts> parse(llvm::StringRef text, llvm::StringRef file) {
  std::vector<Token> tokens;
  TextError error;
  UnitFacts unit;
  if (lex(text, tokens, error) && UnitParser(tokens, error).run(unit)) return unit;
  llvm::StringRef before = text.take_front(error.offset);
  size_t line = before.count('\n') + 1;
  size_t lineStart = before.rfind('\n');
  size_t column = before.size() - (lineStart == llvm::StringRef::npos ? 0 : lineStart + 1) + 1;
  return llvm::createStringError(llvm::inconvertibleErrorCode(), file + ":" + std::to_string(line) + ":" +
                                                                     std::to_string(column) + ": " +
                                                                     error.message);
}

} // namespace forklint::facts
