// The binary form: magic, schema version, a table of strings, then the unit. One description of the members
// of each type serves writing and reading. Reading never reserves by a count that the bytes claim: every
// element takes at least one byte, and strings in the table are short, so memory stays linear in the input.
#include "analyzers/facts/codec.h"

#include "analyzers/facts/spelling.h"
#include "analyzers/facts/verifier.h"

#include <bit>
#include <type_traits>
#include <unordered_map>

namespace forklint::facts {
namespace {

constexpr llvm::StringLiteral magic = "FFCT";
/// A longer string is written where it is used: few bytes must not claim much memory again and again.
constexpr size_t longestShared = 1024;

class Writer {
public:
  static constexpr bool reads = false;

  void number(uint64_t value) { putNumber(body, value); }
  void text(llvm::StringRef text) {
    if (text.size() > longestShared) {
      number(0);
      putText(body, text);
      return;
    }
    auto [entry, isNew] = indices.try_emplace(text.str(), indices.size() + 1);
    if (isNew) putText(table, text);
    number(entry->second);
  }
  std::string take() {
    std::string bytes = magic.str();
    putNumber(bytes, schemaVersion);
    putNumber(bytes, indices.size());
    return bytes + table + body;
  }

private:
  static void putNumber(std::string& out, uint64_t value) {
    for (; value >= 0x80; value >>= 7)
      out += static_cast<char>(value | 0x80);
    out += static_cast<char>(value);
  }
  static void putText(std::string& out, llvm::StringRef text) {
    putNumber(out, text.size());
    out += text;
  }

  std::unordered_map<std::string, size_t> indices;
  std::string table, body;
};

class Reader {
public:
  static constexpr bool reads = true;
  explicit Reader(llvm::StringRef bytes) : rest(bytes), size(bytes.size()) {}

  bool header();
  uint64_t number();
  llvm::StringRef text();
  void fail(const char* why) {
    if (failure.empty()) failure = (llvm::Twine(why) + " at byte " + llvm::Twine(size - rest.size())).str();
  }
  bool failed() const { return !failure.empty(); }
  const std::string& why() const { return failure; }
  bool atEnd() const { return rest.empty(); }

private:
  llvm::StringRef bytes();

  llvm::StringRef rest;
  size_t size;
  std::vector<llvm::StringRef> table;
  std::string failure;
};

uint64_t Reader::number() {
  uint64_t value = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    if (rest.empty() || failed()) break;
    unsigned char byte = static_cast<unsigned char>(rest.front());
    rest = rest.drop_front();
    value |= static_cast<uint64_t>(byte & 0x7f) << shift;
    if (byte < 0x80) return value;
  }
  fail(rest.empty() ? "the bytes end" : "a number is too long");
  return 0;
}

llvm::StringRef Reader::bytes() {
  uint64_t length = number();
  if (length > rest.size()) {
    fail("a string is longer than the bytes");
    return {};
  }
  llvm::StringRef text = rest.take_front(length);
  rest = rest.drop_front(length);
  return text;
}

llvm::StringRef Reader::text() {
  uint64_t index = number();
  if (index == 0) return bytes();
  if (index <= table.size()) return table[index - 1];
  fail("no such string");
  return {};
}

bool Reader::header() {
  if (!rest.consume_front(magic))
    fail("these are no facts");
  else if (uint64_t version = number(); version != schemaVersion)
    fail("another schema version");
  for (uint64_t count = failed() ? 0 : number(); count > 0 && !failed(); --count) {
    table.push_back(bytes());
    if (table.back().size() > longestShared) fail("a string of the table is too long");
  }
  return !failed();
}

// The members of each type, in order. `A` is Writer or Reader; a Writer sees const objects.

template <typename A, typename N> void transferNumber(A& archive, N& number) {
  if constexpr (!A::reads) {
    archive.number(static_cast<uint64_t>(number));
  } else {
    uint64_t value = archive.number();
    if (static_cast<uint64_t>(static_cast<N>(value)) != value)
      return archive.fail("a number is out of range");
    number = static_cast<N>(value);
  }
}

template <typename A, typename E> void transferKind(A& archive, E& kind, unsigned count) {
  if constexpr (!A::reads) {
    archive.number(static_cast<uint64_t>(kind));
  } else {
    uint64_t value = archive.number();
    if (value >= count) return archive.fail("no such kind");
    kind = static_cast<E>(value);
  }
}

template <typename A, typename B> void transferFlag(A& archive, B& flag) {
  if constexpr (!A::reads)
    archive.number(flag);
  else if (uint64_t value = archive.number(); value > 1)
    archive.fail("neither true nor false");
  else
    flag = value;
}

/// A value, noValue first so that it takes one byte.
template <typename A, typename V> void transferValue(A& archive, V& value) {
  uint32_t shifted = value + 1;
  transferNumber(archive, shifted);
  if constexpr (A::reads) value = shifted - 1;
}

template <typename A, typename V, typename Each> void transferList(A& archive, V& list, Each each) {
  if constexpr (!A::reads) {
    archive.number(list.size());
    for (const auto& item : list)
      each(item);
  } else {
    for (uint64_t count = archive.number(); count > 0 && !archive.failed(); --count)
      each(list.emplace_back());
  }
}

template <typename A, typename S> void transferText(A& archive, S& text) {
  if constexpr (A::reads)
    text = S(archive.text());
  else
    archive.text(text);
}

template <typename A, typename V> void transferTexts(A& archive, V& texts) {
  transferList(archive, texts, [&](auto& text) { transferText(archive, text); });
}

template <typename A, typename P> void transferPosition(A& archive, P& position) {
  transferNumber(archive, position.file);
  transferNumber(archive, position.line);
  transferNumber(archive, position.column);
  uint32_t lines = position.endLine - position.line; // modulo 2^32, small as a rule
  transferNumber(archive, lines);
  transferNumber(archive, position.endColumn);
  if constexpr (A::reads) position.endLine = position.line + lines;
}

template <typename A, typename T> void transferAlternative(A& archive, T& value) {
  using Type = std::remove_const_t<T>;
  if constexpr (std::is_same_v<Type, bool>) {
    transferFlag(archive, value);
  } else if constexpr (std::is_same_v<Type, int64_t> || std::is_same_v<Type, double>) {
    uint64_t bits = std::bit_cast<uint64_t>(value);
    if constexpr (std::is_same_v<Type, int64_t>)
      bits = (bits << 1) ^ (0 - (bits >> 63)); // small magnitudes take few bytes
    transferNumber(archive, bits);
    if constexpr (A::reads && std::is_same_v<Type, int64_t>) bits = (bits >> 1) ^ (0 - (bits & 1));
    if constexpr (A::reads) value = std::bit_cast<Type>(bits);
  } else if constexpr (std::is_same_v<Type, Text>) {
    transferText(archive, value);
  } else if constexpr (std::is_same_v<Type, Bytes>) {
    transferText(archive, value.data);
  }
}

template <size_t index = 0> bool chooseAlternative(Literal& literal, uint64_t chosen) {
  if constexpr (index < std::variant_size_v<Literal>) {
    if (chosen != index) return chooseAlternative<index + 1>(literal, chosen);
    literal.emplace<index>();
    return true;
  }
  return false;
}

template <typename A, typename L> void transferLiteral(A& archive, L& literal) {
  if constexpr (!A::reads)
    archive.number(literal.index());
  else if (!chooseAlternative(literal, archive.number()))
    return archive.fail("no such literal");
  std::visit([&](auto& value) { transferAlternative(archive, value); }, literal);
}

template <typename A, typename P> void transferPlace(A& archive, P& place) {
  transferKind(archive, place.kind, placeKinds);
  PlaceFields parts = fields(place.kind);
  if (parts.base) transferValue(archive, place.base);
  if (parts.name) transferText(archive, place.name);
  if (parts.index) transferValue(archive, place.index);
}

template <typename A, typename I> void transferInstruction(A& archive, I& instruction) {
  transferKind(archive, instruction.kind, instructionKinds);
  transferPosition(archive, instruction.position);
  transferText(archive, instruction.variable);
  uint32_t mask = fields(instruction.kind);
  if (mask & FieldName) transferText(archive, instruction.name);
  if (mask & FieldIndex) transferNumber(archive, instruction.index);
  if (mask & FieldLiteral) transferLiteral(archive, instruction.literal);
  if (mask & FieldPlace) transferPlace(archive, instruction.place);
  if (mask & FieldOperands)
    transferList(archive, instruction.operands, [&](auto& operand) {
      transferValue(archive, operand.value);
      transferText(archive, operand.keyword);
      transferKind(archive, operand.spread, static_cast<unsigned>(Spread::Keywords) + 1);
      if (operand.keyword.empty()) return;
      Position position = operand.position;
      transferPosition(archive, position);
      if constexpr (A::reads) operand.position = position;
    });
}

template <typename A, typename E> void transferEdge(A& archive, E& edge) {
  transferKind(archive, edge.kind, static_cast<unsigned>(EdgeKind::Exception) + 1);
  transferNumber(archive, edge.target);
  transferValue(archive, edge.value);
  transferKind(archive, edge.relation, relations);
  transferLiteral(archive, edge.literal);
  transferList(archive, edge.types, [&](auto& type) { transferValue(archive, type); });
}

template <typename A, typename B> void transferBlock(A& archive, B& block) {
  transferList(archive, block.predecessors, [&](auto& from) { transferNumber(archive, from); });
  transferList(archive, block.instructions, [&](auto& value) { transferNumber(archive, value); });
  transferList(archive, block.edges, [&](auto& edge) { transferEdge(archive, edge); });
}

template <typename A, typename F> void transferFunction(A& archive, F& function) {
  transferText(archive, function.symbol);
  transferKind(archive, function.kind, functionKinds);
  transferPosition(archive, function.position);
  transferList(archive, function.parameters, [&](auto& parameter) {
    transferText(archive, parameter.name);
    transferKind(archive, parameter.kind, static_cast<unsigned>(ParameterKind::VariadicKeywords) + 1);
    transferFlag(archive, parameter.hasDefault);
    transferText(archive, parameter.type);
    transferText(archive, parameter.klass);
  });
  transferText(archive, function.returns);
  transferTexts(archive, function.captures);
  transferList(archive, function.instructions, [&](auto& each) { transferInstruction(archive, each); });
  transferList(archive, function.blocks, [&](auto& block) { transferBlock(archive, block); });
}

template <typename A, typename C> void transferChunk(A& archive, C& chunk) {
  transferNumber(archive, chunk.order);
  transferText(archive, chunk.digest);
  transferList(archive, chunk.entities, [&](auto& entity) {
    transferText(archive, entity.symbol);
    transferKind(archive, entity.kind, entityKinds);
    transferKind(archive, entity.linkage, linkages);
    transferPosition(archive, entity.position);
    transferText(archive, entity.display);
    transferText(archive, entity.type);
    transferText(archive, entity.klass);
    transferTexts(archive, entity.bases);
    transferTexts(archive, entity.overrides);
    transferText(archive, entity.promise);
    if (entity.promise.empty()) return;
    Position promised = entity.promised;
    transferPosition(archive, promised);
    if constexpr (A::reads) entity.promised = promised;
  });
  transferList(archive, chunk.functions, [&](auto& function) { transferFunction(archive, function); });
}

template <typename A, typename U> void transferUnit(A& archive, U& unit) {
  transferText(archive, unit.unit);
  transferText(archive, unit.language);
  transferText(archive, unit.module);
  transferFlag(archive, unit.hadErrors);
  transferTexts(archive, unit.files);
  transferList(archive, unit.inputs, [&](auto& input) {
    transferText(archive, input.path);
    transferText(archive, input.digest);
  });
  transferList(archive, unit.roots, [&](auto& root) {
    transferKind(archive, root.kind, rootKinds);
    transferText(archive, root.symbol);
  });
  transferList(archive, unit.gaps, [&](auto& gap) {
    transferPosition(archive, gap.position);
    transferText(archive, gap.reason);
    transferFlag(archive, gap.wholeUnit);
  });
  transferList(archive, unit.suppressions, [&](auto& suppression) {
    transferPosition(archive, suppression.position);
    transferText(archive, suppression.directive);
    transferTexts(archive, suppression.rules);
    transferText(archive, suppression.reason);
    transferNumber(archive, suppression.line);
  });
  transferList(archive, unit.chunks, [&](auto& chunk) { transferChunk(archive, chunk); });
}

} // namespace

std::string encode(const UnitFacts& unit) {
  Writer writer;
  transferUnit(writer, unit);
  return writer.take();
}

llvm::Expected<UnitFacts> decode(llvm::StringRef bytes) {
  Reader reader(bytes);
  UnitFacts unit;
  if (reader.header()) transferUnit(reader, unit);
  if (!reader.failed() && !reader.atEnd()) reader.fail("more bytes than facts");
  if (reader.failed()) return llvm::createStringError(llvm::inconvertibleErrorCode(), reader.why());
  if (llvm::Error broken = verify(unit)) return broken;
  return unit;
}

} // namespace forklint::facts
