// Abstract values: interned sets of alternatives, each holding for a set of variants. Equal sets have equal
// ids, so that states compare by id. A set that grows past `widest` becomes unknown: values stay finite.
#pragma once

#include "analyzers/link/program.h"
#include "analyzers/support/id-table.h"
#include "analyzers/support/variants.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/Support/Allocator.h"

#include <deque>
#include <string>
#include <vector>

namespace forklint::solve {

enum class AtomKind : uint8_t {
  Literal,
  Function, // defined in the program; `object` holds its captures
  External, // a name outside the program
  Module,   // a module of the program
  Object,
  Address,   // of a place
  Bound,     // callee `target` with receiver `receiver`
  ProcessId, // what the fork of side `object` gives the parent: positive
  ForkError, // what it gives where it has failed: -1
  Process,   // the process that runs on side `object`, as it names itself: the same one, or another
  Liveness, // true while `object` lives: what is_alive() and its like give; of 0: how many of class `text` do
  Version,  // of the language, as a tuple: compares by variants
  Unknown,
};

using AtomId = uint32_t;
using ObjectId = uint32_t;
using PlaceId = uint32_t;
using ValueSet = uint32_t;

struct Atom {
  AtomKind kind = AtomKind::Unknown;
  Text text; // External, Module: name; Liveness: class; Unknown: reason
  facts::Literal literal;
  const link::FunctionInfo* function =
      nullptr;         // Function; Unknown: it was given to this one, and is one thing
  uint32_t object = 0; // Object, Function, Liveness: object; Address: place; ProcessId, ForkError, Process:
                       // side; Literal: the thread whose last word it is
  AtomId target = 0, receiver = 0;
  /// Met in a loop over all that a container holds: what is done to it, or with it as a key, is done to each
  /// of the things that it stands for.
  bool each = false;
  Text klass;              // Unknown, given: the library's class that an annotation names
  bool isOther = false;    // Unknown: anything but `literal`; but for None it is true where it is tested
  bool mayBeEmpty = false; // such an Unknown: unless it holds nothing
  bool isLine = false;     // Unknown: a number, a truth value, or a text of which one writes a line
};

struct Alternative {
  AtomId atom = 0;
  Variants variants = allVariants;
  auto operator<=>(const Alternative&) const = default;
};

class Values {
public:
  static constexpr size_t widest = 24;
  static constexpr ValueSet nothing = 0;

  Values() : sets(1) {}
  AtomId intern(const Atom& atom);
  /// Stays where it is while others are added.
  const Atom& atom(AtomId id) const { return atoms[id]; }
  /// Sorted, each atom once; they stay where they are.
  llvm::ArrayRef<Alternative> of(ValueSet set) const { return sets[set]; }

  ValueSet set(std::vector<Alternative> alternatives);
  ValueSet single(const Atom& atom, Variants variants = allVariants);
  ValueSet object(ObjectId object);
  ValueSet unknown(Text reason, bool isLine = false);
  ValueSet literal(facts::Literal value);
  ValueSet join(ValueSet left, ValueSet right);
  ValueSet within(ValueSet set, Variants variants);
  /// The things of the set as a loop over all of them meets them, and as a single one is met.
  ValueSet each(ValueSet set) { return markedSet(set, true); }
  ValueSet one(ValueSet set) { return markedSet(set, false); }
  AtomId oneAtom(AtomId atom) { return markedAtom(atom, false); }
  std::vector<ObjectId> objectsIn(ValueSet set) const;
  /// True for what `each` gives of a set with things in it.
  bool isEach(ValueSet set) const;
  /// True where each alternative is the literal true.
  bool isTrue(ValueSet set) const;
  /// True of a default that stands for something else, too: that there is nothing, or some number.
  bool isLeftOpen(ValueSet set) const;
  /// True where the set has no alternative but unknown ones.
  bool isUnknown(ValueSet set) const;

private:
  ValueSet known(llvm::ArrayRef<Alternative> merged);
  AtomId markedAtom(AtomId id, bool each);
  ValueSet markedSet(ValueSet set, bool each);
  bool isEachAtom(AtomId id) const;

  std::deque<Atom> atoms;
  std::deque<llvm::ArrayRef<Alternative>> sets;
  llvm::BumpPtrAllocator room; // of the sets
  IdTable atomIds, setIds;
  llvm::DenseMap<std::pair<ValueSet, ValueSet>, ValueSet> joins;
  llvm::DenseMap<ValueSet, ValueSet> markedSets[2]; // of one, of each
};

/// Whether the value stands in a relation to a literal; nothing where it may be either.
std::optional<bool> decide(const Atom& atom, facts::Relation relation, const facts::Literal& literal);

/// The text of a literal, as in source; also the key of an item place.
std::string literalText(const facts::Literal& literal);

bool isNone(const Atom& atom);
/// None, 0 or false: something is not there, or not done.
bool isOff(const Atom& atom);
/// The text of a string literal, or null.
const Text* stringOf(const Atom& atom);
std::optional<int64_t> integerOf(const Atom& atom);

} // namespace forklint::solve
