// Calls that are wrong because of what came before them, or of where they stand: a child that uses what its
// parent has opened, a call on a thing that is in the wrong state, a child that is waited for before what it
// fills is read.
#include "analyzers/solve/interpreter.h"

#include "llvm/ADT/STLExtras.h"

namespace forklint::solve {

using link::Effect;

/// Notes a misuse once for each call and child of a root: on a way that is not doubtful, if there is one.
void Interpreter::note(const ModelCall& call, const State& state, Misuse misuse, ObjectId queue) {
  if (!misuse.variants || isRehearsed || survey || (importsMain && misuse.kind != importKind)) return;
  noteRecord();
  misuse.model = call.model.name;
  misuse.path = pathTo(&call.site.frame, call.site.at());
  if (state.side) {
    const Fork& fork = forkRecords[state.side - 1].fork;
    misuse.fork = fork.path;
    misuse.made = fork.made;
  }
  misuse.contexts = state.contexts;
  misuse.doubtful |= state.doubtful;
  misuse.root = root;
  auto [slot, fresh] = ofRoot.misuseIds.try_emplace(
      {call.site.frame.function, call.site.id, misuse.kind + misuse.why}, solution.misuses.size());
  if (fresh) {
    if (queue) ofRoot.waitedQueues.emplace_back(solution.misuses.size(), queue);
    solution.misuses.push_back(std::move(misuse));
    return;
  }
  Misuse& known = solution.misuses[slot->second];
  Variants variants = known.variants | misuse.variants;
  if (known.doubtful && !misuse.doubtful) known = std::move(misuse);
  known.variants = variants;
}

/// Is `of` the child, or one of those that it descends from; 0 is nobody's child.
bool Interpreter::isAncestor(Side ancestor, Side of) const {
  for (; of != 0 && of != ancestor; of = forkRecords[of - 1].parent) {
  }
  return of == ancestor;
}

/// In a child, or in a handler that runs in one: since it began.
bool Interpreter::isOpenedHere(const State& state, ObjectId resource) {
  if (!state.side && !(state.contexts & bit(link::Context::AtFork))) return false;
  return llvm::any_of(values.of(states.get(state, place(resource, openedOn))), [&](const Alternative& one) {
    return integerOf(values.atom(one.atom)) == int64_t{state.side};
  });
}

void Interpreter::open(const ModelCall& call, State& state, ObjectId resource) {
  states.set(state, place(resource, openedOn), values.literal(int64_t{state.side}));
  uint32_t& opened = objects[resource].opened;
  if (!opened) opened = wayTo(call.site.frame, call.site.at());
}

void Interpreter::opens(ModelCall& call, const Effect& effect, State& state) {
  for (ObjectId resource : objectsAt(call, state, effect.subject.empty() ? "result" : effect.subject))
    open(call, state, resource);
}

/// Where one way has closed it and the other has not, nobody knows.
void Interpreter::closes(ModelCall& call, const Effect& effect, State& state) {
  for (ObjectId resource : objectsAt(call, state, effect.subject))
    states.set(state, place(resource, openedOn), values.literal(facts::None{}));
}

/// In a child: has its parent opened it, and nobody since? What is old was open before anybody forked.
bool Interpreter::isInherited(const State& state, ObjectId resource, bool isOld) {
  ValueSet opened = states.get(state, place(resource, openedOn));
  if (!state.side || (opened == Values::nothing && !isOld)) return false;
  return llvm::all_of(values.of(opened), [&](const Alternative& one) {
    auto side = static_cast<Side>(integerOf(values.atom(one.atom)).value_or(state.side));
    return side != state.side && isAncestor(side, state.side);
  });
}

/// A child uses what its parent has opened, and has not opened it anew.
void Interpreter::uses(ModelCall& call, const Effect& effect, State& state) {
  for (ObjectId resource : objectsAt(call, state, effect.subject)) {
    const bool isFilled = effect.life == "fill"; // no mistake, in whatever process
    if (isFilled) buffers.insert(resource);
    ValueSet opened = states.get(state, place(resource, openedOn));
    bool isOld = effect.from == "'import'"; // there since the library was imported
    bool mayBeClosed = llvm::any_of(values.of(opened),
                                    [&](const Alternative& one) { return isNone(values.atom(one.atom)); });
    if (mayBeClosed || (opened == Values::nothing && !(isOld && state.side))) {
      open(call, state, resource);
      continue;
    }
    if (!isInherited(state, resource, isOld) || isFilled) continue;
    Misuse misuse;
    misuse.kind = effect.life;
    misuse.earlier = wayOf(objects[resource].opened, pathTo(&call.site.frame, call.site.at()));
    misuse.earlierModel = modelOf(resource);
    misuse.variants = state.variants;
    const Fork& fork = forkRecords[state.side - 1].fork;
    misuse.manyChildren = fork.manyChildren || fork.inLoop;
    note(call, state, std::move(misuse));
  }
}

/// Is each thing that the path leads to in this state, on every way?
bool Interpreter::isSurelyIn(const ModelCall& call, const State& state, llvm::StringRef subject,
                             llvm::StringRef when) {
  std::vector<ObjectId> subjects = objectsAt(call, state, subject);
  return !subjects.empty() && llvm::all_of(subjects, [&](ObjectId each) {
    ValueSet current = states.get(state, place(each, "<state>"));
    return current != Values::nothing && llvm::all_of(values.of(current), [&](const Alternative& one) {
             const Text* text = stringOf(values.atom(one.atom));
             return text && *text == when;
           });
  });
}

/// The call is wrong, and raises `payload`, if it says so: there is no other way on where it surely is.
Outcomes Interpreter::violates(ModelCall& call, const Effect& effect, const Outcome& outcome) {
  noteViolation(call, effect, outcome.state);
  if (effect.payload.empty()) return {outcome};
  Outcome raised{Outcome::Kind::Raised, evaluate(call, outcome.state, effect.payload), outcome.state};
  if (isSurelyIn(call, outcome.state, effect.subject, effect.when)) return {raised};
  return {outcome, raised};
}

/// Does a place hold it, or a variable of a function that has not ended?
bool Interpreter::isInVariable(const Frame& frame, const State& state, ObjectId object) const {
  bool isHeld = false;
  state.heap.forEach(
      [&](PlaceId, ValueSet value) { isHeld |= llvm::is_contained(values.objectsIn(value), object); });
  if (isHeld || !objects[object].made)
    return isHeld || (!objects[object].model.empty() && !objects[object].isGiven); // a library's own
  const Hop& made = witnesses.last(objects[object].made);
  for (const Frame* each = &frame; each && !isHeld; each = each->caller)
    isHeld = each->function == made.function &&
             llvm::any_of(each->function->body->instructions, [&](const facts::Instruction& call) {
               return call.position == made.position && !call.variable.empty();
             });
  return isHeld;
}

/// Does the function do what is seen outside of the process, or wait for a thread? What frees memory and what
/// libraries keep to themselves does not.
bool Interpreter::reachesOutside(const link::FunctionInfo& function,
                                 std::set<const link::FunctionInfo*>& asked) {
  constexpr size_t mostAsked = 32;
  if (asked.size() >= mostAsked || !asked.insert(&function).second) return false;
  auto isOutside = [](const Effect& effect) {
    return effect.kind == link::EffectKind::ActsOutside || effect.kind == link::EffectKind::Ends ||
           effect.kind == link::EffectKind::Spawns || effect.kind == link::EffectKind::Targets;
  };
  auto acts = [&](llvm::StringRef name) {
    if (const link::FunctionInfo* own = program.function(name, *function.unit))
      return reachesOutside(*own, asked);
    const link::Model* row = program.models().find(name);
    return row && llvm::any_of(row->effects, isOutside);
  };
  return llvm::any_of(function.body->instructions, [&](const facts::Instruction& each) {
    if (each.kind == facts::InstructionKind::Destroy) return acts(link::destructorOf(each.name));
    if (each.kind == facts::InstructionKind::VirtualCall) return acts(each.name);
    if (each.kind != facts::InstructionKind::Call || each.operands.empty()) return false;
    const facts::Instruction& callee = function.body->instructions[each.operands[0].value];
    return callee.kind == facts::InstructionKind::FunctionRef && acts(callee.name);
  });
}

bool Interpreter::actsAtEnd(ValueSet destructor) {
  std::set<const link::FunctionInfo*> asked;
  return llvm::any_of(values.of(destructor), [&](const Alternative& one) {
    const Atom& atom = values.atom(one.atom);
    return atom.kind == AtomKind::Function && reachesOutside(*atom.function, asked);
  });
}

/// The process ends with its handlers, and writes out what is still in the buffers of its files: a child does
/// so with what its parent has put there.
void Interpreter::endsProgram(const Frame& frame, const facts::Position& at, const State& state) {
  deed(state, [&](Deeds& deeds) { deeds.exit(pathTo(&frame, at)); });
  if (!state.side || state.doubtful) return;
  // Behind an exec that has failed a program in C or C++ seldom comes to that.
  if (state.pastExec && endsVariables(*frame.function)) return;
  for (ObjectId buffer : buffers) {
    Fork& fork = forkRecords[state.side - 1].fork;
    if (!isInherited(state, buffer) || !isInVariable(frame, state, buffer)) continue;
    noteRecord();
    if (fork.writtenTwice.empty()) fork.writtenTwice = witnesses[objects[buffer].opened];
    if (Path end = pathTo(&frame, at); !llvm::is_contained(fork.writtenAt, end))
      fork.writtenAt.push_back(end);
  }
}

/// The row says in which state of the subject the call is wrong; `from` has to be in its first one. Whoever
/// handles what it raises, `payload`, means it to be tried.
void Interpreter::noteViolation(const ModelCall& call, const Effect& effect, const State& state) {
  facts::Position at = call.site.at();
  for (const Frame* frame = &call.site.frame; frame && !effect.payload.empty();
       at = frame->at, frame = frame->caller)
    if (handles(*frame, at, evaluate(call, state, effect.payload))) return;
  if (!effect.from.empty())
    for (ObjectId first : objectsAt(call, state, effect.from))
      if (states.get(state, place(first, "<state>")) != Values::nothing) return;
  Misuse misuse;
  misuse.kind = effect.entry;
  misuse.why = effect.life;
  misuse.variants = state.variants;
  if (state.contexts & bit(link::Context::AtFork)) misuse.earlier = handlerGiven;
  std::vector<ObjectId> subjects = objectsAt(call, state, effect.subject);
  if (!subjects.empty()) {
    if (auto first = moved.find({subjects.front(), effect.when}); first != moved.end())
      misuse.earlier = witnesses[first->second];
    misuse.earlierModel = modelOf(subjects.front());
  }
  note(call, state, std::move(misuse));
}

/// A value of which everybody sees that it fits into any pipe: a short text of the program itself, a number,
/// or a container of such; if a line is enough, one that is written as a line too.
bool Interpreter::fits(const State& state, ValueSet value, bool isLineEnough, unsigned depth) {
  constexpr size_t longestText = 256;
  constexpr unsigned deepest = 3;
  return value != Values::nothing && depth < deepest &&
         llvm::all_of(
             values.of(value),
             [&](const Alternative& one) {
               const Atom& atom = values.atom(one.atom);
               const Text* text = stringOf(atom);
               if (atom.kind == AtomKind::Literal) return !text || text->size() <= longestText;
               if (isContainer(atom)) { // whose elements are known one by one
                 ValueSet listed = Values::nothing;
                 for (ValueSet item : items(state, atom.object)) {
                   if (!fits(state, item, isLineEnough, depth + 1)) return false;
                   listed = values.join(listed, item);
                 }
                 return listed == states.get(state, place(atom.object, "[]"));
               }
               return atom.kind == AtomKind::Process || (isLineEnough && atom.isLine);
             });
}

/// Is the call in no loop of the functions that the child runs?
bool Interpreter::isOnceInChild(const Site& site, Side side) {
  size_t inParent = forkRecords[side - 1].made.size();
  Path path = pathTo(&site.frame, site.at());
  return llvm::none_of(llvm::drop_begin(path, std::min(inParent, path.size())),
                       [&](const Hop& hop) { return loopsOf(*hop.function->body).repeats(hop.position); });
}

void Interpreter::fills(ModelCall& call, const Effect& effect, State& state) {
  ValueSet payload = effect.payload.empty() ? Values::nothing : evaluate(call, state, effect.payload);
  if (!state.side || fits(state, payload, /*isLineEnough=*/false)) return;
  bool mayFit = fits(state, payload, /*isLineEnough=*/true) && isOnceInChild(call.site, state.side);
  for (ObjectId queue : objectsAt(call, state, effect.subject)) {
    Filling filling{pathTo(&call.site.frame, call.site.at()), mayFit};
    auto [known, fresh] = forkRecords[state.side - 1].fills.try_emplace(queue, filling);
    if (!fresh && known->second.doubtful && !mayFit) known->second = std::move(filling);
  }
}

void Interpreter::drains(ModelCall& call, const Effect& effect, State& state) {
  for (ObjectId queue : objectsAt(call, state, effect.subject)) {
    states.set(state, place(queue, "<drained>"), values.literal(true));
    objects[queue].drainedElsewhere |= state.side || state.thread;
  }
}

/// A place of a child, and a global one: the queues that it fills, and that any does.
static constexpr const char* filledQueues = "<filled>";

/// What the child of `started` has just filled is kept with it; `others` were filled by children of the same
/// fork before. A run that is remembered fills nothing again: then it may have been any of them.
void Interpreter::keepFilled(State& state, Side side, std::map<ObjectId, Filling> others, ValueSet started) {
  std::map<ObjectId, Filling>& fills = forkRecords[side - 1].fills;
  const bool isRemembered = fills.empty();
  ValueSet own = Values::nothing;
  for (ObjectId queue : llvm::make_first_range(isRemembered ? others : fills))
    own = values.join(own, values.object(queue));
  for (auto& [queue, filling] : others)
    if (auto [known, fresh] = fills.try_emplace(queue, filling); !fresh && known->second.doubtful)
      known->second = std::move(filling);
  PlaceId filled = globalPlace(filledQueues);
  states.set(state, filled, values.join(states.get(state, filled), own));
  for (ObjectId child : values.objectsIn(started))
    states.set(state, place(child, filledQueues), own);
}

/// Something that nobody knows is called by a name that reads queues: it may be any of those that are filled.
/// What is looked up under something is in no queue: that is asked whether to wait.
void Interpreter::mayDrain(State& state, llvm::StringRef member, const Arguments& arguments) {
  bool isLookup =
      !arguments.positional.empty() && llvm::any_of(values.of(arguments.positional[0]), [&](const auto& one) {
        return !std::holds_alternative<bool>(values.atom(one.atom).literal);
      });
  if (!program.models().isDrain(member) || isLookup) return;
  for (ObjectId queue : values.objectsIn(states.get(state, globalPlace(filledQueues))))
    if (modelMember(0, modelOf(queue), member) != Values::nothing)
      states.set(state, place(queue, "<drained>"), values.literal(true));
}

/// The child cannot end while what it has put into a full pipe is not read. Whoever asks only for those that
/// have ended does not block.
void Interpreter::waitsFor(ModelCall& call, const Effect& effect, State& state) {
  if (effect.life == "any child") ofRoot.waitsForAny = true;
  for (ObjectId child : objectsAt(call, state, effect.subject))
    for (const Alternative& one : values.of(states.get(state, place(child, "<side>")))) {
      auto side = static_cast<Side>(integerOf(values.atom(one.atom)).value_or(0));
      if (!side) continue;
      forkRecords[side - 1].fork.isWaitedFor = true;
      if (effect.life == "ended") continue;
      if (states.get(state, place(child, "<state>")) != Values::nothing) continue; // it was told to end
      std::vector<ObjectId> own = values.objectsIn(states.get(state, place(child, filledQueues)));
      for (const auto& [queue, filled] : forkRecords[side - 1].fills) {
        // Of several that one line makes, each for a child of one object, any may be the one that was read.
        uint32_t made = objects[queue].made;
        bool isDrained = llvm::any_of(own, [&](ObjectId other) {
          uint32_t also = objects[other].made;
          bool isAlike = other == queue || (made && also && witnesses.last(made) == witnesses.last(also));
          return isAlike && states.get(state, place(other, "<drained>")) != Values::nothing;
        });
        if (isDrained || !llvm::is_contained(own, queue)) continue;
        Misuse misuse;
        misuse.kind = waitKind;
        misuse.earlier = filled.path;
        misuse.doubtful = filled.doubtful || objects[child].isShared;
        misuse.earlierModel = modelOf(queue);
        misuse.variants = forkRecords[side - 1].fork.variants;
        note(call, state, std::move(misuse), queue);
      }
    }
}

/// A fork's failure is taken for the number of a child.
void Interpreter::targets(const ModelCall& call, const Effect& effect, const State& state) {
  for (const Alternative& one : values.of(evaluate(call, state, effect.subject))) {
    const Atom& atom = values.atom(one.atom);
    if (atom.kind != AtomKind::ForkError) continue;
    const Fork& fork = forkRecords[atom.object - 1].fork;
    Misuse misuse;
    misuse.kind = failedForkKind;
    misuse.earlier = fork.path;
    misuse.earlierModel = fork.model;
    misuse.variants = state.variants;
    // That a fork fails is what this is about.
    State failed = state;
    failed.doubtful = fork.doubtful;
    note(call, failed, std::move(misuse));
  }
}

/// What another process or thread drains is no hang.
void Interpreter::dropDrained() {
  for (const auto& [misuse, queue] : llvm::reverse(ofRoot.waitedQueues))
    if (objects[queue].drainedElsewhere)
      solution.misuses.erase(solution.misuses.begin() + static_cast<ptrdiff_t>(misuse));
  ofRoot.waitedQueues.clear();
  ofRoot.misuseIds.clear();
}

/// A handler that runs in every child takes what another thread may have held.
void Interpreter::takesInHandler(const ModelCall& call, const State& state, std::string why) {
  if (!(state.contexts & bit(link::Context::AtFork)) || (state.contexts & bit(link::Context::Promised)))
    return;
  Misuse misuse;
  misuse.kind = handlerKind;
  misuse.why = std::move(why);
  misuse.earlier = handlerGiven;
  misuse.variants = state.variants;
  note(call, state, std::move(misuse));
}

} // namespace forklint::solve
