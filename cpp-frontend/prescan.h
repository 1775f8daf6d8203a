// What must be known of a body before it is lowered: which local variables can be values in single assignment
// form, under which name each goes, where a constructor call builds its object, and which `try` stands around
// what.
#pragma once

#include "analyzers/facts/facts.h"

#include "clang/AST/Decl.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/StringMap.h"

#include <string>
#include <vector>

namespace forklint::cpp {

/// Where an expression of class type makes its object.
struct Target {
  enum Kind : uint8_t { Temporary, Variable, Heap, Member, Base, Result, Exception } kind = Temporary;
  const clang::ValueDecl* decl = nullptr; // the variable or the field
  const clang::CXXNewExpr* heap = nullptr;
};

struct Try {
  const clang::CXXTryStmt* statement = nullptr;
  int outer = -1;
};

class Prescan {
public:
  void scanFunction(const clang::FunctionDecl* function);
  void scan(const clang::Stmt* statement, int aroundTry = -1);
  void scanVariable(const clang::VarDecl* variable, int aroundTry = -1);

  /// A scalar, pointer or reference nobody has the address of.
  bool isValue(const clang::VarDecl* variable) const;
  const std::string& name(const clang::VarDecl* variable);
  Target target(const clang::Expr* expression) const { return targets.lookup(expression); }
  /// The expression whose value another one takes on one of several ways, as `b` in `a ? b : c`.
  llvm::ArrayRef<const clang::Expr*> joinsOf(const clang::Expr* arm) const;

  int tryAround(const clang::Stmt* statement) const;
  int tryAround(const clang::VarDecl* variable) const;
  const std::vector<Try>& tries() const { return allTries; }
  /// Temporaries in parts that are not always evaluated.
  const llvm::DenseSet<const clang::CXXBindTemporaryExpr*>& conditionalTemporaries() const {
    return conditional;
  }
  bool hasCleanup() const { return !allTries.empty() || hasThrow; }

private:
  void scanDeclaration(const clang::DeclStmt& declaration, int aroundTry);
  void scanTry(const clang::CXXTryStmt& block, int aroundTry);
  void scanAssembler(const clang::GCCAsmStmt& assembler, int aroundTry);
  void scanDefaultArgument(const clang::CXXDefaultArgExpr& argument, int aroundTry);
  void scanChildren(const clang::Stmt* statement, int aroundTry);
  void aim(const clang::Expr* initializer, Target target);
  /// Aims what a return, a new or a throw builds.
  void aimWithin(const clang::Stmt* statement);
  bool addArms(const clang::Stmt* statement);
  void addArm(const clang::Expr* arm, const clang::Expr* join);

  llvm::DenseSet<const clang::VarDecl*> escaped;
  llvm::DenseMap<const clang::VarDecl*, std::string> names;
  llvm::StringMap<unsigned> usedNames;
  llvm::DenseMap<const clang::Expr*, Target> targets;
  llvm::DenseMap<const clang::Expr*, std::vector<const clang::Expr*>> joins;
  llvm::DenseMap<const clang::Stmt*, int> tryOfStatement;
  llvm::DenseMap<const clang::VarDecl*, int> tryOfVariable;
  std::vector<Try> allTries;
  llvm::DenseSet<const clang::CXXBindTemporaryExpr*> conditional;
  unsigned branchesAround = 0;
  bool hasThrow = false;
};

/// Through parentheses and what only wraps an expression: its full-expression, a conversion by constructor,
/// a copy that is elided.
const clang::Expr* unwrap(const clang::Expr* expression);

} // namespace forklint::cpp
