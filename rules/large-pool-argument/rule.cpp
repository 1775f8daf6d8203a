// large-pool-argument: an argument that is pickled, sent and unpickled where that costs more than the
// threshold.
#include "analyzers/check/rule.h"

#include "llvm/Support/FormatVariadic.h"

using namespace forklint;
using namespace forklint::check;

namespace {

constexpr uint64_t thresholdBytes = 64ull << 20;
constexpr double thresholdSeconds = 0.1;
// Pool.apply of a 256 MiB array took 1.127 s (research/harness.md 4.2): the constant until this machine is
// calibrated.
constexpr double secondsPerByte = 1.127 / (256.0 * 1024 * 1024);

} // namespace

FORKLINT_RULE("large-pool-argument") {
  for (const solve::Transfer& transfer : context.solution.transfers) {
    Variants variants = transfer.variants & context.targets;
    double bytes = static_cast<double>(transfer.bytes) * static_cast<double>(transfer.copies);
    double seconds = bytes * secondsPerByte;
    if (!variants || (bytes < thresholdBytes && seconds < thresholdSeconds)) continue;
    Finding finding;
    finding.rule = "large-pool-argument";
    finding.location = locationOf(transfer.path.back());
    finding.message = llvm::formatv("sends {0:F1} MiB through pickle to a worker process, about {1:F1} s",
                                    bytes / (1 << 20), seconds)
                          .str();
    finding.cost = Cost{transfer.bytes, transfer.copies, seconds, seconds * 0.5, seconds * 2, false};
    if (!transfer.made.empty()) appendPath(finding.steps, transfer.made, "value", "the value is made here");
    appendPath(finding.steps, transfer.path, "send", "`" + transfer.model + "` pickles and sends it here");
    context.report(std::move(finding));
  }
}
