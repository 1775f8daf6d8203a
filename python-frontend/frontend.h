// Python source to facts, for one module. Deterministic: the same source gives the same facts, whatever else
// is analysed. Knows the grammar of Python 3.8 to 3.14 and no library.
#pragma once

#include "analyzers/facts/facts.h"
#include "analyzers/facts/unread.h"

#include "llvm/ADT/StringRef.h"

#include <memory>
#include <string>

namespace forklint::python {

struct ModuleSource {
  std::string path;
  std::string module;   // dotted name
  bool package = false; // an __init__.py
  llvm::StringRef text;
};

/// Never fails: what can not be parsed is a gap, the rest is lowered.
facts::UnitFacts extract(const ModuleSource& source);

/// The same without the bodies of functions that can be read later, which `unread` knows. Where none can be,
/// it is null.
struct Outline {
  facts::UnitFacts facts;
  std::unique_ptr<facts::UnreadBodies> unread;
};
Outline extractOutline(const ModuleSource& source);

/// As `extract`, for a notebook (.ipynb), whose `text` is the file: its code cells in order. Places are those
/// in the file. What is no notebook is a gap.
facts::UnitFacts extractNotebook(const ModuleSource& source);
/// The Python of a notebook; what is none has none.
std::string notebookText(llvm::StringRef file);

} // namespace forklint::python
