// One translation unit: which functions, classes and globals of it become facts, and in which chunks.
#pragma once

#include "cpp-frontend/protocol.h"
#include "cpp-frontend/suppressions.h"

#include "analyzers/facts/facts.h"

#include "clang/AST/ASTConsumer.h"
#include "clang/Frontend/CompilerInstance.h"

#include <memory>

namespace forklint::cpp {

/// The consumer that fills `facts` when the unit has been parsed. `facts` outlives it.
std::unique_ptr<clang::ASTConsumer> makeUnitConsumer(clang::CompilerInstance& compiler, const WorkItem& item,
                                                     SuppressionComments& comments, facts::UnitFacts& facts);

/// Extracts from an AST that has all bodies; for tests.
void extract(clang::ASTContext& ast, llvm::ArrayRef<clang::Decl*> topLevel, const WorkItem& item,
             facts::UnitFacts& facts);

} // namespace forklint::cpp
