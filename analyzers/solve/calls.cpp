// What a call means, by what its callee may be.
#include "analyzers/solve/interpreter.h"

#include "llvm/ADT/STLExtras.h"

namespace forklint::solve {

Arguments Interpreter::argumentsOf(const Site& site, const Config& config, size_t first) {
  Arguments arguments;
  const List<facts::Operand>& operands = site.instruction.operands;
  for (size_t i = first; i < operands.size(); ++i) {
    const facts::Operand& operand = operands[i];
    ValueSet value = valueOf(site.frame, config, operand.value);
    if (operand.keyword == "this")
      arguments.self = value;
    else if (!operand.keyword.empty())
      arguments.keywords[operand.keyword] = value;
    else if (operand.spread == facts::Spread::Single)
      arguments.positional.push_back(value);
    else
      for (const Alternative& alternative : values.of(value)) {
        const Atom atom = values.atom(alternative.atom);
        if (atom.kind != AtomKind::Object) continue;
        if (operand.spread == facts::Spread::Positional) {
          llvm::append_range(arguments.positional, items(config.state, atom.object));
          continue;
        }
        for (PlaceId field : List<PlaceId>(fieldsOf(atom.object)))
          if (ValueSet given = states.get(config.state, field); given != Values::nothing)
            if (llvm::StringRef name = nameOf(field); name.consume_front("[\""))
              arguments.keywords[name.str()] = values.within(given, alternative.variants);
      }
  }
  return arguments;
}

/// In a loop over all that a container holds the alternatives come one after another, else one of them is
/// called.
void Interpreter::call(const Site& site, ValueSet callee, const Arguments& arguments, Config config,
                       Configs& out, Outcomes& raised) {
  Outcomes ends = callEach(site, callee, arguments, config.state);
  settle(site, std::move(config), ends, out, raised);
}

/// One of several, or each where the callee is marked so.
Outcomes Interpreter::callEach(const Site& site, ValueSet callee, const Arguments& arguments,
                               const State& before) {
  auto callOne = [&](const Alternative& alternative, State state) {
    state.variants &= alternative.variants;
    if (!values.isEach(callee)) excludeOtherClasses(state, callee, alternative.atom);
    return state.variants ? callAtom(site, alternative.atom, arguments, state) : Outcomes{};
  };
  if (values.isEach(callee))
    return oneByOne(values.of(callee), {{Outcome::Kind::Returned, Values::nothing, before}}, callOne);
  Outcomes after;
  for (const Alternative& alternative : values.of(callee))
    for (const Outcome& outcome : callOne(alternative, before))
      merge(after, outcome);
  return after;
}

Outcomes Interpreter::callAtom(const Site& site, AtomId callee, Arguments arguments, State state) {
  const Atom atom = values.atom(callee);
  switch (atom.kind) {
  case AtomKind::Function: {
    noteCallee(site, Callee::Known);
    goesOn(site, state);
    facts::FunctionKind kind = atom.function->body->kind;
    if (kind != facts::FunctionKind::Coroutine && kind != facts::FunctionKind::Generator &&
        kind != facts::FunctionKind::AsyncGenerator) {
      Outcomes ends = callFunction(*atom.function, arguments, atom.object, state, &site.frame, site.at());
      for (Outcome& end : ends)
        if (end.kind == Outcome::Kind::Returned)
          end.value = annotated(end.value, *atom.function, givenResult,
                                classMeant(end.state, atom.function->body->returns));
      return ends;
    }
    ObjectId made = object(site.frame, site.id, "", "pending " + atom.text);
    objects[made].pending = callee;
    Frame callee{atom.function, &site.frame, site.at(), {}, {}, atom.object, 0};
    std::vector<ValueSet> bound = bind(callee, arguments, state);
    for (size_t i = 0; i < bound.size(); ++i)
      states.set(state, place(made, "<parameter>" + std::to_string(i)), bound[i]);
    states.set(state, place(made, "<resume>"), Values::nothing);
    return {{Outcome::Kind::Returned, values.object(made), state}};
  }
  case AtomKind::Bound:
    arguments.self = values.set({{atom.receiver, allVariants}});
    return callAtom(site, atom.target, std::move(arguments), state);
  case AtomKind::Object: return callObject(site, callee, std::move(arguments), state);
  case AtomKind::External: return callExternal(site, atom.text, arguments, state);
  case AtomKind::Address: {
    // A pointer to a function object: what is stored there.
    Outcomes outcomes;
    for (const Alternative& inner : values.of(states.get(state, atom.object)))
      if (values.atom(inner.atom).kind != AtomKind::Address)
        for (const Outcome& outcome : callAtom(site, inner.atom, arguments, state))
          merge(outcomes, outcome);
    return outcomes.empty() ? callUnknown(site, atom, arguments, state) : outcomes;
  }
  default:
    goesOn(site, state);
    if (endsVariables(*site.frame.function))
      for (ValueSet given : arguments.positional)
        mayStoreThrough(state, given);
    return callUnknown(site, atom, arguments, state);
  }
}

Outcomes Interpreter::callObject(const Site& site, AtomId callee, Arguments arguments, State state) {
  ObjectId object = values.atom(callee).object;
  if (objects[object].isClass) return construct(site, object, arguments, state);
  ValueSet self = values.set({{callee, allVariants}});
  // A function with arguments bound to it: those come first.
  if (ValueSet inner = states.get(state, place(object, "<callee>")); inner != Values::nothing) {
    // Each of those that a loop has bound is called with what it was bound to.
    bool isEach = values.atom(callee).each && isMadeInLoop(object);
    if (isEach) inner = values.each(inner);
    Arguments all = std::move(arguments);
    std::vector<ValueSet> first = items(state, object);
    for (ValueSet& given : first)
      given = isEach ? values.each(given) : given;
    all.positional.insert(all.positional.begin(), first.begin(), first.end());
    for (PlaceId field : List<PlaceId>(fieldsOf(object)))
      if (llvm::StringRef name = nameOf(field); name.consume_front("[\""))
        if (ValueSet given = states.get(state, field); given != Values::nothing)
          all.keywords.try_emplace(name.str(), isEach ? values.each(given) : given);
    Outcomes outcomes;
    for (const Alternative& alternative : values.of(inner))
      for (const Outcome& outcome : callAtom(site, alternative.atom, all, state))
        merge(outcomes, outcome);
    return outcomes;
  }
  if (const link::FunctionInfo* functor =
          program.function(objects[object].model + "::operator()", *site.frame.function->unit)) {
    arguments.self = self;
    return callFunction(*functor, arguments, 0, state, &site.frame, site.at());
  }
  if (const link::Model* row = program.models().find(objects[object].model + "::operator()");
      row && !objects[object].model.empty()) {
    arguments.self = self;
    return callModel(site, *row, arguments, state);
  }
  ValueSet method = attribute(state, callee, "__call__");
  if (method == Values::nothing) return callUnknown(site, values.atom(callee), arguments, state);
  Outcomes outcomes;
  for (const Alternative& alternative : values.of(method))
    for (const Outcome& outcome : callAtom(site, alternative.atom, arguments, state))
      merge(outcomes, outcome);
  return outcomes;
}

/// `Class.method(object)`: is the first argument an object of the class that the row's name lies in?
bool Interpreter::isUnbound(const link::Model& model, const Arguments& arguments, const State& state) const {
  if (arguments.self != Values::nothing || arguments.positional.empty()) return false;
  llvm::StringRef klass = link::scopeOf(model.name);
  return llvm::any_of(values.of(arguments.positional[0]), [&](const Alternative& first) {
    const Atom& atom = values.atom(first.atom);
    return atom.kind == AtomKind::Object && !objects[atom.object].isClass &&
           (modelOf(atom.object) == klass || (klass.contains("::") && states.isAlive(state, atom.object)));
  });
}

static Arguments boundToFirst(Arguments arguments) {
  arguments.self = arguments.positional.front();
  arguments.positional.erase(arguments.positional.begin());
  return arguments;
}

Outcomes Interpreter::callExternal(const Site& site, const std::string& name, const Arguments& arguments,
                                   State state) {
  if (endsVariables(*site.frame.function))
    for (ValueSet given : arguments.positional)
      mayStoreThrough(state, given);
  const link::Model* model = program.models().find(name);
  // The constructor of a library class, called on an instance of a class derived from it.
  if (llvm::StringRef klass(name); !model && klass.consume_back(".__init__"))
    model = program.models().find(klass);
  if (!model && isJudgedByItself(state) && program.promiseOf(name, *site.frame.function->unit)) {
    noteCallee(site, Callee::Known);
    goesOn(site, state);
    return {{Outcome::Kind::Returned, values.unknown("result of " + name), state}};
  }
  if (!model) {
    Atom atom;
    atom.kind = AtomKind::External;
    atom.text = name;
    goesOn(site, state);
    return callUnknown(site, atom, arguments, state);
  }
  noteCallee(site, Callee::Modelled, model);
  return callModel(site, *model, isUnbound(*model, arguments, state) ? boundToFirst(arguments) : arguments,
                   state);
}

/// Whoever is not followed may store through the addresses that he is given: a number or a null pointer that
/// was known there is no more. The 0 by which a child knows that it is one stays.
void Interpreter::mayStoreThrough(State& state, ValueSet given) {
  for (const Alternative& one : values.of(given)) {
    const Atom address = values.atom(one.atom);
    if (address.kind != AtomKind::Address) continue;
    ValueSet known = states.get(state, address.object);
    bool isData =
        known != Values::nothing && llvm::all_of(values.of(known), [&](const Alternative& each) {
          const Atom& atom = values.atom(each.atom);
          return atom.kind == AtomKind::Literal && !stringOf(atom) && !(state.side && integerOf(atom) == 0);
        });
    if (isData)
      states.set(state, address.object, values.join(known, values.unknown("what is stored by a pointer")));
  }
}

Outcomes Interpreter::callUnknown(const Site& site, const Atom& callee, const Arguments& arguments,
                                  State state) {
  noteUnknownCallee(site, callee);
  ofRoot.handlersAreUnseen |= survey && !state.thread;
  serves(site, state);
  llvm::StringRef member;
  if (!site.instruction.operands.empty() && site.instruction.operands[0].value != facts::noValue)
    member = site.frame.function->body->instructions[site.instruction.operands[0].value].place.name;
  for (ValueSet given : arguments.positional)
    giveAway(state, given);
  for (ValueSet given : llvm::make_second_range(arguments.keywords))
    giveAway(state, given);
  mayEnd(state, member);
  mayDrain(state, member, arguments);
  goesOnBehindWord(state);
  bool isGiven = callee.kind == AtomKind::Unknown && callee.function;
  deed(state, [&](Deeds& deeds) { deeds.noteUnseen(heldIn(state), isGiven); });
  if (isGiven) noteTrespass(state, Trespass::Kind::CallsGiven, pathTo(&site.frame, site.at()));
  for (ValueSet given : arguments.positional)
    failureIsGiven(given);
  ValueSet result = values.unknown("result of " + callee.text);
  // Of something unknown that is asked with a default, as options are, the default is what it may give.
  if (program.models().hasDefault(member) && arguments.positional.size() == 2 &&
      llvm::all_of(values.of(arguments.positional[1]),
                   [&](const Alternative& one) { return values.atom(one.atom).kind == AtomKind::Literal; }))
    result = values.join(result, arguments.positional[1]);
  return {{Outcome::Kind::Returned, result, state}};
}

/// The fields that the class and its bases declare, the bases' first.
std::vector<link::Field> Interpreter::declaredFields(ObjectId klass, unsigned depth) const {
  std::vector<link::Field> declared;
  if (depth > deepestBase) return declared;
  for (ValueSet base : objects[klass].bases)
    for (const Alternative& alternative : values.of(base))
      if (const Atom& atom = values.atom(alternative.atom);
          atom.kind == AtomKind::Object && objects[atom.object].isClass)
        llvm::append_range(declared, declaredFields(atom.object, depth + 1));
  for (const link::Field& field : program.fieldsOf(objects[klass].symbol)) {
    auto isIt = [&](const link::Field& other) { return other.name == field.name; };
    if (llvm::none_of(declared, isIt)) declared.push_back(field);
  }
  return declared;
}

/// A class without a constructor of its own (a dataclass, a named tuple) keeps its arguments in the fields
/// that it declares. Of a caller outside that is seen to give none they are what their annotations say.
void Interpreter::keepFields(const Frame& frame, ObjectId made, ObjectId klass, const Arguments& arguments,
                             State& state) {
  size_t index = 0;
  for (const link::Field& field : declaredFields(klass)) {
    auto keyword = arguments.keywords.find(field.name);
    ValueSet value = index < arguments.positional.size()   ? arguments.positional[index]
                     : keyword != arguments.keywords.end() ? keyword->second
                                                           : Values::nothing;
    ++index;
    if (value == Values::nothing && !frame.isOutside) continue;
    Text named = classMeant(state, field.klass), what = "field " + field.name;
    if (value == Values::nothing) {
      ValueSet usual = classAttribute(state, klass, field.name);
      bool isLeftOpen = usual == Values::nothing || values.isLeftOpen(usual);
      if (named.empty() || !isLeftOpen) continue;
      value = values.join(usual, given(*frame.function, what, named));
    }
    states.set(state, place(made, field.name), annotated(value, *frame.function, what, named));
  }
}

} // namespace forklint::solve
