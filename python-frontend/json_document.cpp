#include "python-frontend/json_document.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/ConvertUTF.h"

namespace forklint::python {
namespace {

constexpr unsigned deepest = 200;

class Reader {
public:
  explicit Reader(llvm::StringRef text) : text(text) {}

  std::optional<JsonBreak> run(JsonValue& into) {
    if (text.consume_front("\xEF\xBB\xBF")) begin = 3;
    bool whole = value(into, 0);
    skipBlanks();
    if (whole && at == text.size()) return std::nullopt;
    return JsonBreak{begin + at};
  }

private:
  bool value(JsonValue& into, unsigned depth) {
    skipBlanks();
    if (at == text.size() || depth > deepest) return false;
    if (text[at] == '{') return object(into, depth);
    if (text[at] == '[') return array(into, depth);
    if (text[at] == '"') return into.kind = JsonValue::Kind::String, string(into.raw);
    into.raw = text.substr(at).take_while(
        [](char c) { return llvm::isAlnum(c) || c == '-' || c == '+' || c == '.'; });
    double number = 0;
    bool isWord = into.raw == "true" || into.raw == "false" || into.raw == "null";
    if (!isWord && into.raw.getAsDouble(number)) return false;
    at += into.raw.size();
    return true;
  }

  bool object(JsonValue& into, unsigned depth) {
    into.kind = JsonValue::Kind::Object;
    ++at;
    if (taken('}')) return true;
    do {
      skipBlanks();
      auto& [key, member] = into.members.emplace_back();
      if (!string(key) || !taken(':') || !value(member, depth + 1)) return false;
    } while (taken(','));
    return taken('}');
  }

  bool array(JsonValue& into, unsigned depth) {
    into.kind = JsonValue::Kind::Array;
    ++at;
    if (taken(']')) return true;
    do
      if (!value(into.items.emplace_back(), depth + 1)) return false;
    while (taken(','));
    return taken(']');
  }

  bool string(llvm::StringRef& raw) {
    if (at == text.size() || text[at] != '"') return false;
    size_t from = ++at;
    for (; at < text.size() && text[at] != '"'; ++at) {
      if (static_cast<unsigned char>(text[at]) < 0x20) return false;
      at += text[at] == '\\';
    }
    if (at >= text.size()) return at = text.size(), false;
    raw = text.slice(from, at++);
    return true;
  }

  void skipBlanks() {
    while (at < text.size() && llvm::StringRef(" \t\r\n").contains(text[at]))
      ++at;
  }
  bool taken(char c) {
    skipBlanks();
    if (at == text.size() || text[at] != c) return false;
    ++at;
    return true;
  }

  llvm::StringRef text;
  size_t at = 0, begin = 0;
};

/// "1F600" of `\u1F600`'s four digits; nothing where they are none.
std::optional<uint32_t> takeUnit(llvm::StringRef& raw) {
  uint32_t unit = 0;
  if (raw.size() < 6 || !raw.starts_with("\\u") || raw.substr(2, 4).getAsInteger(16, unit))
    return std::nullopt;
  raw = raw.drop_front(6);
  return unit;
}

std::string inUtf8(uint32_t codePoint) {
  char buffer[4];
  char* end = buffer;
  return llvm::ConvertCodePointToUTF8(codePoint, end) ? std::string(buffer, end) : "?";
}

} // namespace

const JsonValue* JsonValue::member(llvm::StringRef name) const {
  for (const auto& [key, value] : members)
    if (key == name) return &value;
  return nullptr;
}

std::optional<JsonBreak> readJson(llvm::StringRef text, JsonValue& value) { return Reader(text).run(value); }

std::string takeJsonCharacter(llvm::StringRef& raw) {
  if (raw.front() != '\\' || raw.size() == 1) {
    std::string character = raw.take_front().str();
    raw = raw.drop_front();
    return character;
  }
  if (std::optional<uint32_t> unit = takeUnit(raw)) {
    bool isHigh = *unit >= 0xD800 && *unit < 0xDC00;
    llvm::StringRef behind = raw;
    std::optional<uint32_t> low = isHigh ? takeUnit(behind) : std::nullopt;
    if (!low || *low < 0xDC00 || *low > 0xDFFF) return inUtf8(*unit);
    raw = behind;
    return inUtf8(0x10000 + ((*unit - 0xD800) << 10) + (*low - 0xDC00));
  }
  static constexpr std::pair<char, char> escapes[] = {
      {'n', '\n'}, {'t', '\t'}, {'r', '\r'}, {'b', '\b'}, {'f', '\f'}};
  char letter = raw[1];
  raw = raw.drop_front(2);
  for (auto [from, to] : escapes)
    if (letter == from) return std::string(1, to);
  return std::string(1, letter);
}

} // namespace forklint::python
