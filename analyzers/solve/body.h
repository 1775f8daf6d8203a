// One run of a function's blocks: what is known where a block begins, once for each way that is kept apart.
// blocks.cpp runs the blocks, edges.cpp says which edges are taken and what each of them tells,
// class-tests.cpp what a test of a class tells.
#pragma once

#include "analyzers/solve/interpreter.h"

namespace forklint::solve {

class Interpreter::Body {
public:
  Body(Interpreter& owner, Frame& frame) : owner(owner), frame(frame), body(*frame.function->body) {}
  Outcomes run(State state, facts::ValueId from);

private:
  /// What is kept apart: the side of a fork, doubt, answers to tests that are asked again, and the way into a
  /// loop from the ways back to its head: a loop that is entered at least once has no way around it.
  struct Point {
    facts::BlockId block = 0;
    Side side = 0;
    bool doubtful = false, again = false;
    bool testsAgain = false; // belongs to a loop's condition, which is tested again
    Decisions::Number decided = 0;
    auto operator<=>(const Point&) const = default;
  };

  Config beginWith(const State& state) const {
    Config config;
    config.state = state;
    config.values.assign(body.instructions.size(), Values::nothing);
    return config;
  }
  void leave(Outcome outcome);
  bool testsAgain(facts::BlockId from, facts::BlockId to) const;
  void flow(facts::BlockId from, facts::BlockId to, Config config);
  void endEach(Config& config, facts::BlockId from, facts::BlockId to);
  bool join(Config& known, const Config& config);
  void visit(facts::BlockId block, size_t first, Config entry);
  bool execute(facts::BlockId block, size_t index, Configs& configs, Outcomes& raised);
  Config enter();
  Config beforeLast(const Configs& configs);
  void raise(facts::BlockId block, const Config& before, const Outcomes& raised);
  void branch(facts::BlockId block, Config config);
  void suspend(facts::ValueId id, Configs configs);
  void resume(State state, facts::ValueId from);
  void excludeOthers(State& state, ValueSet excluded, ValueSet held);
  bool importsPresent(facts::BlockId block) const;
  void doubtAsked(const Config& config, State& state, facts::ValueId asked, unsigned depth = 0);
  void hear(const Config& config, State& state, ValueSet taken, const facts::Edge& edge);
  const Question* questionAt(facts::BlockId block, const Config& config, ValueSet tested);
  std::optional<bool> answerTo(const Question& question, const Config& config, const facts::Edge& edge) const;
  void settleAnswers(Config& config, facts::BlockId to);
  void forgetAnswers(Config& config, facts::ValueId renewed);
  std::vector<AtomId> classesIn(const State& state, ValueSet types) const;
  Atom givenAsTold(Atom given, llvm::ArrayRef<AtomId> classes, bool holds) const;
  ValueSet asTold(ValueSet value, llvm::ArrayRef<AtomId> classes, bool holds);
  void narrow(Config& config, facts::ValueId test, bool holds);
  State learn(State state, ValueSet value, const facts::Edge& edge);
  void take(facts::BlockId from, facts::BlockId to, Config config, bool isOpen);
  bool goAround();

  Interpreter& owner;
  Frame& frame;
  const facts::Function& body;
  std::map<Point, Config> entries;
  std::set<Point> work;
  Point current; // the one that is visited
  Decisions::Number decidedBefore = 0;
  /// Ways around a loop whose test may go either way: taken only if the loop never comes back.
  struct WayAround {
    Point from;
    facts::BlockId head, to;
    Config config;
  };
  std::vector<WayAround> waysAround;
  Outcomes outcomes;
};

} // namespace forklint::solve
