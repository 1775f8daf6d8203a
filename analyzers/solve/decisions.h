// Tests that are asked again. The ways on which a test has begun or ended something are kept apart until what
// it tests is tested for the last time: there each of them takes its own side.
//
// Promise: what is tested twice is the same both times. It is made of parameters, literals, values of the
// function, and of globals and members that nobody else stores: neither another function, but for
// constructors, nor whoever takes their address. What the function itself computes or stores anew is another
// thing.
#pragma once

#include "analyzers/solve/stores.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SmallVector.h"

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <vector>

namespace forklint::solve {

/// What is tested, whichever way it is written.
struct Question {
  std::string subject;
  llvm::SmallVector<facts::ValueId> values; // of the function, that it is made of
  llvm::SmallVector<Text> names;            // globals and members that it reads
  bool isOfModule = true;                   // means the same in all statements of a module
  unsigned asked = 0;                       // by how many blocks
  std::pair<uint32_t, facts::BlockId> last; // by the last one: its statement and itself
};

/// What a block asks: about what its value is made of, and about the value itself.
struct Test {
  Question *written = nullptr, *value = nullptr;
  llvm::SmallVector<facts::ValueId> owners; // of the members that it reads
};

/// What a way knows: which answer it took.
struct Decision {
  const Question* question = nullptr;
  facts::Relation relation = facts::Relation::Truthy;
  facts::Literal literal;
  bool operator==(const Decision&) const = default;

  /// Whether the relation holds, where the decision tells.
  std::optional<bool> answers(const Question& asked, facts::Relation relation,
                              const facts::Literal& literal) const;
  Decision opposite() const;
};

class Decisions {
public:
  /// Decisions that are kept together are numbered; 0 stands for none.
  using Number = uint32_t;
  explicit Decisions(const Stores& stores) : stores(stores), sets(1) {}

  void enter(const link::ModuleInfo& module) { modules[module.unit] = &module; }
  /// Null where the block asks nothing that another one asks.
  /// A member of what lives is another thing each time.
  const Question* at(const link::FunctionInfo& function, facts::BlockId block,
                     llvm::function_ref<bool(facts::ValueId)> lives);
  static bool isAskedFrom(const Question& question, const link::FunctionInfo& function, facts::BlockId block);
  llvm::ArrayRef<Decision> of(Number number) const { return sets[number]; }
  Number with(Number number, const Decision& decision);
  Number without(Number number, llvm::function_ref<bool(const Question&)> isOver);

private:
  using Tests = llvm::DenseMap<facts::BlockId, Test>;

  void add(const link::FunctionInfo& function);
  Question& ask(const link::FunctionInfo& function, facts::BlockId block, const Question& question);
  bool isSteady(const Question& question, const link::FunctionInfo& function) const;
  Number number(std::vector<Decision> decisions);

  const Stores& stores;
  llvm::DenseMap<const facts::UnitFacts*, const link::ModuleInfo*> modules;
  std::map<std::pair<const void*, std::string>, Question> questions; // of a function, or of a module's unit
  llvm::DenseMap<const facts::Function*, std::unique_ptr<Tests>> tests;
  std::deque<std::vector<Decision>> sets; // they stay where they are
};

} // namespace forklint::solve
