// refcount-copies-in-workers: forked workers read so many objects of their parent that their memory is
// copied.
#include "analyzers/check/misuse.h"
#include "analyzers/support/amounts.h"

#include "llvm/Support/MathExtras.h"

using namespace forklint;
using namespace forklint::check;

/// An object of Python is no smaller than this (a small number: 28 bytes, in blocks of 16), and its place in
/// the container is a reference.
static constexpr uint64_t leastBytesOfObject = 32 + 8;

FORKLINT_RULE("refcount-copies-in-workers") {
  const uint64_t large = context.program.models().transferThreshold().bytes;
  eachMisuse(context, "refcount-copies-in-workers", [&](const solve::Misuse& misuse, Variants variants) {
    uint64_t bytes = llvm::SaturatingMultiply(misuse.count, leastBytesOfObject);
    if (bytes < large) return;
    context.report(
        findingOf(misuse, variants,
                  {.rule = "refcount-copies-in-workers",
                   .level = Level::Note,
                   .message = "its task reads " + std::to_string(misuse.count) +
                              " objects that the worker has inherited: each worker copies " +
                              bytesText(bytes) + " or more, for counting references writes to them",
                   .earlierRole = "value",
                   .earlierMessage = "the objects are put into this container",
                   .here = "a task that reads them is sent here"}));
  });
}
