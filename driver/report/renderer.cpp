#include "driver/report/renderer.h"

#include "llvm/ADT/STLExtras.h"

namespace forklint::driver {
namespace {

struct Format {
  llvm::StringRef name;
  std::unique_ptr<Renderer> (*make)();
};

const Format formats[] = {
    {"full", makeFullRenderer},
    {"concise", makeConciseRenderer},
    {"json", makeJsonRenderer},
    {"json-lines", makeJsonLinesRenderer},
};

} // namespace

std::unique_ptr<Renderer> makeRenderer(llvm::StringRef format) {
  const Format* found = llvm::find_if(formats, [&](const Format& each) { return each.name == format; });
  return found == std::end(formats) ? nullptr : found->make();
}

llvm::ArrayRef<llvm::StringRef> formatNames() {
  static const llvm::StringRef names[] = {"full", "concise", "json", "json-lines"};
  static_assert(std::size(names) == std::size(formats));
  return names;
}

std::string functionName(llvm::StringRef symbol) {
  auto [module, statement] = symbol.rsplit(".<");
  unsigned order = 0;
  if (statement.consume_back(">") && !statement.getAsInteger(10, order)) return module.str();
  std::string name = symbol.str();
  for (const llvm::StringRef inner : {".<locals>", ".<deep>"})
    for (size_t at; (at = name.find(inner)) != std::string::npos;)
      name.erase(at, inner.size());
  return name;
}

std::string coverageLine(const check::Summary& summary) {
  auto units = [](uint32_t number, const char* language) {
    return std::to_string(number) + " " + language + (number == 1 ? " unit" : " units");
  };
  auto gap = [](uint32_t number, const char* thing, const char* what) {
    if (!number) return std::string();
    return "; " + std::to_string(number) + thing + (thing[0] && number > 1 ? "s" : "") +
           (number == 1 ? " was " : " were ") + what;
  };
  uint32_t parts = summary.pythonUnits + summary.cppUnits - summary.complete - summary.cutUnits;
  std::string gaps = gap(parts, "", "analysed only in part") +
                     gap(summary.lostUnits, " other", "not analysed") +
                     gap(summary.closedFolders, " folder", "not readable") +
                     gap(summary.cutRoots, " root", "cut at the work bound") +
                     gap(summary.cutFunctions, " function", "left at the work bound");
  return "checked " + units(summary.pythonUnits, "Python") + " and " + units(summary.cppUnits, "C and C++") +
         (gaps.empty() ? "; all were analysed" : gaps);
}

} // namespace forklint::driver
