#include "driver/entrypoints/literals.h"

#include "llvm/ADT/StringExtras.h"

namespace forklint::driver {

std::optional<llvm::StringRef> takeLiteral(llvm::StringRef& rest) {
  for (llvm::StringRef quote : {"\"\"\"", "'''", "\"", "'"}) {
    if (!rest.starts_with(quote)) continue;
    size_t end = rest.find(quote, quote.size());
    if (end == llvm::StringRef::npos) return std::nullopt;
    llvm::StringRef literal = rest.slice(quote.size(), end);
    rest = rest.drop_front(end + quote.size());
    return literal;
  }
  return std::nullopt;
}

std::vector<llvm::StringRef> takeLiterals(llvm::StringRef& rest) {
  std::vector<llvm::StringRef> literals;
  char closing = rest.starts_with("[")   ? ']'
                 : rest.starts_with("(") ? ')'
                 : rest.starts_with("{") ? '}'
                                         : '\0';
  if (!closing) {
    if (auto literal = takeLiteral(rest)) literals.push_back(*literal);
    return literals;
  }
  rest = rest.drop_front();
  while (!rest.empty() && rest.front() != closing) {
    if (rest.front() == '#')
      rest = rest.drop_until([](char c) { return c == '\n'; });
    else if (auto literal = takeLiteral(rest))
      literals.push_back(*literal);
    else
      rest = rest.drop_front();
  }
  rest = rest.drop_front(!rest.empty());
  return literals;
}

void eachMention(llvm::StringRef text, llvm::StringRef name,
                 llvm::function_ref<void(llvm::StringRef behind)> visit) {
  auto inWord = [](char c) { return llvm::isAlnum(c) || c == '_'; };
  for (size_t at = text.find(name); at != llvm::StringRef::npos; at = text.find(name, at + 1)) {
    llvm::StringRef before = text.take_front(at), behind = text.drop_front(at + name.size());
    bool isWord = (before.empty() || !inWord(before.back())) && (behind.empty() || !inWord(behind.front()));
    bool isComment =
        before.rsplit('\n').second.contains('#') || (!before.contains('\n') && before.contains('#'));
    if (isWord && !isComment) visit(behind);
  }
}

uint32_t lineOf(llvm::StringRef text, llvm::StringRef inside) {
  return 1 + text.take_front(inside.data() - text.data()).count('\n');
}

} // namespace forklint::driver
