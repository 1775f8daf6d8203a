// Ranges of releases, as packages write them: ">=3.9,<4", "~=1.4", "==2.*". A release is a list of numbers;
// what stands behind them (rc1, .post2) does not count.
#pragma once

#include "llvm/ADT/StringRef.h"

#include <optional>
#include <string>
#include <vector>

namespace forklint {

class Releases {
public:
  /// Clauses with commas between; nothing for other text. Empty text, and "*", allow all.
  static std::optional<Releases> parse(llvm::StringRef text);
  /// Is there a release that both allow?
  bool meets(const Releases& other) const;

private:
  using Release = std::vector<uint32_t>;
  struct Clause {
    std::string sign; // one of < <= > >= == !=
    Release release;
    bool isPrefix = false; // of == and !=: all that begins so
  };
  static bool addClause(llvm::StringRef text, std::vector<Clause>& clauses);
  static std::optional<Release> parseRelease(llvm::StringRef text, bool& isPrefix);
  static bool holds(const Clause& clause, const Release& release);
  bool allows(const Release& release) const;

  std::vector<Clause> clauses;
};

} // namespace forklint
