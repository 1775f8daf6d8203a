// Expressions: constants, operators, casts, and the rest of the grammar.
#include "cpp-frontend/lowering.h"

#include "clang/AST/Expr.h"
#include "clang/AST/ExprConcepts.h"
#include "llvm/Support/ConvertUTF.h"

using namespace clang;

namespace forklint::cpp {

using facts::InstructionKind;
using facts::Literal;
using facts::ValueId;

ValueId Lowering::unknownHere(const std::string& reason, const Stmt* where) {
  facts::Position position = at(where);
  unit.gap(position, reason);
  return builder.unknown(reason, position);
}

ValueId Lowering::op(const char* name, llvm::ArrayRef<ValueId> operands, const Expr* where) {
  std::vector<facts::Operand> list;
  list.reserve(operands.size());
  for (ValueId operand : operands)
    list.push_back({operand, ""});
  return emit(InstructionKind::Operator, at(where), std::move(list), name);
}

bool Lowering::isConstant(const Expr* expression) {
  auto found = values.find(expression->IgnoreParens());
  return found != values.end() && builder.instruction(found->second).kind == InstructionKind::Constant;
}

/// The literal that an expression is, when the compiler can tell: literals, enumerators, sizes, constants,
/// and operators on them.
std::optional<ValueId> Lowering::folded(const Expr* expression) {
  QualType type = expression->getType();
  if (expression->isValueDependent() || expression->containsErrors() || !expression->isPRValue())
    return std::nullopt;
  if (isa<CXXNullPtrLiteralExpr, GNUNullExpr>(expression))
    return builder.constant(facts::None(), at(expression));
  if (!type->isIntegralOrEnumerationType()) return std::nullopt;
  bool isCandidate =
      isa<IntegerLiteral, CharacterLiteral, CXXBoolLiteralExpr, DeclRefExpr, UnaryExprOrTypeTraitExpr,
          TypeTraitExpr, OffsetOfExpr, SizeOfPackExpr, CXXNoexceptExpr, ConceptSpecializationExpr,
          RequiresExpr, ArrayTypeTraitExpr, SourceLocExpr>(expression);
  if (const auto* cast = dyn_cast<CastExpr>(expression)) {
    const auto* reference = dyn_cast<DeclRefExpr>(cast->getSubExpr()->IgnoreParens());
    const auto* variable = reference ? dyn_cast<VarDecl>(reference->getDecl()) : nullptr;
    isCandidate = cast->getCastKind() == CK_LValueToRValue
                      ? variable && variable->mightBeUsableInConstantExpressions(unit.ast)
                      : isConstant(cast->getSubExpr());
  } else if (const auto* binary = dyn_cast<BinaryOperator>(expression)) {
    isCandidate = !binary->isAssignmentOp() && !binary->isLogicalOp() && isConstant(binary->getLHS()) &&
                  isConstant(binary->getRHS());
  } else if (const auto* unary = dyn_cast<UnaryOperator>(expression)) {
    isCandidate = !unary->isIncrementDecrementOp() && isConstant(unary->getSubExpr());
  }
  Expr::EvalResult result;
  if (!isCandidate || !expression->EvaluateAsInt(result, unit.ast, Expr::SE_NoSideEffects))
    return std::nullopt;
  const llvm::APSInt& number = result.Val.getInt();
  if (type->isBooleanType()) return builder.constant(number != 0, at(expression));
  return builder.constant(number.extOrTrunc(64).getSExtValue(), at(expression));
}

static bool isAssignment(const Expr* expression) {
  if (const auto* binary = dyn_cast<BinaryOperator>(expression)) return binary->isAssignmentOp();
  const auto* unary = dyn_cast<UnaryOperator>(expression);
  return unary && unary->isIncrementDecrementOp();
}

/// The value an assignment stored; asked for by the conversion around it.
ValueId Lowering::assigned(const Expr* expression) {
  if (auto known = stored.find(expression); known != stored.end()) return known->second;
  ValueId result = facts::noValue;
  if (const auto* binary = dyn_cast<BinaryOperator>(expression))
    result = lowerAssignment(*binary);
  else
    result = lowerIncrement(*cast<UnaryOperator>(expression));
  return stored[expression] = result;
}

ValueId Lowering::value(const Expr* expression) {
  expression = expression->IgnoreParens();
  if (auto known = values.find(expression); known != values.end()) return known->second;
  ValueId result;
  if (isAssignment(expression)) {
    result = assigned(expression);
    if (expression->isGLValue() && !singleAssignment(assignee(expression)))
      result = addressOf(place(expression), at(expression));
  } else {
    result = lower(expression);
  }
  values[expression] = result;
  return result;
}

const Expr* Lowering::assignee(const Expr* expression) {
  expression = expression->IgnoreParens();
  if (const auto* binary = dyn_cast<BinaryOperator>(expression); binary && binary->isAssignmentOp())
    return assignee(binary->getLHS());
  if (const auto* unary = dyn_cast<UnaryOperator>(expression); unary && unary->isIncrementDecrementOp())
    return assignee(unary->getSubExpr());
  return expression;
}

/// An element of the control flow graph: lowered now if it does something or makes a value; what only names
/// memory waits until it is asked for.
void Lowering::lowerElementOf(const Expr* expression) {
  expression = expression->IgnoreParens();
  llvm::ArrayRef<const Expr*> joins = scan.joinsOf(expression);
  bool acts = isa<CallExpr, BinaryOperator, AbstractConditionalOperator, MaterializeTemporaryExpr,
                  CompoundLiteralExpr, StmtExpr, CXXRewrittenBinaryOperator>(expression);
  element = expression;
  if (isAssignment(expression))
    assigned(expression);
  else if (!isa<InitListExpr>(expression) && (expression->isPRValue() || acts))
    value(expression);
  element = nullptr;
  for (const Expr* joined : joins) {
    bool isStored = isAssignment(expression) && !joined->isGLValue();
    builder.write(joinName(joined), isStored ? assigned(expression) : value(expression));
  }
}

std::string Lowering::joinName(const Expr* expression) {
  unsigned number = joinNumbers.try_emplace(expression, joinNumbers.size()).first->second;
  return "<join " + std::to_string(number) + ">";
}

/// Whether a temporary of a part that is not always evaluated was made.
std::string Lowering::flagName(const CXXBindTemporaryExpr* temporary) {
  unsigned number = joinNumbers.try_emplace(temporary, joinNumbers.size()).first->second;
  return "<made " + std::to_string(number) + ">";
}

/// `a ? b : c`, `a && b`, `a || b`: in the graph the value that came along; elsewhere all parts are
/// evaluated.
ValueId Lowering::join(const Expr* expression) {
  if (expression == element) return builder.read(joinName(expression), at(expression));
  if (const auto* choice = dyn_cast<AbstractConditionalOperator>(expression))
    return op("select",
              {value(choice->getCond()), value(choice->getTrueExpr()), value(choice->getFalseExpr())},
              expression);
  const auto* logical = cast<BinaryOperator>(expression);
  ValueId left = value(logical->getLHS());
  ValueId right = value(logical->getRHS());
  ValueId fixed = builder.constant(logical->getOpcode() == BO_LOr, at(expression));
  return logical->getOpcode() == BO_LOr ? op("select", {left, fixed, right}, expression)
                                        : op("select", {left, right, fixed}, expression);
}

ValueId Lowering::lower(const Expr* expression) {
  // What the compiler has given up on has no type: arguments of an initialiser behind a missing header.
  if (expression->getType().isNull())
    return unknownHere("what the compiler could not make anything of", expression);
  if (std::optional<ValueId> constant = folded(expression)) return *constant;
  if (const auto* cast = dyn_cast<CastExpr>(expression)) return lowerCast(*cast);
  if (const auto* call = dyn_cast<CallExpr>(expression)) return lowerCall(*call);
  if (const auto* binary = dyn_cast<BinaryOperator>(expression)) return lowerBinary(*binary);
  if (const auto* unary = dyn_cast<UnaryOperator>(expression)) return lowerUnary(*unary);
  if (isa<AbstractConditionalOperator>(expression)) return join(expression);
  if (const auto* construction = dyn_cast<CXXConstructExpr>(expression)) return construct(*construction);
  if (isa<DeclRefExpr, MemberExpr, ArraySubscriptExpr>(expression) && expression->isGLValue()) {
    // An SSA variable has no address; only a scan that missed a use would ask for one.
    if (const VarDecl* variable = singleAssignment(expression))
      return builder.read(scan.name(variable), at(expression));
    return addressOf(place(expression), at(expression));
  }
  return lowerOther(expression);
}

ValueId Lowering::lowerCast(const CastExpr& cast) {
  const Expr* inner = cast.getSubExpr()->IgnoreParens();
  switch (cast.getCastKind()) {
  case CK_LValueToRValue:
    if (isAssignment(inner)) return assigned(inner);
    return read(inner, at(&cast));
  case CK_NullToPointer:
  case CK_NullToMemberPointer: return builder.constant(facts::None(), at(&cast));
  case CK_FunctionToPointerDecay:
  case CK_ArrayToPointerDecay:
  case CK_BuiltinFnToFnPtr:
  case CK_ConstructorConversion:
  case CK_UserDefinedConversion: return value(inner);
  case CK_Dynamic: return op("cast", {value(inner)}, &cast);
  case CK_LValueToRValueBitCast:
  case CK_AtomicToNonAtomic: return inner->isGLValue() ? read(inner, at(&cast)) : value(inner);
  default: break;
  }
  if (cast.isGLValue() && inner->isGLValue()) return value(inner);
  return value(inner); // numbers, pointers and classes keep what they are
}

static const char* spellingOf(BinaryOperatorKind kind) {
  switch (kind) {
  case BO_Add:
  case BO_AddAssign: return "+";
  case BO_Sub:
  case BO_SubAssign: return "-";
  case BO_Mul:
  case BO_MulAssign: return "*";
  case BO_Div:
  case BO_DivAssign: return "/";
  case BO_Rem:
  case BO_RemAssign: return "%";
  case BO_Shl:
  case BO_ShlAssign: return "<<";
  case BO_Shr:
  case BO_ShrAssign: return ">>";
  case BO_And:
  case BO_AndAssign: return "&";
  case BO_Or:
  case BO_OrAssign: return "|";
  case BO_Xor:
  case BO_XorAssign: return "^";
  case BO_EQ: return "==";
  case BO_NE: return "!=";
  case BO_LT: return "<";
  case BO_LE: return "<=";
  case BO_GT: return ">";
  case BO_GE: return ">=";
  default: return nullptr;
  }
}

ValueId Lowering::lowerAssignment(const BinaryOperator& expression) {
  const Expr* target = expression.getLHS();
  ValueId result = value(expression.getRHS());
  if (expression.isCompoundAssignmentOp())
    result =
        op(spellingOf(expression.getOpcode()), {read(assignee(target), at(target)), result}, &expression);
  write(assignee(target), result, at(&expression));
  return result;
}

ValueId Lowering::lowerIncrement(const UnaryOperator& expression) {
  const Expr* target = assignee(expression.getSubExpr());
  ValueId old = read(target, at(&expression));
  ValueId one = builder.constant(int64_t{1}, at(&expression));
  ValueId changed = op(expression.isIncrementOp() ? "+" : "-", {old, one}, &expression);
  write(target, changed, at(&expression));
  return expression.isPostfix() ? old : changed;
}

ValueId Lowering::lowerBinary(const BinaryOperator& expression) {
  if (expression.isLogicalOp()) return join(&expression);
  if (expression.getOpcode() == BO_Comma) return value(expression.getRHS());
  if (expression.isPtrMemOp()) {
    value(expression.getLHS());
    ValueId member = value(expression.getRHS());
    if (expression.getType()->isSpecificBuiltinType(BuiltinType::BoundMember))
      return member; // the callee of a call, which takes the object by itself
    return unknownHere("a member through a pointer to member", &expression);
  }
  const char* name = spellingOf(expression.getOpcode());
  ValueId left = value(expression.getLHS());
  ValueId right = value(expression.getRHS());
  return name ? op(name, {left, right}, &expression) : unknownHere("three-way comparison", &expression);
}

ValueId Lowering::lowerUnary(const UnaryOperator& expression) {
  const Expr* inner = expression.getSubExpr();
  switch (expression.getOpcode()) {
  case UO_AddrOf:
    if (const auto* reference = dyn_cast<DeclRefExpr>(inner->IgnoreParens()))
      if (const auto* method = dyn_cast<CXXMethodDecl>(reference->getDecl()))
        return functionValue(method, at(&expression));
    if (expression.getType()->isMemberPointerType())
      return builder.unknown("pointer to a member", at(&expression));
    return value(inner);
  case UO_Deref: return value(inner); // the address of what is pointed to
  case UO_LNot: return op("not", {value(inner)}, &expression);
  case UO_Minus: return op("neg", {value(inner)}, &expression);
  case UO_Not: return op("~", {value(inner)}, &expression);
  case UO_Plus:
  case UO_Extension: return value(inner);
  case UO_Coawait:
  case UO_Real:
  case UO_Imag:
  default: value(inner); return unknownHere("an operator on complex numbers or coroutines", &expression);
  }
}

} // namespace forklint::cpp
