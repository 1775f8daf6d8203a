// The names that files of rows introduce and those that they mention, each with its place: what has two rows
// of equal standing, and what nobody introduces, are mistakes.
#pragma once

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <map>
#include <string>
#include <vector>

namespace forklint::link {

/// Whose rows a file holds. Those of a later one take the place of an earlier one's.
enum class Origin : uint8_t { BuiltIn, Configuration, CommandLine };

/// What a name is one of.
enum class NameKind : uint8_t {
  Row,   // a callable or class
  Thing, // what a path means by `name.`: what has a row, or something in it has
  Lock,  // of a C library
  Way,   // of transfer
  State, // of some object
};

class Register {
public:
  explicit Register(Origin origin = Origin::BuiltIn) : origin(origin) {}
  /// What comes now is of another one's.
  void read(Origin whose) { origin = whose; }

  /// Of one name and origin there is one of a kind, but for rows of different `releases` of a package, or
  /// none. `place` is "FILE:LINE:COLUMN".
  llvm::Error introduce(NameKind kind, llvm::StringRef name, const std::string& place,
                        llvm::StringRef releases = "");
  /// `what` says what mentions it, as the beginning of a sentence: "'way'".
  void mention(NameKind kind, llvm::StringRef name, const std::string& place, llvm::StringRef what);

  /// The first mention of what nobody introduced. `isKnown` tells what is there without its own name.
  llvm::Error unknown(llvm::function_ref<bool(NameKind, llvm::StringRef)> isKnown) const;
  /// All mentions are of what there is.
  void forgetMentions() { mentions.clear(); }

private:
  struct Introduced {
    Origin origin;
    std::string place, releases;
  };
  struct Mention {
    NameKind kind;
    std::string name, place, what;
  };
  Origin origin;
  std::map<std::pair<NameKind, std::string>, std::vector<Introduced>> introduced;
  std::vector<Mention> mentions;
};

} // namespace forklint::link
