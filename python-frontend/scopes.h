// Which scope binds each name of a module (LEGB with global, nonlocal and class bodies), which variables are
// captured, and which of those live in a `local` place because somebody may rebind them after the capture.
//
// A comprehension and a class body are lowered in the function around them: that function is their host.
// Names are taken as the compiler spells them: `__x` inside of `class C` is `_C__x`.
#pragma once

#include "analyzers/support/text.h"
#include "python-frontend/syntax.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/StringSaver.h"

#include <string>
#include <vector>

namespace forklint::python {

enum class ScopeKind : uint8_t { Module, Function, Class, Comprehension, TypeParameters };

using ScopeId = uint32_t;

/// The variable that carries a class to `__class__` and to `super()` in the functions of its body.
inline constexpr llvm::StringLiteral classCell = ".class";

struct Variable {
  bool bound = false;
  bool global = false;   // declared so here
  bool nonlocal = false; // declared so here
  bool captured = false;
  bool rebound = false; // bound twice, in a loop, or by another function
  bool boxed = false;   // lives in a local place
  uint32_t firstBinding = UINT32_MAX;
  uint32_t lastBinding = 0;
  uint32_t firstCapture = UINT32_MAX;
  Text meaning; // the whole name of what an import, or a class statement, binds it to first
};

struct Scope {
  ScopeKind kind = ScopeKind::Module;
  Node node;
  ScopeId parent = 0;
  ScopeId host = 0;
  std::string symbol; // the prefix of what is defined in it
  bool yields = false;
  llvm::StringMap<Variable> variables;
  std::vector<std::string> captures; // of a function, in order of first use
};

/// Where a name leads from a scope. `name` is its spelling there.
struct Resolution {
  enum Kind { Local, Captured, ClassName, Global, Builtin, TypeParameter } kind = Builtin;
  llvm::StringRef name;
  ScopeId owner = 0;
  const Variable* variable = nullptr;
  uint32_t capture = 0;
};

/// What a part of a module needs to know of the rest: which names the module binds, with their meanings, and
/// under which symbol the function at `definition` is known.
struct Surroundings {
  const llvm::StringMap<Text>& bound;
  bool starImport;
  uint32_t definition; // offset
  const std::string& symbol;
};

class Scopes {
public:
  Scopes(const Tree& tree, std::string module, bool isPackage, const Surroundings* rest = nullptr);

  const Scope& operator[](ScopeId id) const { return scopes[id]; }
  /// The scope that a def, lambda, class or comprehension opens.
  ScopeId of(Node node) const { return byNode.lookup(node.id()); }
  /// The symbol of a def, lambda or class.
  const std::string& symbol(Node node) const { return scopes[of(node)].symbol; }
  Resolution resolve(ScopeId from, llvm::StringRef name, uint32_t offset) const;
  /// The name as the compiler spells it in `scope`: private names of a class carry the class's name.
  llvm::StringRef spelled(ScopeId scope, llvm::StringRef name) const;
  /// The whole name of what a name means in the annotations of a function that stands in `scope`, or nothing.
  /// Names of class bodies are not looked at: a function that is read alone does not see them.
  Text meaning(ScopeId scope, llvm::StringRef name) const;
  bool importsStar() const { return starImport; }
  /// The name of a variable that is unique in its host.
  std::string key(ScopeId owner, llvm::StringRef name) const;

private:
  friend class ScopeWalk;
  ScopeId add(ScopeKind kind, Node node, ScopeId parent, std::string symbol);
  ScopeId ownerOf(ScopeId from, llvm::StringRef name, uint32_t offset) const;
  void capture(ScopeId from, ScopeId owner, llvm::StringRef name, uint32_t offset);

  std::vector<Scope> scopes; // scopes[0] is the module
  llvm::DenseMap<uint32_t, ScopeId> byNode;
  const Surroundings* rest = nullptr;
  bool starImport = false;
  mutable llvm::BumpPtrAllocator memory;
  mutable llvm::UniqueStringSaver mangled{memory};
};

} // namespace forklint::python
