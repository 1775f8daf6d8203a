// Solves every root on its own, then puts the forks in an order that depends on the program only.
#include "analyzers/solve/interpreter.h"

#include "llvm/ADT/STLExtras.h"

namespace forklint::solve {

void Interpreter::run(const link::ProgramRoot& at) {
  root = &at;
  work = 0;
  memo.clear();
  forkIds.clear();
  State state = states.initial();
  if (at.kind == facts::RootKind::Main || at.kind == facts::RootKind::StaticInitializer) {
    if (const link::FunctionInfo* entry = program.function(at.symbol, *at.unit))
      callFunction(*entry, {}, {}, state, nullptr, {});
    return;
  }
  initModule(at.symbol, state, nullptr, {}, *at.unit);
}

Solution Interpreter::take() {
  for (ForkRecord& record : forkRecords) solution.forks.push_back(std::move(record.fork));
  auto key = [](const Fork& fork) {
    const Hop& last = fork.path.back();
    return std::tuple(last.function->unit->unit, last.position.line, last.position.column, fork.root);
  };
  llvm::stable_sort(solution.forks, [&](const Fork& a, const Fork& b) { return key(a) < key(b); });
  return std::move(solution);
}

Solution solve(const link::Program& program) {
  Interpreter interpreter(program);
  for (const link::ProgramRoot& root : program.roots()) interpreter.run(root);
  return interpreter.take();
}

void print(const Solution& solution, llvm::raw_ostream& out) {
  for (const Fork& fork : solution.forks) {
    const Hop& last = fork.path.back();
    out << "fork " << fork.model << " at " << last.function->unit->unit << ':' << last.position.line << " root "
        << fork.root << (fork.python ? " python " + versions(fork.variants) : std::string()) << '\n';
    for (const Living& living : fork.alive)
      out << "  alive " << living.model << " begun at " << living.begun.back().function->unit->unit << ':'
          << living.begun.back().position.line << '\n';
    const ChildDeeds& child = fork.child;
    out << "  child" << (child.execs ? " execs" : "") << (child.exitsFast ? " exits-fast" : "")
        << (child.exitsFull ? " exits-full" : "") << (child.calls ? " calls" : "") << (child.unseen ? " unseen" : "")
        << (child.returns ? " returns" : "") << '\n';
  }
  for (const std::string& line : solution.incomplete) out << "incomplete " << line << '\n';
  out << "calls resolved " << solution.resolvedCalls << " modelled " << solution.modelledCalls << " unknown "
      << solution.unknownCalls << '\n';
}

} // namespace forklint::solve
