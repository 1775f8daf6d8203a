// From what makes a child or a transfer back to all functions that lead there, by name.
//
// To name a thing leads nowhere; who gives it away, or a class whose methods lead on, is reached last, and
// leads no importer. What only tests do leads tests only.
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
  struct Key {
    std::string name;
    bool byTests = false;
  };

  void seed(const Models::Seed& seed);
  void run();
  void enter(const FunctionInfo& info);
  void find(const Mention& mention);
  void findGiven(llvm::StringRef klass);
  void reachMember(llvm::StringRef owner, llvm::StringRef member, const facts::UnitFacts* home);
  void reach(const std::string& key);
  bool isNew(llvm::StringMap<bool>& met, llvm::StringRef name) const;

  MentionIndex& index;
  const Mentions& mentions;
  const llvm::StringMap<std::vector<std::string>>& callers; // of a member: library functions
  llvm::DenseSet<const FunctionInfo*> inside;
  // Names, and whether only tests reach them.
  llvm::StringMap<bool> reached, reachedMembers, givenClasses;
  llvm::SmallVector<Key> keys;                  // reached, whose mentions are to be entered
  llvm::SmallVector<const FunctionInfo*> found; // to be entered
  llvm::SmallVector<const FunctionInfo*> given; // those that give away what leads on; reached last
  llvm::SmallVector<std::string> classes;       // of entered methods; so is who gives them away
  bool onlyPrepares = false;                    // those are run now
  bool byTests = false;                         // what is reached now is reached by a test
};

/// Who calls a library's function that calls the member leads there too.
std::vector<std::string> keysOfCallers(const llvm::StringMap<std::vector<std::string>>& callers,
                                       llvm::StringRef member);

} // namespace forklint::link
