// Functions out of which both sides of a fork come back, and what then tells the sides apart.
#include "analyzers/solve/interpreter.h"

#include "llvm/ADT/STLExtras.h"

namespace forklint::solve {

/// The result of a fork is stored where it is not found again: what tests it later does not tell the sides
/// apart.
void Interpreter::loseProcessId(ValueSet stored) {
  for (const Alternative& alternative : values.of(stored))
    if (const Atom& atom = values.atom(alternative.atom);
        atom.kind == AtomKind::ProcessId || atom.kind == AtomKind::ForkError)
      forkRecords[atom.object - 1].resultLost = true;
}

/// A fork's failure goes to where nobody sees what is done with it.
void Interpreter::failureIsGiven(ValueSet given) {
  for (const Alternative& alternative : values.of(given))
    if (const Atom& atom = values.atom(alternative.atom); atom.kind == AtomKind::ForkError) {
      forkRecords[atom.object - 1].fork.failureIsGiven = true;
      noteRecord();
    }
}

/// Is the fork's result in a place that outlives the function, where a caller can test it?
bool Interpreter::isResultKept(const Frame& frame, const State& parent, Side side) {
  bool kept = false;
  parent.heap.forEach([&](PlaceId place, ValueSet value) {
    for (const Alternative& alternative : values.of(value)) {
      const Atom& atom = values.atom(alternative.atom);
      kept |= atom.kind == AtomKind::ProcessId && atom.object == side && ownerOf(place) != localsOf(frame);
    }
  });
  return kept;
}

static bool shareAlternative(const Values& values, ValueSet left, ValueSet right,
                             llvm::function_ref<bool(const Atom&)> counts) {
  return llvm::any_of(values.of(left), [&](const Alternative& a) {
    return llvm::any_of(values.of(right), [&](const Alternative& b) { return a.atom == b.atom; }) &&
           counts(values.atom(a.atom));
  });
}

/// May what two sides return be one and the same to who gets it? That nothing is known of both is no witness;
/// a container shows what it holds on either side.
bool Interpreter::looksTheSame(const Outcome& parent, const Outcome& child) const {
  return shareAlternative(values, parent.value, child.value, [&](const Atom& atom) {
    if (atom.kind == AtomKind::Unknown) return false;
    return !isContainer(atom) || llvm::none_of(fieldsOf(atom.object), [&](PlaceId item) {
      ValueSet left = States::peek(parent.state, item), right = States::peek(child.state, item);
      return left != Values::nothing && right != Values::nothing &&
             !shareAlternative(values, left, right, [](const Atom&) { return true; });
    });
  });
}

/// Which sides come back out of the function that forks?
void Interpreter::noteReturns(const Frame& frame, const Outcome& outcome) {
  if (outcome.kind == Outcome::Kind::Yielded || outcome.state.doubtful) return;
  auto forksHere = [&](Side side) { return side && forkRecords[side - 1].forkedIn == frame.function; };
  if (forksHere(outcome.state.side)) forkRecords[outcome.state.side - 1].fork.childReturns = true;
  outcome.state.parentOf.forEach([&](Side side, uint32_t) {
    if (forksHere(side) && forkRecords[side - 1].parent == outcome.state.side)
      forkRecords[side - 1].fork.parentReturns = true;
  });
}

/// Both sides of a fork leave a function, with values that do not tell the sides apart.
void Interpreter::noteBothReturn(const Frame& frame, Side before, Outcomes& outcomes) {
  for (const Outcome& outcome : outcomes) {
    noteReturns(frame, outcome);
    if (!frame.caller) failureIsGiven(outcome.value);
    if (outcome.state.side != before && outcome.kind != Outcome::Kind::Yielded && outcome.state.side &&
        forkRecords[outcome.state.side - 1].forkedIn == frame.function)
      noteTrespass(outcome.state, Trespass::Kind::Returns,
                   {{frame.function, frame.function->body->position}});
  }
  const Outcome* parent = nullptr;
  for (const Outcome& outcome : outcomes)
    if (outcome.state.side == before && outcome.kind == Outcome::Kind::Returned &&
        (!parent || parent->state.doubtful))
      parent = &outcome;
  if (!parent) return;
  for (Outcome& child : outcomes) {
    if (child.state.side == before || child.state.side == 0 || child.kind == Outcome::Kind::Yielded) continue;
    // What returns without having passed the fork is not its parent.
    if (!parent->state.parentOf.contains(child.state.side)) continue;
    bool byException = child.kind == Outcome::Kind::Raised;
    bool known = !values.isUnknown(parent->value) && !values.isUnknown(child.value);
    if (!byException && known && !looksTheSame(*parent, child)) continue;
    std::vector<BothReturn>& noted = forkRecords[child.state.side - 1].fork.bothReturn;
    if (forkRecords[child.state.side - 1].resultLost) continue;
    bool endsProgram = byException && isOfRole(child.value, link::Role::EndOfProgram);
    bool doubtful = child.state.doubtful || parent->state.doubtful || (!byException && !known);
    auto same = llvm::find_if(
        noted, [&](const BothReturn& other) { return other.function.function == frame.function; });
    // A caller that returns too has gone on, if not for another reason. One that the exception leaves has
    // not.
    // Nor where the child only ends the program, and says that it has failed.
    bool isEnd = !frame.caller && root->kind == facts::RootKind::Main;
    bool saysSo = isEnd && child.value != Values::nothing &&
                  llvm::all_of(values.of(child.value), [&](const Alternative& one) {
                    return integerOf(values.atom(one.atom)).value_or(0) != 0;
                  });
    for (BothReturn& inner : noted)
      inner.knownCaller |= !saysSo && !byException && inner.function.function != frame.function &&
                           (!inner.byException || child.state.isPastRaise);
    child.state.isPastRaise |= byException;
    // Out of `main` there is nobody to come back to.
    if (isEnd) continue;
    if (same != noted.end()) {
      same->doubtful &= doubtful;
      same->endsProgram &= endsProgram;
      continue;
    }
    BothReturn both{{frame.function, frame.function->body->position}};
    both.byException = byException;
    both.endsProgram = endsProgram;
    both.afterExec = child.state.pastExec;
    both.kept = isResultKept(frame, parent->state, child.state.side);
    both.doubtful = doubtful;
    noted.push_back(both);
  }
}

/// Where the function makes calls for the arguments of one that ends the process. That is asked for at each
/// call behind a fork, of all functions around it.
const std::vector<facts::Position>& Interpreter::saidToEnd(const link::FunctionInfo& function) {
  const facts::Function& body = *function.body;
  auto [known, isNew] = endingArguments.try_emplace(&body);
  for (size_t i = 0; isNew && i < body.instructions.size(); ++i) {
    const facts::Instruction& call = body.instructions[i];
    if (call.kind != facts::InstructionKind::Call || call.operands.size() < 2) continue;
    const facts::Instruction& callee = body.instructions[call.operands[0].value];
    const link::Model* row =
        callee.kind == facts::InstructionKind::FunctionRef && !program.function(callee.name, *function.unit)
            ? program.models().find(callee.name)
            : nullptr;
    if (!row || !(row->has(link::EffectKind::ExitsFull) || row->has(link::EffectKind::ExitsFast))) continue;
    for (const facts::Operand& given : llvm::drop_begin(call.operands))
      if (const facts::Instruction& made = body.instructions[given.value];
          made.kind == facts::InstructionKind::Call)
        known->second.push_back(made.position);
  }
  return known->second;
}

/// Is the call made for the argument of one that ends the process, or by whom such a call is made?
bool Interpreter::saysHowToEnd(const Frame& frame, const facts::Position& at) {
  facts::Position here = at;
  for (const Frame* each = &frame; each; here = each->at, each = each->caller)
    if (llvm::is_contained(saidToEnd(*each->function), here)) return true;
  return false;
}

/// The child does something after it has come back out of a function, in one that called it. Behind an
/// exception that may be a clean-up, behind a test of what was kept it may be the child's own work.
void Interpreter::goesOn(const Site& site, const State& state) {
  state.parentOf.forEach([&](Side side, uint32_t) {
    Fork& fork = forkRecords[side - 1].fork;
    if (!state.doubtful && forkRecords[side - 1].parent == state.side)
      fork.parentGoesOn = fork.parentGoesOn || !saysHowToEnd(site.frame, site.at());
  });
  if (!state.side) return;
  for (BothReturn& noted : forkRecords[state.side - 1].fork.bothReturn) {
    if (noted.byException || noted.kept) continue;
    bool inside = false;
    for (const Frame* frame = &site.frame; frame; frame = frame->caller)
      inside |= frame->function == noted.function.function;
    noted.knownCaller |= !inside;
  }
}

} // namespace forklint::solve
