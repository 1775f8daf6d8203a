// What a call means, by what its callee may be.
#include "analyzers/solve/interpreter.h"

#include "llvm/ADT/STLExtras.h"

namespace forklint::solve {

using facts::Instruction;

Arguments Interpreter::argumentsOf(const Frame& frame, Config& config, const Instruction& call,
                                   size_t first) {
  Arguments arguments;
  for (size_t i = first; i < call.operands.size(); ++i) {
    const facts::Operand& operand = call.operands[i];
    ValueSet value = valueOf(frame, config, operand.value);
    if (operand.keyword == "this")
      arguments.self = value;
    else if (!operand.keyword.empty())
      arguments.keywords[operand.keyword] = value;
    else if (operand.spread == facts::Spread::Single)
      arguments.positional.push_back(value);
    else
      for (const Alternative& alternative : values.of(value)) {
        const Atom& atom = values.atom(alternative.atom);
        if (atom.kind != AtomKind::Object) continue;
        if (operand.spread == facts::Spread::Positional) {
          for (size_t item = 0;; ++item) {
            ValueSet element = states.get(config.state, place(atom.object, "[" + std::to_string(item)));
            if (element == Values::nothing) break;
            arguments.positional.push_back(element);
          }
        } else {
          for (const auto& [where, stored] : config.state.heap)
            if (placeNames[where].first == atom.object &&
                llvm::StringRef(placeNames[where].second).starts_with("[\""))
              arguments.keywords[placeNames[where].second.substr(2)] = stored;
        }
      }
  }
  return arguments;
}

void Interpreter::call(const Frame& frame, const Instruction& instruction, facts::ValueId id, ValueSet callee,
                       const Arguments& arguments, Config config, std::vector<Config>& out,
                       Outcomes& raised) {
  if (config.state.side) deed(config.state, &ChildDeeds::calls);
  std::map<Side, Config> returned;
  std::vector<Alternative> alternatives = values.of(callee);
  for (const Alternative& alternative : alternatives) {
    State state = config.state;
    state.variants &= alternative.variants;
    if (!state.variants) continue;
    for (Outcome& outcome :
         callAtom(frame, instruction.position, id, alternative.atom, arguments, std::move(state))) {
      if (outcome.kind == Outcome::Kind::Raised) {
        raised.push_back(outcome);
        continue;
      }
      Config next{outcome.state, config.values};
      next.values[id] = outcome.value;
      auto [slot, fresh] = returned.try_emplace(outcome.state.side, next);
      if (fresh) continue;
      slot->second.state = states.join(slot->second.state, next.state);
      slot->second.values[id] = values.join(slot->second.values[id], outcome.value);
    }
  }
  for (auto& [side, next] : returned)
    out.push_back(std::move(next));
}

Outcomes Interpreter::callAtom(const Frame& frame, const facts::Position& at, facts::ValueId id,
                               AtomId callee, Arguments arguments, State state) {
  const Atom atom = values.atom(callee);
  switch (atom.kind) {
  case AtomKind::Function: {
    ++solution.resolvedCalls;
    facts::FunctionKind kind = atom.function->body->kind;
    if (kind == facts::FunctionKind::Coroutine || kind == facts::FunctionKind::Generator ||
        kind == facts::FunctionKind::AsyncGenerator) {
      ObjectId made = object(frame, id, "", "pending");
      objects[made].pending = true;
      pendingCalls[made] = {callee, std::move(arguments)};
      Atom pending;
      pending.kind = AtomKind::Object;
      pending.object = made;
      return {{Outcome::Kind::Returned, values.single(std::move(pending)), state}};
    }
    std::vector<ValueSet> captures;
    for (size_t i = 0; i < atom.function->body->captures.size(); ++i)
      captures.push_back(states.get(state, place(atom.object, "capture:" + std::to_string(i))));
    return callFunction(*atom.function, arguments, std::move(captures), std::move(state), &frame, at);
  }
  case AtomKind::Bound: {
    arguments.self = values.set({{atom.receiver, allVariants}});
    return callAtom(frame, at, id, atom.target, std::move(arguments), std::move(state));
  }
  case AtomKind::Object:
    if (objects[atom.object].isClass)
      return construct(frame, at, id, atom.object, arguments, std::move(state));
    if (const link::FunctionInfo* functor =
            program.function(objects[atom.object].model + "::operator()", *frame.function->unit)) {
      arguments.self = values.set({{callee, allVariants}});
      return callFunction(*functor, arguments, {}, std::move(state), &frame, at);
    }
    break;
  case AtomKind::External:
    if (const link::Model* model = program.models().find(atom.text)) {
      ++solution.modelledCalls;
      return callModel(frame, at, id, *model, arguments, std::move(state));
    }
    break;
  default: break;
  }
  ++solution.unknownCalls;
  deed(state, &ChildDeeds::unseen);
  return {{Outcome::Kind::Returned, values.unknown("result of " + atom.text), state}};
}

Outcomes Interpreter::construct(const Frame& frame, const facts::Position& at, facts::ValueId id,
                                ObjectId klass, const Arguments& arguments, State state) {
  ObjectId made = object(frame, id, "", "instance " + objects[klass].symbol);
  objects[made].of = klass;
  objects[made].made = pathTo(&frame, at);
  Atom atom;
  atom.kind = AtomKind::Object;
  atom.object = made;
  ValueSet self = values.single(std::move(atom));
  ValueSet init = classAttribute(state, klass, "__init__");
  if (init == Values::nothing) {
    // A library's constructor takes the arguments.
    std::string name = modelOf(made);
    const link::Model* model = name.empty() ? nullptr : program.models().find(name);
    if (!model) return {{Outcome::Kind::Returned, self, state}};
    Arguments all = arguments;
    all.self = self;
    Outcomes outcomes = callModel(frame, at, id, *model, all, std::move(state));
    for (Outcome& outcome : outcomes)
      outcome.value = self;
    return outcomes;
  }
  Outcomes outcomes;
  Arguments all = arguments;
  all.self = self;
  for (const Alternative& alternative : std::vector<Alternative>(values.of(init)))
    for (Outcome& outcome : callAtom(frame, at, id, alternative.atom, all, state)) {
      outcome.value = self;
      outcomes.push_back(outcome);
    }
  return outcomes;
}

} // namespace forklint::solve
