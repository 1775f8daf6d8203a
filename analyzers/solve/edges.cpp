// Edges: which of them a configuration takes behind a block, and what taking one tells of its state.
#include "analyzers/solve/body.h"

#include "llvm/ADT/STLExtras.h"

namespace forklint::solve {

using facts::Instruction;
using facts::InstructionKind;

/// Takes an edge; `isOpen` where another one may be taken as well. Whoever writes a loop means it to run:
/// where its test is open at first, it is run once at least.
void Interpreter::Body::take(facts::BlockId from, facts::BlockId to, Config config, bool isOpen) {
  const Loop* own = owner.loopsOf(body).at(from);
  const Loop* loop = own && !own->inside.contains(to) ? own : owner.loopsOf(body).testedAt(from);
  bool first = current.block == from && !(loop == own ? current.again : current.testsAgain);
  if (isOpen && first && loop && !loop->inside.contains(to))
    waysAround.push_back({current, loop->head, to, std::move(config)});
  else
    flow(from, to, std::move(config));
}

bool Interpreter::Body::goAround() {
  for (WayAround& way : std::exchange(waysAround, {})) {
    bool comesBack = llvm::any_of(entries, [&](const auto& entry) {
      const Point& point = entry.first;
      return point.again && point.block == way.head && point.side == way.from.side;
    });
    current = way.from;
    if (!comesBack) flow(way.from.block, way.to, std::move(way.config));
  }
  return !work.empty();
}

/// What taking an edge tells: the versions for which its value holds, and that a thing has ended.
State Interpreter::Body::learn(State state, ValueSet value, const facts::Edge& edge) {
  Variants possible = 0;
  for (const Alternative& alternative : owner.values.of(value)) {
    possible |= alternative.variants;
    const Atom& atom = owner.values.atom(alternative.atom);
    if (atom.kind == AtomKind::Liveness && (atom.each || owner.values.of(value).size() == 1))
      owner.endAsTold(state, atom, edge);
  }
  state.variants &= possible;
  return state;
}

/// What taking an edge tells of a thing that may be a thread's last word: it is the literal of a comparison,
/// or what a comparison is made with that holds.
void Interpreter::Body::hear(const Config& config, State& state, ValueSet taken, const facts::Edge& edge) {
  if (edge.relation == facts::Relation::Equal)
    owner.hear(state, taken, [&](const Atom& word) { return word.literal == edge.literal; });
  else if (edge.relation == facts::Relation::Falsy)
    owner.hear(state, taken, [](const Atom&) { return true; });
  const Instruction& test = body.instructions[edge.value];
  bool isEqual = test.name == "==" || test.name == "is", isOther = test.name == "!=" || test.name == "is-not";
  bool holds = (isEqual && edge.relation == facts::Relation::Truthy) ||
               (isOther && edge.relation == facts::Relation::Falsy);
  if (test.kind != InstructionKind::Operator || !holds) return;
  llvm::ArrayRef<Alternative> with = owner.values.of(owner.valueOf(frame, config, test.operands[1].value));
  owner.hear(state, owner.valueOf(frame, config, test.operands[0].value), [&](const Atom& word) {
    return llvm::any_of(with, [&](const Alternative& one) {
      const Atom& other = owner.values.atom(one.atom);
      return other.kind == AtomKind::Literal && other.literal == word.literal;
    });
  });
}

/// A variable that holds a thing on the ways that began it, and nothing on the others, tells these ways
/// apart: where it holds nothing, the thing has not begun.
void Interpreter::Body::excludeOthers(State& state, ValueSet excluded, ValueSet held) {
  for (const Alternative& alternative : owner.values.of(excluded))
    if (const Atom& atom = owner.values.atom(alternative.atom);
        atom.kind == AtomKind::Object && !llvm::is_contained(owner.values.of(held), alternative) &&
        (atom.each || owner.states.isAlive(state, atom.object)))
      owner.end(state, atom);
}

/// Does the block end by importing what is always there?
bool Interpreter::Body::importsPresent(facts::BlockId block) const {
  const List<facts::ValueId>& instructions = body.blocks[block].instructions;
  if (instructions.empty()) return false;
  const Instruction& last = body.instructions[instructions.back()];
  return last.kind == InstructionKind::Import && owner.program.models().isPresent(last.name) &&
         !owner.program.module(last.name, *frame.function->unit);
}

/// A library's living thing is asked about itself, and what it says is not known: it may have said that it
/// has ended.
void Interpreter::Body::doubtAsked(const Config& config, State& state, facts::ValueId asked, unsigned depth) {
  constexpr unsigned deepest = 4;
  if (asked == facts::noValue || depth > deepest) return;
  const Instruction& question = body.instructions[asked];
  if (question.kind == InstructionKind::Operator)
    for (const facts::Operand& operand : question.operands)
      doubtAsked(config, state, operand.value, depth + 1);
  bool isMember =
      question.kind == InstructionKind::Load && question.place.kind == facts::PlaceKind::Attribute;
  if (!isMember) return;
  for (const Alternative& one : owner.values.of(owner.valueOf(frame, config, question.place.base)))
    if (const Atom& thing = owner.values.atom(one.atom);
        thing.kind == AtomKind::Object && !thing.each && !owner.objects[thing.object].of)
      for (ObjectId living : {thing.object, owner.objects[thing.object].older})
        if (living && owner.states.isAlive(state, living)) owner.mayEnd(state, living);
}

/// What the block asks of a value, if it is asked elsewhere too and may go either way for good: what is in a
/// container, or whether something of a library lives, is another thing each time.
const Question* Interpreter::Body::questionAt(facts::BlockId block, const Config& config, ValueSet tested) {
  auto mayChange = [&](const Alternative& one) {
    const Atom& atom = owner.values.atom(one.atom);
    return atom.kind == AtomKind::Liveness ||
           (atom.kind == AtomKind::Object && !owner.isTrue(config.state, atom));
  };
  if (llvm::any_of(owner.values.of(tested), mayChange)) return nullptr;
  return owner.decisions.at(*frame.function, block, [&](facts::ValueId of) {
    return owner.mayLive(owner.valueOf(frame, config, of));
  });
}

/// Whether the edge is taken, where this way has taken an answer before that tells.
std::optional<bool> Interpreter::Body::answerTo(const Question& question, const Config& config,
                                                const facts::Edge& edge) const {
  for (const Decision& known : owner.decisions.of(config.state.decided))
    if (std::optional<bool> answer = known.answers(question, edge.relation, edge.literal)) return answer;
  for (const Config::Answer& known : config.answers)
    if (std::optional<bool> answer = known.decision.answers(question, edge.relation, edge.literal))
      return answer;
  return std::nullopt;
}

/// Where ways may meet: those on which something has begun or ended since the answer stay apart, as long as
/// somebody asks again, and the root is not near its bound on work.
void Interpreter::Body::settleAnswers(Config& config, facts::BlockId to) {
  if (config.answers.empty() && !config.state.decided) return;
  Decisions::Number& decided = config.state.decided;
  bool isInLoop = !owner.loopsOf(body).around(to).empty();
  auto isOver = [&](const Question& question) {
    return !isInLoop && !Decisions::isAskedFrom(question, *frame.function, to);
  };
  llvm::erase_if(config.answers, [&](const Config::Answer& answer) {
    bool differs = answer.alive != config.state.alive || answer.held != config.state.held;
    if (differs && !owner.budget.isMost(0)) decided = owner.decisions.with(decided, answer.decision);
    return differs || isOver(*answer.decision.question);
  });
  decided = owner.decisions.without(decided, isOver);
}

/// What is computed or stored anew is another thing than what was asked about.
void Interpreter::Body::forgetAnswers(Config& config, facts::ValueId renewed) {
  if (config.answers.empty() && !config.state.decided) return;
  const Instruction& instruction = body.instructions[renewed];
  bool isStore = instruction.kind == InstructionKind::Store || instruction.kind == InstructionKind::Delete;
  auto isOver = [&](const Question& question) {
    return llvm::is_contained(question.values, renewed) ||
           (isStore && llvm::is_contained(question.names, instruction.place.name));
  };
  llvm::erase_if(config.answers,
                 [&](const Config::Answer& answer) { return isOver(*answer.decision.question); });
  config.state.decided = owner.decisions.without(config.state.decided, isOver);
}

/// What the function alone knows the answer to ends with it.
void Interpreter::Body::leave(Outcome outcome) {
  Decisions::Number& decided = outcome.state.decided;
  if (body.kind == facts::FunctionKind::Statement)
    decided = owner.decisions.without(decided, [](const Question& question) { return !question.isOfModule; });
  else
    decided = decidedBefore;
  owner.merge(outcomes, outcome);
}

void Interpreter::Body::branch(facts::BlockId blockId, Config config) {
  bool goesOn = false, isOpen = false;
  for (const facts::Edge& edge : body.blocks[blockId].edges) {
    if (edge.kind == facts::EdgeKind::Exception) {
      if (importsPresent(blockId)) continue;
      // Inside a try any call may raise, but nothing says that this one does.
      Config doubtful = config;
      doubtful.state.doubtful = true;
      doubtful.exception = Values::nothing;
      flow(blockId, edge.target, std::move(doubtful));
      continue;
    }
    goesOn = true;
    if (edge.kind == facts::EdgeKind::Always) return flow(blockId, edge.target, std::move(config));
    bool isMore = edge.relation == facts::Relation::More, isDone = edge.relation == facts::Relation::Done;
    if (isMore || isDone) {
      if (config.iteration == (isMore ? Iteration::Done : Iteration::More)) continue;
      Config onward = config;
      if (isDone) { // a later loop begins anew
        onward.values[edge.value] = Values::nothing;
        onward.iterators.erase(edge.value);
      }
      take(blockId, edge.target, std::move(onward), isDone && config.iteration == Iteration::Either);
      continue;
    }
    ValueSet tested = owner.valueOf(frame, config, edge.value);
    auto [taken, rest] = owner.split(config.state, tested, edge.relation, edge.literal);
    bool isTest = edge.relation == facts::Relation::Truthy || edge.relation == facts::Relation::Falsy;
    bool isEither = taken != Values::nothing && rest != Values::nothing;
    const Question* question = isEither ? questionAt(blockId, config, tested) : nullptr;
    std::optional<bool> answer = question ? answerTo(*question, config, edge) : std::nullopt;
    if (answer) (*answer ? rest : taken) = Values::nothing;
    isEither &= !answer;
    if (isEither) doubtAsked(config, config.state, edge.value);
    Config::Answer way{{question, edge.relation, edge.literal}, config.state.alive, config.state.held};
    if (taken != Values::nothing) {
      Config onward = config;
      if (question && isEither) onward.answers.push_back(way);
      onward.values[edge.value] = taken;
      if (isTest) narrow(onward, edge.value, edge.relation == facts::Relation::Truthy);
      excludeOthers(onward.state, rest, taken);
      hear(config, onward.state, taken, edge);
      onward.state = learn(onward.state, taken, edge);
      isOpen |= rest != Values::nothing;
      if (onward.state.variants) take(blockId, edge.target, std::move(onward), isOpen);
    }
    if (rest == Values::nothing) return;
    if (question && isEither) config.answers.push_back({way.decision.opposite(), way.alive, way.held});
    config.values[edge.value] = rest;
    if (isTest) narrow(config, edge.value, edge.relation == facts::Relation::Falsy);
    excludeOthers(config.state, taken, rest);
  }
  if (!goesOn) leave({Outcome::Kind::Returned, owner.values.literal(facts::None{}), config.state});
}

} // namespace forklint::solve
