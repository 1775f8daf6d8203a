// Suppression comments of the main file and of project headers.
#pragma once

#include "analyzers/facts/facts.h"
#include "cpp-frontend/positions.h"

#include "clang/Lex/Preprocessor.h"

#include <vector>

namespace forklint::cpp {

/// What one comment says. `isAlone`: nothing but space stands before it on its line.
std::vector<facts::Suppression> parseSuppressions(llvm::StringRef comment, facts::Position position,
                                                  bool isAlone);

/// Collects comments that may suppress something while the preprocessor reads; positions are made later.
class SuppressionComments : public clang::CommentHandler {
public:
  bool HandleComment(clang::Preprocessor& preprocessor, clang::SourceRange comment) override;
  std::vector<facts::Suppression> take(const clang::SourceManager& sources, Positions& positions);

private:
  std::vector<clang::SourceRange> comments;
};

} // namespace forklint::cpp
