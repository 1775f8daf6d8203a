// Blocks: configurations (a state and the values known there) flow along the edges, one for each side of each
// fork, until nothing changes.
#include "analyzers/solve/body.h"

#include "llvm/ADT/STLExtras.h"

namespace forklint::solve {

using facts::Instruction;
using facts::InstructionKind;

Outcomes Interpreter::runBody(Frame& frame, State state, facts::ValueId from) {
  read(*frame.function);
  return Body(*this, frame).run(state, from);
}

Outcomes Interpreter::Body::run(State state, facts::ValueId from) {
  decidedBefore = state.decided;
  if (body.kind != facts::FunctionKind::Statement) state.decided = 0;
  if (body.blocks.empty()) return {{Outcome::Kind::Returned, owner.values.literal(facts::None{}), state}};
  if (from != facts::noValue) {
    resume(state, from);
  } else {
    Config config = beginWith(state);
    Point start{0, state.side, state.doubtful, false, false, state.decided};
    entries.try_emplace(start, std::move(config));
    work.insert(start);
  }
  while ((!work.empty() || goAround()) && owner.spend()) {
    current = *work.begin();
    work.erase(work.begin());
    visit(current.block, 0, enter());
  }
  return std::move(outcomes);
}

/// What is known where the current block begins. A block that lies in no loop is left for good, so that a
/// function of many blocks does not hold all of its values for each.
Config Interpreter::Body::enter() {
  auto entry = entries.find(current);
  if (!owner.loopsOf(body).around(current.block).empty()) return entry->second;
  Config config = std::move(entry->second);
  entries.erase(entry);
  return config;
}

const Loops& Interpreter::loopsOf(const facts::Function& body) {
  static const facts::Function straight;
  static const Loops none(straight);
  auto [known, isNew] = loops.try_emplace(&body);
  if (isNew && hasLoop(body)) known->second = std::make_unique<Loops>(body);
  return known->second ? *known->second : none;
}

/// Behind a loop its variables hold one of the things that it met.
void Interpreter::Body::endEach(Config& config, facts::BlockId from, facts::BlockId to) {
  for (const Loop* loop : owner.loopsOf(body).around(from)) {
    if (loop->inside.contains(to)) continue;
    for (facts::BlockId block : loop->inside)
      for (facts::ValueId id : body.blocks[block].instructions) {
        config.values[id] = owner.values.one(config.values[id]);
        const Instruction& store = body.instructions[id];
        bool isVariable =
            store.place.kind == facts::PlaceKind::Local || store.place.kind == facts::PlaceKind::Global;
        if (store.kind != InstructionKind::Store || !isVariable) continue;
        for (PlaceId variable : owner.placesOf(frame, config, store.place))
          if (ValueSet held = owner.states.get(config.state, variable); owner.values.isEach(held))
            owner.states.set(config.state, variable, owner.values.one(held));
      }
  }
}

bool Interpreter::Body::join(Config& known, const Config& config) {
  State joined = owner.states.join(known.state, config.state);
  bool changed = !joined.same(known.state);
  known.state = joined;
  for (size_t i = 0; i < known.values.size(); ++i) {
    if (known.values[i] == config.values[i]) continue;
    // What a test has told of a parameter holds only behind it.
    bool isGiven = body.instructions[i].kind == InstructionKind::Parameter ||
                   body.instructions[i].kind == InstructionKind::Capture;
    ValueSet both = isGiven
                        ? owner.values.join(owner.valueOf(frame, known, i), owner.valueOf(frame, config, i))
                        : owner.values.join(known.values[i], config.values[i]);
    changed |= both != known.values[i];
    known.values[i] = both;
  }
  for (const auto& [loop, iterator] : config.iterators) {
    ValueSet& open = known.iterators[loop];
    ValueSet both = owner.values.join(open, iterator);
    changed |= both != open;
    open = both;
  }
  size_t answers = known.answers.size();
  llvm::erase_if(known.answers, [&](const Config::Answer& one) {
    return llvm::none_of(config.answers,
                         [&](const Config::Answer& other) { return one.decision == other.decision; });
  });
  changed |= answers != known.answers.size();
  ValueSet exception = owner.values.join(known.exception, config.exception);
  changed |= exception != known.exception;
  known.exception = exception;
  return changed;
}

/// Does the way lead on through the condition of a loop that has been tested before?
bool Interpreter::Body::testsAgain(facts::BlockId from, facts::BlockId to) const {
  const Loops& loops = owner.loopsOf(body);
  const Loop* loop = loops.testedAt(to);
  if (!loop) return loops.at(to) && to <= from;
  bool isOfHead = from == loop->head && !loops.testedAt(from);
  return current.block == from && loop->test.contains(from) &&
         (isOfHead ? current.again : current.testsAgain);
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
      merged.emplace_back(id, owner.values.within(owner.valueOf(frame, config, merge.operands[edge].value),
                                                  config.state.variants));
  }
  for (const auto& [id, value] : merged) {
    config.values[id] = value;
    forgetAnswers(config, id);
  }
  if (target.predecessors.size() > 1) settleAnswers(config, to);
  endEach(config, from, to);
  config.iteration = Iteration::Either;
  Point point{to,         config.state.side,    config.state.doubtful,
              to <= from, testsAgain(from, to), config.state.decided};
  auto [slot, fresh] = entries.try_emplace(point, config);
  if (fresh || join(slot->second, config)) work.insert(point);
}

void Interpreter::Body::visit(facts::BlockId blockId, size_t first, Config entry) {
  const facts::Block& block = body.blocks[blockId];
  Outcomes raised;
  bool isHandled = llvm::any_of(
      block.edges, [](const facts::Edge& edge) { return edge.kind == facts::EdgeKind::Exception; });
  Config before; // of the last instruction of the block, which is most often the one that raises
  if (isHandled) before = entry;
  Configs configs;
  configs.push_back(std::move(entry));
  for (size_t index = first; index < block.instructions.size(); ++index) {
    if (isHandled && index + 1 == block.instructions.size() && !configs.empty()) before = beforeLast(configs);
    if (!owner.spend() || !execute(blockId, index, configs, raised)) {
      configs.clear();
      break;
    }
  }
  raise(blockId, before, raised);
  for (Config& config : configs)
    branch(blockId, std::move(config));
}

/// False where the instruction ends the block.
bool Interpreter::Body::execute(facts::BlockId block, size_t index, Configs& configs, Outcomes& raised) {
  facts::ValueId id = body.blocks[block].instructions[index];
  const Instruction& instruction = body.instructions[id];
  switch (instruction.kind) {
  case InstructionKind::Return:
    for (const Config& config : configs)
      leave({Outcome::Kind::Returned,
             instruction.operands.empty() ? owner.values.literal(facts::None{})
                                          : owner.valueOf(frame, config, instruction.operands[0].value),
             config.state});
    return false;
  case InstructionKind::Raise:
    for (const Config& config : configs) {
      bool isAnew = !instruction.operands.empty() && instruction.operands[0].keyword != "from";
      ValueSet exception =
          isAnew ? owner.valueOf(frame, config, instruction.operands[0].value) : config.exception;
      if (isAnew && owner.isOfRole(exception, link::Role::EndOfProgram))
        owner.endsProgram(frame, instruction.position, config.state);
      raised.push_back({Outcome::Kind::Raised, exception, config.state});
    }
    return false;
  case InstructionKind::NoReturn: return false;
  case InstructionKind::Yield:
    if (instruction.operands.empty() || instruction.operands[0].keyword != "from") {
      suspend(id, std::move(configs));
      return false;
    }
    break;
  default: break;
  }
  Configs next;
  for (Config& config : configs)
    forgetAnswers(config, id);
  for (Config& config : configs)
    owner.step({frame, instruction, id}, std::move(config), next, raised);
  configs = std::move(next);
  return true;
}

/// A generator stops here. What its body knows is kept in places of the generator.
void Interpreter::Body::suspend(facts::ValueId id, Configs configs) {
  const Instruction& yield = body.instructions[id];
  for (Config& config : configs) {
    ValueSet given = yield.operands.empty() ? owner.values.literal(facts::None{})
                                            : owner.valueOf(frame, config, yield.operands[0].value);
    for (facts::ValueId known = 0; known < config.values.size(); ++known)
      if (config.values[known] != Values::nothing)
        owner.states.set(config.state, owner.valuePlace(frame.generator, known), config.values[known]);
    for (PlaceId field : List<PlaceId>(owner.fieldsOf(frame.generator)))
      if (owner.nameOf(field).starts_with("<iterator>"))
        owner.states.set(config.state, field, Values::nothing);
    for (const auto& [loop, iterator] : config.iterators)
      owner.states.set(config.state, owner.iteratorPlace(frame.generator, loop), iterator);
    leave({Outcome::Kind::Yielded, given, config.state, id});
  }
}

/// Goes on behind the yield `from`; what is sent in is not known.
void Interpreter::Body::resume(State state, facts::ValueId from) {
  Config config = beginWith(state);
  for (PlaceId field : List<PlaceId>(owner.fieldsOf(frame.generator)))
    if (llvm::StringRef name = owner.nameOf(field); name.consume_front("<value>"))
      config.values[std::stoul(name.str())] = owner.states.get(state, field);
    else if (ValueSet iterator = owner.states.get(state, field);
             name.consume_front("<iterator>") && iterator != Values::nothing)
      config.iterators[std::stoul(name.str())] = iterator;
  config.values[from] = owner.values.unknown("sent");
  current = Point{};
  for (facts::BlockId block = 0; block < body.blocks.size(); ++block)
    if (auto at = llvm::find(body.blocks[block].instructions, from);
        at != body.blocks[block].instructions.end())
      visit(block, static_cast<size_t>(at - body.blocks[block].instructions.begin()) + 1, config);
}

/// What is known there on all ways together; of their states only one is kept.
Config Interpreter::Body::beforeLast(const Configs& configs) {
  Config all = configs.front();
  for (const Config& config : llvm::drop_begin(configs))
    for (size_t id = 0; id < all.values.size(); ++id)
      all.values[id] = owner.values.join(all.values[id], config.values[id]);
  return all;
}

void Interpreter::Body::raise(facts::BlockId blockId, const Config& before, const Outcomes& raised) {
  for (const Outcome& exception : raised) {
    bool handled = false;
    for (const facts::Edge& edge : body.blocks[blockId].edges) {
      if (edge.kind != facts::EdgeKind::Exception) continue;
      std::optional<bool> taken = owner.catches(edge, before, frame, exception.value);
      if (taken == false) continue;
      handled = true;
      Config caught = before;
      caught.state = exception.state;
      caught.exception = exception.value;
      flow(blockId, edge.target, std::move(caught));
      if (taken) break;
    }
    if (!handled) leave({Outcome::Kind::Raised, exception.value, exception.state});
  }
}

} // namespace forklint::solve
