#include "analyzers/solve/memo.h"

#include "llvm/ADT/Hashing.h"
#include "llvm/ADT/STLExtras.h"

namespace forklint::solve {
namespace {
/// Answers kept for one key; a callee that is entered in ever new states is cheaper to run than to look up.
constexpr size_t answersPerKey = 24;
/// Places kept for all answers, of eight bytes each; and what an answer and a way out of it cost besides.
constexpr size_t mostKept = 8 << 20, answerCost = 64, changeCost = 32;
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
      witness = witnesses.number(path);
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
  if (change.decided) state.decided = *change.decided;
  return state;
}

std::optional<Outcomes> Memo::find(const MemoKey& key, const State& entry, Way way) {
  if (redefinitions != states.redefinitions()) forget();
  redefinitions = states.redefinitions();
  if (std::optional<Outcomes> known = find(ofRoot, key, entry, way)) return known;
  return find(lasting, key, entry, way);
}

std::optional<Outcomes> Memo::find(Answers& answers, const MemoKey& key, const State& entry, Way way) {
  auto slot = answers.find(key);
  if (slot == answers.end()) return std::nullopt;
  for (Answer& answer : slot->second) {
    if (!holds(answer, entry)) continue;
    cost += sizeOf(answer);
    if (states.touched) {
      states.touched->add(answer.noted);
      for (const auto& [place, value] : answer.places)
        states.meet(place, value);
      for (const Change& change : answer.changes) {
        for (const auto& [place, value] : change.places)
          states.meet(place, value);
        for (PlaceId place : change.emptied)
          states.meet(place, Values::nothing);
      }
    }
    for (const auto& [thread, deeds] : answer.noted.deeds)
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

/// What is otherwise behind the call.
Memo::Change Memo::changeTo(const Outcome& outcome, const State& entry, const Answer& answer, Way way) const {
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
                after.decided == entry.decided ? std::nullopt : std::optional(after.decided),
                {},
                {},
                changes(answer.alive, after.alive, way),
                changes(answer.held, after.held, way),
                answer.all ? std::optional(after) : std::nullopt};
  entry.parentOf.forEachChange(after.parentOf,
                               [&](Side side, const uint32_t*) { change.parentOf.push_back(side); });
  entry.heap.forEachChange(after.heap, [&](PlaceId place, const ValueSet* now) {
    states.meet(place, now ? *now : Values::nothing);
    if (now)
      change.places.emplace_back(place, *now);
    else
      change.emptied.push_back(place);
  });
  llvm::sort(change.places);
  return change;
}

size_t Memo::sizeOf(const Answer& answer) {
  size_t size = answerCost + answer.places.size() + answer.alive.size() + answer.held.size();
  for (const Change& change : answer.changes)
    size += changeCost + change.places.size() + change.emptied.size();
  return size;
}

void Memo::forgetRoot() {
  ofRoot.clear();
  sizeOfRoot = 0;
}

void Memo::forget() {
  forgetRoot();
  lasting.clear();
  sizeLasting = 0;
}

void Memo::remember(MemoKey key, const State& entry, const Touched& touched, const Outcomes& outcomes,
                    Way way) {
  cost += touched.reads.size();
  Touched* caller = states.touched;
  if (caller) {
    caller->add(touched);
    for (const auto& [place, value] : touched.reads)
      states.meet(place, value);
  }
  Answer answer;
  if (touched.allLives) {
    answer.all = entry;
  } else {
    for (ObjectId object : touched.lives)
      answer.alive.emplace_back(object, entry.alive.contains(object));
    for (PlaceId lock : touched.locks)
      answer.held.emplace_back(lock, entry.held.contains(lock));
  }
  // What has been defined anew since it began may have been taken for known.
  bool isTooWide = touched.isTooWide || touched.redefinitions != states.redefinitions();
  for (const Outcome& outcome : outcomes) {
    if (isTooWide) break;
    answer.changes.push_back(changeTo(outcome, entry, answer, way));
    size_t changed = answer.changes.back().places.size();
    cost += changed;
    isTooWide = changed > Touched::mostPlaces;
  }
  // Who calls what is too wide is so itself.
  if (isTooWide) {
    if (caller) caller->widen();
    return;
  }
  bool lasts = !touched.recorded && !touched.allLives && touched.recursions.empty() && !entry.side;
  if (sizeOfRoot + sizeLasting > mostKept) forget();
  std::vector<Answer>& known = (lasts ? lasting : ofRoot)[std::move(key)];
  if (known.size() >= answersPerKey) return;
  answer.noted = touched;
  answer.places.assign(touched.reads.begin(), touched.reads.end());
  (lasts ? sizeLasting : sizeOfRoot) += sizeOf(answer);
  known.push_back(std::move(answer));
}

} // namespace forklint::solve
