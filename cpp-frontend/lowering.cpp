// A function from its parameters to the finished facts, and the lambdas found in it.
#include "cpp-frontend/lowering.h"

#include "clang/AST/StmtCXX.h"

using namespace clang;

namespace forklint::cpp {

using facts::FunctionKind;

Lowering::Lowering(UnitContext& unit, std::string symbol, FunctionKind kind, facts::Position position)
    : unit(unit), builder(symbol, kind, position), symbol(std::move(symbol)), lastPosition(position) {}

static FunctionKind kindOf(const FunctionDecl* function) {
  if (isa<CXXConstructorDecl>(function)) return FunctionKind::Constructor;
  if (isa<CXXDestructorDecl>(function)) return FunctionKind::Destructor;
  return isa_and_nonnull<CoroutineBodyStmt>(function->getBody()) ? FunctionKind::Coroutine
                                                                 : FunctionKind::Plain;
}

void Lowering::bindParameters(const FunctionDecl* function) {
  facts::Position position = unit.positions.point(function->getLocation());
  const auto* method = dyn_cast<CXXMethodDecl>(function);
  if (method && method->isImplicitObjectMemberFunction()) {
    facts::Parameter self;
    self.name = "this";
    self.type = unit.symbols.type(unit.ast.getPointerType(unit.ast.getTypeDeclType(method->getParent())));
    builder.addParameter(self, position);
    if (method->getParent()->isLambda()) {
      llvm::DenseMap<const ValueDecl*, FieldDecl*> fields;
      FieldDecl* self = nullptr;
      method->getParent()->getCaptureFields(fields, self);
      capturesThis = self != nullptr;
      for (auto& [variable, field] : fields)
        captures[variable] = field;
    }
  }
  for (const ParmVarDecl* parameter : function->parameters()) {
    facts::Parameter declared;
    declared.name = scan.name(parameter);
    declared.hasDefault = parameter->hasDefaultArg();
    declared.type = unit.symbols.type(parameter->getType());
    facts::Position where = unit.positions.range(parameter->getSourceRange());
    facts::ValueId value = builder.addParameter(declared, where);
    if (!scan.isValue(parameter)) builder.store(local(scan.name(parameter)), value, where);
  }
  if (function->isVariadic()) {
    facts::Parameter rest;
    rest.name = "...";
    rest.kind = facts::ParameterKind::VariadicPositional;
    builder.addParameter(rest, position);
  }
}

void Lowering::lowerFunction(UnitContext& unit, const FunctionDecl* function,
                             std::vector<facts::Function>& out) {
  if (!unit.lowered.insert(function->getCanonicalDecl()).second) return;
  facts::Position position = unit.positions.point(function->getLocation());
  Lowering lowering(unit, unit.symbols.function(function), kindOf(function), position);
  lowering.owner = function;
  lowering.scan.scanFunction(function);
  lowering.bindParameters(function);
  Stmt* body = function->getBody();
  if (auto* coroutine = dyn_cast<CoroutineBodyStmt>(body)) {
    unit.gap(position, "coroutine: what its promise type runs is not lowered");
    body = coroutine->getBody();
  }
  lowering.lowerBody(function, body);
  lowering.finish(out);
}

void Lowering::lowerInitializer(UnitContext& unit, const VarDecl* variable,
                                std::vector<facts::Function>& out) {
  facts::Position position = unit.positions.point(variable->getLocation());
  std::string symbol = unit.symbols.global(variable) + "::<initializer>";
  Lowering lowering(unit, std::move(symbol), FunctionKind::Statement, position);
  lowering.scan.scanVariable(variable);
  lowering.globalVariable = variable;
  lowering.lowerBody(variable, const_cast<Expr*>(variable->getInit()));
  lowering.finish(out);
}

void Lowering::finish(std::vector<facts::Function>& out) {
  facts::Function function = builder.finish();
  for (facts::Instruction& instruction : function.instructions)
    if (instruction.variable.ref().starts_with("<"))
      instruction.variable = {}; // joins of expressions are no variables of the source
  out.push_back(std::move(function));
  for (const CXXMethodDecl* lambda : lambdas)
    if (lambda->getBody() && !lambda->isDependentContext()) lowerFunction(unit, lambda, out);
}

} // namespace forklint::cpp
