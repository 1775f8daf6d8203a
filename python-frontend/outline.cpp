// A module without the bodies that can be read later, and the reading of each. The module is parsed with a
// literal in the place of each such body, which ends where the body does: all positions are those of the
// whole text. A body is parsed below the headers around it alone. Where either has a syntax error, the facts
// of the whole module are taken, so that what is read never depends on what was left out.

#include "python-frontend/module.h"
#include "python-frontend/skim.h"
#include "python-frontend/words.h"

#include "llvm/ADT/STLExtras.h"

namespace forklint::python {

using namespace facts;

namespace {

constexpr char standIn = '0';

class LeftOut : public UnreadBodies {
public:
  LeftOut(const ModuleSource& source, std::string text, std::vector<SkimmedBody> skimmed)
      : path(source.path), module(source.module), package(source.package), tree(std::move(text)),
        skimmed(std::move(skimmed)) {
    for (const SkimmedBody& each : this->skimmed) {
      addWords(words, textOf(each.body));
      addDefined(defined, textOf(each.body));
    }
    for (WordHashes* each : {&words, &defined})
      each->hashes.shrink_to_fit();
  }

  /// False: the rest alone is not well formed.
  bool outline(UnitFacts& unit) {
    std::string replaced;
    std::vector<Span> pieces;
    Unread unread;
    uint32_t from = 0;
    for (const SkimmedBody& each : skimmed) {
      uint32_t last = each.body.end - 1;
      replaced += std::exchange(tree.text[last], standIn);
      pieces.push_back({from, each.body.begin});
      unread.byOffset[last] = pieces.size() - 1;
      unread.bodies.push_back({UINT32_MAX, 0, each.body.end - each.body.begin});
      from = last;
    }
    pieces.push_back({from, uint32_t(tree.text.size())});
    unread.symbols.resize(skimmed.size());
    bool isSound = parse(tree, pieces) && !tree.root().hasError();
    if (isSound) {
      Scopes scopes(tree, module, package);
      std::vector<Span> lost;
      ModuleSource source = sourceOf();
      ModuleContext context{source, scopes, unit, lost};
      context.unread = &unread;
      lowerModule(context, tree);
      starImport = scopes.importsStar();
      for (const auto& [name, variable] : scopes[0].variables)
        if (variable.bound) bound.try_emplace(name, variable.meaning);
    }
    for (auto [each, byte] : llvm::zip(skimmed, replaced))
      tree.text[each.body.end - 1] = byte;
    tree.forgetNodes();
    symbols = std::move(unread.symbols);
    all = std::move(unread.bodies);
    return isSound && llvm::all_of(all, [](const Body& body) { return body.chunk != UINT32_MAX; });
  }

  bool has(size_t body, llvm::StringRef word, WordUse use) const override {
    return hasWord(textOf(skimmed[body].body), word, use);
  }
  bool defines(size_t body, llvm::StringRef name) const override {
    return definesWord(textOf(skimmed[body].body), name);
  }

  void namesInTexts(size_t body, llvm::function_ref<void(llvm::StringRef)> visit) const override {
    return eachNameInTexts(textOf(skimmed[body].body), visit);
  }

  Read read(size_t body) override {
    const SkimmedBody& wanted = skimmed[body];
    llvm::SmallVector<Span, 2> pieces{wanted.definition};
    if (wanted.around.end) {
      --pieces[0].begin; // with the line end before it
      pieces.insert(pieces.begin(), wanted.around);
    }
    bool isSound = parse(tree, pieces) && !tree.root().hasError();
    Read result = isSound ? lower(body) : fromWhole(body);
    tree.forgetNodes();
    return result;
  }

private:
  llvm::StringRef textOf(Span span) const { return tree.source().slice(span.begin, span.end); }
  ModuleSource sourceOf() const { return {path, module, package, {}}; }

  Read lower(size_t body) {
    Node function = tree.root().first();
    if (skimmed[body].around.end) function = function.child(Field::Body).first();
    Surroundings rest{bound, starImport, function.span().begin, symbols[body]};
    Scopes scopes(tree, module, package, &rest);
    UnitFacts unit;
    std::vector<Span> lost;
    ModuleSource source = sourceOf();
    ModuleContext context{source, scopes, unit, lost};
    Read result;
    context.chunk = &result.chunk;
    context.pending.push_back(function);
    lowerFunctions(context);
    result.gaps = std::move(unit.gaps);
    return result;
  }

  Read fromWhole(size_t body) {
    Decoded decoded;
    decoded.text = tree.text;
    UnitFacts unit = extractWhole(sourceOf(), std::move(decoded));
    const std::string& symbol = symbols[body];
    Read result;
    result.gaps = std::move(unit.gaps);
    auto isPart = [&](const std::string& other) {
      return other == symbol || llvm::StringRef(other).starts_with(symbol + ".<locals>.");
    };
    for (Chunk& chunk : unit.chunks)
      if (llvm::any_of(chunk.functions, [&](const Function& each) { return each.symbol == symbol; })) {
        for (Function& each : chunk.functions)
          if (isPart(each.symbol)) result.chunk.functions.push_back(std::move(each));
        for (Entity& each : chunk.entities)
          if (each.symbol != symbol && isPart(each.symbol)) result.chunk.entities.push_back(std::move(each));
      }
    return result;
  }

  std::string path, module;
  bool package;
  Tree tree;
  std::vector<SkimmedBody> skimmed;
  std::vector<std::string> symbols;
  llvm::StringMap<Text> bound; // names of the module, and what they mean
  bool starImport = false;
};

} // namespace

Outline extractOutline(const ModuleSource& source) {
  if (source.text.size() > maxSourceBytes) return {extract(source), nullptr};
  Decoded decoded = decode(source.text);
  std::vector<SkimmedBody> skimmed;
  if (decoded.refused.empty() && decoded.problems.empty()) skimmed = skim(decoded.text);
  if (skimmed.empty()) return {extractWhole(source, std::move(decoded)), nullptr};
  auto unread = std::make_unique<LeftOut>(source, decoded.text, std::move(skimmed));
  UnitFacts unit = emptyUnit(source);
  if (!unread->outline(unit)) return {extractWhole(source, std::move(decoded)), nullptr};
  return {std::move(unit), std::move(unread)};
}

} // namespace forklint::python
