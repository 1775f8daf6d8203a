// Classes of the program: what a class statement makes, whom it tells, and how an object of a class is made.
#include "analyzers/solve/interpreter.h"

#include "llvm/ADT/STLExtras.h"

namespace forklint::solve {

using facts::InstructionKind;

static bool mayReturn(const Outcomes& outcomes) {
  return llvm::any_of(outcomes, [](const Outcome& one) { return one.kind == Outcome::Kind::Returned; });
}

ValueSet Interpreter::makeClass(const Site& site, Config& config) {
  ObjectId klass = object(site.frame, site.id, "", "class");
  objects[klass].isClass = true;
  states.noteClass(klass);
  objects[klass].symbol = site.instruction.name;
  std::vector<ValueSet> declared;
  for (const facts::Operand& operand : site.instruction.operands)
    if (operand.keyword.empty()) {
      // A class that an object gives (a context's process) is that class.
      std::vector<Alternative> bases = values.of(valueOf(site.frame, config, operand.value)).vec();
      for (Alternative& base : bases)
        if (const Atom atom = values.atom(base.atom); atom.kind == AtomKind::Bound) {
          states.set(config.state, place(klass, "method"), attribute(config.state, atom.receiver, "method"));
          base.atom = atom.target;
        }
      declared.push_back(values.set(std::move(bases)));
    }
  if (objects[klass].bases != declared) {
    objects[klass].bases = std::move(declared);
    classOrders.clear();
  }
  return values.object(klass);
}

/// Where the class is given away for the first time, to a variable or a decorator, its body has been run.
/// Gives the instruction that made it.
facts::ValueId Interpreter::completedClass(const Site& site) {
  const facts::Instruction& taken = site.instruction;
  bool isStore = taken.kind == InstructionKind::Store;
  if (!isStore && taken.kind != InstructionKind::Call) return facts::noValue;
  if (taken.operands.size() != (isStore ? 1U : 2U)) return facts::noValue;
  facts::ValueId given = taken.operands[isStore ? 0 : 1].value;
  return site.frame.function->body->instructions[given].kind == InstructionKind::MakeClass ? given
                                                                                           : facts::noValue;
}

bool Interpreter::isOwn(ValueSet method) const {
  return llvm::any_of(values.of(method), [&](const Alternative& one) {
    return values.atom(one.atom).kind == AtomKind::Function;
  });
}

/// The classes above a new one are told of it, and of the keywords of its statement.
Outcomes Interpreter::tellBases(const Site& site, facts::ValueId made, const Config& config) {
  Outcomes untold{{Outcome::Kind::Returned, Values::nothing, config.state}};
  ValueSet klass = valueOf(site.frame, config, made);
  if (values.of(klass).size() != 1) return untold;
  AtomId atom = values.of(klass)[0].atom;
  ValueSet method = firstAttribute(config.state, orderBehind(values.atom(atom).object), "__init_subclass__");
  if (!isOwn(method)) return untold;
  Arguments arguments;
  for (const facts::Operand& operand : site.frame.function->body->instructions[made].operands)
    if (!operand.keyword.empty() && operand.keyword != "metaclass")
      arguments.keywords[operand.keyword.str()] = valueOf(site.frame, config, operand.value);
  Outcomes told = callEach(site, bound(atom, method), arguments, config.state);
  return mayReturn(told) ? told : untold; // a class that nobody could define is none
}

/// `__new__` makes the object, where the class has one; then `__init__` is called on it, if it is one of the
/// class. Else it is made as by `object`.
Outcomes Interpreter::construct(const Site& site, ObjectId klass, const Arguments& arguments, State state) {
  noteCallee(site, Callee::Known);
  ValueSet maker = classAttribute(state, klass, "__new__");
  ValueSet plain = instantiate(site.frame, site.id, klass);
  if (!isOwn(maker)) return initialise(site, klass, plain, arguments, state);
  Arguments all = arguments;
  all.positional.insert(all.positional.begin(), values.object(klass));
  const Outcomes ends = callEach(site, maker, all, state);
  // Nobody writes a class of which no object can be made: what is behind it is not known then.
  if (!mayReturn(ends)) return initialise(site, klass, plain, arguments, state);
  Outcomes outcomes;
  for (const Outcome& outcome : ends) {
    if (outcome.kind != Outcome::Kind::Returned) {
      merge(outcomes, outcome);
      continue;
    }
    ValueSet made = values.isUnknown(outcome.value) ? plain : outcome.value;
    bool isOfClass = llvm::all_of(values.of(made), [&](const Alternative& one) {
      const Atom& atom = values.atom(one.atom);
      return atom.kind == AtomKind::Object && objects[atom.object].of == klass;
    });
    Outcomes initialised = isOfClass ? initialise(site, klass, made, arguments, outcome.state)
                                     : Outcomes{{Outcome::Kind::Returned, made, outcome.state}};
    for (const Outcome& each : initialised)
      merge(outcomes, each);
  }
  return outcomes;
}

/// A new object of the class, made here.
ValueSet Interpreter::instantiate(const Frame& frame, facts::ValueId site, ObjectId klass) {
  ObjectId made = object(frame, site, "", "instance " + std::to_string(klass));
  objects[made].of = klass;
  return values.object(made);
}

Outcomes Interpreter::initialise(const Site& site, ObjectId klass, ValueSet made, const Arguments& arguments,
                                 State state) {
  Arguments all = arguments;
  all.self = made;
  ValueSet init = classAttribute(state, klass, "__init__");
  if (!isOwn(init)) {
    for (const Alternative& one : values.of(made))
      keepFields(site.frame, values.atom(one.atom).object, klass, arguments, state);
    // What keeps its arguments so has a method that is called behind that.
    if (ValueSet then = classAttribute(state, klass, "__post_init__"); isOwn(then)) {
      init = then;
      all.positional.clear();
      all.keywords.clear();
    }
  }
  if (init == Values::nothing) return {{Outcome::Kind::Returned, made, state}};
  Outcomes outcomes;
  for (const Alternative& alternative : values.of(init))
    for (Outcome& outcome : callAtom(site, alternative.atom, all, state)) {
      if (outcome.kind == Outcome::Kind::Returned) outcome.value = made;
      merge(outcomes, outcome);
    }
  return outcomes;
}

/// What is made of a class by the one above all: the class has no other way.
std::optional<ValueSet> Interpreter::instantiates(const ModelCall& call, const link::Effect& effect,
                                                  const State& state) {
  std::vector<ObjectId> classes = objectsAt(call, state, effect.subject);
  if (classes.size() != 1 || !objects[classes[0]].isClass) return std::nullopt;
  return instantiate(call.site.frame, call.site.id, classes[0]);
}

} // namespace forklint::solve
