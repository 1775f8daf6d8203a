// Entities. A field is a global named CLASS::FIELD; its type is what the solver asks for.
#include "cpp-frontend/entities.h"

#include "cpp-frontend/contracts.h"

#include "clang/AST/DeclCXX.h"

using namespace clang;

namespace forklint::cpp {

using facts::Entity;
using facts::EntityKind;

Entity functionEntity(UnitContext& unit, const FunctionDecl* function) {
  Entity entity;
  entity.symbol = unit.symbols.function(function);
  entity.kind = EntityKind::Function;
  entity.linkage = Symbols::linkage(function);
  entity.position = unit.positions.point(function->getLocation());
  entity.display = unit.symbols.display(function);
  if (const auto* method = dyn_cast<CXXMethodDecl>(function))
    for (const CXXMethodDecl* overridden : method->overridden_methods())
      entity.overrides.push_back(unit.symbols.function(overridden));
  addPromise(unit, function, entity);
  return entity;
}

Entity globalEntity(UnitContext& unit, const VarDecl* variable) {
  Entity entity;
  entity.symbol = unit.symbols.global(variable);
  entity.kind = EntityKind::Global;
  entity.linkage = Symbols::linkage(variable);
  entity.position = unit.positions.point(variable->getLocation());
  entity.display = variable->getQualifiedNameAsString();
  entity.type = unit.symbols.type(variable->getType());
  return entity;
}

std::vector<Entity> classEntities(UnitContext& unit, const CXXRecordDecl* record, bool membersToo) {
  Entity entity;
  entity.symbol = unit.symbols.record(record);
  entity.kind = EntityKind::Class;
  entity.linkage = Symbols::linkage(record);
  entity.position = unit.positions.point(record->getLocation());
  entity.display = unit.symbols.display(record);
  for (const CXXBaseSpecifier& base : record->bases())
    if (const CXXRecordDecl* of = base.getType()->getAsCXXRecordDecl())
      entity.bases.push_back(unit.symbols.record(of));
  std::vector<Entity> entities = {entity};
  if (!membersToo) return entities;
  for (const FieldDecl* field : record->fields()) {
    std::string name = Symbols::field(field);
    if (name.empty()) continue;
    Entity member;
    member.symbol = entity.symbol + "::" + name;
    member.kind = EntityKind::Global;
    member.linkage = facts::Linkage::None;
    member.position = unit.positions.point(field->getLocation());
    member.display = name;
    member.type = unit.symbols.type(field->getType());
    entities.push_back(std::move(member));
  }
  for (const CXXMethodDecl* method : record->methods())
    if (method->isVirtual() && !method->isImplicit()) entities.push_back(functionEntity(unit, method));
  return entities;
}

} // namespace forklint::cpp
