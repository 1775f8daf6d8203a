// One module from bytes to facts: decode, parse, scopes, then each top-level statement with the functions in
// it as one chunk.

#include "python-frontend/frontend.h"

#include "python-frontend/lowering.h"
#include "python-frontend/recovery.h"
#include "python-frontend/source.h"
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

static void lowerStatement(ModuleContext& module, Node statement, uint32_t order) {
  Chunk chunk;
  chunk.order = order;
  module.chunk = &chunk;
  module.declared.clear();
  std::string symbol = module.source.module + ".<" + std::to_string(order) + ">";
  Lowering lowering(module, std::move(symbol), FunctionKind::Statement, statement, 0);
  lowering.topLevel(statement);
  chunk.functions.push_back(lowering.finish());
  for (size_t next = 0; next < module.pending.size(); ++next) {
    Node function = module.pending[next];
    ScopeId scope = module.scopes.of(function);
    const Scope& inner = module.scopes[scope];
    Lowering nested(module, inner.symbol, kindOf(function, inner), function, scope);
    nested.functionBody(function);
    chunk.functions.push_back(nested.finish());
  }
  module.pending.clear();
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

static UnitFacts emptyUnit(const ModuleSource& source) {
  UnitFacts unit;
  unit.unit = source.path;
  unit.language = "python";
  unit.module = source.module;
  unit.files.push_back(source.path);
  unit.inputs.push_back({source.path, llvm::utohexstr(llvm::xxh3_64bits(source.text), true, 16)});
  unit.roots.push_back({RootKind::Module, source.module});
  return unit;
}

static UnitFacts wholeGap(UnitFacts unit, std::string reason) {
  unit.hadErrors = true;
  unit.gaps.push_back({{}, std::move(reason), true});
  return unit;
}

UnitFacts extract(const ModuleSource& source) {
  UnitFacts unit = emptyUnit(source);
  if (source.text.size() > maxSourceBytes)
    return wholeGap(std::move(unit), "larger than " + std::to_string(maxSourceBytes >> 20) + " MB");
  Decoded decoded = decode(source.text);
  if (!decoded.refused.empty()) return wholeGap(std::move(unit), decoded.refused);
  Tree tree(std::move(decoded.text));
  if (!parse(tree)) return wholeGap(std::move(unit), "the parser gave up");
  for (const Decoded::Problem& problem : decoded.problems)
    unit.gaps.push_back({tree.position({problem.offset, problem.offset + 1}), problem.reason, false});
  std::vector<Span> lost = recover(tree, unit);
  readSuppressions(tree, unit);
  if (isScript(tree.root(), tree.source())) unit.roots.push_back({RootKind::Script, source.module});
  Scopes scopes(tree, source.module);
  ModuleContext module{source, scopes, unit, lost};
  uint32_t order = 0;
  for (Node statement = tree.root().first(); statement; statement = statement.next())
    lowerStatement(module, statement, order++);
  unit.chunks.shrink_to_fit();
  unit.hadErrors |= !unit.gaps.empty();
  return unit;
}

} // namespace forklint::python
