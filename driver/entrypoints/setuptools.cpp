// What setuptools reads: entry_points of setup.cfg, entry_points.txt of an installed package or a wheel, and
// setup.py where it is literal.
#include "driver/entrypoints/declarations.h"
#include "driver/entrypoints/literals.h"
#include "driver/entrypoints/sections.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

namespace forklint::driver {
namespace {

constexpr llvm::StringLiteral groups[] = {"console_scripts", "gui_scripts"};

/// "name = package.module:function [extra]".
void addLine(llvm::StringRef line, const std::string& file, uint32_t number, Declarations& found) {
  auto [name, target] = line.split('=');
  target = target.split('[').first.trim();
  if (!name.trim().empty() && !target.empty())
    found.functions.push_back({name.trim().str(), target.str(), {file, number}});
}

} // namespace

void readSetupCfg(const DeclaringFile& file, Declarations& found) {
  readSections(file.text, [&](const SectionLine& line, bool) {
    if (line.section == "options.entry_points" && llvm::is_contained(groups, line.key))
      addLine(line.value, file.path, line.line, found);
  });
}

void readEntryPointsTxt(const DeclaringFile& file, Declarations& found) {
  readSections(file.text, [&](const SectionLine& line, bool) {
    if (llvm::is_contained(groups, line.section))
      addLine((line.key + "=" + line.value).str(), file.path, line.line, found);
  });
}

/// `console_scripts=[…]`, `"console_scripts": […]`, or the same as one text in the form of entry_points.txt.
void readSetupPy(const DeclaringFile& file, Declarations& found) {
  for (llvm::StringRef group : groups)
    for (size_t at = file.text.find(group); at != llvm::StringRef::npos; at = file.text.find(group, at + 1)) {
      llvm::StringRef rest = file.text.drop_front(at + group.size());
      bool inText = rest.consume_front("]");
      if (inText) {
        llvm::StringRef lines = rest.take_until([](char c) { return c == '[' || c == '"' || c == '\''; });
        for (llvm::StringRef line : llvm::split(lines, '\n'))
          addLine(line, file.path, lineOf(file.text, line), found);
        continue;
      }
      rest = rest.ltrim("\"' \t\n");
      if (!rest.consume_front(":") && !rest.consume_front("=")) continue;
      rest = rest.ltrim();
      if (!rest.starts_with("[")) continue;
      for (llvm::StringRef line : takeLiterals(rest))
        addLine(line, file.path, lineOf(file.text, line), found);
    }
}

} // namespace forklint::driver
