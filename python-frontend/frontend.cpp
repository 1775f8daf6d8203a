// One module from bytes to facts: decode, parse, scopes, then each top-level statement with the functions in
// it as one chunk.

#include "python-frontend/frontend.h"

#include "python-frontend/module.h"
#include "python-frontend/suppressions.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/xxhash.h"

namespace forklint::python {

using namespace facts;

static FunctionKind kindOf(Node function, const Scope& scope) {
  if (function.kind() == Kind::FunctionDefinition && function.hasToken("async"))
    return scope.yields ? FunctionKind::AsyncGenerator : FunctionKind::Coroutine;
  return scope.yields ? FunctionKind::Generator : FunctionKind::Plain;
}

/// Leaves the body of a function out, if it can be read later.
static bool leaveOut(ModuleContext& module, Node function, const Scope& scope) {
  if (!module.unread) return false;
  auto left = module.unread->byOffset.find(function.child(Field::Body).span().begin);
  if (left == module.unread->byOffset.end()) return false;
  Function named;
  named.symbol = scope.symbol;
  named.kind = kindOf(function, scope);
  named.position = function.position();
  for (const ParameterSyntax& each : parametersOf(function, module.scopes))
    named.parameters.push_back(each.parameter);
  named.parameters.shrink();
  named.returns = returnedClass(function, module.scopes);
  facts::UnreadBodies::Body& body = module.unread->bodies[left->second];
  body.chunk = module.unit.chunks.size();
  body.function = module.chunk->functions.size();
  module.unread->symbols[left->second] = named.symbol;
  module.chunk->functions.push_back(std::move(named));
  return true;
}

void lowerFunctions(ModuleContext& module) {
  for (size_t next = 0; next < module.pending.size(); ++next) {
    Node function = module.pending[next];
    ScopeId scope = module.scopes.of(function);
    const Scope& inner = module.scopes[scope];
    if (leaveOut(module, function, inner)) continue;
    Lowering nested(module, inner.symbol, kindOf(function, inner), function, scope);
    nested.functionBody(function);
    module.chunk->functions.push_back(nested.finish());
  }
  module.pending.clear();
}

static void lowerStatement(ModuleContext& module, Node statement, uint32_t order) {
  Chunk chunk;
  chunk.order = order;
  module.chunk = &chunk;
  module.declared.clear();
  std::string symbol = module.source.module + ".<" + std::to_string(order) + ">";
  Lowering lowering(module, symbol, FunctionKind::Statement, statement, 0);
  lowering.topLevel(statement);
  chunk.functions.push_back(lowering.finish());
  lowerFunctions(module);
  chunk.entities.shrink_to_fit();
  chunk.functions.shrink_to_fit();
  module.unit.chunks.push_back(std::move(chunk));
}

/// `if __name__ == "__main__"` at the top, or a `#!` line.
static bool isScript(Node root, llvm::StringRef text) {
  if (text.starts_with("#!")) return true;
  for (Node statement = root.first(); statement; statement = statement.next()) {
    llvm::StringRef condition = statement.child(Field::Condition).text();
    if (statement.kind() == Kind::If && condition.contains("__name__") && condition.contains("__main__"))
      return true;
  }
  return false;
}

void lowerModule(ModuleContext& module, const Tree& tree) {
  readSuppressions(tree, module.unit);
  if (isScript(tree.root(), tree.source()))
    module.unit.roots.push_back({RootKind::Script, module.source.module});
  uint32_t order = 0;
  for (Node statement = tree.root().first(); statement; statement = statement.next())
    lowerStatement(module, statement, order++);
  module.unit.chunks.shrink_to_fit();
  module.unit.hadErrors |= !module.unit.gaps.empty();
}

UnitFacts emptyUnit(const ModuleSource& source) {
  UnitFacts unit;
  unit.unit = source.path;
  unit.language = "python";
  unit.module = source.module;
  unit.files.push_back(source.path);
  unit.inputs.push_back({source.path, llvm::utohexstr(llvm::xxh3_64bits(source.text), true, 16)});
  unit.roots.push_back({RootKind::Module, source.module});
  return unit;
}

static UnitFacts wholeGap(const ModuleSource& source, std::string reason) {
  UnitFacts unit = emptyUnit(source);
  unit.hadErrors = true;
  unit.gaps.push_back({{}, std::move(reason), true});
  return unit;
}

UnitFacts extractWhole(const ModuleSource& source, Decoded decoded) {
  if (!decoded.refused.empty()) return wholeGap(source, decoded.refused);
  Tree tree(std::move(decoded.text));
  if (!parse(tree)) return wholeGap(source, "the parser gave up");
  UnitFacts unit = emptyUnit(source);
  for (const Decoded::Problem& problem : decoded.problems)
    unit.gaps.push_back({tree.position({problem.offset, problem.offset + 1}), problem.reason, false});
  std::vector<Span> lost = recover(tree, unit);
  Scopes scopes(tree, source.module, source.package);
  ModuleContext module{source, scopes, unit, lost};
  lowerModule(module, tree);
  return unit;
}

UnitFacts extract(const ModuleSource& source) {
  if (source.text.size() > maxSourceBytes)
    return wholeGap(source, "larger than " + std::to_string(maxSourceBytes >> 20) + " MB");
  return extractWhole(source, decode(source.text));
}

} // namespace forklint::python
