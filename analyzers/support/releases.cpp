#include "analyzers/support/releases.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"

#include <algorithm>

namespace forklint {

/// "1.26.4", "2.*", "3.0rc1".
std::optional<Releases::Release> Releases::parseRelease(llvm::StringRef text, bool& isPrefix) {
  Release release;
  text.consume_front("v");
  llvm::SmallVector<llvm::StringRef> parts;
  text.split(parts, '.');
  for (llvm::StringRef part : parts) {
    if (part == "*" && !release.empty()) {
      isPrefix = true;
      return release;
    }
    uint32_t number = 0;
    llvm::StringRef rest = part;
    if (rest.consumeInteger(10, number)) return release.empty() ? std::nullopt : std::optional(release);
    release.push_back(number);
    if (!rest.empty()) break;
  }
  return release;
}

bool Releases::addClause(llvm::StringRef text, std::vector<Clause>& clauses) {
  text = text.trim();
  if (text.empty() || text == "*") return true;
  llvm::StringRef sign = text.take_while([](char each) { return llvm::StringRef("<>=!~^").contains(each); });
  bool isPrefix = false;
  std::optional<Release> release = parseRelease(text.drop_front(sign.size()).trim(), isPrefix);
  if (!release) return false;
  if (sign.empty() || sign == "===") sign = "==";
  if (sign == "~=" || sign == "~" || sign == "^") {
    // At least this one, and no more than its last number (of ^: than what is behind its first) differs.
    Release prefix = *release;
    if (sign == "^")
      prefix.resize(std::min<size_t>(
          prefix.size(), llvm::find_if(prefix, [](uint32_t each) { return each; }) - prefix.begin() + 1));
    else if (sign == "~=" ? prefix.size() > 1 : prefix.size() > 2)
      prefix.pop_back();
    clauses.push_back({">=", *release});
    clauses.push_back({"==", prefix, true});
    return true;
  }
  if (!llvm::is_contained({"<", "<=", ">", ">=", "==", "!="}, sign)) return false;
  clauses.push_back({sign.str(), *release, isPrefix});
  return true;
}

std::optional<Releases> Releases::parse(llvm::StringRef text) {
  Releases releases;
  llvm::SmallVector<llvm::StringRef> parts;
  text.split(parts, ',', -1, /*KeepEmpty=*/false);
  for (llvm::StringRef part : parts)
    if (!addClause(part, releases.clauses)) return std::nullopt;
  return releases;
}

bool Releases::holds(const Clause& clause, const Release& release) {
  Release left = release, right = clause.release;
  left.resize(clause.isPrefix ? right.size() : std::max(left.size(), right.size()));
  right.resize(left.size());
  auto order = left <=> right;
  return clause.sign == "<"    ? order < 0
         : clause.sign == "<=" ? order <= 0
         : clause.sign == ">"  ? order > 0
         : clause.sign == ">=" ? order >= 0
         : clause.sign == "==" ? order == 0
                               : order != 0;
}

bool Releases::allows(const Release& release) const {
  return llvm::all_of(clauses, [&](const Clause& clause) { return holds(clause, release); });
}

/// A range begins and ends at a release that a clause names: whether two meet is seen there, just above and
/// just below.
bool Releases::meets(const Releases& other) const {
  constexpr uint32_t most = UINT32_MAX;
  std::vector<Release> asked{{0}};
  for (const Releases* range : {this, &other})
    for (const Clause& clause : range->clauses) {
      Release above = clause.release, below = clause.release;
      asked.push_back(clause.release);
      above.insert(above.end(), {0, 0, 0, 1});
      asked.push_back(above);
      above = clause.release;
      above.back() += 1; // behind all that begins so
      asked.push_back(above);
      while (!below.empty() && below.back() == 0)
        below.pop_back();
      if (below.empty()) continue;
      below.back() -= 1;
      below.insert(below.end(), {most, most});
      asked.push_back(below);
    }
  return llvm::any_of(asked, [&](const Release& each) { return allows(each) && other.allows(each); });
}

} // namespace forklint
