#include "cpp-frontend/errors.h"

#include "clang/Basic/DiagnosticParse.h"
#include "clang/Basic/SourceManager.h"
#include "llvm/ADT/SmallString.h"

using namespace clang;

namespace forklint::cpp {

void ErrorKeeper::HandleDiagnostic(DiagnosticsEngine::Level level, const Diagnostic& diagnostic) {
  DiagnosticConsumer::HandleDiagnostic(level, diagnostic);
  isFatal |= level == DiagnosticsEngine::Fatal;
  if (level < DiagnosticsEngine::Error || !first.empty()) return;
  llvm::SmallString<256> message;
  diagnostic.FormatDiagnostic(message);
  first = std::string(message);
  if (diagnostic.getID() == diag::err_module_not_found) first += "; forklint does not build modules of C++20";
  if (!diagnostic.hasSourceManager() || diagnostic.getLocation().isInvalid()) return;
  PresumedLoc place = diagnostic.getSourceManager().getPresumedLoc(
      diagnostic.getSourceManager().getExpansionLoc(diagnostic.getLocation()));
  if (place.isInvalid()) return;
  first = std::string(place.getFilename()) + ":" + std::to_string(place.getLine()) + ": " + first;
  isInMain = diagnostic.getSourceManager().isInMainFile(diagnostic.getLocation());
  position.line = place.getLine();
  position.column = place.getColumn();
}

/// A flag that is not understood is no error of the unit.
void ErrorKeeper::forget() {
  first.clear();
  isFatal = false;
  clear();
}

} // namespace forklint::cpp
