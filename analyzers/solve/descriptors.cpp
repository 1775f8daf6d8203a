// The ends of pipes that a child inherits because nobody has said that exec closes them. What hangs is the
// reader of a pipe of which somebody else's child still has the end to write into.
#include "analyzers/solve/interpreter.h"

#include "llvm/ADT/STLExtras.h"

namespace forklint::solve {

using link::Effect;

namespace {
/// A place of an end: on some way to here it was closed, or is by exec.
constexpr const char* closedOnce = "<closed>";
} // namespace

/// Both ends are put where the array is that the call is given.
void Interpreter::opensPipe(ModelCall& call, const Effect& effect, State& state) {
  Pipe pipe{
      pathTo(&call.site.frame, call.site.at()), call.model.name, state.thread, state.side, 0, state.doubtful};
  for (const char* end : {"0", "1"}) {
    ObjectId made = object(call.site.frame, call.site.id, endOfPipe.str(), end);
    for (ObjectId array : objectsAt(call, state, effect.subject))
      states.set(state, place(array, std::string("[") + end), values.object(made));
    states.set(state, place(made, closedOnce), Values::nothing);
    pipe.writeEnd = made;
  }
  states.acquire(state, place(pipe.writeEnd, openEnd), wayTo(call.site.frame, call.site.at()));
  noteRecord();
  auto isSame = [&](const Pipe& known) {
    return known.path.back() == pipe.path.back() && known.thread == pipe.thread && known.side == pipe.side;
  };
  if (auto known = llvm::find_if(ofRoot.pipes, isSame); known == ofRoot.pipes.end())
    ofRoot.pipes.push_back(std::move(pipe));
  else
    known->doubtful &= pipe.doubtful;
}

/// Whether it is closed now or by exec: later children do not have it.
void Interpreter::closesEnd(const ModelCall& call, const Effect& effect, State& state) {
  std::vector<ObjectId> closed = objectsAt(call, state, effect.subject);
  for (ObjectId end : closed)
    if (objects[end].model.ref() == endOfPipe) {
      states.release(state, place(end, openEnd));
      states.set(state, place(end, closedOnce), values.literal(true));
    }
  // A loop over all numbers, in a child before it runs another program.
  bool isLoop = closed.empty() && loopsOf(*call.site.frame.function->body).repeats(call.site.at());
  if (state.side && isLoop) closesAll(state);
}

void Interpreter::closesAll(const State& state) {
  if (!state.side || isRehearsed) return;
  forkRecords[state.side - 1].closesAll = true;
  noteRecord();
}

/// A thread makes a process that runs another program.
void Interpreter::spawnsProgram(const State& state) {
  if (isRehearsed || state.doubtful) return;
  noteRecord();
  ofRoot.threadsThatSpawn.insert(state.thread);
}

/// Behind a function that may be called again: is the end to write into still open, to be inherited by the
/// next child?
void Interpreter::noteKeptPipes(const State& end) {
  for (Pipe& pipe : ofRoot.pipes) {
    bool isOpen = states.isHeld(end, place(pipe.writeEnd, openEnd)) &&
                  states.get(end, place(pipe.writeEnd, closedOnce)) == Values::nothing;
    pipe.isKept |= pipe.side == end.side && !end.doubtful && isOpen;
  }
}

/// Is the pipe one to a child? The thread that opens it forks or spawns around there; the end of one between
/// threads nobody waits for.
bool Interpreter::leadsToChild(const Pipe& pipe, size_t first) const {
  auto passes = [](const Path& path, const link::FunctionInfo* function) {
    return llvm::any_of(path, [&](const Hop& hop) { return hop.function == function; });
  };
  const link::FunctionInfo* opener = pipe.path.back().function;
  auto forks = [&](const ForkRecord& record) {
    return record.thread == pipe.thread &&
           (passes(record.fork.path, opener) || passes(pipe.path, record.forkedIn));
  };
  auto spawns = [&](const facts::Instruction& each) {
    const link::Model* row =
        each.kind == facts::InstructionKind::FunctionRef ? program.models().find(each.name) : nullptr;
    return row && row->has(link::EffectKind::Spawns);
  };
  return llvm::any_of(llvm::drop_begin(forkRecords, first), forks) ||
         llvm::any_of(opener->body->instructions, spawns);
}

/// All threads that make processes are known when the root has been run.
void Interpreter::tellPipes(size_t first) {
  bool isInherited = false; // by a child of the root's own that closes nothing of it
  for (const ForkRecord& record : llvm::drop_begin(forkRecords, first))
    if (record.fork.child.execs && !record.fork.doubtful && !record.closesAll) {
      ofRoot.threadsThatSpawn.insert(record.thread);
      isInherited = true;
    }
  for (Pipe& pipe : ofRoot.pipes) {
    bool isRaced = leadsToChild(pipe, first) && llvm::any_of(ofRoot.threadsThatSpawn, [&](ObjectId thread) {
                     return thread != pipe.thread;
                   });
    pipe.isKept &= isInherited;
    if (pipe.doubtful || (!isRaced && !pipe.isKept)) continue;
    auto isKnown = [&](const OpenPipe& known) { return known.path.back() == pipe.path.back(); };
    auto known = llvm::find_if(solution.openPipes, isKnown);
    if (known == solution.openPipes.end())
      solution.openPipes.push_back({pipe.model, std::move(pipe.path), isRaced, pipe.isKept});
    else
      known->isRaced |= isRaced, known->isKept |= pipe.isKept;
  }
  ofRoot.pipes.clear();
}

} // namespace forklint::solve
