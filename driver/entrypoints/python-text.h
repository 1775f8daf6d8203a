// What a Python module says in literals: what its names are set to, and what its calls are given. What is
// computed is none, and comments and texts that look like code say nothing.
#pragma once

#include "python-frontend/syntax.h"

#include "llvm/ADT/STLFunctionalExtras.h"

#include <optional>
#include <string>
#include <vector>

namespace forklint::driver {

struct TextLiteral {
  std::string text;
  uint32_t line = 0; // from 1
  std::string file;  // empty: that of the module that is read
};

/// The module that a relative name means in another one; an absolute name means itself.
std::string absoluteModule(llvm::StringRef written, llvm::StringRef from, bool isPackage);

/// A string that is written out; nothing for another expression.
std::optional<TextLiteral> literalOf(python::Node expression);
/// The one, or those of a list, tuple or set.
std::vector<TextLiteral> literalsOf(python::Node expression);

class PythonText {
public:
  /// As Python decodes a file.
  explicit PythonText(llvm::StringRef bytes);

  /// Visits the arguments of each call of a function or method of the name.
  void eachCall(llvm::StringRef name, llvm::function_ref<void(python::Node arguments)> visit) const;
  /// Visits what `name`, `x.name`, `f(name=…)` and `{"name": …}` are set to.
  void eachSetting(llvm::StringRef name, llvm::function_ref<void(python::Node value)> visit) const;
  /// What a name of the module, or of a class at its top, is set to on every way.
  void eachBinding(llvm::StringRef name, llvm::function_ref<void(python::Node value)> visit) const;
  /// Visits what an item of the name is set to: `x["name"] = …`.
  void eachItem(llvm::StringRef name, llvm::function_ref<void(python::Node value)> visit) const;
  /// What a class at the top of the module sets an attribute to.
  std::optional<TextLiteral> attributeOf(llvm::StringRef className, llvm::StringRef attribute) const;
  /// Visits the modules of which it imports all names at its top, as they are written there (`.base`), and
  /// the lines.
  void eachStarred(llvm::function_ref<void(std::string written, uint32_t line)> visit) const;
  /// What the list of that name certainly holds when the module has been run. `imported` gives what a list of
  /// another module holds, which is named as it is written.
  using Imported = llvm::function_ref<std::vector<TextLiteral>(llvm::StringRef module, llvm::StringRef name)>;
  std::vector<TextLiteral> listNamed(llvm::StringRef name, Imported imported) const;

private:
  void eachOf(python::Kind kind, llvm::function_ref<void(python::Node node)> visit) const;

  python::Tree tree;
};

} // namespace forklint::driver
