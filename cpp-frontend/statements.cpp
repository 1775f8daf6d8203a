// Elements of the control flow graph that are no expressions: declarations, initialisers of members, implicit
// destructors, return, assembler.
#include "cpp-frontend/lowering.h"

#include "clang/AST/Stmt.h"
#include "clang/AST/StmtOpenMP.h"
#include "clang/Basic/OpenMPKinds.h"

using namespace clang;

namespace forklint::cpp {

using facts::InstructionKind;
using facts::ValueId;

void Lowering::lowerElement(const CFGElement& element) {
  switch (element.getKind()) {
  case CFGElement::Statement:
  case CFGElement::Constructor:
  case CFGElement::CXXRecordTypedCall: return lowerStatement(element.castAs<CFGStmt>().getStmt());
  case CFGElement::Initializer: return lowerInitializer(*element.castAs<CFGInitializer>().getInitializer());
  case CFGElement::NewAllocator: {
    const CXXNewExpr* made = element.castAs<CFGNewAllocator>().getAllocatorExpr();
    lastPosition = at(made);
    allocate(*made);
    return;
  }
  case CFGElement::AutomaticObjectDtor: {
    auto object = element.castAs<CFGAutomaticObjDtor>();
    return destroyVariable(object.getVarDecl(), object.getTriggerStmt());
  }
  case CFGElement::TemporaryDtor: {
    const CXXBindTemporaryExpr* bound = element.castAs<CFGTemporaryDtor>().getBindTemporaryExpr();
    facts::Position position = at(bound);
    bool isOfDefaultArgument = position.file != builder.body().position.file;
    destroy(bound->getType(), temporaryPlace(bound->getSubExpr()),
            isOfDefaultArgument ? lastPosition : position);
    if (scan.conditionalTemporaries().contains(bound))
      builder.write(flagName(bound), builder.constant(false, lastPosition));
    return;
  }
  case CFGElement::BaseDtor: {
    const CXXBaseSpecifier* base = element.castAs<CFGBaseDtor>().getBaseSpecifier();
    return destroy(base->getType(), deref(thisValue(lastPosition)), lastPosition);
  }
  case CFGElement::MemberDtor: {
    const FieldDecl* field = element.castAs<CFGMemberDtor>().getFieldDecl();
    if (field->isAnonymousStructOrUnion()) return; // its members are the class's own
    return destroy(field->getType(), fieldPlace(thisValue(lastPosition), field), lastPosition);
  }
  case CFGElement::CleanupFunction: {
    auto cleanup = element.castAs<CFGCleanupFunction>();
    facts::Position position = unit.positions.range(cleanup.getVarDecl()->getSourceRange());
    ValueId address = addressOf(local(scan.name(cleanup.getVarDecl())), position);
    ValueId callee = functionValue(cleanup.getFunctionDecl(), position);
    emit(InstructionKind::Call, position, {{callee, ""}, {address, ""}});
    return;
  }
  default:
    return; // scopes and lifetimes say nothing that destructors do not, `delete` is lowered as expression
  }
}

void Lowering::lowerStatement(const Stmt* statement) {
  lastPosition = at(statement);
  if (const auto* expression = dyn_cast<Expr>(statement)) {
    lowerElementOf(expression);
    return;
  }
  if (const auto* declaration = dyn_cast<DeclStmt>(statement)) {
    for (const Decl* decl : declaration->decls())
      if (const auto* variable = dyn_cast<VarDecl>(decl)) declare(variable);
    return;
  }
  if (const auto* result = dyn_cast<ReturnStmt>(statement)) return lowerReturn(*result);
  if (const auto* result = dyn_cast<CoreturnStmt>(statement)) {
    state.result = result->getOperand() ? value(result->getOperand()) : facts::noValue;
    return;
  }
  if (const auto* region = dyn_cast<OMPExecutableDirective>(statement)) {
    if (isOpenMPParallelDirective(region->getDirectiveKind()))
      emit(InstructionKind::Call, lastPosition,
           {{builder.functionRef(unit.parallelRegion, lastPosition), ""}});
    return;
  }
  if (const auto* assembler = dyn_cast<AsmStmt>(statement)) {
    ValueId effect = unknownHere("assembler", assembler);
    if (const auto* gcc = dyn_cast<GCCAsmStmt>(assembler))
      for (const Expr* output : gcc->outputs())
        write(output, effect, at(assembler));
  }
}

void Lowering::declare(const VarDecl* variable) {
  declareOne(variable);
  const auto* bound = dyn_cast<DecompositionDecl>(variable);
  for (const BindingDecl* binding : bound ? bound->bindings() : llvm::ArrayRef<BindingDecl*>())
    if (const VarDecl* holder = binding->getHoldingVar(); holder && holder->getInit())
      builder.write(scan.name(holder), value(holder->getInit()));
}

static bool hasDestructor(const VarDecl& variable) {
  return variable.needsDestruction(variable.getASTContext()) == QualType::DK_cxx_destructor;
}

/// Is a static variable of a function made when its declaration is first come to? What is constant is there
/// from the begin.
bool Lowering::isGuarded(const VarDecl& variable) {
  return variable.isStaticLocal() && variable.getInit() &&
         (!variable.hasConstantInitialization() || hasDestructor(variable));
}

/// Where it is kept whether that has happened.
facts::Place Lowering::guardOf(const VarDecl& variable) {
  return global(unit.symbols.global(&variable) + "::<initialized>");
}

/// What lives as long as the program is destroyed at its end, by what the compiler registers for it.
void Lowering::registerDestructor(const VarDecl& variable, facts::Position position) {
  if (!hasDestructor(variable) || variable.getTLSKind() != VarDecl::TLS_None) return;
  QualType type = variable.getType();
  while (const ArrayType* array = unit.ast.getAsArrayType(type))
    type = array->getElementType();
  const CXXRecordDecl* record = type->getAsCXXRecordDecl();
  const CXXDestructorDecl* destructor = record ? record->getDestructor() : nullptr;
  if (!destructor) return;
  ValueId callee = builder.functionRef("__cxa_atexit", position),
          called = functionValue(destructor, position);
  ValueId object = addressOf(global(unit.symbols.global(&variable)), position);
  emit(InstructionKind::Call, position, {{callee, ""}, {called, ""}, {object, ""}});
}

void Lowering::declareOne(const VarDecl* variable) {
  facts::Position position = unit.positions.range(variable->getSourceRange());
  const Expr* initializer = variable->getInit();
  if (variable->isStaticLocal()) {
    unit.globals.insert(variable);
    if (initializer) initialize(global(unit.symbols.global(variable)), variable->getType(), initializer);
    registerDestructor(*variable, position);
    return;
  }
  if (!variable->hasLocalStorage()) return;
  const std::string& name = scan.name(variable);
  if (auto element = elements.find(variable); element != elements.end() && scan.isValue(variable)) {
    bind(name, element->second);
    builder.write(name, element->second);
    return;
  }
  if (scan.isValue(variable)) {
    ValueId first = initializer ? value(initializer) : builder.unknown("uninitialized " + name, position);
    bind(name, first);
    builder.write(name, first);
    if (const auto* full = dyn_cast_or_null<FullExpr>(initializer)) initializer = full->getSubExpr();
    if (const auto* temporary = dyn_cast_or_null<MaterializeTemporaryExpr>(
            initializer ? initializer->IgnoreParenNoopCasts(unit.ast) : nullptr))
      extended[variable] = temporaryPlace(unwrap(temporary->getSubExpr()));
    return;
  }
  if (initializer) initialize(local(name), variable->getType(), initializer);
  if (scan.hasCleanup() && variable->getType()->isRecordType() && variable->needsDestruction(unit.ast))
    state.alive.push_back({variable, local(name), unit.symbols.className(variable->getType())});
}

/// Puts the initialiser's value in the place, unless it was constructed there.
void Lowering::initialize(const Place& place, QualType type, const Expr* initializer) {
  const Expr* maker = unwrap(initializer);
  if (isa<ImplicitValueInitExpr>(maker) && type->isAggregateType()) return;
  if (const auto* list = dyn_cast<InitListExpr>(maker);
      list && !list->isTransparent() && type->isAggregateType()) {
    constructAggregate(*list, place);
    return;
  }
  if (type->isReferenceType()) {
    builder.store(place, value(initializer), at(initializer));
    return;
  }
  ValueId initial = value(maker);
  if (isa<CXXConstructExpr>(maker) && scan.target(maker).kind != Target::Temporary) return;
  if (isa<LambdaExpr>(maker) && scan.target(maker).kind == Target::Variable) return;
  if (place.kind == facts::PlaceKind::Local) bind(place.name, initial);
  builder.store(place, initial, at(initializer));
}

void Lowering::lowerInitializer(const CXXCtorInitializer& initializer) {
  if (!initializer.isAnyMemberInitializer()) {
    const Expr* maker = unwrap(initializer.getInit());
    if (!isa<CXXConstructExpr>(maker)) value(maker); // a base made by an inherited constructor or a list
    return;
  }
  lastPosition = at(initializer.getInit());
  const FieldDecl* field = initializer.getAnyMember();
  const Expr* init = initializer.getInit();
  if (field->isAnonymousStructOrUnion()) { // its members are the class's own
    if (!isa<CXXConstructExpr>(unwrap(init))) value(init);
    return;
  }
  if (const auto* written = dyn_cast<CXXDefaultInitExpr>(init)) init = written->getExpr();
  initialize(fieldPlace(thisValue(lastPosition), field), field->getType(), init);
}

void Lowering::lowerReturn(const ReturnStmt& statement) {
  state.returned = &statement;
  state.result = facts::noValue;
  const Expr* result = statement.getRetValue();
  if (!result) return;
  const Expr* maker = unwrap(result);
  if (const auto* list = dyn_cast<InitListExpr>(maker); list && result->getType()->isRecordType())
    state.result = constructAggregate(*list, local("<result>"));
  else
    state.result = value(result);
  if (result->getType()->isVoidType()) state.result = facts::noValue;
}

} // namespace forklint::cpp
