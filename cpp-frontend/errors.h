// What Clang complains of in one parse. Nothing is printed.
#pragma once

#include "analyzers/facts/facts.h"

#include "clang/Basic/Diagnostic.h"

#include <string>

namespace forklint::cpp {

/// Remembers the first error.
class ErrorKeeper : public clang::DiagnosticConsumer {
public:
  void HandleDiagnostic(clang::DiagnosticsEngine::Level level, const clang::Diagnostic& diagnostic) override;
  void forget();

  std::string first; // with its place; empty: none
  facts::Position position;
  bool isFatal = false;
  bool isInMain = false;
};

} // namespace forklint::cpp
