// The bound on work, in instructions. Each root has its own; all roots together have one that is proportional
// to the length of the program, so that a run of the solver costs no more than that.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace forklint::solve {

class Budget {
public:
  Budget(uint64_t instructions, size_t roots)
      : ofProgram(std::max(leastOfProgram, instructions * timesRun)), rootsLeft(roots) {}

  /// Whose root it is: in C and C++ what is entered goes by its distance from forks before the bound ends a
  /// root, and a `main` is a whole program, of which there are few.
  enum class Of : uint8_t { Python, Cpp, Main };
  /// Beyond half of the program's work, the roots that are left share the rest.
  void beginRoot(Of of = Of::Python) {
    before += std::exchange(work, 0);
    rootsLeft -= rootsLeft > 0;
    uint64_t left = ofProgram - std::min(ofProgram, before);
    uint64_t most = of == Of::Main ? ofMain : of == Of::Cpp ? ofCppRoot : ofRoot;
    bound = before < ofProgram / 2 ? most : std::clamp(left / (rootsLeft + 1), leastOfRoot, most);
    isMet = false;
  }

  /// How far from a fork a function may be to be entered still: the less is left, the nearer it must be.
  uint32_t farthest() const {
    constexpr uint32_t some = 8, few = 3;
    return work > bound / 8 ? few : work > bound / 32 ? some : UINT32_MAX;
  }
  uint64_t spent() const { return work; }
  bool isSpent() const { return work > bound; }
  void spend(uint64_t steps) { work += steps; }
  /// Places of the memory that were compared or noted: some cost as much as an instruction.
  void spendOn(size_t places) { work += places / placesPerStep; }
  /// True for the first who asks behind the bound.
  bool meetBound() { return !std::exchange(isMet, true); }
  /// Has what began at `since` taken most of the root's work?
  bool isMost(uint64_t since) const { return work - since > bound / 2; }
  /// What began at `since` has been ended, and counts no more.
  void giveBack(uint64_t since) {
    work = since;
    isMet = false;
  }
  /// `own` is work that needs no bound, until `settle`.
  void grant(uint64_t own) { bound += own; }
  void settle(uint64_t own, uint64_t since) {
    bound -= own;
    if (work <= bound + own) work -= std::min(work - since, own);
  }

private:
  static constexpr uint64_t ofRoot = 300'000, ofCppRoot = 30'000, ofMain = 1'000'000, leastOfRoot = 3'000;
  static constexpr uint64_t timesRun = 10, leastOfProgram = 20'000'000;
  static constexpr uint64_t placesPerStep = 32;

  uint64_t ofProgram;
  size_t rootsLeft;
  uint64_t before = 0; // of the roots before this one
  uint64_t work = 0, bound = ofRoot;
  bool isMet = false;
};

} // namespace forklint::solve
