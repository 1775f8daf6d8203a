// What the interpreter keeps while it runs: the values, places and objects that it has met, the states, the
// answers of calls, and what it has to tell in the end.
#pragma once

#include "analyzers/solve/budget.h"
#include "analyzers/solve/loops.h"
#include "analyzers/solve/memo.h"
#include "analyzers/solve/records.h"
#include "analyzers/solve/solution.h"
#include "analyzers/solve/state.h"
#include "analyzers/solve/stores.h"

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>

namespace forklint::solve {

struct Knowledge {
  explicit Knowledge(const link::Program& program)
      : program(program), stores(program), states(values), memo(states, witnesses, threadDeeds),
        budget(program.length(), program.roots().size() + program.libraries().size()) {}

  const link::Program& program;
  Stores stores;
  Values values;
  States states;
  Memo memo;
  Solution solution;
  IdTable placeIds;
  std::deque<std::pair<ObjectId, Text>> placeInfo;
  std::deque<List<PlaceId>> fields; // of each object
  ByMaking<ObjectId> objectIds;
  ByMaking<unsigned> callSites; // of the functions around what is made; no position
  std::map<PlaceId, ObjectId> aggregates;
  std::map<AtomId, ObjectId> givenObjects;
  std::deque<ObjectInfo> objects;
  std::map<Gate, uint32_t> moved; // the way to where an object first came into a state
  std::set<Gate> movedByThread;   // some thread brings it there
  Memo::ThreadDeeds threadDeeds;
  llvm::DenseMap<const facts::Instruction*, ValueSet> leaves;
  llvm::DenseMap<const facts::Function*, std::unique_ptr<Loops>> loops;
  std::map<std::string, std::set<std::string>> moduleNames;
  Witnesses witnesses;
  std::set<Gate> gates;                // of this root's threads
  std::vector<ForkRecord> forkRecords; // index + 1 is the side
  std::map<std::tuple<const void*, uint32_t, uint32_t, std::string>, uint32_t> forkIds;
  llvm::DenseMap<const link::FunctionInfo*, unsigned> running;
  llvm::SmallVector<Activation> active;
  std::optional<size_t> cutActivation; // of these: which one ends at the bound
  llvm::DenseSet<const link::FunctionInfo*> tooLong;
  std::set<const link::FunctionInfo*> entered;
  std::set<const facts::UnitFacts*> imported;
  std::map<ObjectId, std::vector<AtomId>> classOrders; // of classes that were asked, while no bases change
  using LifeSite = std::tuple<const link::FunctionInfo*, uint32_t, uint32_t, std::string>;
  std::map<LifeSite, Beginning> beginnings; // by function, line, column, model
  llvm::DenseSet<std::pair<const link::FunctionInfo*, const link::FunctionInfo*>> calls;
  llvm::DenseSet<std::pair<const link::FunctionInfo*, const link::Model*>> modelledCalls;
  llvm::DenseMap<const facts::Instruction*, CallSite> callSitesMet;
  llvm::DenseMap<const link::FunctionInfo*, Summary> summaries;
  std::map<std::tuple<const void*, uint32_t, std::string>, size_t> misuseIds; // of this root: index
  std::vector<std::pair<size_t, ObjectId>> waitedQueues; // misuses that stand unless somebody drains it
  std::set<ObjectId> buffers;                            // that are written out when the program ends
  bool waitsForAny = false; // the root has a call that waits for whichever child ends
  Path handlerGiven;        // where the handler was given that is being judged
  const link::ProgramRoot* root = nullptr;
  bool importsMain = false, isFromServer = false; // the main module, which does not run; to fork others
  Budget budget;
};

} // namespace forklint::solve
