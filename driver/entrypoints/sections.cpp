#include "driver/entrypoints/sections.h"

namespace forklint::driver {

/// The next line, with those that a backslash at its end carries on; `line` counts them.
static std::string nextLine(llvm::StringRef& rest, uint32_t& line) {
  std::string whole;
  while (true) {
    auto [first, behind] = rest.split('\n');
    rest = behind;
    ++line;
    llvm::StringRef text = first.rtrim(" \t\r");
    bool goesOn = text.consume_back("\\") && !rest.empty();
    whole += text;
    if (!goesOn) return whole;
    whole += ' ';
  }
}

void readSections(llvm::StringRef text,
                  llvm::function_ref<void(const SectionLine& line, bool continues)> visit) {
  text.consume_front("\xEF\xBB\xBF");
  std::string section, key;
  for (uint32_t line = 0; !text.empty();) {
    uint32_t begin = line + 1;
    std::string whole = nextLine(text, line);
    llvm::StringRef trimmed = llvm::StringRef(whole).trim();
    if (trimmed.empty() || trimmed.starts_with("#") || trimmed.starts_with(";")) continue;
    if (trimmed.starts_with("[") && trimmed.contains(']')) {
      section = trimmed.drop_front().split(']').first.str();
      key.clear();
      continue;
    }
    bool continues = (whole[0] == ' ' || whole[0] == '\t') && !key.empty();
    if (continues) {
      visit({section, key, trimmed.str(), begin}, true);
      continue;
    }
    size_t sign = trimmed.find_first_of("=:");
    key = trimmed.take_front(sign).rtrim().str();
    std::string value = sign == llvm::StringRef::npos ? "" : trimmed.drop_front(sign + 1).ltrim().str();
    visit({section, key, std::move(value), begin}, false);
  }
}

} // namespace forklint::driver
