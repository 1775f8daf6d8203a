// Chooses what becomes facts: what the main file declares, what of project headers has a body here, and, from
// both, the functions, classes and globals that lowered bodies mention.
#include "cpp-frontend/unit.h"

#include "cpp-frontend/entities.h"
#include "cpp-frontend/lowering.h"

#include "analyzers/facts/text.h"
#include "analyzers/support/digest.h"

#include "clang/AST/DeclTemplate.h"
#include "clang/Lex/Preprocessor.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Path.h"

using namespace clang;

namespace forklint::cpp {
namespace {

class Extractor {
public:
  Extractor(ASTContext& ast, const WorkItem& item, facts::UnitFacts& out)
      : unit(ast, item.unit, item.directory), sources(ast.getSourceManager()), bodies(item.bodies), out(out) {
    bool isClang = !item.arguments.empty() && llvm::sys::path::filename(item.arguments[0]).contains("clang");
    if (isClang) unit.parallelRegion = "__kmpc_fork_call";
  }

  void addTopLevel(Decl* decl);
  void run();
  void addInputs();
  Positions& positions() { return unit.positions; }

private:
  bool isSystem(const Decl* decl) const {
    return sources.isInSystemHeader(sources.getExpansionLoc(decl->getLocation()));
  }
  bool isMain(const Decl* decl) const {
    return sources.isInMainFile(sources.getExpansionLoc(decl->getLocation()));
  }
  void addTemplateInstances(Decl* decl);
  void addChunk(facts::Chunk chunk, bool isOfHeader);
  void lowerFunction(const FunctionDecl* function);
  void describeClass(const CXXRecordDecl* record);
  void describeGlobal(const VarDecl* variable);

  UnitContext unit;
  const SourceManager& sources;
  Bodies bodies;
  facts::UnitFacts& out;
};

void Extractor::addTemplateInstances(Decl* decl) {
  if (auto* function = dyn_cast<FunctionTemplateDecl>(decl))
    for (FunctionDecl* instance : function->specializations())
      unit.functions.insert(instance);
  if (auto* pattern = dyn_cast<ClassTemplateDecl>(decl))
    for (ClassTemplateSpecializationDecl* instance : pattern->specializations())
      if (instance->hasDefinition() && !instance->isDependentContext()) unit.classes.insert(instance);
  if (auto* variable = dyn_cast<VarTemplateDecl>(decl))
    for (VarTemplateSpecializationDecl* instance : variable->specializations())
      unit.globals.insert(instance);
}

void Extractor::addTopLevel(Decl* decl) {
  if (bodies == Bodies::Main ? !isMain(decl) : isSystem(decl)) return;
  if (auto* function = dyn_cast<FunctionDecl>(decl))
    unit.functions.insert(function);
  else if (auto* variable = dyn_cast<VarDecl>(decl))
    unit.globals.insert(variable);
  else if (auto* record = dyn_cast<CXXRecordDecl>(decl); record && record->isThisDeclarationADefinition())
    unit.classes.insert(record);
  addTemplateInstances(decl);
  // A class is looked into when it is described.
  if (isa<NamespaceDecl, LinkageSpecDecl, ExportDecl>(decl))
    for (Decl* inner : cast<DeclContext>(decl)->decls())
      addTopLevel(inner);
}

/// The digest is the same in every unit that sees the same body: no file numbers in it.
void Extractor::addChunk(facts::Chunk chunk, bool isOfHeader) {
  chunk.order = static_cast<uint32_t>(out.chunks.size());
  if (isOfHeader) {
    std::string content;
    llvm::raw_string_ostream stream(content);
    for (const facts::Entity& entity : chunk.entities) {
      stream << entity.symbol << ' ' << entity.type << ' ';
      llvm::interleave(entity.bases, stream, ",");
      stream << ' ';
      llvm::interleave(entity.overrides, stream, ",");
      stream << ' ' << entity.promise << '\n';
    }
    for (facts::Function function : chunk.functions) {
      function.position.file = 0;
      for (facts::Instruction& instruction : function.instructions)
        instruction.position.file = 0;
      facts::print(function, stream);
    }
    chunk.digest = digestOf(content);
  }
  out.chunks.push_back(std::move(chunk));
}

void Extractor::lowerFunction(const FunctionDecl* mentioned) {
  if (unit.lowered.contains(mentioned->getCanonicalDecl()) || mentioned->isDependentContext()) return;
  const FunctionDecl* function = nullptr;
  bool hasBody = mentioned->hasBody(function);
  if (!hasBody || !function->getBody() || isSystem(function)) {
    if (isSystem(mentioned) || mentioned->isImplicit() ||
        !unit.lowered.insert(mentioned->getCanonicalDecl()).second)
      return;
    facts::Chunk chunk; // declared here, defined elsewhere; what only a header says counts where it promises
    chunk.entities.push_back(functionEntity(unit, mentioned));
    if (isMain(mentioned) || !chunk.entities.front().promise.empty()) addChunk(std::move(chunk), false);
    return;
  }
  // A lambda belongs to the function around it; instances of a generic one are met on the way.
  const auto* method = dyn_cast<CXXMethodDecl>(function);
  if (method && method->getParent()->isLambda() && isa<CXXConversionDecl>(method)) return;
  if (function->isInvalidDecl())
    unit.gap(unit.positions.point(function->getLocation()), "errors in the declaration of this function");
  facts::Chunk chunk;
  chunk.entities.push_back(functionEntity(unit, function));
  Lowering::lowerFunction(unit, function, chunk.functions);
  addChunk(std::move(chunk), !isMain(function));
  if (function->isMain()) out.roots.push_back({facts::RootKind::Main, unit.symbols.function(function)});
  if (function->hasAttr<ConstructorAttr>())
    out.roots.push_back({facts::RootKind::StaticInitializer, unit.symbols.function(function)});
}

void Extractor::describeClass(const CXXRecordDecl* mentioned) {
  const CXXRecordDecl* record = mentioned->getDefinition();
  if (!record || record->isDependentContext() || record->getLocation().isInvalid()) return; // built in
  bool isOurs = !isSystem(record);
  if (!isOurs && record->getNumBases() == 0) return;
  facts::Chunk chunk;
  chunk.entities = classEntities(unit, record, isOurs);
  addChunk(std::move(chunk), !isMain(record));
  for (const CXXBaseSpecifier& base : record->bases())
    if (const CXXRecordDecl* of = base.getType()->getAsCXXRecordDecl())
      unit.classes.insert(of->getDefinition() ? of->getDefinition() : of);
  if (!isOurs) return;
  bool isInstance = record->getTemplateInstantiationPattern() != nullptr;
  for (Decl* member : record->decls()) {
    auto* function = dyn_cast<FunctionDecl>(member);
    // Of an instance of a template, and of what nobody wrote, there is what somebody uses: who does mentions
    // it.
    bool isOnItsOwn =
        function && (function->isVirtualAsWritten() || (!isInstance && !function->isDefaulted()));
    if (isOnItsOwn && function->doesThisDeclarationHaveABody()) unit.functions.insert(function);
    if (auto* variable = dyn_cast<VarDecl>(member)) unit.globals.insert(variable);
    if (auto* inner = dyn_cast<CXXRecordDecl>(member); inner && inner->isThisDeclarationADefinition())
      unit.classes.insert(inner);
    addTemplateInstances(member);
  }
}

void Extractor::describeGlobal(const VarDecl* mentioned) {
  const VarDecl* variable = mentioned->getDefinition();
  if (isSystem(mentioned) || mentioned->getDeclContext()->isDependentContext()) return;
  facts::Chunk chunk;
  chunk.entities.push_back(globalEntity(unit, variable ? variable : mentioned));
  const Expr* initializer = variable ? variable->getInit() : nullptr;
  bool isConstantOfHeader = initializer && !isMain(variable) && variable->getType()->isArithmeticType();
  if (initializer && !variable->isStaticLocal() && !isConstantOfHeader && !initializer->isValueDependent()) {
    Lowering::lowerInitializer(unit, variable, chunk.functions);
    out.roots.push_back({facts::RootKind::StaticInitializer, chunk.functions.front().symbol});
  }
  addChunk(std::move(chunk), !isMain(mentioned));
}

void Extractor::addInputs() {
  for (auto entry = sources.fileinfo_begin(); entry != sources.fileinfo_end(); ++entry) {
    std::optional<llvm::StringRef> bytes = entry->second->getBufferDataIfLoaded();
    if (bytes) out.inputs.push_back({unit.positions.path(entry->first), digestOf(*bytes)});
  }
  llvm::sort(out.inputs, [](const facts::Input& a, const facts::Input& b) { return a.path < b.path; });
}

void Extractor::run() {
  // Each list grows while it is worked off.
  size_t functions = 0;
  size_t classes = 0;
  size_t globals = 0;
  while (true) {
    if (globals < unit.globals.size())
      describeGlobal(unit.globals[globals++]);
    else if (classes < unit.classes.size())
      describeClass(unit.classes[classes++]);
    else if (functions < unit.functions.size())
      lowerFunction(unit.functions[functions++]);
    else
      break;
  }
  addInputs();
  out.gaps.insert(out.gaps.end(), unit.gaps.begin(), unit.gaps.end());
}

class UnitConsumer : public ASTConsumer {
public:
  UnitConsumer(CompilerInstance& compiler, const WorkItem& item, SuppressionComments& comments,
               facts::UnitFacts& facts)
      : compiler(compiler), item(item), comments(comments), facts(facts) {}

  bool HandleTopLevelDecl(DeclGroupRef group) override {
    topLevel.insert(topLevel.end(), group.begin(), group.end());
    return true;
  }

  bool shouldSkipFunctionBody(Decl* decl) override {
    const SourceManager& sources = compiler.getSourceManager();
    SourceLocation place = sources.getExpansionLoc(decl->getLocation());
    return sources.isInSystemHeader(place);
  }

  void HandleTranslationUnit(ASTContext& ast) override {
    Extractor extractor(ast, item, facts);
    for (Decl* decl : topLevel)
      extractor.addTopLevel(decl);
    extractor.run();
    facts.suppressions = comments.take(ast.getSourceManager(), extractor.positions());
    facts.files = extractor.positions().takeFiles();
  }

private:
  CompilerInstance& compiler;
  const WorkItem& item;
  SuppressionComments& comments;
  facts::UnitFacts& facts;
  std::vector<Decl*> topLevel;
};

} // namespace

std::unique_ptr<ASTConsumer> makeUnitConsumer(CompilerInstance& compiler, const WorkItem& item,
                                              SuppressionComments& comments, facts::UnitFacts& facts) {
  return std::make_unique<UnitConsumer>(compiler, item, comments, facts);
}

void extract(ASTContext& ast, llvm::ArrayRef<Decl*> topLevel, const WorkItem& item, facts::UnitFacts& facts) {
  Extractor extractor(ast, item, facts);
  for (Decl* decl : topLevel)
    extractor.addTopLevel(decl);
  extractor.run();
  facts.files = extractor.positions().takeFiles();
}

} // namespace forklint::cpp
