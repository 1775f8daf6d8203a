#include "analyzers/solve/memo.h"

#include "llvm/ADT/Hashing.h"
#include "llvm/ADT/STLExtras.h"

namespace forklint::solve {
namespace {
/// Answers kept for one key; a callee that is entered in ever new states is cheaper to run than to look up.
constexpr size_t answersPerKey = 24;
} // namespace

size_t Memo::Hash::operator()(const MemoKey& key) const {
  return llvm::hash_combine_range(key.begin(), key.end());
}

bool Memo::holds(Answer& answer, const State& entry) {
  if (answer.all && !answer.all->sameLives(entry)) return false;
  for (const auto& [object, alive] : answer.alive)
    if (entry.alive.contains(object) != alive) return false;
  for (const auto& [lock, held] : answer.held)
    if (entry.held.contains(lock) != held) return false;
  // What tells two states apart tells the next one apart too, mostly: it is asked for first.
  auto differs = [&](const auto& known) { return States::peek(entry, known.first) != known.second; };
  auto found = llvm::find_if(answer.places, differs);
  if (found == answer.places.end()) return true;
  std::swap(*found, answer.places.front());
  return false;
}

void Memo::apply(const std::vector<Life>& changed, State::Lives& lives, Way way) {
  for (const Life& life : changed) {
    std::optional<uint32_t> witness = life.witness;
    if (witness && life.inside) {
      Path path = way();
      llvm::append_range(path, llvm::drop_begin(witnesses[*witness], life.inside));
      witness = witnesses.number(std::move(path));
    }
    states.put(lives, life.key, witness);
  }
}

State Memo::apply(const Change& change, const State& entry, Way way) {
  State state = entry;
  states.putAll(state, change.places);
  for (PlaceId place : change.emptied)
    states.put(state, place, Values::nothing);
  if (change.all) {
    state.alive = change.all->alive;
    state.held = change.all->held;
  }
  apply(change.alive, state.alive, way);
  apply(change.held, state.held, way);
  state.side = change.side;
  for (Side side : change.parentOf)
    states.put(state.parentOf, side, 0);
  state.doubtful = change.doubtful;
  state.pastExec = entry.pastExec || change.pastExec;
  state.isPastRaise = entry.isPastRaise || change.isPastRaise;
  state.variants = change.variants;
  return state;
}

std::optional<Outcomes> Memo::find(const MemoKey& key, const State& entry, Way way) {
  if (std::optional<Outcomes> known = find(ofRoot, key, entry, way)) return known;
  return find(lasting, key, entry, way);
}

std::optional<Outcomes> Memo::find(Answers& answers, const MemoKey& key, const State& entry, Way way) {
  auto slot = answers.find(key);
  if (slot == answers.end()) return std::nullopt;
  for (Answer& answer : slot->second) {
    if (!holds(answer, entry)) continue;
    if (states.touched) states.touched->add(answer.touched);
    for (const auto& [thread, deeds] : answer.touched.deeds)
      threads[thread].add(deeds);
    Outcomes outcomes;
    for (const Change& change : answer.changes)
      outcomes.push_back({change.kind, change.value, apply(change, entry, way), change.resume});
    return outcomes;
  }
  return std::nullopt;
}

std::vector<Memo::Life> Memo::changes(const std::vector<std::pair<uint32_t, bool>>& before,
                                      const State::Lives& after, Way way) const {
  std::vector<Life> changed;
  for (const auto& [key, was] : before) {
    const uint32_t* witness = after.find(key);
    if ((witness != nullptr) == was) continue;
    Life life{key, std::nullopt};
    if (witness) {
      life.witness = *witness;
      const Path& path = witnesses[*witness];
      Path here = way();
      if (path.size() > here.size() && std::equal(here.begin(), here.end(), path.begin()))
        life.inside = here.size();
    }
    changed.push_back(life);
  }
  return changed;
}

void Memo::remember(const MemoKey& key, const State& entry, const Touched& touched, const Outcomes& outcomes,
                    Way way) {
  bool lasts = !touched.recorded && !touched.allLives && touched.recursions.empty() && !entry.side;
  std::vector<Answer>& known = (lasts ? lasting : ofRoot)[key];
  if (known.size() >= answersPerKey) return;
  Answer answer;
  answer.touched = touched;
  for (PlaceId place : touched.places)
    answer.places.emplace_back(place, States::peek(entry, place));
  if (touched.allLives) {
    answer.all = entry;
  } else {
    for (ObjectId object : touched.lives)
      answer.alive.emplace_back(object, entry.alive.contains(object));
    for (PlaceId lock : touched.locks)
      answer.held.emplace_back(lock, entry.held.contains(lock));
  }
  for (const Outcome& outcome : outcomes) {
    const State& after = outcome.state;
    Change change{outcome.kind,
                  outcome.value,
                  outcome.resume,
                  after.side,
                  {},
                  after.doubtful,
                  after.pastExec,
                  after.isPastRaise,
                  after.variants,
                  {},
                  {},
                  changes(answer.alive, after.alive, way),
                  changes(answer.held, after.held, way),
                  touched.allLives ? std::optional(after) : std::nullopt};
    entry.parentOf.forEachChange(after.parentOf,
                                 [&](Side side, const uint32_t*) { change.parentOf.push_back(side); });
    entry.heap.forEachChange(after.heap, [&](PlaceId place, const ValueSet* now) {
      if (!touched.places.contains(place)) return;
      if (now)
        change.places.emplace_back(place, *now);
      else
        change.emptied.push_back(place);
    });
    llvm::sort(change.places);
    answer.changes.push_back(std::move(change));
  }
  known.push_back(std::move(answer));
}

} // namespace forklint::solve
