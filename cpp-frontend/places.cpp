// Places: where the memory is that a glvalue denotes, and reading and writing it.
#include "cpp-frontend/lowering.h"

#include "clang/AST/DeclCXX.h"

using namespace clang;

namespace forklint::cpp {

using facts::InstructionKind;
using facts::PlaceKind;
using facts::Position;
using facts::ValueId;

facts::Place Lowering::local(std::string name) {
  facts::Place place;
  place.kind = PlaceKind::Local;
  place.name = std::move(name);
  return place;
}

facts::Place Lowering::global(std::string name) {
  facts::Place place;
  place.kind = PlaceKind::Global;
  place.name = std::move(name);
  return place;
}

facts::Place Lowering::deref(ValueId pointer) {
  facts::Place place;
  place.kind = PlaceKind::Deref;
  place.base = pointer;
  return place;
}

ValueId Lowering::emit(InstructionKind kind, Position position, std::vector<facts::Operand> operands,
                       std::string name, Place place) {
  facts::Instruction instruction;
  instruction.kind = kind;
  instruction.position = position;
  instruction.operands = std::move(operands);
  instruction.name = std::move(name);
  instruction.place = std::move(place);
  return builder.append(std::move(instruction));
}

Position Lowering::at(const Stmt* statement) {
  if (useElsewhere) return elsewhere;
  if (!statement || statement->getBeginLoc().isInvalid()) return lastPosition;
  return unit.positions.range(statement->getSourceRange());
}

/// The variable that a glvalue names, when that variable is a value here and not memory.
const VarDecl* Lowering::singleAssignment(const Expr* glvalue) const {
  const auto* reference = dyn_cast<DeclRefExpr>(glvalue->IgnoreParens());
  if (!reference) return nullptr;
  const auto* variable = dyn_cast<VarDecl>(reference->getDecl());
  if (!variable || variable->getType()->isReferenceType() || captures.count(variable)) return nullptr;
  return scan.isValue(variable) ? variable : nullptr;
}

ValueId Lowering::thisValue(Position position) {
  ValueId self = builder.read("this", position);
  if (!capturesThis) return self;
  facts::Place captured;
  captured.kind = PlaceKind::Attribute;
  captured.base = self;
  captured.name = "this";
  return builder.load(captured, position);
}

facts::Place Lowering::fieldPlace(ValueId object, const FieldDecl* field) {
  facts::Place place;
  place.kind = PlaceKind::Attribute;
  place.base = object;
  place.name = Symbols::field(field);
  return place;
}

facts::Place Lowering::variablePlace(const VarDecl* variable, const DeclRefExpr& reference) {
  if (captures.count(variable)) {
    facts::Place field;
    field.kind = PlaceKind::Attribute;
    field.base = builder.read("this", at(&reference));
    field.name = variable->getNameAsString();
    const FieldDecl* declared = captures.lookup(variable);
    if (declared->getType()->isReferenceType()) return deref(builder.load(field, at(&reference)));
    return field;
  }
  if (!variable->hasLocalStorage()) {
    if (variable->isStaticLocal() || variable->isStaticDataMember() || !variable->hasExternalStorage())
      unit.globals.insert(variable);
    facts::Place place = global(unit.symbols.global(variable));
    return variable->getType()->isReferenceType() ? deref(builder.load(place, at(&reference))) : place;
  }
  if (variable->getType()->isReferenceType()) return deref(builder.read(scan.name(variable), at(&reference)));
  return local(scan.name(variable));
}

facts::Place Lowering::memberPlace(const MemberExpr& member) {
  const ValueDecl* declared = member.getMemberDecl();
  if (const auto* variable = dyn_cast<VarDecl>(declared)) return global(unit.symbols.global(variable));
  if (const auto* function = dyn_cast<FunctionDecl>(declared))
    return deref(functionValue(function, at(&member)));
  const auto* field = dyn_cast<FieldDecl>(declared);
  if (!field) return deref(unknownHere("a member that is no field", &member));
  // Members of an anonymous struct or union are members of the class around it.
  if (field->isAnonymousStructOrUnion())
    return member.isArrow() ? deref(value(member.getBase())) : place(member.getBase());
  const Expr* base = member.getBase();
  facts::Place result = fieldPlace(value(base), field);
  return field->getType()->isReferenceType() ? deref(builder.load(result, at(&member))) : result;
}

facts::Place Lowering::place(const Expr* expression) {
  expression = expression->IgnoreParens();
  if (const auto* reference = dyn_cast<DeclRefExpr>(expression)) {
    if (const auto* variable = dyn_cast<VarDecl>(reference->getDecl()))
      return variablePlace(variable, *reference);
    if (const auto* binding = dyn_cast<BindingDecl>(reference->getDecl())) {
      if (const Expr* bound = binding->getBinding()) return place(bound);
    }
    if (const auto* function = dyn_cast<FunctionDecl>(reference->getDecl()))
      return deref(functionValue(function, at(expression)));
  }
  if (const auto* member = dyn_cast<MemberExpr>(expression)) return memberPlace(*member);
  if (const auto* element = dyn_cast<ArraySubscriptExpr>(expression)) {
    facts::Place place;
    place.kind = PlaceKind::Item;
    place.base = value(element->getBase());
    place.index = value(element->getIdx());
    return place;
  }
  if (const auto* unary = dyn_cast<UnaryOperator>(expression)) {
    if (unary->getOpcode() == UO_Deref) return deref(value(unary->getSubExpr()));
    if (unary->isIncrementDecrementOp() || unary->getOpcode() == UO_Extension ||
        unary->getOpcode() == UO_Real)
      return place(unary->getSubExpr());
  }
  if (const auto* binary = dyn_cast<BinaryOperator>(expression)) {
    if (binary->isAssignmentOp()) return place(binary->getLHS());
    if (binary->getOpcode() == BO_Comma) return place(binary->getRHS());
  }
  if (const auto* cast = dyn_cast<CastExpr>(expression); cast && cast->isGLValue()) {
    CastKind kind = cast->getCastKind();
    if (cast->getSubExpr()->isGLValue() && kind != CK_Dynamic) return place(cast->getSubExpr());
  }
  if (const auto* full = dyn_cast<FullExpr>(expression)) return place(full->getSubExpr());
  if (isa<DeclRefExpr>(expression)) return deref(unknownHere("a name of a kind without a place", expression));
  return deref(value(expression)); // a call that gives a reference, `c ? a : b`, a temporary
}

/// The address of `*p` is `p`.
ValueId Lowering::addressOf(const Place& place, Position position) {
  if (place.kind == PlaceKind::Deref) return place.base;
  return emit(InstructionKind::AddressOf, position, {}, "", place);
}

ValueId Lowering::read(const Expr* glvalue, Position position) {
  if (const VarDecl* variable = singleAssignment(glvalue)) return builder.read(scan.name(variable), position);
  return builder.load(place(glvalue), position);
}

/// Notes for the reader of facts which variable a value went into.
void Lowering::bind(const std::string& variable, ValueId value) {
  facts::Instruction& instruction = builder.instruction(value);
  bool isOrdered =
      !(facts::fields(instruction.kind) & facts::FieldLeaf) && instruction.kind != InstructionKind::Merge;
  if (isOrdered && instruction.variable.empty()) instruction.variable = variable;
}

void Lowering::write(const Expr* glvalue, ValueId value, Position position) {
  if (const VarDecl* variable = singleAssignment(glvalue)) {
    bind(scan.name(variable), value);
    builder.write(scan.name(variable), value);
    return;
  }
  builder.store(place(glvalue), value, position);
}

} // namespace forklint::cpp
