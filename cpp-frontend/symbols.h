// Names of declarations as docs/ir.md wants them: qualified, without template arguments and inline
// namespaces, with the parameter types of the pattern, so that a model can name them; bare for C linkage.
#pragma once

#include "analyzers/facts/facts.h"

#include "clang/AST/ASTContext.h"
#include "clang/AST/Decl.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/PrettyPrinter.h"

#include <string>
#include <unordered_map>

namespace forklint::cpp {

class Symbols {
public:
  explicit Symbols(const clang::ASTContext& context);

  const std::string& function(const clang::FunctionDecl* function);
  const std::string& record(const clang::RecordDecl* record);
  const std::string& global(const clang::VarDecl* variable);
  /// The name without a parameter list, as a person would say it.
  std::string display(const clang::NamedDecl* decl);
  /// Canonical, as `std::mutex` or `const char *`.
  std::string type(clang::QualType type);
  /// The class of a type, through references and arrays, without template arguments; other types as they are.
  std::string className(clang::QualType type);

  /// A captured variable gives a lambda's field its name, `this` included.
  static std::string field(const clang::FieldDecl* field);

  static facts::Linkage linkage(const clang::NamedDecl* decl);

private:
  std::string prefix(const clang::DeclContext* context);
  std::string functionName(const clang::FunctionDecl* function);
  std::string recordName(const clang::RecordDecl* record);
  std::string parameterList(const clang::FunctionDecl* function);
  std::string placeOf(const clang::Decl* decl);

  const clang::ASTContext& context;
  clang::PrintingPolicy policy;
  std::unordered_map<const clang::Decl*, std::string> names; // references stay valid
};

} // namespace forklint::cpp
