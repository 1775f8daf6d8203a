// The cone: the functions that may lead to something that the models give an effect, by what each mentions
// and before any value is known: cheap, and wider than the truth. Which functions lead to a fork is found at
// once. Whether one is in the cone is found when it is asked, for most are never asked for. Both read what
// they need.
#pragma once

#include "analyzers/link/effect-search.h"

#include <deque>
#include <optional>

namespace forklint::link {

class Cone {
public:
  explicit Cone(const Program& program);

  /// Sets `leadsToFork` and `mentioned`.
  void markThoseThatLeadToForks(std::deque<FunctionInfo>& functions);
  bool contains(const FunctionInfo& function);
  /// By the last parts of names alone.
  bool mayConcern(const FunctionInfo& function);

private:
  void nameAllPackages();
  void countCalls(std::deque<FunctionInfo>& functions);
  EffectSearch& search(std::optional<EffectSearch>& kept, bool byLastPart);
  bool makesWhatLeads(const FunctionInfo& function);
  bool fillsBuffer(const FunctionInfo& function);
  bool handsOn(const FunctionInfo& function);
  bool isCppClassThatLeads(llvm::StringRef klass);
  bool isClassThatLeads(llvm::StringRef klass);

  const Program& program;
  Mentions mentions;
  std::vector<Models::Seed> seeds;
  llvm::StringMap<std::vector<std::string>> callers; // of a member: library functions that call it
  MentionIndex index;
  std::optional<EffectSearch> precise, wide;
  llvm::StringMap<std::vector<const FunctionInfo*>> methodsInCpp; // class -> its own
  llvm::StringMap<bool> classesInCpp;                             // whether a method leads to an effect
  llvm::DenseMap<const FunctionInfo*, bool> enteredElse;          // of those that do not lead to an effect
};

} // namespace forklint::link
