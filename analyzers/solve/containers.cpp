// Containers that an instruction makes: written out, put together of two, or of one a number of times.
#include "analyzers/solve/interpreter.h"

#include "llvm/ADT/STLExtras.h"

namespace forklint::solve {

using facts::Instruction;

/// `a + b` of containers: a new one.
std::optional<ValueSet> Interpreter::concatenate(const Site& site, State& state, ValueSet left,
                                                 ValueSet right) {
  std::vector<ValueSet> known;
  ValueSet every = Values::nothing;
  bool isExact = true; // all elements are known one by one
  std::string model;
  for (ValueSet part : {left, right}) {
    bool isKnown = false;
    for (const Alternative& alternative : values.of(part)) {
      const Atom& atom = values.atom(alternative.atom);
      if (!isContainer(atom)) continue;
      isKnown = true;
      if (model.empty()) model = objects[atom.object].model;
      ValueSet any = states.get(state, place(atom.object, "[]")), listed = Values::nothing;
      for (ValueSet item : items(state, atom.object)) {
        known.push_back(item);
        listed = values.join(listed, item);
      }
      isExact &= listed == any;
      every = values.join(every, any);
    }
    if (!isKnown) return std::nullopt;
    isExact &= values.of(part).size() == 1;
  }
  ObjectId both = object(site.frame, site.id, model, "both");
  clear(state, both);
  for (size_t i = 0; isExact && i < known.size(); ++i)
    states.set(state, place(both, "[" + std::to_string(i)), known[i]);
  states.set(state, place(both, "[]"), every);
  return values.object(both);
}

/// `[a] * n`: a new container, which holds a number of the same that is not known.
std::optional<ValueSet> Interpreter::repeat(const Site& site, State& state, ValueSet container) {
  if (values.of(container).size() != 1) return std::nullopt;
  const Atom one = values.atom(values.of(container)[0].atom);
  if (!isContainer(one)) return std::nullopt;
  ObjectId repeated = object(site.frame, site.id, objects[one.object].model, "repeated");
  clear(state, repeated);
  states.set(state, place(repeated, "[]"), states.get(state, place(one.object, "[]")));
  return values.object(repeated);
}

ValueSet Interpreter::makeContainer(const Site& site, Config& config) {
  const Instruction& instruction = site.instruction;
  ObjectId container = object(site.frame, site.id, "container." + instruction.name);
  State& state = config.state;
  clear(state, container);
  bool keyed = instruction.name == "dict", exact = true;
  size_t position = 0;
  ValueSet every = Values::nothing;
  for (size_t i = 0; i < instruction.operands.size(); ++i) {
    ValueSet item = valueOf(site.frame, config, instruction.operands[i].value);
    if (instruction.operands[i].spread != facts::Spread::Single) {
      every = values.join(every, elements(state, item));
      exact = keyed;
      for (const Alternative& alternative : values.of(item))
        if (keyed && values.atom(alternative.atom).kind == AtomKind::Object)
          for (PlaceId key : List<PlaceId>(fieldsOf(values.atom(alternative.atom).object)))
            if (ValueSet value = states.get(state, key);
                value != Values::nothing && nameOf(key).starts_with("[\""))
              states.set(state, place(container, nameOf(key)), value);
      continue;
    }
    if (keyed && i + 1 < instruction.operands.size()) {
      ValueSet value = valueOf(site.frame, config, instruction.operands[++i].value);
      for (const Alternative& key : values.of(item))
        if (values.atom(key.atom).kind == AtomKind::Literal)
          states.set(state, place(container, "[" + literalText(values.atom(key.atom).literal)), value);
      every = values.join(every, value);
      continue;
    }
    if (exact) states.set(state, place(container, "[" + std::to_string(position++)), item);
    every = values.join(every, item);
  }
  states.set(state, place(container, "[]"), every);
  return values.object(container);
}

} // namespace forklint::solve
