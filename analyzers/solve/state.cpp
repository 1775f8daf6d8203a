#include "analyzers/solve/state.h"

#include "llvm/ADT/STLExtras.h"

namespace forklint::solve {

namespace {
/// Each time all answers are forgotten; a program that goes on like this has no definitions.
constexpr size_t mostRedefined = 16;
} // namespace

void Noted::add(const Noted& call) {
  lives.insert(call.lives.begin(), call.lives.end());
  locks.insert(call.locks.begin(), call.locks.end());
  for (const auto& [thread, noted] : call.deeds)
    deeds[thread].add(noted);
  recursions.insert(call.recursions.begin(), call.recursions.end());
  allLives |= call.allLives;
  recorded |= call.recorded;
}

void States::meet(PlaceId place, ValueSet left, ValueSet right) const {
  if (touched->isTooWide) return;
  ValueSet known = definitionAt(place), first = atEntry(place);
  auto isKnown = [&](ValueSet value) { return value == Values::nothing || value == known; };
  if (isKnown(left) && isKnown(right)) return;
  if (left == first || right == first) touched->read(place, first);
}

void States::mayDefine(PlaceId place) {
  if (place >= definitions.size()) definitions.resize(place + 1, varied);
  definitions[place] = Values::nothing;
}

/// A flag is there to be changed.
bool States::isDefinition(ValueSet value) const {
  return llvm::all_of(values.of(value), [&](const Alternative& one) {
    const Atom& atom = values.atom(one.atom);
    bool isFlag = isNone(atom) || std::holds_alternative<bool>(atom.literal);
    return atom.kind == AtomKind::Function || atom.kind == AtomKind::Module ||
           atom.kind == AtomKind::External || (atom.kind == AtomKind::Literal && !isFlag) ||
           (atom.kind == AtomKind::Object && classes.contains(atom.object));
  });
}

void States::redefine(PlaceId place, ValueSet value) {
  bool isFirst = definitions[place] == Values::nothing;
  redefined += !isFirst;
  definitions[place] = isFirst && redefined < mostRedefined && isDefinition(value) ? value : varied;
}

State States::join(const State& into, const State& from) {
  State joined = into;
  joined.variants |= from.variants;
  joined.doubtful &= from.doubtful;
  joined.pastExec &= from.pastExec;
  if (into.doubtful == from.doubtful)
    joined.isPastRaise &= from.isPastRaise;
  else
    joined.isPastRaise = (into.doubtful ? from : into).isPastRaise;
  // A value that was stored for some variants only keeps them.
  bool masks = into.variants != from.variants;
  bool notes = touched && !touched->isTooWide;
  auto both = [&](PlaceId place, ValueSet left, ValueSet right) {
    if (notes) meet(place, left, right);
    return masks ? values.join(values.within(left, into.variants), values.within(right, from.variants))
                 : values.join(left, right);
  };
  auto alone = [&](PlaceId place, ValueSet value) { meet(place, value, Values::nothing); };
  joined.heap =
      notes ? into.heap.joined(from.heap, arena, both, alone) : into.heap.joined(from.heap, arena, both);
  auto first = [](uint32_t, uint32_t left, uint32_t) { return left; };
  joined.alive = into.alive.joined(from.alive, arena, first);
  joined.parentOf = into.parentOf.joined(from.parentOf, arena, first);
  joined.held = into.held.joined(from.held, arena, first);
  if (into.held != from.held && into.doubtful == from.doubtful)
    joined.held.forEach([&](PlaceId lock, uint32_t) {
      if (into.held.contains(lock) != from.held.contains(lock)) unsure.insert(lock);
    });
  return joined;
}

} // namespace forklint::solve
