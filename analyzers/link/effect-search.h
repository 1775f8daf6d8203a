// From a function on to the first thing that has an effect, by name. What was found is kept. What is read
// before is followed before what is not.
#pragma once

#include "analyzers/link/mention-index.h"

#include <deque>

namespace forklint::link {

class EffectSearch {
public:
  /// `byLastPart`: a method is met wherever its last part is mentioned, not only where its class is named.
  EffectSearch(const Program& program, Mentions& mentions, MentionIndex& index,
               llvm::ArrayRef<Models::Seed> seeds, const llvm::StringMap<std::vector<std::string>>& callers,
               bool byLastPart);

  bool leads(const FunctionInfo& function);
  /// Of the functions that were met.
  const std::vector<const FunctionInfo*>& methodsOf(llvm::StringRef klass);

private:
  enum class Known : uint8_t { Not, Inside, Outside };
  /// A function, a key, or a key that stands for a member in a unit.
  struct Node {
    const FunctionInfo* function = nullptr;
    Text key;
    const facts::UnitFacts* unit = nullptr;
    bool inTests = false; // of a key: a test mentions it, so that it may mean what tests define
    Known known = Known::Not;
    uint32_t search = 0; // the last one that met it, and from where
    uint32_t from = 0;
  };
  using NodeId = uint32_t;
  struct Member {
    const FunctionInfo* function;
    llvm::StringRef owner; // its class or module
  };

  void noteFunctions();
  NodeId nodeOf(const FunctionInfo& function);
  NodeId nodeOf(Text key, bool inTests);
  NodeId nodeOf(Text key, const facts::UnitFacts& unit, bool inTests);
  NodeId add(const Node& node);
  void meet(NodeId node, NodeId from);
  bool hasEffect(NodeId node);
  void expand(NodeId node);
  void expandFunction(NodeId node);
  bool meetOwn(llvm::StringRef member, const FunctionInfo& function, NodeId node);
  void expandKey(NodeId node);
  void expandMember(NodeId node);
  void meetMethods(llvm::StringRef klass, NodeId node);
  bool isMet(const Member& member, const facts::UnitFacts& unit);
  bool mayMean(const Node& node, const FunctionInfo& function) const;
  void readThoseThatDefine(llvm::StringRef name, const facts::UnitFacts& unit);

  const Program& program;
  Mentions& mentions;
  MentionIndex& index;
  bool byLastPart;
  size_t noted = 0;                                            // of the functions that were met
  llvm::StringMap<std::vector<const FunctionInfo*>> reachedBy; // key -> functions
  llvm::StringMap<std::vector<Member>> members;                // key -> functions, where their owner is named
  llvm::StringMap<std::vector<const FunctionInfo*>> methods;   // class -> its own
  llvm::StringSet<> effects;                                   // keys
  llvm::StringMap<std::vector<std::string>> effectsAtHome;     // key -> who must be named
  llvm::StringMap<std::vector<std::string>> calledBy;          // key -> members that it calls

  std::deque<Node> nodes{1};
  llvm::DenseMap<const FunctionInfo*, NodeId> functionNodes;
  llvm::DenseMap<uintptr_t, NodeId> keyNodes[2]; // by identity; of tests too
  llvm::DenseMap<std::pair<NodeId, const facts::UnitFacts*>, NodeId> memberNodes;
  uint32_t searches = 0;
  NodeId endOfWay = 0;          // the node at which the search has found an effect
  std::deque<NodeId> near, far; // met and not yet expanded; far: functions that have not been read
};

} // namespace forklint::link
