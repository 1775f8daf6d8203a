// Objects: where they are built, their constructors and destructors, lambdas, new, delete and throw.
#include "cpp-frontend/lowering.h"

#include "clang/AST/DeclCXX.h"

using namespace clang;

namespace forklint::cpp {

using facts::InstructionKind;
using facts::Operand;
using facts::ValueId;

facts::Place Lowering::temporaryPlace(const Expr* maker) {
  maker = unwrap(maker);
  auto [slot, fresh] = temporaries.try_emplace(maker, facts::Place());
  if (fresh) slot->second = local("<temporary " + std::to_string(temporaries.size()) + ">");
  return slot->second;
}

facts::Place Lowering::targetPlace(const Expr* maker) {
  Target target = scan.target(maker);
  switch (target.kind) {
  case Target::Variable: {
    const auto* variable = cast<VarDecl>(target.decl);
    return variable->hasLocalStorage() ? local(scan.name(variable)) : global(unit.symbols.global(variable));
  }
  case Target::Heap: return heapPlace(target.heap);
  case Target::Member:
    if (const auto* field = dyn_cast_or_null<FieldDecl>(target.decl))
      return fieldPlace(thisValue(at(maker)), field);
    break;
  case Target::Base: return deref(thisValue(at(maker)));
  case Target::Result: return local("<result>");
  case Target::Exception: return local("<exception>");
  case Target::Temporary: break;
  }
  return temporaryPlace(maker);
}

static bool isPlainCopy(const CXXConstructExpr& expression) {
  const CXXConstructorDecl* constructor = expression.getConstructor();
  return constructor->isTrivial() && constructor->isCopyOrMoveConstructor() && expression.getNumArgs() == 1;
}

ValueId Lowering::construct(const CXXConstructExpr& expression) {
  const CXXConstructorDecl* constructor = expression.getConstructor();
  if (expression.isElidable() && expression.getNumArgs() > 0) return value(unwrap(&expression));
  if (isPlainCopy(expression)) return builder.load(place(expression.getArg(0)), at(&expression));
  unit.classes.insert(constructor->getParent());
  std::vector<Operand> operands; // none where nothing is called
  if (!constructor->isTrivial() || constructor->isUserProvided()) {
    operands.push_back({functionValue(constructor, at(&expression)), ""});
    addArguments(llvm::ArrayRef<const Expr*>(expression.getArgs(), expression.getNumArgs()), operands);
  }
  Place place = targetPlace(&expression);
  ValueId object = emit(InstructionKind::Construct, at(&expression), std::move(operands),
                        unit.symbols.record(constructor->getParent()), place);
  if (scan.target(&expression).kind == Target::Variable) bind(place.name, object);
  addExceptionEdges(&expression);
  return object;
}

/// A list for an aggregate: its members are stored one by one. Of arrays only what is more than a number
/// counts.
ValueId Lowering::constructAggregate(const InitListExpr& written, const Place& place) {
  const InitListExpr& list =
      written.isSemanticForm() || !written.getSemanticForm() ? written : *written.getSemanticForm();
  facts::Position position = at(&list);
  const RecordDecl* record = list.getType()->getAsRecordDecl();
  if (!record) {
    ValueId array = addressOf(place, position);
    for (unsigned i = 0; i < list.getNumInits(); ++i) {
      const Expr* element = list.getInit(i);
      if (!element || element->getType()->isArithmeticType() || isa<ImplicitValueInitExpr>(element)) continue;
      facts::Place item;
      item.kind = facts::PlaceKind::Item;
      item.base = array;
      item.index = builder.constant(static_cast<int64_t>(i), position);
      initialize(item, element->getType(), element);
    }
    return array;
  }
  ValueId object = emit(InstructionKind::Construct, position, {}, unit.symbols.record(record), place);
  unsigned next = 0;
  if (const auto* derived = dyn_cast<CXXRecordDecl>(record)) {
    unit.classes.insert(derived);
    for (const CXXBaseSpecifier& base : derived->bases()) {
      const Expr* initializer = next < list.getNumInits() ? unwrap(list.getInit(next++)) : nullptr;
      if (const auto* inner = dyn_cast_or_null<InitListExpr>(initializer))
        constructAggregate(*inner, deref(object));
      else if (initializer)
        initialize(deref(object), base.getType(), initializer);
    }
  }
  fillMembers(list, *record, object, next);
  return object;
}

/// Stores what the list has for the fields of a record, from its element `next` on, as members of `object`.
void Lowering::fillMembers(const InitListExpr& list, const RecordDecl& record, ValueId object,
                           unsigned next) {
  // Members of an anonymous struct or union are members of the class around it.
  auto member = [&](const FieldDecl* field) {
    const Expr* own = next < list.getNumInits() ? list.getInit(next) : nullptr;
    if (const auto* inner = dyn_cast_or_null<InitListExpr>(own); inner && field->isAnonymousStructOrUnion()) {
      ++next;
      return fillMembers(*inner, *inner->getType()->getAsRecordDecl(), object, 0);
    }
    if (next < list.getNumInits() && list.getInit(next))
      initialize(fieldPlace(object, field), field->getType(), list.getInit(next));
    ++next;
  };
  if (record.isUnion()) {
    if (const FieldDecl* field = list.getInitializedFieldInUnion()) member(field);
    return;
  }
  for (const FieldDecl* field : record.fields())
    if (!field->isUnnamedBitField()) member(field);
}

/// The memory comes before the object: `new` calls its allocator, then the constructor. Placement `new` calls
/// nothing, its memory is what it is given.
ValueId Lowering::allocate(const CXXNewExpr& expression) {
  if (auto known = allocated.find(&expression); known != allocated.end()) return known->second;
  facts::Position position = at(&expression);
  const FunctionDecl* allocator = expression.getOperatorNew();
  if (!allocator) return allocated[&expression] = builder.unknown("memory", position);
  if (allocator->isReservedGlobalPlacementOperator())
    return allocated[&expression] = value(expression.getPlacementArg(0));
  QualType made = expression.getAllocatedType();
  bool isSized = !expression.isArray() && !made->isIncompleteType() && !made->isDependentType();
  int64_t size = isSized ? unit.ast.getTypeSizeInChars(made).getQuantity() : 0;
  std::vector<Operand> operands = {{functionValue(allocator, position), ""}};
  operands.push_back({isSized ? builder.constant(size, position) : builder.unknown("size", position), ""});
  for (const Expr* argument : expression.placement_arguments())
    operands.push_back({value(argument), ""});
  ValueId memory = emit(InstructionKind::Call, position, std::move(operands));
  addExceptionEdges(&expression);
  return allocated[&expression] = memory;
}

/// Where the object of a `new` is: the solver tells the objects of a heap apart by the place that made them.
facts::Place Lowering::heapPlace(const CXXNewExpr* expression) {
  bool isPlaced = expression && expression->getOperatorNew() &&
                  expression->getOperatorNew()->isReservedGlobalPlacementOperator();
  return deref(isPlaced ? allocate(*expression) : facts::noValue);
}

ValueId Lowering::lowerNew(const CXXNewExpr& expression) {
  ValueId memory = allocate(expression);
  const Expr* initializer = expression.getInitializer();
  if (!initializer) return memory;
  const Expr* maker = unwrap(initializer);
  if (isa<CXXConstructExpr>(maker)) return value(maker);
  if (const auto* list = dyn_cast<InitListExpr>(maker); list && list->getType()->isRecordType())
    return constructAggregate(*list, heapPlace(&expression));
  initialize(deref(memory), expression.getAllocatedType(), initializer);
  return memory;
}

ValueId Lowering::lowerDelete(const CXXDeleteExpr& expression) {
  facts::Position position = at(&expression);
  ValueId pointer = value(expression.getArgument());
  QualType destroyed = expression.getDestroyedType();
  if (!destroyed.isNull()) destroy(destroyed, deref(pointer), position);
  if (const FunctionDecl* deallocator = expression.getOperatorDelete())
    emit(InstructionKind::Call, position, {{functionValue(deallocator, position), ""}, {pointer, ""}});
  return builder.unknown("void", position);
}

ValueId Lowering::lowerLambda(const LambdaExpr& expression) {
  facts::Position position = at(&expression);
  const CXXRecordDecl* record = expression.getLambdaClass();
  lambdas.push_back(expression.getCallOperator());
  unit.classes.insert(record);
  ValueId object =
      emit(InstructionKind::Construct, position, {}, unit.symbols.record(record), targetPlace(&expression));
  auto initializer = expression.capture_init_begin();
  for (const LambdaCapture& capture : expression.captures()) {
    const Expr* init = *initializer++;
    if (!init || capture.capturesVLAType()) continue;
    facts::Place field;
    field.kind = facts::PlaceKind::Attribute;
    field.base = object;
    field.name = capture.capturesVariable() ? capture.getCapturedVar()->getNameAsString() : "this";
    builder.store(field, value(init), at(init));
  }
  return object;
}

/// The temporary that a reference is bound to. What was constructed is already where it belongs, and a
/// reference to a function is the function.
ValueId Lowering::materialize(const MaterializeTemporaryExpr& expression) {
  const Expr* maker = unwrap(expression.getSubExpr());
  if (const auto* list = dyn_cast<InitListExpr>(maker); list && list->getType()->isAggregateType())
    return constructAggregate(*list, temporaryPlace(maker));
  ValueId made = value(maker);
  if (builder.instruction(made).kind == InstructionKind::FunctionRef || isa<LambdaExpr>(maker)) return made;
  const auto* constructed = dyn_cast<CXXConstructExpr>(maker);
  if (constructed && !isPlainCopy(*constructed)) return made;
  Place place = temporaryPlace(maker);
  builder.store(place, made, at(&expression));
  return addressOf(place, at(&expression));
}

void Lowering::destroy(QualType type, const Place& place, facts::Position position) {
  type = type.getNonReferenceType();
  while (const ArrayType* array = unit.ast.getAsArrayType(type))
    type = array->getElementType();
  const CXXRecordDecl* record = type->getAsCXXRecordDecl();
  if (!record || !record->hasDefinition() || record->hasTrivialDestructor()) return;
  unit.classes.insert(record);
  if (const CXXDestructorDecl* destructor = record->getDestructor()) unit.functions.insert(destructor);
  emit(InstructionKind::Destroy, position, {}, unit.symbols.record(record), place);
}

void Lowering::destroyVariable(const VarDecl* variable, const Stmt* trigger) {
  Place place = local(scan.name(variable));
  if (auto found = extended.find(variable); found != extended.end()) place = found->second;
  facts::Position position = lastPosition;
  if (isa_and_nonnull<CompoundStmt>(trigger))
    position = unit.positions.point(trigger->getEndLoc());
  else if (trigger)
    position = at(trigger);
  destroy(variable->getType(), place, position);
  std::erase_if(state.alive, [&](const Alive& object) { return object.variable == variable; });
}

ValueId Lowering::lowerThrow(const CXXThrowExpr& expression) {
  facts::Position position = at(&expression);
  std::vector<Operand> operands;
  if (const Expr* thrown = expression.getSubExpr()) operands.push_back({value(thrown), ""});
  if (scan.tryAround(&expression) < 0)
    for (const Alive& object : llvm::reverse(state.alive))
      emit(InstructionKind::Destroy, position, {}, object.className, object.place);
  emit(InstructionKind::Raise, position, std::move(operands));
  addExceptionEdges(&expression);
  return builder.unknown("void", position);
}

} // namespace forklint::cpp
