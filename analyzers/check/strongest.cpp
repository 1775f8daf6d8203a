#include "analyzers/check/strongest.h"

#include "llvm/ADT/STLExtras.h"

namespace forklint::check {

void keepStrongest(std::vector<Finding>& findings) {
  auto standsFor = [](const Finding& strong, const Finding& weak) {
    return !strong.remainder && !strong.cause.empty() && strong.cause == weak.cause &&
           strong.level >= weak.level;
  };
  for (Finding& strong : findings)
    for (const Finding& weak : findings)
      if (weak.remainder && standsFor(strong, weak) && !llvm::is_contained(strong.also, weak.rule))
        strong.also.push_back(weak.rule);
  llvm::erase_if(findings, [&, all = findings](const Finding& weak) {
    return weak.remainder &&
           llvm::any_of(all, [&](const Finding& strong) { return standsFor(strong, weak); });
  });
}

} // namespace forklint::check
