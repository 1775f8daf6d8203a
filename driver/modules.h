// Python's names for files: which folder is on the import path, and what a file is called below it.
#pragma once

#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/StringSet.h"

#include <string>
#include <vector>

namespace forklint::driver {

struct ModuleName {
  std::string module;
  std::string importRoot; // absolute
};

/// `a.b` of `a.b.c`; empty for a name without a dot.
inline llvm::StringRef parentName(llvm::StringRef name) {
  size_t dot = name.rfind('.');
  return dot == llvm::StringRef::npos ? llvm::StringRef() : name.take_front(dot);
}

/// The modules that a source imports, as far as lines tell: `import a.b` gives a.b; `from a import b, c`
/// gives a, a.b and a.c. Relative names keep their dots.
std::vector<std::string> importedNames(llvm::StringRef source);

/// The absolute form of a name from `importedNames`, as imported in `module`.
std::string absoluteName(llvm::StringRef imported, llvm::StringRef module, bool isPackage);

/// The absolute names that an import, as `importedNames` gives it, uses in `file`. A relative one means that
/// its file lies in a package, with or without __init__.py, so it uses the name of the file too.
std::vector<std::string> namesByImport(llvm::StringRef imported, llvm::StringRef file,
                                       llvm::StringRef project);

/// The line that says that a source is run as a program: its `#!`, or its test of `__name__`; the first of
/// what is run by its name (`__main__.py`). 0: there is none.
uint32_t mainLineOf(llvm::StringRef file, llvm::StringRef source);

/// Packages are the chain of folders with __init__.py. Folders without one (PEP 420) belong to the name only
/// where somebody in the program imports it so: `imported` are all absolute names that are imported, or named
/// by the commands that start programs, with their prefixes. Such a name begins at the project, at a folder
/// with its own pyproject.toml or setup file, or at their `src`. A notebook is no module that can be
/// imported: its name is its path below the project in brackets.
ModuleName moduleNameOf(llvm::StringRef file, llvm::StringRef project, const llvm::StringSet<>& imported);

} // namespace forklint::driver
