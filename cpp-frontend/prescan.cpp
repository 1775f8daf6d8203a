// One walk over a body before it is lowered. A variable whose name is used in any other way than to be read
// or assigned has its address taken, which is the safe answer.
#include "cpp-frontend/prescan.h"

#include "clang/AST/Expr.h"
#include "clang/AST/Stmt.h"

#include <utility>

using namespace clang;

namespace forklint::cpp {

const Expr* unwrap(const Expr* expression) {
  while (expression) {
    const Expr* inner = expression->IgnoreParens();
    if (const auto* full = dyn_cast<FullExpr>(inner))
      inner = full->getSubExpr();
    else if (const auto* bind = dyn_cast<CXXBindTemporaryExpr>(inner))
      inner = bind->getSubExpr();
    else if (const auto* cast = dyn_cast<CastExpr>(inner);
             cast &&
             (cast->getCastKind() == CK_ConstructorConversion || cast->getCastKind() == CK_NoOp ||
              cast->getCastKind() == CK_UserDefinedConversion) &&
             cast->isPRValue() && cast->getType()->isRecordType())
      inner = cast->getSubExpr();
    else if (const auto* made = dyn_cast<CXXConstructExpr>(inner);
             made && made->isElidable() && made->getNumArgs())
      inner = made->getArg(0);
    else if (const auto* temporary = dyn_cast<MaterializeTemporaryExpr>(inner);
             temporary && expression != inner && isa<CXXConstructExpr>(expression))
      inner = temporary->getSubExpr();
    if (inner == expression) return inner;
    expression = inner;
  }
  return expression;
}

static const VarDecl* namedVariable(const Expr* expression) {
  const auto* reference = dyn_cast<DeclRefExpr>(expression->IgnoreParens());
  if (!reference || reference->refersToEnclosingVariableOrCapture()) return nullptr;
  return dyn_cast<VarDecl>(reference->getDecl());
}

/// A variable that is read or counted, which gives nobody its address.
static bool isPlainUse(const Stmt* statement) {
  if (const auto* cast = dyn_cast<CastExpr>(statement))
    return (cast->getCastKind() == CK_LValueToRValue || cast->getCastKind() == CK_ToVoid) &&
           namedVariable(cast->getSubExpr());
  const auto* change = dyn_cast<UnaryOperator>(statement);
  return change && change->isIncrementDecrementOp() && namedVariable(change->getSubExpr());
}

void Prescan::scanFunction(const FunctionDecl* function) {
  for (const ParmVarDecl* parameter : function->parameters())
    name(parameter);
  if (const auto* constructor = dyn_cast<CXXConstructorDecl>(function))
    for (const CXXCtorInitializer* initializer : constructor->inits()) {
      Target target{initializer->isAnyMemberInitializer() ? Target::Member : Target::Base,
                    initializer->isAnyMemberInitializer() ? initializer->getAnyMember() : nullptr};
      const Expr* written = initializer->getInit();
      if (const auto* inClass = dyn_cast<CXXDefaultInitExpr>(written)) written = inClass->getExpr();
      aim(written, target);
      scan(initializer->getInit());
    }
  scan(function->getBody());
}

bool Prescan::isValue(const VarDecl* variable) const {
  QualType type = variable->getType();
  if (type->isReferenceType()) return variable->isLocalVarDeclOrParm() && !variable->isStaticLocal();
  return variable->hasLocalStorage() && type->isScalarType() && !escaped.contains(variable) &&
         !variable->hasAttr<CleanupAttr>();
}

const std::string& Prescan::name(const VarDecl* variable) {
  std::string& name = names[variable];
  if (name.empty()) {
    name = variable->getNameAsString();
    if (name.empty()) name = "<unnamed>";
    unsigned& used = usedNames[name];
    if (++used > 1) name += "#" + std::to_string(used);
  }
  return name;
}

llvm::ArrayRef<const Expr*> Prescan::joinsOf(const Expr* arm) const {
  auto found = joins.find(arm);
  return found == joins.end() ? llvm::ArrayRef<const Expr*>() : llvm::ArrayRef<const Expr*>(found->second);
}

int Prescan::tryAround(const Stmt* statement) const {
  auto found = tryOfStatement.find(statement);
  return found == tryOfStatement.end() ? -1 : found->second;
}

int Prescan::tryAround(const VarDecl* variable) const {
  auto found = tryOfVariable.find(variable);
  return found == tryOfVariable.end() ? -1 : found->second;
}

void Prescan::aim(const Expr* initializer, Target target) {
  if (const Expr* maker = unwrap(initializer)) targets[maker] = target;
}

/// An arm that is `&&` or `||` itself has no element in the control flow graph: its own arms speak for it.
void Prescan::addArm(const Expr* arm, const Expr* join) {
  arm = arm->IgnoreParens();
  joins[arm].push_back(join);
  if (const auto* logical = dyn_cast<BinaryOperator>(arm); logical && logical->isLogicalOp()) {
    addArm(logical->getLHS(), join);
    addArm(logical->getRHS(), join);
  }
}

void Prescan::scanVariable(const VarDecl* variable, int aroundTry) {
  name(variable);
  if (aroundTry >= 0) tryOfVariable[variable] = aroundTry;
  if (const Expr* initializer = variable->getInit()) {
    if (!variable->getType()->isReferenceType()) aim(initializer, {Target::Variable, variable});
    scan(initializer, aroundTry);
  }
}

void Prescan::scanChildren(const Stmt* statement, int aroundTry) {
  for (const Stmt* child : statement->children())
    scan(child, aroundTry);
}

void Prescan::scanDeclaration(const DeclStmt& declaration, int aroundTry) {
  for (const Decl* decl : declaration.decls()) {
    if (const auto* variable = dyn_cast<VarDecl>(decl)) scanVariable(variable, aroundTry);
    if (const auto* bound = dyn_cast<DecompositionDecl>(decl))
      for (const BindingDecl* binding : bound->bindings())
        if (const VarDecl* holder = binding->getHoldingVar()) scanVariable(holder, aroundTry);
  }
}

void Prescan::scanTry(const CXXTryStmt& block, int aroundTry) {
  allTries.push_back({&block, aroundTry});
  int index = static_cast<int>(allTries.size()) - 1;
  scan(block.getTryBlock(), index);
  for (unsigned i = 0; i < block.getNumHandlers(); ++i)
    scan(block.getHandler(i)->getHandlerBlock(), aroundTry);
}

void Prescan::scanAssembler(const GCCAsmStmt& assembler, int aroundTry) {
  for (const Expr* input : assembler.inputs())
    scan(input, aroundTry);
  for (const Expr* output : assembler.outputs())
    if (!namedVariable(output)) scan(output, aroundTry);
}

/// One expression for all calls: whether a temporary of it was made cannot be told by its name.
void Prescan::scanDefaultArgument(const CXXDefaultArgExpr& argument, int aroundTry) {
  unsigned outer = std::exchange(branchesAround, 0);
  scan(argument.getExpr(), aroundTry);
  branchesAround = outer;
}

void Prescan::aimWithin(const Stmt* statement) {
  if (const auto* result = dyn_cast<ReturnStmt>(statement); result && result->getRetValue())
    aim(result->getRetValue(), {Target::Result, nullptr});
  if (const auto* heap = dyn_cast<CXXNewExpr>(statement); heap && heap->getInitializer())
    aim(heap->getInitializer(), {Target::Heap, nullptr, heap});
  if (const auto* thrown = dyn_cast<CXXThrowExpr>(statement); thrown && thrown->getSubExpr())
    aim(thrown->getSubExpr(), {Target::Exception, nullptr});
}

/// Whether the statement is one whose parts are not all evaluated.
bool Prescan::addArms(const Stmt* statement) {
  if (const auto* logical = dyn_cast<BinaryOperator>(statement); logical && logical->isLogicalOp()) {
    addArm(logical->getLHS(), logical);
    addArm(logical->getRHS(), logical);
    return true;
  }
  const auto* choice = dyn_cast<AbstractConditionalOperator>(statement);
  if (!choice) return false;
  addArm(choice->getTrueExpr(), choice);
  addArm(choice->getFalseExpr(), choice);
  return true;
}

void Prescan::scan(const Stmt* statement, int aroundTry) {
  if (!statement || isa<UnaryExprOrTypeTraitExpr>(statement) || isPlainUse(statement)) return;
  if (aroundTry >= 0 && isa<CallExpr, CXXConstructExpr, CXXNewExpr, CXXDeleteExpr, CXXThrowExpr>(statement))
    tryOfStatement[statement] = aroundTry;
  if (const auto* declaration = dyn_cast<DeclStmt>(statement))
    return scanDeclaration(*declaration, aroundTry);
  if (const auto* block = dyn_cast<CXXTryStmt>(statement)) return scanTry(*block, aroundTry);
  if (const auto* assembler = dyn_cast<GCCAsmStmt>(statement)) return scanAssembler(*assembler, aroundTry);
  if (const auto* argument = dyn_cast<CXXDefaultArgExpr>(statement))
    return scanDefaultArgument(*argument, aroundTry);
  if (const auto* initializer = dyn_cast<CXXDefaultInitExpr>(statement))
    return scan(initializer->getExpr(), aroundTry);
  if (const auto* opaque = dyn_cast<OpaqueValueExpr>(statement))
    return scan(opaque->getSourceExpr(), aroundTry);
  if (const auto* lambda = dyn_cast<LambdaExpr>(statement)) {
    for (const Expr* initializer : lambda->capture_inits())
      scan(initializer, aroundTry);
    return;
  }
  if (const auto* reference = dyn_cast<DeclRefExpr>(statement)) {
    if (const auto* variable = dyn_cast<VarDecl>(reference->getDecl())) escaped.insert(variable);
    return;
  }
  if (const auto* binary = dyn_cast<BinaryOperator>(statement);
      binary && binary->isAssignmentOp() && namedVariable(binary->getLHS()))
    return scan(binary->getRHS(), aroundTry);
  if (const auto* shared = dyn_cast<BinaryConditionalOperator>(statement))
    scan(shared->getCommon(), aroundTry);
  if (const auto* bound = dyn_cast<CXXBindTemporaryExpr>(statement); bound && branchesAround)
    conditional.insert(bound);
  if (isa<CXXThrowExpr>(statement)) hasThrow = true;
  aimWithin(statement);
  bool isBranch = addArms(statement);
  branchesAround += isBranch;
  scanChildren(statement, aroundTry);
  branchesAround -= isBranch;
}

} // namespace forklint::cpp
