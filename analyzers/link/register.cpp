#include "analyzers/link/register.h"

#include "analyzers/support/suggest.h"

namespace forklint::link {
namespace {

llvm::StringRef nounOf(NameKind kind) {
  switch (kind) {
  case NameKind::Row:
  case NameKind::Thing: return "row";
  case NameKind::Lock: return "[[lock]]";
  case NameKind::Way: return "[[transfer-way]]";
  case NameKind::State: return "state";
  }
  return "";
}

} // namespace

llvm::Error Register::introduce(NameKind kind, llvm::StringRef name, const std::string& place,
                                llvm::StringRef releases) {
  bool isOfOne = kind != NameKind::State && kind != NameKind::Thing;
  std::vector<Introduced>& all = introduced[{kind, name.str()}];
  for (const Introduced& other : all) {
    bool isOfOthers = !releases.empty() && !other.releases.empty() && releases != other.releases;
    if (isOfOne && other.origin == origin && !isOfOthers)
      return llvm::createStringError(place + ": '" + name.str() + "' has a " + nounOf(kind).str() +
                                     " already, at " + other.place);
  }
  if (isOfOne || all.empty()) all.push_back({origin, place, releases.str()});
  return llvm::Error::success();
}

void Register::mention(NameKind kind, llvm::StringRef name, const std::string& place, llvm::StringRef what) {
  mentions.push_back({kind, name.str(), place, what.str()});
}

llvm::Error Register::unknown(llvm::function_ref<bool(NameKind, llvm::StringRef)> isKnown) const {
  for (const Mention& each : mentions) {
    if (introduced.contains({each.kind, each.name}) || isKnown(each.kind, each.name)) continue;
    std::vector<llvm::StringRef> names;
    for (const auto& [key, places] : introduced)
      if (key.first == each.kind) names.push_back(key.second);
    std::string lack = each.kind == NameKind::State ? "a state to which no effect moves anything"
                                                    : "for which there is no " + nounOf(each.kind).str();
    return llvm::createStringError(each.place + ": " + each.what + " names '" + each.name + "', " + lack +
                                   suggestion(each.name, names));
  }
  return llvm::Error::success();
}

} // namespace forklint::link
