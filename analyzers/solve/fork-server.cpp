// The process that forks for the start method `forkserver`: a program of its own, which has imported modules
// before it forks (research/python.md 5.4). What these imports begin is alive at its forks.
#include "analyzers/solve/interpreter.h"

#include "llvm/ADT/STLExtras.h"

#include <utility>

namespace forklint::solve {

using link::Effect;

/// The state of the server: nothing but what the modules do that it is asked to import.
State Interpreter::inServer(const Site& site, const State& state, Variants variants) {
  const facts::UnitFacts& unit = *site.frame.function->unit;
  std::vector<std::string> modules;
  ValueSet asked = states.get(state, globalPlace("<preloaded>"));
  for (const Alternative& alternative : values.of(asked))
    if (const Atom& atom = values.atom(alternative.atom); atom.kind == AtomKind::Object)
      for (ValueSet item : items(state, atom.object))
        for (const Alternative& name : values.of(item))
          if (const Text* text = stringOf(values.atom(name.atom))) modules.push_back(*text);
  bool isDefault = asked == Values::nothing;
  State server;
  server.variants = isDefault ? variants & program.models().commandRows().preloadsMain : variants;
  if (!server.variants) return server;
  bool hasMain = root->kind == facts::RootKind::Script && isImportedAgain(*root);
  for (std::string& module : modules)
    if (module == "__main__") module = hasMain ? root->symbol : "";
  if (isDefault && hasMain) modules.push_back(root->symbol);
  bool outer = std::exchange(importsMain, true), outerServer = std::exchange(isFromServer, true);
  for (const std::string& module : modules) {
    if (module.empty()) continue;
    Outcomes ends = initModule(module, server, &site.frame, site.at(), unit);
    auto goesOn = llvm::find_if(
        ends, [&](const Outcome& end) { return end.kind == Outcome::Kind::Returned && !end.state.side; });
    if (goesOn != ends.end()) server = goesOn->state;
  }
  importsMain = outer;
  isFromServer = outerServer;
  return server;
}

void Interpreter::forksInServer(const ModelCall& call, const Effect& effect, const State& state,
                                const Methods& methods) {
  // Inside of a child, or of the server itself, another one answers.
  if (importsMain || state.side) return;
  noteRecord();
  State server = inServer(call.site, state, methods.served);
  if (!server.variants || states.allAlive(server).empty()) return;
  Path here = pathTo(&call.site.frame, call.site.at());
  uint32_t side = recordFork(call, effect, server, {server.variants}, here, "fork server");
  State child = childOf(server, side);
  deed(child, [](Deeds& deeds) {
    deeds.noteUnseen();
    deeds.calls = true;
  });
}

} // namespace forklint::solve
