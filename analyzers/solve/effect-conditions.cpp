// Where an effect takes place: what its row asks of the arguments, of the state of its subject and of things.
#include "analyzers/solve/interpreter.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"

namespace forklint::solve {

using link::Effect;

/// Is it, as far as is known, the address of a host and no name that somebody has to ask for?
static bool isAddress(const Atom& host) {
  const Text* text = stringOf(host);
  return isNone(host) || (text && (text->empty() || llvm::isDigit(text->ref().front()) ||
                                   llvm::StringRef(*text).contains(':')));
}

/// `given` asks that an argument, or what a path leads to, is there and not None, `when` that the subject is
/// in one of the states named
/// ("new" is the first one; "not X": that it is not surely in that one, or nobody knows it), `unless` that an
/// argument is not there, or None, or true, `without` that it is not there, or None, or false, `nonzero` that
/// there is a value that may be something else than 0, None or false, `resolves` that there is one that may
/// be a host's name.
bool Interpreter::applies(const ModelCall& call, const Effect& effect, const State& state) {
  auto argument = [&](const std::string& name) {
    if (name == "self") return call.self;
    if (llvm::StringRef(name).contains('.')) return evaluate(call, state, name);
    auto given = call.arguments.find(name);
    return given == call.arguments.end() ? Values::nothing : given->second;
  };
  if (!effect.given.empty()) {
    ValueSet value = argument(effect.given);
    if (llvm::none_of(values.of(value), [&](const Alternative& one) {
          const Atom& atom = values.atom(one.atom);
          return !isNone(atom) && atom.kind != AtomKind::Unknown;
        }))
      return false;
  }
  if (!effect.passed.empty() && argument(effect.passed) == Values::nothing) return false;
  if (!effect.without.empty())
    for (const Alternative& alternative : values.of(argument(effect.without))) {
      const Atom& atom = values.atom(alternative.atom);
      const bool* truth = std::get_if<bool>(&atom.literal);
      bool isFalse = atom.kind == AtomKind::Literal && truth && !*truth;
      if (!isNone(atom) && !isFalse) return false;
    }
  if (!effect.unless.empty())
    for (const Alternative& alternative : values.of(argument(effect.unless))) {
      const Atom& atom = values.atom(alternative.atom);
      bool isTrue = atom.kind == AtomKind::Literal && std::holds_alternative<bool>(atom.literal) &&
                    std::get<bool>(atom.literal);
      if (!isNone(atom) && !isTrue) return false; // a time-out, or wait=False
    }
  llvm::SmallVector<llvm::StringRef, 2> counts;
  llvm::SplitString(effect.nonzero, counts, "&");
  for (llvm::StringRef count : counts) {
    ValueSet value = evaluate(call, state, count);
    bool isZero =
        llvm::all_of(values.of(value), [&](const Alternative& one) { return isOff(values.atom(one.atom)); });
    if (isZero) return false;
  }
  if (!effect.resolves.empty()) {
    ValueSet host = evaluate(call, state, effect.resolves);
    if (llvm::all_of(values.of(host),
                     [&](const Alternative& one) { return isAddress(values.atom(one.atom)); }))
      return false;
  }
  if (!isAsAsked(call, effect, state)) return false;
  if (effect.when.empty()) return true;
  if (llvm::StringRef past(effect.when); past.consume_front("not "))
    return !isSurelyIn(call, state, effect.subject, past);
  llvm::SmallVector<llvm::StringRef, 2> wanted;
  llvm::StringRef(effect.when).split(wanted, '|');
  for (ObjectId subject : objectsAt(call, state, effect.subject)) {
    ValueSet current = states.get(state, place(subject, "<state>"));
    bool isNew = current == Values::nothing && !objects[subject].isGiven;
    if (isNew && llvm::is_contained(wanted, "new")) return true;
    for (const Alternative& alternative : values.of(current))
      if (const Text* text = stringOf(values.atom(alternative.atom));
          text && llvm::is_contained(wanted, *text))
        return true;
  }
  return false;
}

/// Is the number at the path known, and is it so whatever it is? "PATH=BITS".
bool Interpreter::isNumber(const ModelCall& call, const State& state, llvm::StringRef condition,
                           llvm::function_ref<bool(int64_t is, int64_t bits)> holds) {
  auto [path, text] = condition.split('=');
  int64_t bits = 0;
  ValueSet number = text.getAsInteger(10, bits) ? Values::nothing : evaluate(call, state, path);
  return number != Values::nothing && llvm::all_of(values.of(number), [&](const Alternative& one) {
           std::optional<int64_t> known = integerOf(values.atom(one.atom));
           return known && holds(*known, bits);
         });
}

/// `is`: may each of these paths be the name, or the text, that is said of it? `once`: has the thing been
/// made where no loop makes another one of its kind?
bool Interpreter::isAsAsked(const ModelCall& call, const Effect& effect, const State& state) {
  if (!effect.once.empty() && llvm::any_of(thingsAt(call, state, effect.once), [&](const Atom& thing) {
        return thing.each || isMadeInLoop(thing.object);
      }))
    return false;
  link::Context around =
      effect.within == "handler of signals" ? link::Context::SignalHandler : link::Context::AtFork;
  bool isAround = (state.contexts & bit(around)) && !(state.contexts & bit(link::Context::Promised));
  if (!effect.within.empty() && !isAround) return false;
  if (!effect.has.empty() &&
      !isNumber(call, state, effect.has, [](int64_t is, int64_t bits) { return (is & bits) == bits; }))
    return false;
  if (!effect.lacks.empty() &&
      !isNumber(call, state, effect.lacks, [](int64_t is, int64_t bits) { return (is & bits) == 0; }))
    return false;
  llvm::SmallVector<llvm::StringRef, 2> all;
  llvm::SplitString(effect.is, all, "&");
  return llvm::all_of(all, [&](llvm::StringRef condition) {
    auto [path, wanted] = condition.split('=');
    bool isText = wanted.consume_front("'") && wanted.consume_back("'");
    bool isPrefix = wanted.consume_back("*");
    int64_t number = 0;
    bool isNumber = !isText && !wanted.getAsInteger(10, number);
    return llvm::any_of(values.of(evaluate(call, state, path)), [&](const Alternative& one) {
      const Atom& atom = values.atom(one.atom);
      const auto* text = stringOf(atom);
      if (isNumber) return integerOf(atom) == number;
      if (!isText) return atom.kind == AtomKind::External && atom.text == wanted;
      return text && (isPrefix ? llvm::StringRef(*text).starts_with(wanted) : *text == wanted);
    });
  });
}

} // namespace forklint::solve
