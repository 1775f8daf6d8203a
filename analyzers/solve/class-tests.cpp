// Tests of classes: where something is asked whether it is of a class, each answer leaves what may give it.
//
// Promise: what is not known to be of the class or not is left out of no answer, but for one: where some of
// it is known to be of the class, the test is meant for that, and not for what the rows of libraries leave
// open. An annotation is what callers are asked for; a test is what this caller is seen to have given.
#include "analyzers/solve/body.h"

#include "llvm/ADT/STLExtras.h"

namespace forklint::solve {

using facts::Instruction;
using facts::InstructionKind;

/// The classes that are asked about: a tuple holds several.
std::vector<AtomId> Interpreter::Body::classesIn(const State& state, ValueSet types) const {
  std::vector<AtomId> classes;
  for (const Alternative& one : owner.values.of(types)) {
    const Atom& atom = owner.values.atom(one.atom);
    if (!owner.isContainer(atom))
      classes.push_back(one.atom);
    else
      for (ValueSet item : owner.items(state, atom.object))
        for (const Alternative& inner : owner.values.of(item))
          classes.push_back(inner.atom);
  }
  return classes;
}

/// What is left of a thing that was given and that an annotation gives a class. It is of the class that it
/// was asked for where that is none above its own; where it is not of its own, it is of none that is known.
Atom Interpreter::Body::givenAsTold(Atom given, llvm::ArrayRef<AtomId> classes, bool holds) const {
  Atom own;
  own.kind = AtomKind::External;
  own.text = given.klass;
  bool isOwn = llvm::any_of(
      classes, [&](AtomId klass) { return owner.derives(own, owner.values.atom(klass)) == true; });
  if (isOwn == holds) return given;
  given.klass = {};
  if (!holds || classes.size() != 1) return given;
  const Atom& told = owner.values.atom(classes.front());
  if (told.kind == AtomKind::External && owner.program.models().hasRow(told.text))
    given.klass = owner.program.models().find(told.text)->name;
  return given;
}

/// What an answer to such a test leaves of the value.
ValueSet Interpreter::Body::asTold(ValueSet value, llvm::ArrayRef<AtomId> classes, bool holds) {
  std::vector<Alternative> sure, open;
  for (Alternative one : owner.values.of(value)) {
    const Atom& atom = owner.values.atom(one.atom);
    if (atom.kind == AtomKind::Unknown) {
      if (!atom.klass.empty()) one.atom = owner.values.intern(givenAsTold(atom, classes, holds));
      open.push_back(one);
      sure.push_back(one);
      continue;
    }
    bool isOne =
        llvm::any_of(classes, [&](AtomId klass) { return owner.isOfClass(one.atom, klass) == true; });
    if (isOne && holds) sure.push_back(one);
    if (!isOne) open.push_back(one);
  }
  bool isAny = holds && llvm::any_of(sure, [&](const Alternative& one) {
                 return owner.values.atom(one.atom).kind != AtomKind::Unknown;
               });
  ValueSet left = owner.values.set(isAny ? std::move(sure) : std::move(open));
  return left == Values::nothing ? value : left;
}

/// Narrows what the call that an edge tests has asked about, if it may live.
void Interpreter::Body::narrow(Config& config, facts::ValueId test, bool holds) {
  if (test == facts::noValue || body.instructions[test].kind != InstructionKind::Call) return;
  const Instruction& call = body.instructions[test];
  llvm::ArrayRef<Alternative> callees = owner.values.of(owner.valueOf(frame, config, call.operands[0].value));
  if (callees.size() != 1 || owner.values.atom(callees[0].atom).kind != AtomKind::External) return;
  const link::Model* row = owner.program.models().find(owner.values.atom(callees[0].atom).text);
  if (!row || row->effects.size() != 1 || row->effects[0].kind != link::EffectKind::IsInstance) return;
  auto argument = [&](llvm::StringRef path) {
    path.consume_front("arg.");
    size_t at = 1 + (llvm::find(row->parameters, path) - row->parameters.begin());
    bool isThere = at < call.operands.size() && call.operands[at].keyword.empty() &&
                   call.operands[at].spread == facts::Spread::Single;
    return isThere ? call.operands[at].value : facts::noValue;
  };
  facts::ValueId asked = argument(row->effects[0].subject), type = argument(row->effects[0].entry);
  if (asked == facts::noValue || type == facts::noValue) return;
  // Each part would be another argument of the calls behind it: where all calls are entered, what has no life
  // is left as it is.
  ValueSet value = owner.valueOf(frame, config, asked);
  if ((config.state.side || config.state.thread) && !owner.mayLive(value)) return;
  std::vector<AtomId> classes = classesIn(config.state, owner.valueOf(frame, config, type));
  if (classes.empty()) return;
  config.values[asked] = asTold(value, classes, holds);
  // The variable holds what was asked about, if it has not changed since.
  const Instruction& load = body.instructions[asked];
  if (load.kind != InstructionKind::Load) return;
  std::vector<PlaceId> places = owner.placesOf(frame, config, load.place);
  if (places.size() == 1 && owner.states.get(config.state, places[0]) == value)
    owner.states.set(config.state, places[0], config.values[asked]);
}

} // namespace forklint::solve
