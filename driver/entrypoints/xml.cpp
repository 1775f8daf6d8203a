#include "driver/entrypoints/xml.h"

#include <vector>

namespace forklint::driver {

void readXml(llvm::StringRef text, llvm::function_ref<void(const XmlElement& element)> visit) {
  std::vector<llvm::StringRef> open;
  llvm::StringRef rest = text, opened; // behind the tag that was opened last
  auto leave = [&](llvm::StringRef name, llvm::StringRef inside, uint32_t line) {
    if (!open.empty()) visit({open.back(), name, inside.trim(), line});
  };
  while (true) {
    size_t at = rest.find('<');
    if (at == llvm::StringRef::npos) return;
    llvm::StringRef before = rest.take_front(at);
    uint32_t line = 1 + text.drop_back(rest.size() - at).count('\n');
    rest = rest.drop_front(at + 1);
    if (rest.starts_with("!--")) {
      rest = rest.split("-->").second;
      continue;
    }
    llvm::StringRef tag = rest.take_until([](char c) { return c == '>'; });
    rest = rest.drop_front(std::min(rest.size(), tag.size() + 1));
    bool isEmpty = tag.consume_back("/");
    if (tag.starts_with("?") || tag.starts_with("!")) continue;
    if (tag.consume_front("/")) {
      if (open.empty() || open.back() != tag.trim()) return;
      llvm::StringRef name = open.back();
      open.pop_back();
      if (name == opened) leave(name, before, line);
      opened = "";
      continue;
    }
    llvm::StringRef name = tag.take_until([](char c) { return c == ' ' || c == '\t' || c == '\n'; });
    if (isEmpty) {
      leave(name, "", line);
      opened = "";
    } else {
      open.push_back(name);
      opened = name;
    }
  }
}

} // namespace forklint::driver
