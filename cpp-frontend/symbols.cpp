// Names of declarations. A template's instance is named by its pattern, at every level of nesting.
#include "cpp-frontend/symbols.h"

#include "clang/AST/DeclTemplate.h"
#include "clang/Basic/SourceManager.h"

using namespace clang;

namespace forklint::cpp {

Symbols::Symbols(const ASTContext& context) : context(context), policy(context.getLangOpts()) {
  policy.adjustForCPlusPlus();
  policy.SuppressTagKeyword = true;
  policy.SuppressUnwrittenScope = true;
  policy.SuppressInlineNamespace = true;
  policy.PrintCanonicalTypes = true;
  policy.AnonymousTagLocations = false;
}

static const FunctionDecl* patternOf(const FunctionDecl* function) {
  if (const FunctionDecl* pattern = function->getTemplateInstantiationPattern(/*ForDefinition=*/false))
    return pattern;
  if (const FunctionTemplateDecl* primary = function->getPrimaryTemplate())
    return primary->getTemplatedDecl();
  return function;
}

std::string Symbols::placeOf(const Decl* decl) {
  PresumedLoc place = context.getSourceManager().getPresumedLoc(
      context.getSourceManager().getExpansionLoc(decl->getLocation()));
  if (place.isInvalid()) return "0:0";
  return std::to_string(place.getLine()) + ":" + std::to_string(place.getColumn());
}

std::string Symbols::prefix(const DeclContext* scope) {
  for (; scope; scope = scope->getParent()) {
    if (const auto* space = dyn_cast<NamespaceDecl>(scope)) {
      if (space->isInline() || space->isAnonymousNamespace()) continue;
      return prefix(space->getParent()) + space->getName().str() + "::";
    }
    if (const auto* inner = dyn_cast<RecordDecl>(scope)) return record(inner) + "::";
    if (const auto* inner = dyn_cast<FunctionDecl>(scope)) return functionName(inner) + "::";
  }
  return "";
}

std::string Symbols::functionName(const FunctionDecl* function) {
  if (function->isMain() || (function->isExternC() && !isa<CXXMethodDecl>(function)) ||
      (!context.getLangOpts().CPlusPlus))
    return function->getNameAsString();
  std::string scope = prefix(function->getDeclContext());
  if (const auto* constructor = dyn_cast<CXXConstructorDecl>(function))
    return scope +
           (constructor->getParent()->isLambda() ? "<lambda>" : constructor->getParent()->getNameAsString());
  if (const auto* destructor = dyn_cast<CXXDestructorDecl>(function))
    return scope + "~" +
           (destructor->getParent()->isLambda() ? "<lambda>" : destructor->getParent()->getNameAsString());
  if (const auto* conversion = dyn_cast<CXXConversionDecl>(function))
    return scope + "operator " + type(conversion->getConversionType());
  return scope + function->getNameAsString();
}

std::string Symbols::parameterList(const FunctionDecl* function) {
  std::string list = "(";
  for (const ParmVarDecl* parameter : patternOf(function)->parameters()) {
    if (list.size() > 1) list += ", ";
    QualType written = parameter->getType();
    PrintingPolicy dependent = policy;
    dependent.PrintCanonicalTypes = false;
    list += written->isDependentType() ? written.getUnqualifiedType().getAsString(dependent)
                                       : type(written.getUnqualifiedType());
  }
  if (function->isVariadic()) list += list.size() > 1 ? ", ..." : "...";
  list += ")";
  const auto* method = dyn_cast<CXXMethodDecl>(function);
  if (method && method->isConst()) list += " const";
  return list;
}

const std::string& Symbols::function(const FunctionDecl* function) {
  const std::string& name = names[function->getCanonicalDecl()];
  if (!name.empty()) return name;
  std::string made = functionName(function);
  bool bare = function->isMain() || !context.getLangOpts().CPlusPlus ||
              (function->isExternC() && !isa<CXXMethodDecl>(function)) || function->getBuiltinID() != 0;
  if (!bare) made += parameterList(function);
  return names[function->getCanonicalDecl()] = std::move(made);
}

std::string Symbols::recordName(const RecordDecl* record) {
  std::string scope = prefix(record->getDeclContext());
  const auto* lambda = dyn_cast<CXXRecordDecl>(record);
  if (lambda && lambda->isLambda()) {
    // A lambda in a default member initialiser or a global's initialiser has no function around it.
    if (const auto* variable = dyn_cast_or_null<VarDecl>(lambda->getLambdaContextDecl());
        variable && scope.empty())
      scope = variable->getNameAsString() + "::";
    return scope + "<lambda@" + placeOf(record) + ">";
  }
  if (const TypedefNameDecl* alias = record->getTypedefNameForAnonDecl())
    return scope + alias->getNameAsString();
  if (record->getName().empty()) return scope + "<anonymous@" + placeOf(record) + ">";
  return scope + record->getNameAsString();
}

const std::string& Symbols::record(const RecordDecl* record) {
  const std::string& name = names[record->getCanonicalDecl()];
  if (!name.empty()) return name;
  std::string made = recordName(record);
  return names[record->getCanonicalDecl()] = std::move(made);
}

const std::string& Symbols::global(const VarDecl* variable) {
  const std::string& name = names[variable->getCanonicalDecl()];
  if (!name.empty()) return name;
  std::string made;
  if (const auto* owner = dyn_cast<FunctionDecl>(variable->getDeclContext());
      owner && variable->isStaticLocal())
    made = function(owner) + "::" + variable->getNameAsString();
  else if (!context.getLangOpts().CPlusPlus || variable->isExternC())
    made = variable->getNameAsString();
  else
    made = prefix(variable->getDeclContext()) + variable->getNameAsString();
  return names[variable->getCanonicalDecl()] = std::move(made);
}

std::string Symbols::field(const FieldDecl* field) {
  const auto* lambda = dyn_cast<CXXRecordDecl>(field->getParent());
  if (!lambda || !lambda->isLambda()) return field->getNameAsString();
  auto capture = lambda->captures_begin();
  for (const FieldDecl* each : lambda->fields()) {
    if (capture == lambda->captures_end()) break;
    if (each == field && capture->capturesVariable()) return capture->getCapturedVar()->getNameAsString();
    if (each == field) return capture->capturesThis() ? "this" : "<array size>";
    ++capture;
  }
  return "<capture>";
}

std::string Symbols::display(const NamedDecl* decl) {
  if (const auto* shown = dyn_cast<FunctionDecl>(decl)) return functionName(shown);
  if (const auto* shown = dyn_cast<RecordDecl>(decl)) return record(shown);
  return decl->getNameAsString();
}

std::string Symbols::type(QualType type) {
  if (type.isNull()) return "";
  const CXXRecordDecl* pointee =
      type->isPointerType() ? type->getPointeeCXXRecordDecl() : type->getAsCXXRecordDecl();
  if (pointee && pointee->isLambda()) return record(pointee) + (type->isPointerType() ? " *" : "");
  QualType canonical = type->isDependentType() ? type : type.getCanonicalType();
  return canonical.getAsString(policy);
}

std::string Symbols::className(QualType type) {
  type = type.getNonReferenceType();
  if (const auto* array = type->getAsArrayTypeUnsafe()) return className(array->getElementType());
  if (const auto* found = type->getAsRecordDecl()) return record(found);
  return this->type(type.getUnqualifiedType());
}

facts::Linkage Symbols::linkage(const NamedDecl* decl) {
  switch (decl->getFormalLinkage()) {
  case Linkage::External:
  case Linkage::Module:
  case Linkage::VisibleNone: return facts::Linkage::External;
  case Linkage::UniqueExternal:
  case Linkage::Internal: return facts::Linkage::Internal;
  default: return isa<VarDecl>(decl) ? facts::Linkage::Internal : facts::Linkage::None;
  }
}

} // namespace forklint::cpp
