// Abstract values: interned sets of alternatives, each holding for a set of variants. Equal sets have equal
// ids, so that states compare by id. A set that grows past `widest` becomes unknown: values stay finite.
#pragma once

#include "analyzers/link/program.h"
#include "analyzers/support/variants.h"

#include <deque>
#include <map>
#include <string>
#include <tuple>
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
  ProcessId, // what a fork gives the parent: positive
  Unknown,
};

using AtomId = uint32_t;
using ObjectId = uint32_t;
using PlaceId = uint32_t;
using ValueSet = uint32_t;

struct Atom {
  AtomKind kind = AtomKind::Unknown;
  std::string text; // External, Module: name; Unknown: reason
  facts::Literal literal;
  const link::FunctionInfo* function = nullptr;
  uint32_t object = 0; // Object, Function: object; Address: place
  AtomId target = 0, receiver = 0;
  bool operator==(const Atom&) const = default;
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

  Values();
  AtomId intern(Atom atom);
  const Atom& atom(AtomId id) const { return atoms[id]; }
  const std::vector<Alternative>& of(ValueSet set) const { return sets[set]; }

  ValueSet set(std::vector<Alternative> alternatives);
  ValueSet single(Atom atom, Variants variants = allVariants);
  ValueSet unknown(std::string reason);
  ValueSet literal(facts::Literal value);
  ValueSet join(ValueSet left, ValueSet right);
  ValueSet within(ValueSet set, Variants variants);

private:
  using AtomKey = std::tuple<AtomKind, std::string, const void*, uint32_t, AtomId, AtomId>;
  std::deque<Atom> atoms; // references stay valid
  std::map<AtomKey, AtomId> atomIds;
  std::deque<std::vector<Alternative>> sets;
  std::map<std::vector<Alternative>, ValueSet> setIds;
};

/// The text of a literal, as in source; also the key of an item place.
std::string literalText(const facts::Literal& literal);

} // namespace forklint::solve
