// Imports: relative names made absolute, the bound name as Python binds it, in whatever scope the statement
// stands. An import can raise, so inside of a try it ends its block like a call.

#include "python-frontend/imports.h"

#include "python-frontend/lowering.h"

#include "llvm/ADT/STLExtras.h"

namespace forklint::python {

using namespace facts;

std::string dottedName(Node dotted) {
  std::string name;
  for (Node part : dotted.children())
    name += (name.empty() ? "" : ".") + part.text().str();
  return name;
}

void Lowering::importStatement(Node node) {
  bool future = node.kind() == Kind::FutureImport;
  for (Node each : node.children(Field::Name)) {
    bool aliased = each.kind() == Kind::AliasedImport;
    Node dotted = aliased ? each.child(Field::Name) : each;
    Node bound = aliased ? each.child(Field::Alias) : dotted.first();
    std::string name = dottedName(dotted);
    if (!bound) continue;
    if (future) {
      ValueId module = emit(InstructionKind::Import, node, "__future__", {});
      bindName(bound, attribute(module, name, each), each);
      continue;
    }
    ValueId imported = raising(emit(InstructionKind::Import, each, name, {}));
    // `import a.b` initialises a.b and binds a.
    if (!aliased && dotted.children().size() > 1)
      imported = emit(InstructionKind::Import, each, bound.text().str(), {});
    bindName(bound, imported, each);
  }
}

std::string importedModule(Node name, llvm::StringRef module, bool isPackage) {
  if (name.kind() != Kind::RelativeImport) return dottedName(name);
  unsigned dots = llvm::count(name.child(Kind::ImportPrefix).text(), '.');
  llvm::StringRef base = module;
  for (unsigned up = isPackage ? 1 : 0; up < dots; ++up) {
    if (base.empty()) return "";
    base = base.contains('.') ? base.rsplit('.').first : llvm::StringRef();
  }
  std::string rest = dottedName(name.child(Kind::DottedName));
  if (base.empty()) return "";
  return rest.empty() ? base.str() : base.str() + "." + rest;
}

void Lowering::importFrom(Node node) {
  std::string from =
      importedModule(node.child(Field::ModuleName), module.source.module, module.source.package);
  if (node.child(Kind::WildcardImport)) {
    if (!from.empty()) raising(emit(InstructionKind::ImportStar, node, from, {}));
    return;
  }
  ValueId imported = from.empty()
                         ? builder.unknown("relative import beyond the top package", node.position())
                         : raising(emit(InstructionKind::Import, node.child(Field::ModuleName), from, {}));
  for (Node each : node.children(Field::Name)) {
    bool aliased = each.kind() == Kind::AliasedImport;
    Node name = aliased ? each.child(Field::Name) : each;
    Node bound = aliased ? each.child(Field::Alias) : name.first();
    if (!bound) continue;
    bindName(bound, raising(attribute(imported, dottedName(name), each)), each);
  }
}

} // namespace forklint::python
