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

/// The expression that this one only stands for.
static const Expr* standsFor(const Expr* expression) {
  if (const auto* full = dyn_cast<FullExpr>(expression)) return full->getSubExpr();
  if (const auto* list = dyn_cast<CXXStdInitializerListExpr>(expression)) return list->getSubExpr();
  if (const auto* parameter = dyn_cast<SubstNonTypeTemplateParmExpr>(expression))
    return parameter->getReplacement();
  if (const auto* opaque = dyn_cast<OpaqueValueExpr>(expression)) return opaque->getSourceExpr();
  if (const auto* rewritten = dyn_cast<CXXRewrittenBinaryOperator>(expression))
    return rewritten->getSemanticForm();
  if (const auto* chosen = dyn_cast<ChooseExpr>(expression)) return chosen->getChosenSubExpr();
  if (const auto* selected = dyn_cast<GenericSelectionExpr>(expression)) return selected->getResultExpr();
  if (const auto* copied = dyn_cast<ArrayInitLoopExpr>(expression)) // an array as a member that is copied
    return copied->getCommonExpr()->getSourceExpr();
  return nullptr;
}

static std::optional<facts::Literal> literalOf(const Expr* expression) {
  if (const auto* literal = dyn_cast<StringLiteral>(expression)) return text(*literal);
  if (const auto* name = dyn_cast<PredefinedExpr>(expression); name && name->getFunctionName())
    return text(*name->getFunctionName());
  if (const auto* number = dyn_cast<FloatingLiteral>(expression))
    return number->getValueAsApproximateDouble();
  return std::nullopt;
}

/// What an expression gives whose value no rule asks for; null for all others.
static const char* reasonOfUnknown(const Expr* expression) {
  if (isa<CXXPseudoDestructorExpr>(expression)) return "void";
  if (isa<VAArgExpr>(expression)) return "variadic argument";
  if (isa<UnaryExprOrTypeTraitExpr>(expression)) return "size of a variable array";
  if (isa<ArrayInitIndexExpr>(expression)) return "each index";
  if (isa<CXXTypeidExpr>(expression)) return "type information";
  return nullptr;
}

ValueId Lowering::lowerInherited(const CXXInheritedCtorInitExpr& expression) {
  facts::Position position = at(&expression);
  const CXXConstructorDecl* constructor = expression.getConstructor();
  return emit(InstructionKind::Construct, position, {{functionValue(constructor, position), ""}},
              unit.symbols.record(constructor->getParent()), deref(thisValue(position)));
}

ValueId Lowering::lowerList(const InitListExpr& list) {
  if (list.getType()->isAggregateType() && !list.isTransparent())
    return constructAggregate(list, temporaryPlace(&list));
  return list.getNumInits() ? value(list.getInit(0)) : emptyValue(builder, list.getType(), at(&list));
}

ValueId Lowering::lowerLiteral(const CompoundLiteralExpr& literal) {
  Place place = temporaryPlace(&literal);
  initialize(place, literal.getType(), literal.getInitializer());
  return literal.isGLValue() ? addressOf(place, at(&literal)) : builder.load(place, at(&literal));
}

ValueId Lowering::lowerAtomic(const AtomicExpr& atomic) {
  facts::Position position = at(&atomic);
  ValueId pointer = value(atomic.getPtr());
  ValueId result = builder.unknown("atomic operation", position);
  bool isLoad =
      atomic.getOp() == AtomicExpr::AO__atomic_load_n || atomic.getOp() == AtomicExpr::AO__c11_atomic_load;
  if (isLoad) return builder.load(deref(pointer), position);
  builder.store(deref(pointer), result, position);
  return result;
}

/// Expressions that make, end or throw an object.
std::optional<ValueId> Lowering::lowerObject(const Expr* expression) {
  if (const auto* bound = dyn_cast<CXXBindTemporaryExpr>(expression)) {
    ValueId object = value(bound->getSubExpr());
    if (scan.conditionalTemporaries().contains(bound))
      builder.write(flagName(bound), builder.constant(true, at(bound)));
    return object;
  }
  if (const auto* temporary = dyn_cast<MaterializeTemporaryExpr>(expression)) return materialize(*temporary);
  if (const auto* made = dyn_cast<CXXNewExpr>(expression)) return lowerNew(*made);
  if (const auto* deleted = dyn_cast<CXXDeleteExpr>(expression)) return lowerDelete(*deleted);
  if (const auto* thrown = dyn_cast<CXXThrowExpr>(expression)) return lowerThrow(*thrown);
  if (const auto* lambda = dyn_cast<LambdaExpr>(expression)) return lowerLambda(*lambda);
  if (const auto* inherited = dyn_cast<CXXInheritedCtorInitExpr>(expression))
    return lowerInherited(*inherited);
  if (const auto* list = dyn_cast<InitListExpr>(expression)) return lowerList(*list);
  if (const auto* literal = dyn_cast<CompoundLiteralExpr>(expression)) return lowerLiteral(*literal);
  return std::nullopt;
}

ValueId Lowering::lowerOther(const Expr* expression) {
  facts::Position position = at(expression);
  if (const Expr* same = standsFor(expression)) return value(same);
  if (std::optional<ValueId> object = lowerObject(expression)) return *object;
  if (std::optional<facts::Literal> literal = literalOf(expression))
    return builder.constant(std::move(*literal), position);
  if (const char* reason = reasonOfUnknown(expression)) return builder.unknown(reason, position);
  if (isa<CXXThisExpr>(expression)) return thisValue(position);
  if (const auto* reference = dyn_cast<DeclRefExpr>(expression)) // a function in C, a method
    if (const auto* function = dyn_cast<FunctionDecl>(reference->getDecl()))
      return functionValue(function, position);
  if (const auto* argument = dyn_cast<CXXDefaultArgExpr>(expression))
    return lowerElsewhere(argument->getExpr(), expression);
  if (const auto* initializer = dyn_cast<CXXDefaultInitExpr>(expression))
    return isa_and_nonnull<CXXConstructorDecl>(owner) ? value(initializer->getExpr())
                                                      : lowerElsewhere(initializer->getExpr(), expression);
  if (isa<CXXScalarValueInitExpr, ImplicitValueInitExpr>(expression))
    return emptyValue(builder, expression->getType(), position);
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
  if (const auto* atomic = dyn_cast<AtomicExpr>(expression)) return lowerAtomic(*atomic);
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
