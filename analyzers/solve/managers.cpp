// Managers of contexts: what `with` enters and leaves, and a library that does the same with what it is
// given.
#include "analyzers/solve/interpreter.h"

#include "llvm/ADT/STLExtras.h"

namespace forklint::solve {

using facts::InstructionKind;

/// Does an exception leave the scope here? Then the manager says whether it ends there.
static bool asksManager(const Site& site) {
  return llvm::any_of(site.frame.function->body->blocks, [&](const facts::Block& block) {
    return llvm::any_of(block.edges, [&](const facts::Edge& edge) {
      return edge.kind == facts::EdgeKind::When && edge.value == site.id;
    });
  });
}

/// The program's own functions among the methods.
std::vector<const link::FunctionInfo*> Interpreter::ownAmong(ValueSet methods) const {
  std::vector<const link::FunctionInfo*> own;
  for (const Alternative& one : values.of(methods))
    if (const Atom& bound = values.atom(one.atom); bound.kind == AtomKind::Bound)
      if (const link::FunctionInfo* function = values.atom(bound.target).function) own.push_back(function);
  return own;
}

/// What `__exit__` is given: what has been raised, or None. A row knows it by its name.
Arguments Interpreter::leftBy(ValueSet exception, ValueSet methods) {
  Arguments arguments;
  if (ownAmong(methods).empty())
    arguments.keywords["exception"] = exception;
  else
    arguments.positional.assign(3, exception);
  return arguments;
}

/// Where it is not known whether a manager ends the exception: one of the program's own may if it returns
/// something, and nothing says that another one does.
void Interpreter::doubtManager(const Site& site, ValueSet methods, Configs& left) {
  std::vector<const link::FunctionInfo*> own = ownAmong(methods);
  bool mayEnd = llvm::any_of(own, [](const link::FunctionInfo* method) {
    const List<facts::Instruction>& all = method->body->instructions;
    return llvm::any_of(all, [&](const facts::Instruction& each) {
      if (each.kind != InstructionKind::Return || each.operands.empty()) return false;
      const facts::Instruction& given = all[each.operands[0].value];
      Atom constant;
      constant.kind = AtomKind::Literal;
      constant.literal = given.literal;
      return given.kind != InstructionKind::Constant || !isOff(constant);
    });
  });
  if (mayEnd) return;
  for (size_t i = 0, count = left.size(); i < count; ++i) {
    ValueSet isEnded = left[i].values[site.id];
    if (!values.isUnknown(isEnded)) continue;
    left[i].values[site.id] = values.literal(false);
    if (!own.empty()) continue;
    Config ended = left[i];
    ended.values[site.id] = values.literal(true);
    ended.state.doubtful = true;
    left.push_back(std::move(ended));
  }
}

/// The method by which a manager is entered or left, if it is one of the program's own or a row is known. An
/// asynchronous manager has one of its own.
ValueSet Interpreter::methodOfManager(const State& state, ValueSet manager, bool enter) {
  for (llvm::StringRef name : {enter ? "__enter__" : "__exit__", enter ? "__aenter__" : "__aexit__"}) {
    ValueSet method = attributeOf(state, manager, name.str());
    bool isKnown = !values.isUnknown(method) && llvm::none_of(values.of(method), [&](const Alternative& a) {
      const Atom& atom = values.atom(a.atom);
      return atom.kind == AtomKind::External && !program.models().find(atom.text);
    });
    if (isKnown) return method;
  }
  return Values::nothing;
}

/// A library's manager gives itself unless a row says more; what is made of a generator gives what that
/// yields.
Outcomes Interpreter::enterManager(const Site& site, ValueSet manager, const State& state) {
  if (ObjectId generator = pendingOf(manager)) {
    Outcomes entered = resume(&site.frame, site.at(), generator, state);
    for (Outcome& each : entered)
      if (each.kind == Outcome::Kind::Yielded) each.kind = Outcome::Kind::Returned;
    return entered;
  }
  ValueSet method = methodOfManager(state, manager, /*enter=*/true);
  if (method == Values::nothing) return {{Outcome::Kind::Returned, manager, state}};
  return callEach(site, method, Arguments(), state);
}

/// The manager is told of `exception`, which may be None.
Outcomes Interpreter::leaveManager(const Site& site, ValueSet manager, ValueSet exception,
                                   const State& state) {
  if (ObjectId generator = pendingOf(manager)) return exhaust(&site.frame, site.at(), generator, state);
  ValueSet method = methodOfManager(state, manager, /*enter=*/false);
  if (method == Values::nothing) return {{Outcome::Kind::Returned, Values::nothing, state}};
  return callEach(site, method, leftBy(exception, method), state);
}

void Interpreter::scope(const Site& site, Config config, Configs& out, Outcomes& raised) {
  ValueSet manager = valueOf(site.frame, config, site.instruction.operands[0].value);
  if (site.instruction.kind == InstructionKind::EnterScope) {
    Outcomes entered = enterManager(site, manager, config.state);
    return settle(site, std::move(config), entered, out, raised);
  }
  bool byException = asksManager(site);
  ValueSet exception = !byException                          ? values.literal(facts::None{})
                       : config.exception == Values::nothing ? values.unknown("exception")
                                                             : config.exception;
  Configs left;
  const State before = config.state;
  settle(site, std::move(config), leaveManager(site, manager, exception, before), left, raised);
  if (byException && !pendingOf(manager))
    doubtManager(site, methodOfManager(before, manager, /*enter=*/false), left);
  llvm::append_range(out, left);
}

/// A library leaves what it was given: managers, and functions that it calls at their end.
Outcomes Interpreter::leavesManagers(ModelCall& call, const link::Effect& effect, const State& state) {
  ValueSet exception = values.literal(facts::None{});
  if (!effect.payload.empty())
    if (ValueSet given = evaluate(call, state, effect.payload); given != Values::nothing) exception = given;
  ValueSet all = values.each(evaluate(call, state, effect.subject));
  return oneByOne(values.of(all), {{Outcome::Kind::Returned, call.result, state}},
                  [&](const Alternative& one, const State& before) {
                    const Atom atom = values.atom(one.atom);
                    bool isManager = atom.kind == AtomKind::Object &&
                                     states.get(before, place(atom.object, "<callee>")) == Values::nothing;
                    Outcomes ends = isManager ? leaveManager(call.site, values.set({one}), exception, before)
                                              : callAtom(call.site, one.atom, Arguments(), before);
                    Outcomes left;
                    for (const Outcome& each : ends)
                      if (ObjectId coroutine = pendingOf(each.value)) // an asynchronous one, which is awaited
                        for (const Outcome& end :
                             exhaust(&call.site.frame, call.site.at(), coroutine, each.state))
                          merge(left, end);
                      else
                        merge(left, each);
                    for (Outcome& each : left)
                      if (each.kind == Outcome::Kind::Returned) each.value = call.result;
                    return left;
                  });
}

} // namespace forklint::solve
