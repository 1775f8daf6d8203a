#include "analyzers/solve/memo.h"

#include "llvm/ADT/Hashing.h"

namespace forklint::solve {
namespace {
/// Answers kept for one key; a callee that is entered in ever new states is cheaper to run than to look up.
constexpr size_t answersPerKey = 24;
} // namespace

size_t Memo::Hash::operator()(const MemoKey& key) const {
  return llvm::hash_combine_range(key.begin(), key.end());
}

bool Memo::holds(const Answer& answer, const State& entry) const {
  if (answer.all && !answer.all->sameLives(entry)) return false;
  for (const auto& [object, alive] : answer.lives)
    if (entry.alive.contains(object) != alive) return false;
  for (const auto& [place, value] : answer.places)
    if (States::peek(entry, place) != value) return false;
  return true;
}

State Memo::apply(const Change& change, const State& entry) {
  State state = entry;
  for (const auto& [place, value] : change.places)
    states.put(state, place, value);
  if (change.all) {
    state.alive = change.all->alive;
    state.held = change.all->held;
  }
  for (const auto& [object, witness] : change.lives)
    states.putAlive(state, object, witness);
  state.side = change.side;
  state.parentOf = change.parentOf.value_or(entry.parentOf);
  state.doubtful = change.doubtful;
  state.pastExec = entry.pastExec || change.pastExec;
  state.variants = change.variants;
  return state;
}

std::optional<Outcomes> Memo::find(const MemoKey& key, const State& entry) {
  if (std::optional<Outcomes> known = find(ofRoot, key, entry)) return known;
  return find(lasting, key, entry);
}

std::optional<Outcomes> Memo::find(const Answers& answers, const MemoKey& key, const State& entry) {
  auto slot = answers.find(key);
  if (slot == answers.end()) return std::nullopt;
  for (const Answer& answer : slot->second) {
    if (!holds(answer, entry)) continue;
    if (states.touched) states.touched->add(answer.touched);
    Outcomes outcomes;
    for (const Change& change : answer.changes)
      outcomes.push_back({change.kind, change.value, apply(change, entry), change.resume});
    return outcomes;
  }
  return std::nullopt;
}

void Memo::remember(const MemoKey& key, const State& entry, const Touched& touched,
                    const Outcomes& outcomes) {
  std::vector<Answer>& known = (touched.recorded || touched.allLives ? ofRoot : lasting)[key];
  if (known.size() >= answersPerKey) return;
  Answer answer;
  answer.touched = touched;
  for (PlaceId place : touched.places)
    answer.places.emplace_back(place, States::peek(entry, place));
  if (touched.allLives)
    answer.all = entry;
  else
    for (ObjectId object : touched.lives)
      answer.lives.emplace_back(object, entry.alive.contains(object));
  for (const Outcome& outcome : outcomes) {
    Change change{outcome.kind,
                  outcome.value,
                  outcome.resume,
                  outcome.state.side,
                  outcome.state.parentOf == entry.parentOf ? std::nullopt
                                                           : std::optional(outcome.state.parentOf),
                  outcome.state.doubtful,
                  outcome.state.pastExec,
                  outcome.state.variants,
                  {},
                  {},
                  std::nullopt};
    for (const auto& [place, value] : answer.places)
      if (ValueSet now = States::peek(outcome.state, place); now != value)
        change.places.emplace_back(place, now);
    if (touched.allLives)
      change.all = outcome.state;
    else
      for (const auto& [object, alive] : answer.lives)
        if (const uint32_t* witness = outcome.state.alive.find(object); (witness != nullptr) != alive)
          change.lives.emplace_back(object, witness ? std::optional(*witness) : std::nullopt);
    answer.changes.push_back(std::move(change));
  }
  known.push_back(std::move(answer));
}

} // namespace forklint::solve
