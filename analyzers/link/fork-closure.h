// From what makes a child or a transfer back to all functions that lead there, by name.
#pragma once

#include "analyzers/link/mention-index.h"

#include "llvm/ADT/DenseSet.h"

namespace forklint::link {

class ForkClosure {
public:
  ForkClosure(MentionIndex& index, const Mentions& mentions,
              const llvm::StringMap<std::vector<std::string>>& callers)
      : index(index), mentions(mentions), callers(callers) {}

  void runFrom(llvm::ArrayRef<Models::Seed> seeds);
  bool has(const FunctionInfo& function) const { return inside.contains(&function); }
  /// Does another function mention it?
  bool isMentioned(const FunctionInfo& function);

private:
  void seed(const Models::Seed& seed);
  void run();
  void enter(const FunctionInfo& info);
  void reachMember(llvm::StringRef owner, llvm::StringRef member, const facts::UnitFacts* home);
  void reach(const std::string& key);
  void prepare(std::string key);

  MentionIndex& index;
  const Mentions& mentions;
  const llvm::StringMap<std::vector<std::string>>& callers; // of a member: library functions
  llvm::DenseSet<const FunctionInfo*> inside;
  llvm::StringSet<> reached, reachedMembers;
  llvm::SmallVector<std::string> keys;          // reached, whose mentions are to be entered
  llvm::SmallVector<const FunctionInfo*> found; // to be entered
  llvm::SmallVector<std::string>
      prepared;              // keys of what is made; reached last, behind all that leads by itself
  bool onlyPrepares = false; // those are run now
};

/// Who calls a library's function that calls the member leads there too.
std::vector<std::string> keysOfCallers(const llvm::StringMap<std::vector<std::string>>& callers,
                                       llvm::StringRef member);

} // namespace forklint::link
