// Who mentions a key, among what has been read; and the reading of those that may. A body that has not been
// read is read as soon as the last part of a key that is asked for stands in it as a word: what it mentions
// is always among its words, but for what a step of an iteration and a method of a class imply; a whole name
// of another unit is written behind the name of what holds it, by one of its names.
#pragma once

#include "analyzers/link/mentions.h"
#include "analyzers/link/projects.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLExtras.h"

namespace forklint::link {

/// The whole name before the first part's end: "a" of "a.b.f".
llvm::StringRef packageOf(llvm::StringRef name);

template <typename Value> void sortOnce(std::vector<Value>& values) {
  llvm::sort(values);
  values.erase(llvm::unique(values), values.end());
}

struct Mention {
  const FunctionInfo* function = nullptr;
  Mentions::Use use = Mentions::Use::Named;

  bool isText() const { return function->body->kind == facts::FunctionKind::Statement; }
};

class MentionIndex {
public:
  MentionIndex(const Program& program, Mentions& mentions, Asked why);

  /// Why bodies are read from here on.
  void readsFor(Asked reason) { why = reason; }
  /// Those that have been read, without reading any.
  llvm::ArrayRef<Mention> known(llvm::StringRef key);
  /// All that there are, after reading what may be one.
  llvm::ArrayRef<Mention> all(llvm::StringRef key);
  /// Does anything but the function do more with the key than to name it?
  bool isMentionedBeside(const FunctionInfo& function, llvm::StringRef key);
  /// Is the module itself given to somebody?
  bool isGiven(llvm::StringRef module);
  /// The attributes and globals that hold an object of the class, by one of its names.
  std::vector<std::string> holdersOf(llvm::StringRef klass);
  /// A name and all other names of what it means.
  const std::vector<std::string>& namesOf(llvm::StringRef name);
  /// Does the unit name the class or module, by one of its names?
  bool names(const facts::UnitFacts& unit, llvm::StringRef owner);
  /// Can a unit have what another one made?
  bool mayHave(const facts::UnitFacts& user, const facts::UnitFacts& maker) {
    return projects.mayHave(user, maker);
  }
  /// May an attribute of any name's value be what the row means: does the module that it lies in get around?
  bool isAttribute(const Models::Seed& seed);
  /// What mentions the key in units that name the owner, and in `home`. Where there is no home, it is a
  /// library's.
  std::vector<Mention> membersIn(llvm::StringRef owner, llvm::StringRef key, const facts::UnitFacts* home);
  /// Is anything in the package named anywhere? Nothing that is not read names a package alone.
  bool isNamed(llvm::StringRef package);

private:
  /// Places in Program::units, in order.
  using Units = std::vector<uint32_t>;
  /// Bodies that were left out, in order.
  using Bodies = std::vector<BodyId>;
  /// Those from `begin` to before `end`.
  struct Range {
    BodyId begin = 0, end = UINT32_MAX;
  };
  /// A word and its hash.
  struct Word {
    llvm::StringRef text;
    uint32_t hash;
  };
  using Words = llvm::SmallVector<Word, 2>;
  /// How a key may be written: one of the words, used so, and where there are any one of the holders. A whole
  /// name stands alone in units that have its scope's names as their own.
  struct Spelling {
    Words words, holders;
    facts::WordUse use = facts::WordUse::Any;
    bool isWhole = false;
    llvm::StringRef scope;
  };
  /// What is known of a key.
  struct Those {
    std::vector<Mention> mentions;
    llvm::SmallDenseSet<uint32_t, 2> units, asked; // asked: those whose bodies were searched
    bool isAsked = false;                          // all were
  };
  struct Owner {
    std::vector<std::string> keys;         // one of them is mentioned where it is named
    Units mayName;                         // all others do not
    llvm::DenseMap<uint32_t, bool> naming; // those that were asked about
  };

  static void add(Words& words, llvm::StringRef word);
  static void addWritten(Words& words, llvm::StringRef name);
  static Words wordsOf(llvm::StringRef key);

  void update();
  void imply();
  const std::vector<Spelling>& spellingsOf(llvm::StringRef key);
  llvm::ArrayRef<BodyId> homesOf(llvm::StringRef scope) const;
  bool standsAlone(const Spelling& spelling, const UnreadUnit& unit) const;
  Bodies bodiesWith(const Words& words, Range range) const;
  Bodies bodiesWithBoth(const Spelling& spelling, Range range) const;
  Bodies candidates(const Spelling& spelling, Range range) const;
  llvm::ArrayRef<BodyId> impliedBy(llvm::StringRef key, Range range) const;
  const FunctionInfo& functionOf(BodyId body) const;
  bool isInText(llvm::StringRef name, BodyId body) const;
  bool isWritten(const Spelling& spelling, BodyId body, bool asWhole = false) const;
  void search(llvm::StringRef key, Range range);
  void searchImplied(llvm::StringRef key, Range range);
  bool isIn(uint32_t unit, llvm::StringRef key);
  const Units& unitsOf(llvm::StringRef key);
  void readWhole(llvm::StringRef name);
  Owner& ownerOf(llvm::StringRef name);
  bool names(uint32_t unit, Owner& owner);
  uint32_t placeOf(const facts::UnitFacts& unit) const { return &unit - program.units().data(); }

  const Program& program;
  Mentions& mentions;
  Projects projects;
  Asked why;
  size_t indexed = 0; // of the functions that were read
  llvm::StringMap<Those> index;
  llvm::StringSet<> packages;
  llvm::StringMap<Bodies> implied;                    // class -> methods that may mention it
  llvm::StringMap<std::vector<BodyId>> homes;         // module -> first bodies of units that have its names
  llvm::DenseMap<uint32_t, const UnreadUnit*> unread; // of units
  llvm::StringMap<Owner> owners;
  llvm::StringMap<std::vector<Spelling>> spellings;
  llvm::StringMap<Units> mayMention; // key -> units; all others do not
  llvm::StringMap<std::vector<std::string>> otherNames;
  llvm::StringMap<bool> given; // modules that were asked about
};

} // namespace forklint::link
