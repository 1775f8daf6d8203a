// Expressions of the less common kinds. What is not known here is an unknown with a gap, never nothing.
#include "cpp-frontend/lowering.h"

#include "clang/AST/Expr.h"
#include "llvm/Support/ConvertUTF.h"

using namespace clang;

namespace forklint::cpp {

using facts::InstructionKind;
using facts::ValueId;

static facts::Literal text(const StringLiteral& literal) {
  std::string bytes = literal.getBytes().str();
  const auto* begin = reinterpret_cast<const llvm::UTF8*>(bytes.data());
  if (literal.getCharByteWidth() == 1 && llvm::isLegalUTF8String(&begin, begin + bytes.size())) return bytes;
  return facts::Bytes{std::move(bytes)};
}

static ValueId emptyValue(facts::FunctionBuilder& builder, QualType type, facts::Position position) {
  if (type->isAnyPointerType() || type->isNullPtrType() || type->isMemberPointerType())
    return builder.constant(facts::None(), position);
  if (type->isBooleanType()) return builder.constant(false, position);
  if (type->isIntegralOrEnumerationType()) return builder.constant(int64_t{0}, position);
  return builder.unknown(type->isVoidType() ? "void" : "zero", position);
}

/// Expressions written at another place, as default arguments, are evaluated here: their values are not those
/// of an earlier use, and their position is this one.
ValueId Lowering::lowerElsewhere(const Expr* written, const Expr* here) {
  Expr::EvalResult number;
  if (!written->isValueDependent() && written->getType()->isIntegerType() &&
      !written->getType()->isBooleanType() &&
      written->EvaluateAsInt(number, unit.ast, Expr::SE_NoSideEffects))
    return builder.constant(number.Val.getInt().extOrTrunc(64).getSExtValue(), lastPosition);
  facts::Position outerPosition = elsewhere;
  bool outerUse = useElsewhere;
  elsewhere = outerUse || here->getBeginLoc().isInvalid() ? lastPosition : at(here);
  useElsewhere = true;
  auto outer = std::move(values);
  auto outerStored = std::move(stored);
  values.clear();
  stored.clear();
  ValueId result = value(written);
  values = std::move(outer);
  stored = std::move(outerStored);
  elsewhere = outerPosition;
  useElsewhere = outerUse;
  return result;
}

ValueId Lowering::lowerOther(const Expr* expression) {
  facts::Position position = at(expression);
  if (const auto* full = dyn_cast<FullExpr>(expression)) return value(full->getSubExpr());
  if (const auto* bound = dyn_cast<CXXBindTemporaryExpr>(expression)) {
    ValueId object = value(bound->getSubExpr());
    if (scan.conditionalTemporaries().contains(bound))
      builder.write(flagName(bound), builder.constant(true, position));
    return object;
  }
  if (const auto* temporary = dyn_cast<MaterializeTemporaryExpr>(expression)) return materialize(*temporary);
  if (const auto* literal = dyn_cast<StringLiteral>(expression))
    return builder.constant(text(*literal), position);
  if (const auto* name = dyn_cast<PredefinedExpr>(expression); name && name->getFunctionName())
    return builder.constant(text(*name->getFunctionName()), position);
  if (const auto* number = dyn_cast<FloatingLiteral>(expression))
    return builder.constant(number->getValueAsApproximateDouble(), position);
  if (isa<CXXThisExpr>(expression)) return thisValue(position);
  if (const auto* reference = dyn_cast<DeclRefExpr>(expression)) // a function in C, a method
    if (const auto* function = dyn_cast<FunctionDecl>(reference->getDecl()))
      return functionValue(function, position);
  if (const auto* made = dyn_cast<CXXNewExpr>(expression)) return lowerNew(*made);
  if (const auto* deleted = dyn_cast<CXXDeleteExpr>(expression)) return lowerDelete(*deleted);
  if (const auto* thrown = dyn_cast<CXXThrowExpr>(expression)) return lowerThrow(*thrown);
  if (const auto* lambda = dyn_cast<LambdaExpr>(expression)) return lowerLambda(*lambda);
  if (const auto* argument = dyn_cast<CXXDefaultArgExpr>(expression))
    return lowerElsewhere(argument->getExpr(), expression);
  if (const auto* initializer = dyn_cast<CXXDefaultInitExpr>(expression))
    return isa_and_nonnull<CXXConstructorDecl>(owner) ? value(initializer->getExpr())
                                                      : lowerElsewhere(initializer->getExpr(), expression);
  if (isa<CXXScalarValueInitExpr, ImplicitValueInitExpr>(expression))
    return emptyValue(builder, expression->getType(), position);
  if (const auto* inherited = dyn_cast<CXXInheritedCtorInitExpr>(expression)) {
    const CXXConstructorDecl* constructor = inherited->getConstructor();
    return emit(InstructionKind::Construct, position, {{functionValue(constructor, position), ""}},
                unit.symbols.record(constructor->getParent()), deref(thisValue(position)));
  }
  if (const auto* list = dyn_cast<InitListExpr>(expression)) {
    if (list->getType()->isAggregateType() && !list->isTransparent())
      return constructAggregate(*list, temporaryPlace(list));
    return list->getNumInits() ? value(list->getInit(0)) : emptyValue(builder, list->getType(), position);
  }
  if (const auto* literal = dyn_cast<CompoundLiteralExpr>(expression)) {
    Place place = temporaryPlace(literal);
    initialize(place, literal->getType(), literal->getInitializer());
    return literal->isGLValue() ? addressOf(place, position) : builder.load(place, position);
  }
  if (const auto* list = dyn_cast<CXXStdInitializerListExpr>(expression)) return value(list->getSubExpr());
  if (const auto* parameter = dyn_cast<SubstNonTypeTemplateParmExpr>(expression))
    return value(parameter->getReplacement());
  if (const auto* opaque = dyn_cast<OpaqueValueExpr>(expression); opaque && opaque->getSourceExpr())
    return value(opaque->getSourceExpr());
  if (const auto* rewritten = dyn_cast<CXXRewrittenBinaryOperator>(expression))
    return value(rewritten->getSemanticForm());
  if (const auto* chosen = dyn_cast<ChooseExpr>(expression)) return value(chosen->getChosenSubExpr());
  if (const auto* selected = dyn_cast<GenericSelectionExpr>(expression))
    return value(selected->getResultExpr());
  if (const auto* block = dyn_cast<StmtExpr>(expression)) {
    const auto* last =
        block->getSubStmt()->body_empty() ? nullptr : dyn_cast<Expr>(block->getSubStmt()->body_back());
    return last && !last->getType()->isVoidType() ? value(last) : builder.unknown("void", position);
  }
  if (const auto* awaited = dyn_cast<CoroutineSuspendExpr>(expression)) {
    bool isYield = isa<CoyieldExpr>(awaited);
    return emit(isYield ? InstructionKind::Yield : InstructionKind::Await, position,
                {{value(awaited->getOperand()), ""}});
  }
  if (const auto* atomic = dyn_cast<AtomicExpr>(expression)) {
    ValueId pointer = value(atomic->getPtr());
    ValueId result = builder.unknown("atomic operation", position);
    bool isLoad = atomic->getOp() == AtomicExpr::AO__atomic_load_n ||
                  atomic->getOp() == AtomicExpr::AO__c11_atomic_load;
    if (isLoad) return builder.load(deref(pointer), position);
    builder.store(deref(pointer), result, position);
    return result;
  }
  if (isa<CXXPseudoDestructorExpr>(expression)) return builder.unknown("void", position);
  if (isa<VAArgExpr>(expression)) return builder.unknown("variadic argument", position);
  if (isa<UnaryExprOrTypeTraitExpr>(expression)) return builder.unknown("size of a variable array", position);
  if (const auto* copied = dyn_cast<ArrayInitLoopExpr>(expression)) // an array as a member that is copied
    return value(copied->getCommonExpr()->getSourceExpr());
  if (isa<ArrayInitIndexExpr>(expression)) return builder.unknown("each index", position);
  if (isa<CXXTypeidExpr>(expression)) return builder.unknown("type information", position);
  if (const auto* element = dyn_cast<ArraySubscriptExpr>(expression))
    return builder.load(place(element), position);
  if (const auto* member = dyn_cast<MemberExpr>(expression)) { // of a prvalue, or a method
    if (const auto* method = dyn_cast<CXXMethodDecl>(member->getMemberDecl()))
      return functionValue(method, position);
    return builder.load(memberPlace(*member), position);
  }
  return unknownHere(std::string("expression of kind ") + expression->getStmtClassName(), expression);
}

} // namespace forklint::cpp
