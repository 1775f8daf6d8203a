// Calls: direct, of methods, dynamic, of operators, through pointers.
#include "cpp-frontend/lowering.h"

#include "clang/Basic/Builtins.h"

using namespace clang;

namespace forklint::cpp {

using facts::InstructionKind;
using facts::Operand;
using facts::ValueId;

ValueId Lowering::functionValue(const FunctionDecl* function, facts::Position position) {
  unit.functions.insert(function);
  return builder.functionRef(unit.symbols.function(function), position);
}

void Lowering::addArguments(llvm::ArrayRef<const Expr*> arguments, std::vector<Operand>& operands) {
  for (const Expr* argument : arguments)
    operands.push_back({value(argument), ""});
}

ValueId Lowering::emitCall(ValueId callee, std::vector<Operand> operands, const Expr& call) {
  operands.insert(operands.begin(), {callee, ""});
  ValueId result = emit(InstructionKind::Call, at(&call), std::move(operands));
  addExceptionEdges(&call);
  return result;
}

/// What a library's template makes of the arguments that it hands on (emplace_back, make_unique): the class
/// of its first template argument, or null.
static const CXXRecordDecl* madeClass(const FunctionDecl& function) {
  const FunctionTemplateDecl* pattern = function.getPrimaryTemplate();
  if (!pattern || !function.getASTContext().getSourceManager().isInSystemHeader(function.getLocation()))
    return nullptr;
  const FunctionDecl* written = pattern->getTemplatedDecl();
  if (written->param_empty() || !written->parameters().back()->isParameterPack()) return nullptr;
  const TemplateArgumentList* arguments = function.getTemplateSpecializationArgs();
  if (const auto* method = dyn_cast<CXXMethodDecl>(&function)) {
    const auto* holder = dyn_cast<ClassTemplateSpecializationDecl>(method->getParent());
    arguments = holder ? &holder->getTemplateArgs() : nullptr;
  }
  if (!arguments || arguments->size() == 0 || arguments->get(0).getKind() != TemplateArgument::Type)
    return nullptr;
  const CXXRecordDecl* record = arguments->get(0).getAsType()->getAsCXXRecordDecl();
  return record && !record->isLambda() && record->getDefinition() ? record->getDefinition() : nullptr;
}

/// The constructor that makes it: the move where one of the kind is given, else any.
void Lowering::addConstructor(const FunctionDecl& function, llvm::ArrayRef<const Expr*> arguments,
                              std::vector<Operand>& operands, facts::Position position) {
  const CXXRecordDecl* record = madeClass(function);
  if (!record) return;
  std::string name = unit.symbols.className(unit.ast.getTypeDeclType(record));
  bool moves = arguments.size() == 1 && arguments[0]->getType()->getAsCXXRecordDecl() == record;
  std::string constructor = name + "::" + record->getNameAsString() + (moves ? "(" + name + " &&)" : "");
  operands.push_back({builder.functionRef(constructor, position), "element"});
}

/// The object that a method is called on, as its address.
ValueId Lowering::receiver(const MemberExpr& member) { return value(member.getBase()); }

bool Lowering::isDynamic(const CXXMethodDecl& method, const Expr* object, bool qualified) const {
  if (!method.isVirtual() || qualified || method.hasAttr<FinalAttr>() ||
      method.getParent()->isEffectivelyFinal())
    return false;
  // A variable of class type is exactly of that class.
  const auto* reference = object ? dyn_cast<DeclRefExpr>(object->IgnoreParenImpCasts()) : nullptr;
  return !reference || !reference->getDecl()->getType()->isRecordType();
}

/// Functions of the compiler that only give hints: their value is their argument.
ValueId Lowering::callBuiltin(const CallExpr& call, bool& done) {
  done = true;
  switch (call.getBuiltinCallee()) {
  case Builtin::BI__builtin_expect:
  case Builtin::BI__builtin_expect_with_probability:
  case Builtin::BI__builtin_assume_aligned:
  case Builtin::BI__builtin_launder:
  case Builtin::BI__builtin_addressof:
  case Builtin::BIaddressof:
  case Builtin::BI__addressof:
  case Builtin::BIforward:
  case Builtin::BImove:
  case Builtin::BImove_if_noexcept:
  case Builtin::BIas_const: return value(call.getArg(0));
  default: done = false; return facts::noValue;
  }
}

ValueId Lowering::lowerCall(const CallExpr& call) {
  bool done = false;
  ValueId hinted = callBuiltin(call, done);
  if (done) return hinted;
  std::vector<Operand> operands;
  llvm::ArrayRef<const Expr*> arguments(call.getArgs(), call.getNumArgs());
  const Expr* callee = call.getCallee()->IgnoreParens();
  const auto* method = dyn_cast_or_null<CXXMethodDecl>(call.getCalleeDecl());
  const Expr* object = nullptr;
  bool qualified = false;
  if (const auto* member = dyn_cast<MemberExpr>(callee)) {
    object = member->getBase();
    // The function that a lambda is converted to does what the lambda does.
    if (isa_and_nonnull<CXXConversionDecl>(method) && method->getParent()->isLambda()) return value(object);
    qualified = member->hasQualifier();
    if (isa<CXXMethodDecl>(member->getMemberDecl()) && method && !method->isStatic())
      operands.push_back({receiver(*member), "this"});
  } else if (isa<CXXOperatorCallExpr>(call) && method && method->isImplicitObjectMemberFunction()) {
    object = arguments[0];
    operands.push_back({value(object), "this"});
    arguments = arguments.drop_front();
  } else if (const auto* pointer = dyn_cast<BinaryOperator>(callee); pointer && pointer->isPtrMemOp()) {
    operands.push_back({value(pointer->getLHS()), "this"});
    addArguments(arguments, operands);
    return emitCall(value(pointer->getRHS()), std::move(operands), call);
  } else if (isa<CXXPseudoDestructorExpr>(callee)) {
    return builder.unknown("void", at(&call));
  }
  const FunctionDecl* direct = call.getDirectCallee();
  if (const auto* destructor = dyn_cast_or_null<CXXDestructorDecl>(method)) {
    destroy(unit.ast.getTypeDeclType(destructor->getParent()), deref(operands[0].value), at(&call));
    return builder.unknown("void", at(&call));
  }
  addArguments(arguments, operands);
  if (method && !method->isStatic() && isDynamic(*method, object, qualified)) {
    unit.functions.insert(method);
    unit.classes.insert(method->getParent());
    ValueId result =
        emit(InstructionKind::VirtualCall, at(&call), std::move(operands), unit.symbols.function(method));
    addExceptionEdges(&call);
    return result;
  }
  if (!direct) return emitCall(value(callee), std::move(operands), call);
  addConstructor(*direct, arguments, operands, at(callee));
  return emitCall(functionValue(direct, at(callee)), std::move(operands), call);
}

} // namespace forklint::cpp
