// Answers of calls. An answer holds for every entry state that agrees with the first one on what the call
// read; it is then given as the changes that the call made.
//
// Promises: a remembered answer is what running the callee again would give, its deeds and its ways included;
// of several ways inside the callee the first is kept. What is remembered has a bound: beyond it all is
// forgotten, and run again where it is asked for.
#pragma once

#include "analyzers/solve/state.h"
#include "analyzers/solve/witnesses.h"

#include "llvm/ADT/STLFunctionalExtras.h"

#include <unordered_map>

namespace forklint::solve {

/// One way in which a call can come back, or not.
struct Outcome {
  enum class Kind : uint8_t { Returned, Raised, Yielded };
  Kind kind = Kind::Returned;
  ValueSet value = Values::nothing;
  State state;
  facts::ValueId resume = 0; // of Yielded: at which yield
};
using Outcomes = std::vector<Outcome>;

/// What must be equal word by word: callee, arguments, captures, side, thread, variants.
using MemoKey = std::vector<uint64_t>;

class Memo {
public:
  /// What threads were seen to do; answers note it again.
  using ThreadDeeds = std::map<ObjectId, Deeds>;
  /// The way to the call, for lives that begin in it. Asked for only where there are such.
  using Way = llvm::function_ref<Path()>;

  Memo(States& states, Witnesses& witnesses, ThreadDeeds& threads)
      : states(states), witnesses(witnesses), threads(threads) {}
  struct Hash {
    size_t operator()(const MemoKey& key) const;
  };
  /// The outcomes from `entry`, or null. What the answer touched is then touched by the caller's run too.
  std::optional<Outcomes> find(const MemoKey& key, const State& entry, Way way);
  /// What the call touched is touched by the caller's run, which is the innermost one again.
  void remember(MemoKey key, const State& entry, const Touched& touched, const Outcomes& outcomes, Way way);
  /// Forgets what holds for one root only: answers that noted a fork for it, or keep one of its states.
  void forgetRoot();
  void forget();
  /// What answers have cost since this was asked last: the places that were compared and noted.
  size_t takeCost() { return std::exchange(cost, 0); }

private:
  /// A life or a lock after the call: the way to its beginning, whose hops from `inside` on are the callee's.
  struct Life {
    uint32_t key;
    std::optional<uint32_t> witness;
    size_t inside = 0; // 0: the whole way is kept
  };
  struct Change {
    Outcome::Kind kind;
    ValueSet value;
    facts::ValueId resume;
    Side side;
    std::vector<Side> parentOf; // that were added
    bool doubtful, pastExec, isPastRaise;
    Variants variants;
    std::optional<uint32_t> decided; // where it is not as before
    std::vector<PlaceId> emptied;
    std::vector<std::pair<PlaceId, ValueSet>> places; // sorted
    std::vector<Life> alive, held;
    std::optional<State> all; // where the whole of alive and held counted: these
  };
  struct Answer {
    Noted noted;
    std::vector<std::pair<PlaceId, ValueSet>> places; // that were read, at the entry
    std::vector<std::pair<uint32_t, bool>> alive, held;
    std::optional<State> all;
    std::vector<Change> changes;
  };
  using Answers = std::unordered_map<MemoKey, std::vector<Answer>, Hash>;

  static bool holds(Answer& answer, const State& entry);
  static size_t sizeOf(const Answer& answer);
  Change changeTo(const Outcome& outcome, const State& entry, const Answer& answer, Way way) const;
  State apply(const Change& change, const State& entry, Way way);
  void apply(const std::vector<Life>& changed, State::Lives& lives, Way way);
  std::vector<Life> changes(const std::vector<std::pair<uint32_t, bool>>& before, const State::Lives& after,
                            Way way) const;
  std::optional<Outcomes> find(Answers& answers, const MemoKey& key, const State& entry, Way way);

  States& states;
  Witnesses& witnesses;
  ThreadDeeds& threads;
  Answers ofRoot, lasting;
  size_t sizeOfRoot = 0, sizeLasting = 0; // in places
  size_t redefinitions = 0;               // of which the answers know
  size_t cost = 0;
};

} // namespace forklint::solve
