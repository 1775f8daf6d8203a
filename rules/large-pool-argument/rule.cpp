// large-pool-argument: an argument that is pickled, sent and unpickled where that costs more than the
// threshold. Thresholds and cost per byte are data (rules/models/transfer.toml).
#include "analyzers/check/rule.h"
#include "analyzers/support/amounts.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"

using namespace forklint;
using namespace forklint::check;

namespace {

Finding describe(const solve::Transfer& transfer, const Cost& cost) {
  Finding finding;
  finding.rule = "large-pool-argument";
  finding.location = locationOf(transfer.path.back());
  finding.message = "pickles " + bytesText(llvm::SaturatingMultiply(cost.bytes, cost.copies)) +
                    " and sends it to a worker process, which takes about " + secondsText(cost.seconds);
  finding.cost = cost;
  if (!transfer.made.empty())
    appendPath(finding.steps, transfer.made, "value",
               "the value of " + bytesText(cost.bytes) + " is made here");
  appendPath(finding.steps, transfer.path, "send", "`" + transfer.model + "` pickles and sends it here");
  return finding;
}

} // namespace

FORKLINT_RULE("large-pool-argument") {
  const link::Models& models = context.program.models();
  for (const solve::Transfer& transfer : context.solution.transfers) {
    const link::TransferWay* way = models.transferWay(transfer.way);
    // What a process is given at its start is sent once.
    if (!way || transfer.atStart || !(transfer.variants & context.targets)) continue;
    uint64_t bytes = llvm::SaturatingMultiply(transfer.bytes, transfer.copies);
    auto seconds = [&](double perByte) { return static_cast<double>(bytes) * perByte; };
    Cost cost{transfer.bytes,
              transfer.copies,
              seconds(way->secondsPerByte),
              seconds(way->lowSecondsPerByte),
              seconds(way->highSecondsPerByte),
              false};
    const link::TransferThreshold& large = models.transferThreshold();
    if (bytes >= large.bytes || cost.seconds >= large.seconds) context.report(describe(transfer, cost));
  }
}
