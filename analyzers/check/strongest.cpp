#include "analyzers/check/strongest.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringMap.h"

namespace forklint::check {

void keepStrongest(std::vector<Finding>& findings) {
  llvm::StringMap<Level> specific;                    // cause -> the strongest that says more than the rest
  llvm::StringMap<std::vector<std::string>> stoodFor; // cause -> rules that go for it
  for (const Finding& finding : findings)
    if (!finding.remainder && !finding.cause.empty()) {
      auto [slot, fresh] = specific.try_emplace(finding.cause, finding.level);
      if (!fresh) slot->second = std::max(slot->second, finding.level);
    }
  llvm::erase_if(findings, [&](const Finding& weak) {
    auto strong = weak.remainder ? specific.find(weak.cause) : specific.end();
    if (strong == specific.end() || strong->second < weak.level) return false;
    stoodFor[weak.cause].push_back(weak.rule);
    return true;
  });
  for (Finding& finding : findings)
    if (auto rules = stoodFor.find(finding.cause);
        rules != stoodFor.end() && finding.level == specific[finding.cause])
      for (const std::string& rule : rules->second)
        if (!llvm::is_contained(finding.also, rule)) finding.also.push_back(rule);
}

} // namespace forklint::check
