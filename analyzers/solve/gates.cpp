// Gates: what a thread does only after it has been told that an object is in a state (an event is set), it
// does not do before somebody has brought the object there.
#include "analyzers/solve/interpreter.h"

#include "llvm/ADT/STLExtras.h"

namespace forklint::solve {

std::string Interpreter::nameOf(const Gate& gate) {
  return "object " + std::to_string(gate.object) + " " + gate.name;
}

/// On the edge a thread knows whether the object is in the state.
void Interpreter::passGate(State& state, const Atom& told, const facts::Edge& edge) {
  bool isTest = edge.relation == facts::Relation::Truthy || edge.relation == facts::Relation::Falsy;
  if (!state.thread || !isTest) return;
  noteRecord();
  Gate gate{told.object, told.text};
  ofRoot.gates.insert(gate);
  states.set(state, passedAt(gate), values.literal(edge.relation == facts::Relation::Truthy));
}

/// Those whose object is not in the state, nor may be.
std::set<Gate> Interpreter::closedGates(const State& state) {
  std::set<Gate> closed;
  for (const Gate& gate : ofRoot.gates) {
    ValueSet current = states.get(state, place(gate.object, "<state>"));
    if (llvm::none_of(values.of(current), [&](const Alternative& one) {
          const Text* text = stringOf(values.atom(one.atom));
          return !text || *text == gate.name;
        }))
      closed.insert(gate);
  }
  return closed;
}

} // namespace forklint::solve
