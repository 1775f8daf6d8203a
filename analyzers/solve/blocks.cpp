// Blocks: configurations (a state and the values known there) flow along the edges, one for each side of each
// fork, until nothing changes.
#include "analyzers/solve/interpreter.h"

#include "llvm/ADT/STLExtras.h"

namespace forklint::solve {

using facts::Instruction;
using facts::InstructionKind;

/// One run of a function's blocks.
class Interpreter::Body {
public:
  Body(Interpreter& owner, Frame& frame) : owner(owner), frame(frame), body(*frame.function->body) {}
  Outcomes run(State state);

private:
  using Point = std::pair<facts::BlockId, Side>;

  void leave(Outcome::Kind kind, ValueSet value, const State& state);
  void flow(facts::BlockId from, facts::BlockId to, Config config);
  bool join(Config& known, const Config& config);
  void visit(facts::BlockId block, const Config& entry);
  bool execute(const Instruction& instruction, facts::ValueId id, std::vector<Config>& configs,
               Outcomes& raised);
  void raise(facts::BlockId block, const Config& entry, const Outcomes& raised);
  void branch(facts::BlockId block, Config config);

  Interpreter& owner;
  Frame& frame;
  const facts::Function& body;
  std::map<Point, Config> entries;
  std::set<Point> work;
  Outcomes outcomes;
};

Outcomes Interpreter::runBody(Frame& frame, State state) { return Body(*this, frame).run(std::move(state)); }

Outcomes Interpreter::Body::run(State state) {
  if (body.blocks.empty()) return {{Outcome::Kind::Returned, owner.values.literal(facts::None{}), state}};
  Point start{0, state.side};
  entries.try_emplace(start, Config{state, std::vector<ValueSet>(body.instructions.size(), Values::nothing)});
  work.insert(start);
  while (!work.empty() && owner.spend()) {
    Point point = *work.begin();
    work.erase(work.begin());
    visit(point.first, Config(entries.at(point)));
  }
  return std::move(outcomes);
}

/// Ways out of the same kind and side are one.
void Interpreter::Body::leave(Outcome::Kind kind, ValueSet value, const State& state) {
  for (Outcome& known : outcomes)
    if (known.kind == kind && known.state.side == state.side) {
      known.value = owner.values.join(known.value, value);
      known.state = owner.states.join(known.state, state);
      return;
    }
  outcomes.push_back({kind, value, state});
}

bool Interpreter::Body::join(Config& known, const Config& config) {
  State joined = owner.states.join(known.state, config.state);
  bool changed = !joined.same(known.state);
  known.state = std::move(joined);
  for (size_t i = 0; i < known.values.size(); ++i) {
    ValueSet both = owner.values.join(known.values[i], config.values[i]);
    changed |= both != known.values[i];
    known.values[i] = both;
  }
  return changed;
}

void Interpreter::Body::flow(facts::BlockId from, facts::BlockId to, Config config) {
  const facts::Block& target = body.blocks[to];
  size_t edge = llvm::find(target.predecessors, from) - target.predecessors.begin();
  // The merges of a block happen at once: each reads what was there before any of them.
  std::vector<std::pair<facts::ValueId, ValueSet>> merged;
  for (facts::ValueId id : target.instructions) {
    const Instruction& merge = body.instructions[id];
    if (merge.kind != InstructionKind::Merge) break;
    if (edge < merge.operands.size())
      merged.emplace_back(id, owner.valueOf(frame, config, merge.operands[edge].value));
  }
  for (const auto& [id, value] : merged)
    config.values[id] = value;
  Point point{to, config.state.side};
  auto [slot, fresh] = entries.try_emplace(point, config);
  if (fresh || join(slot->second, config)) work.insert(point);
}

void Interpreter::Body::visit(facts::BlockId blockId, const Config& entry) {
  const facts::Block& block = body.blocks[blockId];
  std::vector<Config> configs{entry};
  Outcomes raised;
  for (facts::ValueId id : block.instructions)
    if (!owner.spend() || !execute(body.instructions[id], id, configs, raised)) {
      configs.clear();
      break;
    }
  raise(blockId, entry, raised);
  for (Config& config : configs)
    branch(blockId, std::move(config));
}

/// False where the instruction ends the block.
bool Interpreter::Body::execute(const Instruction& instruction, facts::ValueId id,
                                std::vector<Config>& configs, Outcomes& raised) {
  switch (instruction.kind) {
  case InstructionKind::Return:
    for (Config& config : configs)
      leave(Outcome::Kind::Returned,
            instruction.operands.empty() ? owner.values.literal(facts::None{})
                                         : owner.valueOf(frame, config, instruction.operands[0].value),
            config.state);
    return false;
  case InstructionKind::Raise:
    for (Config& config : configs)
      raised.push_back({Outcome::Kind::Raised, owner.values.unknown("exception"), config.state});
    return false;
  case InstructionKind::NoReturn: return false;
  default: break;
  }
  std::vector<Config> next;
  for (Config& config : configs)
    owner.step(frame, instruction, id, std::move(config), next, raised);
  configs = std::move(next);
  return true;
}

void Interpreter::Body::raise(facts::BlockId blockId, const Config& entry, const Outcomes& raised) {
  for (const Outcome& exception : raised) {
    bool handled = false;
    for (const facts::Edge& edge : body.blocks[blockId].edges)
      if (edge.kind == facts::EdgeKind::Exception) {
        handled = true;
        flow(blockId, edge.target, Config{exception.state, entry.values});
      }
    if (!handled) leave(Outcome::Kind::Raised, exception.value, exception.state);
  }
}

void Interpreter::Body::branch(facts::BlockId blockId, Config config) {
  bool goesOn = false;
  for (const facts::Edge& edge : body.blocks[blockId].edges) {
    if (edge.kind == facts::EdgeKind::Exception) {
      flow(blockId, edge.target, config); // inside a try any call may raise
      continue;
    }
    goesOn = true;
    if (edge.kind == facts::EdgeKind::Always) return flow(blockId, edge.target, std::move(config));
    auto [taken, rest] = owner.split(owner.valueOf(frame, config, edge.value), edge.relation, edge.literal);
    if (taken != Values::nothing) {
      Config onward = config;
      onward.values[edge.value] = taken;
      flow(blockId, edge.target, std::move(onward));
    }
    if (rest == Values::nothing) return;
    config.values[edge.value] = rest;
  }
  if (!goesOn) leave(Outcome::Kind::Returned, owner.values.literal(facts::None{}), config.state);
}

} // namespace forklint::solve
