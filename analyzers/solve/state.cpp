#include "analyzers/solve/state.h"

namespace forklint::solve {

State States::join(const State& into, const State& from) {
  State joined = into;
  joined.variants |= from.variants;
  if (joined.heap.getRootWithoutRetain() != from.heap.getRootWithoutRetain())
    for (const auto& [place, value] : from.heap) {
      ValueSet both = values.join(get(joined, place), value);
      if (both != get(joined, place)) set(joined, place, both);
    }
  if (joined.alive.getRootWithoutRetain() != from.alive.getRootWithoutRetain())
    for (const auto& [object, witness] : from.alive)
      begin(joined, object, witness);
  return joined;
}

} // namespace forklint::solve
