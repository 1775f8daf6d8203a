// Who mentions a key, among what has been read; and the reading of those that may. A body that has not been
// read is read as soon as the last part of a key that is asked for stands in it as a word: what it mentions
// is always among its words, but for what a step of an iteration and a method of a class imply; a whole name
// of another unit is written behind the name of what holds it, by one of its names.
#pragma once

#include "analyzers/link/mentions.h"

#include "llvm/ADT/SmallPtrSet.h"

namespace forklint::link {

/// The whole name before the first part's end: "os" of "os.fork".
llvm::StringRef packageOf(llvm::StringRef name);

class MentionIndex {
public:
  /// A word and its hash.
  struct Word {
    llvm::StringRef text;
    uint32_t hash;
  };
  using Words = llvm::SmallVector<Word, 2>;
  using Functions = std::vector<const FunctionInfo*>;

  /// `definitions` is that of Mentions::of.
  MentionIndex(const Program& program, Mentions& mentions, bool definitions, Asked why);

  /// Those that have been read, without reading any.
  llvm::ArrayRef<const FunctionInfo*> known(llvm::StringRef key);
  /// All that there are, after reading what may be one.
  llvm::ArrayRef<const FunctionInfo*> all(llvm::StringRef key);
  /// All of one unit.
  Functions in(const facts::UnitFacts& unit, llvm::StringRef key);
  /// Does anything but the function mention the key?
  bool isMentionedBeside(const FunctionInfo& function, llvm::StringRef key);
  /// Does the unit name the class or module, by one of its names?
  bool names(const facts::UnitFacts& unit, llvm::StringRef owner);
  /// The units that may have a function that mentions the key, in their order.
  Functions membersIn(llvm::StringRef owner, llvm::StringRef key, const facts::UnitFacts* home);
  /// Is anything in the package named anywhere? Nothing that is not read names a package alone.
  bool isNamed(llvm::StringRef package);

private:
  struct Those {
    Functions functions;
    llvm::SmallPtrSet<const facts::UnitFacts*, 2> units, asked; // asked: those whose bodies were searched
    bool isAsked = false;                                       // all were
  };

  /// `holder` is what the thing lies in, `holders` the words for it.
  struct Spelling {
    llvm::StringRef holder;
    Words words, holders;
  };
  const std::vector<Spelling>& spellingsOf(llvm::StringRef key);
  void update();
  Those& those(llvm::StringRef key) { return index[key]; }
  const std::vector<std::string>& namesOf(llvm::StringRef name);
  void search(llvm::StringRef key, const UnreadUnit& unit);
  void searchWords(Words words, facts::WordUse use, Words holder, const UnreadUnit& unit);
  void addAttributes(std::vector<std::string>& keys);
  void imply();
  void searchImplied(llvm::StringRef key, const facts::UnitFacts* unit);

  const Program& program;
  Mentions& mentions;
  bool definitions;
  Asked why;
  size_t indexed = 0; // of the functions that were read
  llvm::StringMap<Those> index;
  llvm::StringSet<> packages;
  llvm::StringMap<std::vector<const FunctionInfo*>> implied; // class -> unread methods that may mention it
  llvm::StringMap<llvm::DenseMap<const facts::UnitFacts*, bool>> named; // owner -> units
  llvm::StringMap<std::vector<Spelling>> spellings;
  llvm::StringMap<std::vector<std::string>> ownerKeys, otherNames;
  llvm::DenseMap<const facts::UnitFacts*, const UnreadUnit*> unread;
};

} // namespace forklint::link
