// Resolution of names once the walk (scope_walk.cpp) has said what each scope binds.

#include "python-frontend/scopes.h"

#include "llvm/ADT/STLExtras.h"

namespace forklint::python {

ScopeId Scopes::add(ScopeKind kind, Node node, ScopeId parent, std::string symbol) {
  ScopeId id = scopes.size();
  scopes.emplace_back();
  Scope& scope = scopes.back();
  scope.kind = kind;
  scope.node = node;
  scope.parent = parent;
  bool own = kind == ScopeKind::Module || kind == ScopeKind::Function;
  scope.host = own ? id : scopes[parent].host;
  scope.symbol = std::move(symbol);
  return id;
}

std::string Scopes::key(ScopeId owner, llvm::StringRef name) const {
  const Scope& scope = scopes[owner];
  if (scope.host == owner) return name.str();
  facts::Position at = scope.node.position();
  return name.str() + "@" + std::to_string(at.line) + ":" + std::to_string(at.column);
}

llvm::StringRef Scopes::spelled(ScopeId scope, llvm::StringRef name) const {
  if (!name.starts_with("__") || name.ends_with("__")) return name;
  while (scope != 0 && scopes[scope].kind != ScopeKind::Class)
    scope = scopes[scope].parent;
  if (scope == 0) return name;
  llvm::StringRef around = scopes[scope].node.child(Field::Name).text().ltrim('_');
  return around.empty() ? name : mangled.save("_" + around + name);
}

/// A class body's names are seen in the body itself only, and there only after they were bound; the class
/// itself is seen in the functions of the body only.
ScopeId Scopes::ownerOf(ScopeId from, llvm::StringRef name, uint32_t offset) const {
  bool isCell = name == classCell, insideFunction = false;
  for (ScopeId id = from; id != 0; id = scopes[id].parent) {
    const Scope& scope = scopes[id];
    if (isCell && scope.kind == ScopeKind::Class && insideFunction) return id;
    insideFunction |= scope.kind == ScopeKind::Function;
    auto found = scope.variables.find(name);
    if (found == scope.variables.end()) continue;
    const Variable& variable = found->second;
    if (variable.global) return 0;
    if (variable.nonlocal || !variable.bound) continue;
    if (scope.kind != ScopeKind::Class || (id == from && variable.firstBinding <= offset)) return id;
  }
  return 0;
}

/// Every function between the use and the owner's host carries the variable along.
void Scopes::capture(ScopeId from, ScopeId owner, llvm::StringRef name, uint32_t offset) {
  std::string variable = key(owner, name);
  ScopeId outermost = scopes[from].host;
  for (ScopeId host = outermost; host != scopes[owner].host; host = scopes[scopes[host].parent].host) {
    if (!llvm::is_contained(scopes[host].captures, variable)) scopes[host].captures.push_back(variable);
    outermost = host;
  }
  Variable& captured = scopes[owner].variables[name];
  captured.captured = true;
  captured.firstCapture = std::min(captured.firstCapture, scopes[outermost].node.span().begin);
}

Text Scopes::meaning(ScopeId scope, llvm::StringRef name) const {
  name = spelled(scope, name);
  for (ScopeId id = scope; id != 0; id = scopes[id].parent) {
    auto found = scopes[id].variables.find(name);
    bool isClass = scopes[id].kind == ScopeKind::Class;
    if (isClass || found == scopes[id].variables.end()) continue;
    if (found->second.global) break;
    if (found->second.bound) return found->second.meaning;
  }
  auto found = scopes[0].variables.find(name);
  if (found != scopes[0].variables.end() && !found->second.meaning.empty()) return found->second.meaning;
  return rest ? rest->bound.lookup(name) : Text();
}

static bool isModuleDunder(llvm::StringRef name) {
  return name == "__name__" || name == "__file__" || name == "__doc__" || name == "__package__" ||
         name == "__spec__" || name == "__loader__" || name == "__path__" || name == "__builtins__" ||
         name == "__annotations__" || name == "__cached__";
}

Resolution Scopes::resolve(ScopeId from, llvm::StringRef name, uint32_t offset) const {
  name = spelled(from, name);
  ScopeId owner = ownerOf(from, name, offset);
  if (owner == 0 && name == "__class__" && ownerOf(from, classCell, offset)) {
    name = classCell;
    owner = ownerOf(from, name, offset);
  }
  if (owner == 0) {
    auto found = scopes[0].variables.find(name);
    bool bound = found != scopes[0].variables.end() && found->second.bound;
    bound |= rest && rest->bound.contains(name);
    if (bound || starImport || isModuleDunder(name)) return {Resolution::Global, name};
    return {Resolution::Builtin, name};
  }
  const Scope& scope = scopes[owner];
  const Variable* variable = &scope.variables.find(name)->second;
  if (scope.kind == ScopeKind::TypeParameters) return {Resolution::TypeParameter, name, owner, variable};
  if (scope.kind == ScopeKind::Class && name != classCell)
    return {Resolution::ClassName, name, owner, variable};
  ScopeId host = scopes[from].host;
  if (scope.host == host) return {Resolution::Local, name, owner, variable};
  const std::vector<std::string>& captures = scopes[host].captures;
  auto at = llvm::find(captures, key(owner, name));
  return {Resolution::Captured, name, owner, variable, uint32_t(at - captures.begin())};
}

} // namespace forklint::python
