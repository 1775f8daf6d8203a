// See fingerprint.h.
#include "driver/fingerprint.h"

#include "driver/report/renderer.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/SHA256.h"

#include <map>

namespace forklint::driver {
namespace {

/// The function of the step that stands where the finding does. Its author's name for it: statements of a
/// module are numbered, and a number would move.
std::string functionOf(const check::Finding& finding) {
  for (const check::Step& step : llvm::reverse(finding.steps))
    if (step.location.path == finding.location.path && step.location.line == finding.location.line)
      return functionName(step.function);
  return "";
}

std::string identity(const check::Finding& finding, SourceCache& sources) {
  llvm::StringRef line = sources.line(finding.location.path, finding.location.line).value_or("").trim();
  return llvm::join(
      std::vector<std::string>{finding.rule, finding.location.path, functionOf(finding), line.str()},
      std::string(1, '\0'));
}

} // namespace

void addFingerprints(std::vector<check::Finding>& findings) {
  constexpr size_t length = 32; // hexadecimal digits
  SourceCache sources;
  std::map<std::string, unsigned> equals;
  for (check::Finding& finding : findings) {
    std::string known = identity(finding, sources);
    unsigned number = equals[known]++;
    (known += '\0') += std::to_string(number);
    auto digest = llvm::SHA256::hash(llvm::arrayRefFromStringRef(known));
    finding.fingerprint = llvm::toHex(digest, /*LowerCase=*/true).substr(0, length);
  }
}

} // namespace forklint::driver
