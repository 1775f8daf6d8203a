// Names of Python that are bound to functions of C and C++ (addBoundUnits in discover.h).
#include "analyzers/link/bindings.h"
#include "driver/discover.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MemoryBuffer.h"

namespace forklint::driver {

void addBoundUnits(const Workset& workset, const link::Models& models, std::vector<facts::UnitFacts>& units) {
  std::vector<link::Importing> imports;
  llvm::StringMap<std::string> paths;
  for (const Unit& unit : workset.units) {
    paths[unit.display] = unit.path;
    if (unit.language == Language::Python) imports.push_back({unit.display, unit.imported});
  }
  auto wordsOf = [&](llvm::StringRef unit) {
    auto isPart = [](char c) { return llvm::isAlnum(c) || c == '_'; };
    llvm::StringSet<> words;
    auto path = paths.find(unit);
    if (path == paths.end()) return words;
    auto text = llvm::MemoryBuffer::getFile(path->second);
    if (!text) return words;
    for (llvm::StringRef rest = (*text)->getBuffer(); !rest.empty();) {
      llvm::StringRef word = rest.take_while(isPart);
      if (!word.empty()) words.insert(word);
      rest = rest.drop_front(std::max<size_t>(word.size(), 1));
    }
    return words;
  };
  llvm::append_range(units, link::boundUnits(units, models, imports, wordsOf));
}

} // namespace forklint::driver
