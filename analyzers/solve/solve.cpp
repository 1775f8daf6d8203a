// Solves every root on its own, then puts the forks in an order that depends on the program only.
#include "analyzers/solve/interpreter.h"

#include "llvm/ADT/STLExtras.h"

#include <tuple>

namespace forklint::solve {

State Interpreter::start(const link::ProgramRoot& at) {
  root = &at;
  work = 0;
  memo.clear();
  forkIds.clear();
  return states.initial();
}

void Interpreter::run(const link::ProgramRoot& at) {
  State state = start(at);
  if (at.kind == facts::RootKind::Main || at.kind == facts::RootKind::StaticInitializer) {
    if (const link::FunctionInfo* entry = program.function(at.symbol, *at.unit))
      callFunction(*entry, {}, {}, state, nullptr, {});
    return;
  }
  initModule(at.symbol, state, nullptr, {}, *at.unit);
}

void Interpreter::callUncalled(const Frame& frame, ValueSet member, ValueSet self, State state) {
  for (const Alternative& alternative : std::vector<Alternative>(values.of(member))) {
    const Atom atom = values.atom(alternative.atom);
    if (atom.kind != AtomKind::Function || !atom.function->inCone || entered.contains(atom.function))
      continue;
    if (atom.function->unit != frame.function->unit) continue;
    Arguments arguments;
    arguments.self = self;
    State own = state;
    own.variants = alternative.variants;
    callFunction(*atom.function, arguments, {}, std::move(own), nullptr, {});
  }
}

void Interpreter::runUncalled(const link::ProgramRoot& at) {
  const link::ModuleInfo* module = program.module(at.symbol, *at.unit);
  if (at.kind != facts::RootKind::Module || !module || module->statements.empty()) return;
  State fresh = start(at);
  Frame frame{module->statements.front(), nullptr, {}, 0, {}, {}, 0};
  for (const Outcome& outcome : initModule(at.symbol, fresh, nullptr, {}, *at.unit)) {
    if (outcome.kind == Outcome::Kind::Raised || outcome.state.side) continue;
    for (const std::string& name : std::set<std::string>(moduleNames[at.symbol])) {
      ValueSet member = states.get(outcome.state, globalPlace(at.symbol + "." + name));
      callUncalled(frame, member, Values::nothing, outcome.state);
      for (const Alternative& alternative : std::vector<Alternative>(values.of(member))) {
        const Atom atom = values.atom(alternative.atom);
        if (atom.kind != AtomKind::Object || !objects[atom.object].isClass) continue;
        std::vector<ValueSet> methods;
        for (const auto& [where, value] : outcome.state.heap)
          if (placeNames[where].first == atom.object) methods.push_back(value);
        if (methods.empty()) continue;
        for (const Outcome& made : construct(frame, {}, 0, atom.object, {}, outcome.state))
          if (made.kind == Outcome::Kind::Returned)
            for (ValueSet method : methods)
              callUncalled(frame, method, made.value, made.state);
      }
    }
  }
}

Solution Interpreter::take() {
  for (ForkRecord& record : forkRecords)
    solution.forks.push_back(std::move(record.fork));
  auto key = [](const Fork& fork) {
    const Hop& last = fork.path.back();
    return std::tuple(llvm::StringRef(last.function->unit->unit), last.position.line, last.position.column,
                      llvm::StringRef(fork.root), fork.path.size(), fork.alive.size());
  };
  llvm::sort(solution.forks, [&](const Fork& a, const Fork& b) { return key(a) < key(b); });
  auto transferKey = [](const Transfer& transfer) {
    const Hop& last = transfer.path.back();
    return std::tuple(llvm::StringRef(last.function->unit->unit), last.position.line, last.position.column,
                      transfer.bytes, transfer.path.size());
  };
  llvm::sort(solution.transfers,
             [&](const Transfer& a, const Transfer& b) { return transferKey(a) < transferKey(b); });
  return std::move(solution);
}

Solution solve(const link::Program& program) {
  Interpreter interpreter(program);
  for (const link::ProgramRoot& root : program.roots())
    interpreter.run(root);
  for (const link::ProgramRoot& root : program.roots())
    interpreter.runUncalled(root);
  return interpreter.take();
}

void print(const Solution& solution, llvm::raw_ostream& out) {
  for (const Fork& fork : solution.forks) {
    const Hop& last = fork.path.back();
    out << "fork " << fork.model << " at " << last.function->unit->unit << ':' << last.position.line
        << " root " << fork.root << (fork.python ? " python " + versions(fork.variants) : std::string())
        << '\n';
    for (const Living& living : fork.alive)
      out << "  alive " << living.model << " begun at " << living.begun.back().function->unit->unit << ':'
          << living.begun.back().position.line << '\n';
    const ChildDeeds& child = fork.child;
    out << "  child" << (child.execs ? " execs" : "") << (child.exitsFast ? " exits-fast" : "")
        << (child.exitsFull ? " exits-full" : "") << (child.calls ? " calls" : "")
        << (child.unseen ? " unseen" : "") << (child.returns ? " returns" : "") << '\n';
  }
  for (const std::string& line : solution.incomplete)
    out << "incomplete " << line << '\n';
  out << "calls resolved " << solution.resolvedCalls << " modelled " << solution.modelledCalls << " unknown "
      << solution.unknownCalls << '\n';
}

} // namespace forklint::solve
