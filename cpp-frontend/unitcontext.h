// What the lowering of all bodies of one unit shares: names, positions, and the work that one body finds for
// others: lambdas in it, functions and classes it mentions, gaps.
#pragma once

#include "cpp-frontend/positions.h"
#include "cpp-frontend/symbols.h"

#include "analyzers/facts/facts.h"

#include "clang/AST/ASTContext.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/SetVector.h"

#include <string>
#include <vector>

namespace forklint::cpp {

struct UnitContext {
  UnitContext(clang::ASTContext& ast, std::string unit, std::string directory)
      : ast(ast), symbols(ast),
        positions(ast.getSourceManager(), ast.getLangOpts(), std::move(unit), std::move(directory)) {}

  void gap(facts::Position position, std::string reason) {
    gaps.push_back({position, std::move(reason), /*wholeUnit=*/false});
  }

  /// What the compiler of the unit makes of a parallel region of OpenMP: a call of its own runtime's.
  const char* parallelRegion = "GOMP_parallel";
  clang::ASTContext& ast;
  Symbols symbols;
  Positions positions;
  llvm::SetVector<const clang::FunctionDecl*> functions; // mentioned; lowered if there is a body of ours
  llvm::SetVector<const clang::CXXRecordDecl*> classes;  // mentioned
  llvm::SetVector<const clang::VarDecl*> globals;        // static locals and others met on the way
  llvm::DenseSet<const clang::FunctionDecl*> lowered;    // canonical declarations
  std::vector<facts::Gap> gaps;
};

} // namespace forklint::cpp
