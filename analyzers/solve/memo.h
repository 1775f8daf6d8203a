// Answers of calls. An answer holds for every entry state that agrees with the first one on what the call
// touched; it is then given as the changes that the call made.
//
// Promise: a remembered answer is what running the callee again would give, except for the witness paths,
// of which the first is kept.
#pragma once

#include "analyzers/solve/state.h"

#include <unordered_map>

namespace forklint::solve {

/// One way in which a call can come back, or not.
struct Outcome {
  enum class Kind : uint8_t { Returned, Raised, Yielded };
  Kind kind = Kind::Returned;
  ValueSet value = Values::nothing;
  State state;
  uint32_t resume = 0; // of Yielded: where the body goes on
};
using Outcomes = std::vector<Outcome>;

/// What must be equal word by word: callee, arguments, captures, side, thread, variants.
using MemoKey = std::vector<uint64_t>;

class Memo {
public:
  explicit Memo(States& states) : states(states) {}
  /// The outcomes from `entry`, or null. What the answer touched is then touched by the caller's run too.
  std::optional<Outcomes> find(const MemoKey& key, const State& entry);
  void remember(const MemoKey& key, const State& entry, const Touched& touched, const Outcomes& outcomes);
  /// Forgets what holds for one root only: answers that noted something for it, or keep one of its states.
  void forgetRoot() { ofRoot.clear(); }

private:
  struct Change {
    Outcome::Kind kind;
    ValueSet value;
    uint32_t resume;
    Side side;
    std::optional<Side> parentOf; // where it changed
    bool doubtful, pastExec;
    Variants variants;
    std::vector<std::pair<PlaceId, ValueSet>> places;
    std::vector<std::pair<ObjectId, std::optional<uint32_t>>> lives;
    std::optional<State> all; // where the whole of alive and held counted: these
  };
  struct Answer {
    Touched touched;
    std::vector<std::pair<PlaceId, ValueSet>> places; // touched ones, at the entry
    std::vector<std::pair<ObjectId, bool>> lives;
    std::optional<State> all;
    std::vector<Change> changes;
  };
  struct Hash {
    size_t operator()(const MemoKey& key) const;
  };
  bool holds(const Answer& answer, const State& entry) const;
  State apply(const Change& change, const State& entry);

  using Answers = std::unordered_map<MemoKey, std::vector<Answer>, Hash>;
  std::optional<Outcomes> find(const Answers& answers, const MemoKey& key, const State& entry);

  States& states;
  Answers ofRoot, lasting;
};

} // namespace forklint::solve
