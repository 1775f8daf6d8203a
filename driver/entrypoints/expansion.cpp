#include "driver/entrypoints/expansion.h"

#include "llvm/ADT/StringExtras.h"

namespace forklint::driver {

bool isComputed(llvm::StringRef value) { return value.find_first_of("$`") != llvm::StringRef::npos; }

/// What people write is shorter. Values that are made of each other grow without end.
static constexpr size_t longest = 1000;

/// The place of the brace that closes the one before `text`.
static size_t closingBrace(llvm::StringRef text) {
  text = text.take_front(longest);
  size_t open = 1;
  for (size_t at = 0; at < text.size(); ++at) {
    open += text[at] == '{';
    open -= text[at] == '}';
    if (!open) return at;
  }
  return llvm::StringRef::npos;
}

std::optional<Parameter> parameterAt(llvm::StringRef text) {
  llvm::StringRef rest = text;
  if (!rest.consume_front("$")) return std::nullopt;
  bool isBraced = rest.consume_front("{");
  size_t end = isBraced ? closingBrace(rest) : 0;
  if (end == llvm::StringRef::npos) return std::nullopt;
  Parameter parameter;
  parameter.name = rest.take_while([](char each) { return llvm::isAlnum(each) || each == '_'; });
  if (parameter.name.empty() || llvm::isDigit(parameter.name.front())) return std::nullopt;
  parameter.length = isBraced ? 2 + end + 1 : 1 + parameter.name.size();
  if (isBraced) parameter.word = rest.take_front(end).drop_front(parameter.name.size());
  if (parameter.word.empty()) return parameter;
  parameter.ofEmpty = parameter.word.consume_front(":");
  parameter.how = parameter.word.empty() ? ':' : parameter.word.front();
  parameter.word = parameter.word.drop_front(!parameter.word.empty());
  return parameter;
}

Variables::Variables(const Settings& settings) {
  settings.each([&](const Setting& setting) { set(setting.name, setting.value); });
}

void Variables::set(llvm::StringRef name, llvm::StringRef value) {
  bool isKnown = !isComputed(value) && value.size() <= longest;
  known[name] = isKnown ? std::optional(value.str()) : std::nullopt;
}

std::optional<std::string> Variables::valueOf(const Parameter& parameter) const {
  bool hasDefault = parameter.how == '-' || parameter.how == '=';
  auto found = known.find(parameter.name);
  bool isSet = found != known.end();
  if (isSet && !found->second) return std::nullopt;
  if (hasDefault && (!isSet || (parameter.ofEmpty && found->second->empty())))
    return defaultOf(parameter.word);
  if (!isSet || (parameter.how && parameter.how != '?' && !hasDefault)) return std::nullopt;
  return found->second;
}

/// Quotes stand around all of it or nowhere.
std::optional<std::string> Variables::defaultOf(llvm::StringRef word) const {
  for (llvm::StringRef quote : {"\"", "'"})
    if (word.size() > 1 && word.starts_with(quote) && word.ends_with(quote))
      word = word.drop_front().drop_back();
  std::string value = expanded(word);
  bool isKnown = !isComputed(value) && value.find_first_of("\"'\\") == std::string::npos;
  return isKnown ? std::optional(std::move(value)) : std::nullopt;
}

std::string Variables::expanded(llvm::StringRef text) const {
  std::string whole;
  while (!text.empty()) {
    auto [before, behind] = text.split('$');
    whole += before;
    text = text.drop_front(before.size());
    std::optional<Parameter> parameter = parameterAt(text);
    std::optional<std::string> value = parameter ? valueOf(*parameter) : std::nullopt;
    whole += value ? *value : text.take_front().str();
    text = text.drop_front(value ? parameter->length : !text.empty());
  }
  return whole;
}

} // namespace forklint::driver
