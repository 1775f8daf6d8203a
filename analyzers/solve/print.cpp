// The stages `callgraph`, `summaries` and `states` as text.
#include "analyzers/solve/solution.h"

namespace forklint::solve {
namespace {

void print(const Hop& hop, llvm::raw_ostream& out) {
  const facts::UnitFacts& unit = *hop.function->unit;
  out << (hop.position.file < unit.files.size() ? unit.files[hop.position.file] : unit.unit) << ':'
      << hop.position.line;
}

void print(const Deeds& deeds, llvm::raw_ostream& out) {
  out << (deeds.execs ? " execs" : "") << (deeds.exitsFast ? " exits-fast" : "")
      << (deeds.exitsFull ? " exits-full" : "") << (deeds.calls ? " calls" : "")
      << (deeds.unseen ? " unseen" : "") << (deeds.returns ? " returns" : "");
  for (const auto& [lock, met] : deeds.meets)
    out << " meets(" << lock << ')';
}

void print(const Fork& fork, llvm::raw_ostream& out) {
  out << "fork " << fork.model << " at ";
  print(fork.path.back(), out);
  out << " root " << fork.root << (fork.python ? " python " + versions(fork.variants) : std::string())
      << (fork.doubtful ? " doubtful" : "") << '\n';
  for (const Living& living : fork.alive) {
    out << "  alive " << (living.model.empty() ? living.life : living.model) << " begun at ";
    print(living.begun.back(), out);
    out << (living.doubtful ? " doubtful" : "");
    print(living.deeds, out);
    out << '\n';
  }
  for (const ProgramThread& thread : fork.mayLive) {
    out << "  may live " << thread.model << " begun at ";
    print(thread.begun, out);
    out << '\n';
  }
  if (fork.isOfLibrary) out << "  of a library\n";
  for (const UnsafeCall& call : fork.unsafeCalls) {
    out << "  unsafe " << call.model << " at ";
    print(call.path.back(), out);
    out << '\n';
  }
  for (const Held& held : fork.held) {
    out << "  held " << held.model << " acquired at ";
    print(held.acquired.back(), out);
    out << '\n';
  }
  out << "  child";
  print(fork.child, out);
  out << '\n';
  for (const BothReturn& both : fork.bothReturn)
    out << "  both return from " << both.function.function->body->symbol
        << (both.knownCaller ? " to a known caller" : "") << (both.byException ? " by an exception" : "")
        << (both.doubtful ? " doubtful" : "") << '\n';
}

} // namespace

void printCallGraph(const Solution& solution, llvm::raw_ostream& out) {
  for (const Call& call : solution.calls)
    out << "call " << call.from << " -> " << call.to << (call.modelled ? " modelled" : "") << '\n';
}

void printSummaries(const Solution& solution, llvm::raw_ostream& out) {
  for (const Summary& summary : solution.summaries)
    out << "summary " << summary.function << ": " << summary.answers << " answers"
        << (summary.returns ? " returns" : "") << (summary.raises ? " raises" : "")
        << (summary.yields ? " yields" : "") << (summary.forks ? " forks" : "")
        << (summary.begins ? " begins" : "") << (summary.ends ? " ends" : "") << (summary.cut ? " cut" : "")
        << '\n';
}

void printStates(const Solution& solution, llvm::raw_ostream& out) {
  for (const Fork& fork : solution.forks)
    print(fork, out);
  for (const link::ProgramRoot* root : solution.cutRoots)
    out << "cut at the work bound: root " << root->symbol << " in " << root->unit->unit << '\n';
  for (const link::FunctionInfo* function : solution.cutFunctions)
    out << "cut at the work bound: function " << function->body->symbol << " in " << function->unit->unit
        << '\n';
  const Resolution& calls = solution.resolution;
  out << "calls resolved " << calls.resolved << " modelled " << calls.modelled << " unknown " << calls.unknown
      << '\n';
}

} // namespace forklint::solve
