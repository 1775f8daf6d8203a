// The solver: an abstract interpreter that runs a program top-down from a root, over states that keep the two
// sides of a fork apart. It answers each call for what flows into it, memoised on callee, arguments and entry
// state.
//
// Promises: loops and recursion end (joins to a fixed point, a depth and a work bound); what a bound cut is
// told in Solution::incomplete; the result does not depend on the order of the units.
#pragma once

#include "analyzers/solve/solution.h"
#include "analyzers/solve/state.h"

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <unordered_map>

namespace forklint::solve {

/// A call as the callee sees it.
struct Arguments {
  ValueSet self = Values::nothing;
  std::vector<ValueSet> positional;
  std::map<std::string, ValueSet> keywords;
};

/// The activation of a function. `caller` and `at` give the way to it.
struct Frame {
  const link::FunctionInfo* function = nullptr;
  const Frame* caller = nullptr;
  facts::Position at; // in the caller
  ObjectId locals = 0;
  std::vector<ValueSet> parameters, captures;
  unsigned depth = 0;
};

/// One way in which a call can come back, or not.
struct Outcome {
  enum class Kind : uint8_t { Returned, Raised };
  Kind kind = Kind::Returned;
  ValueSet value = Values::nothing;
  State state;
};
using Outcomes = std::vector<Outcome>;

class Interpreter {
public:
  explicit Interpreter(const link::Program& program);
  void run(const link::ProgramRoot& root);
  /// Calls what no root called: the functions, and the methods on a fresh instance, that a library offers.
  void runUncalled(const link::ProgramRoot& module);
  Solution take();

private:
  class Body;
  struct Config {
    State state;
    std::vector<ValueSet> values;
  };
  struct ObjectInfo {
    std::string model; // the library class, if it is one
    const link::FunctionInfo* site = nullptr;
    uint32_t value = 0; // instruction that made it
    Path made;
    bool isClass = false;
    std::string symbol;          // of a class
    std::vector<ValueSet> bases; // of a class
    ObjectId of = 0;             // class of an instance, 0 if none of ours
    uint64_t bytes = 0;          // size of the value, 0 if not known
    bool pending = false;        // a generator or coroutine not yet run
  };
  struct ForkRecord {
    Fork fork;
    std::set<ObjectId> alive;
  };

  // interpreter.cpp: functions and modules; blocks.cpp: runBody
  Outcomes callFunction(const link::FunctionInfo& callee, const Arguments& arguments,
                        std::vector<ValueSet> captures, State state, const Frame* caller,
                        const facts::Position& at);
  Outcomes runBody(Frame& frame, State state);
  std::vector<ValueSet> bind(const link::FunctionInfo& callee, const Arguments& arguments, ObjectId closure,
                             const State& state);
  Outcomes initModule(llvm::StringRef name, State state, const Frame* caller, const facts::Position& at,
                      const facts::UnitFacts& from);

  // steps.cpp: instructions
  void step(const Frame& frame, const facts::Instruction& instruction, facts::ValueId id, Config config,
            std::vector<Config>& out, Outcomes& raised);
  ValueSet addressOf(const Frame& frame, const Config& config, const facts::Place& where);
  ValueSet makeClosure(const Frame& frame, const facts::Instruction& instruction, facts::ValueId id,
                       Config& config);
  ValueSet makeClass(const Frame& frame, const facts::Instruction& instruction, facts::ValueId id,
                     Config& config);
  ValueSet makeContainer(const Frame& frame, const facts::Instruction& instruction, facts::ValueId id,
                         Config& config);
  void import(const Frame& frame, const facts::Instruction& instruction, facts::ValueId id, Config config,
              std::vector<Config>& out, Outcomes& raised);
  void importStar(const Frame& frame, const facts::Instruction& instruction, facts::ValueId id, Config config,
                  std::vector<Config>& out, Outcomes& raised);
  void callInstruction(const Frame& frame, const facts::Instruction& instruction, facts::ValueId id,
                       Config config, std::vector<Config>& out, Outcomes& raised);
  void constructInPlace(const Frame& frame, const facts::Instruction& instruction, facts::ValueId id,
                        Config config, std::vector<Config>& out, Outcomes& raised);
  void scope(const Frame& frame, const facts::Instruction& instruction, facts::ValueId id, Config config,
             std::vector<Config>& out, Outcomes& raised);
  void await(const Frame& frame, const facts::Instruction& instruction, facts::ValueId id, Config config,
             std::vector<Config>& out, Outcomes& raised);

  // solve.cpp: roots
  State start(const link::ProgramRoot& at);
  void callUncalled(const Frame& frame, ValueSet member, ValueSet self, State state);

  // memory.cpp: places, attributes, classes
  PlaceId place(ObjectId object, const std::string& name);
  PlaceId globalPlace(const std::string& name) { return place(0, name); }
  ValueSet valueOf(const Frame& frame, const Config& config, facts::ValueId id);
  ValueSet loadPlace(const Frame& frame, Config& config, const facts::Place& where);
  void storePlace(const Frame& frame, Config& config, const facts::Place& where, ValueSet value);
  ValueSet attribute(const State& state, AtomId base, const std::string& name);
  ValueSet attributeOf(const State& state, ValueSet base, const std::string& name);
  ValueSet classAttribute(const State& state, ObjectId klass, const std::string& name, unsigned depth = 0);
  std::string modelOf(ObjectId object, unsigned depth = 0) const;
  std::vector<PlaceId> placesOf(const Frame& frame, const Config& config, const facts::Place& where);
  ValueSet dereference(const State& state, ValueSet value);
  ValueSet elements(const State& state, ValueSet container);
  ObjectId object(const Frame& frame, uint32_t value, const std::string& model, const std::string& role = "");

  // calls.cpp: what a call means
  Arguments argumentsOf(const Frame& frame, Config& config, const facts::Instruction& call, size_t first);
  void call(const Frame& frame, const facts::Instruction& instruction, facts::ValueId id, ValueSet callee,
            const Arguments& arguments, Config config, std::vector<Config>& out, Outcomes& raised);
  Outcomes callAtom(const Frame& frame, const facts::Position& at, facts::ValueId id, AtomId callee,
                    Arguments arguments, State state);
  Outcomes construct(const Frame& frame, const facts::Position& at, facts::ValueId id, ObjectId klass,
                     const Arguments& arguments, State state);

  // effects.cpp: what a model says
  struct ModelCall {
    const Frame& frame;
    facts::Position at;
    facts::ValueId id;
    const link::Model& model;
    ValueSet self;
    ValueSet result;
    std::map<std::string, ValueSet> arguments;
  };
  Outcomes callModel(const Frame& frame, const facts::Position& at, facts::ValueId id,
                     const link::Model& model, const Arguments& arguments, State state);
  ValueSet evaluate(const ModelCall& call, const State& state, llvm::StringRef path);
  Outcomes apply(ModelCall& call, const link::Effect& effect, Outcomes outcomes);
  void creates(ModelCall& call, const link::Effect& effect, State& state);
  void startsThread(ModelCall& call, const link::Effect& effect, State& state);
  void ends(ModelCall& call, const link::Effect& effect, State& state);
  Outcomes forks(ModelCall& call, const link::Effect& effect, State state);
  Variants forkVariants(const ModelCall& call, const link::Effect& effect, const State& state);
  void runEntry(const ModelCall& call, ValueSet entry, ValueSet arguments, State state);
  uint32_t recordFork(const ModelCall& call, const link::Effect& effect, const State& state,
                      Variants variants);
  void runsBeforeExec(ModelCall& call, const link::Effect& effect, const State& state);
  void submits(ModelCall& call, const link::Effect& effect, const State& state);
  void unsafeInChild(ModelCall& call, const link::Effect& effect, const State& state);
  void noteBothReturn(const Frame& frame, Side before, const Outcomes& outcomes);
  void deed(const State& state, bool ChildDeeds::* flag);

  // sizes.cpp
  std::optional<uint64_t> sizeOf(const ModelCall& call, const State& state);
  std::optional<uint64_t> elementCount(const State& state, ValueSet shape);
  std::optional<uint64_t> elementWidth(ValueSet type, llvm::StringRef fallback);

  // conditions.cpp
  /// The part of `value` for which the relation may hold, and the part for which it may not.
  std::pair<ValueSet, ValueSet> split(ValueSet value, facts::Relation relation,
                                      const facts::Literal& literal);
  ValueSet operate(const facts::Instruction& instruction, const std::vector<ValueSet>& operands);

  Path pathTo(const Frame* frame, const facts::Position& at) const;
  uint32_t witness(Path path);
  bool spend();

  const link::Program& program;
  Values values;
  States states;
  Solution solution;
  std::map<std::pair<ObjectId, std::string>, PlaceId> placeIds;
  std::vector<std::pair<ObjectId, std::string>> placeNames;
  std::map<std::tuple<const void*, uint32_t, std::string, std::string>, ObjectId> objectIds;
  std::deque<ObjectInfo> objects;
  std::map<ObjectId, std::pair<AtomId, Arguments>> pendingCalls;
  std::map<std::string, std::set<std::string>> moduleNames;
  std::vector<Path> witnesses;
  std::vector<ForkRecord> forkRecords; // index + 1 is the side
  std::map<std::tuple<const void*, uint32_t, uint32_t, std::string>, uint32_t> forkIds;
  std::map<std::vector<uint64_t>, Outcomes> memo;
  std::set<std::vector<uint64_t>> running;
  std::set<const link::FunctionInfo*> entered;
  const link::ProgramRoot* root = nullptr;
  uint64_t work = 0;
};

} // namespace forklint::solve
