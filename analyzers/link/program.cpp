// Collects what the units define, and resolves names nearest first.
#include "analyzers/link/program.h"

#include "analyzers/link/cone.h"
#include "analyzers/link/mentions.h"
#include "analyzers/support/paths.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSet.h"

#include <algorithm>
#include <functional>
#include <numeric>
#include <tuple>

namespace forklint::link {
namespace {

/// The candidate of `from` itself, or of a unit made of the same file, else the one that a build links to it,
/// else the one nearest to it; ties go to the first path.
template <typename Info>
const Info* nearest(const std::vector<const Info*>& candidates, const facts::UnitFacts& from,
                    const BuildTargets& targets) {
  const Info *best = nullptr, *ofFile = nullptr;
  std::pair<size_t, size_t> bestNearness;
  for (const Info* candidate : candidates) {
    if (candidate->unit == &from) return candidate;
    if (!ofFile && candidate->unit->unit == from.unit) ofFile = candidate;
    if constexpr (requires { candidate->internal; })
      if (candidate->internal) continue;
    std::pair near{targets.nearness(*candidate->unit, from), nearness(candidate->unit->unit, from.unit)};
    if (!best || near > bestNearness) {
      best = candidate;
      bestNearness = near;
    }
  }
  return ofFile ? ofFile : best;
}

std::string parentOf(llvm::StringRef path) { return path.contains('/') ? path.rsplit('/').first.str() : ""; }

/// The folder from which the unit's module name counts.
std::string importRootOf(const facts::UnitFacts& unit) {
  std::string root = parentOf(unit.unit);
  size_t up = llvm::StringRef(unit.module).count('.');
  if (llvm::StringRef(unit.unit).ends_with("/__init__.py")) ++up;
  for (; up && !root.empty(); --up)
    root = parentOf(root);
  return root;
}

/// `if __name__ == "__main__":` without an `else`.
bool isOnlyAsMain(const facts::Function& body) {
  if (body.kind != facts::FunctionKind::Statement || body.blocks.empty()) return false;
  const facts::Block& entry = body.blocks.front();
  if (entry.instructions.size() != 1) return false;
  facts::ValueId name = entry.instructions.front();
  const facts::Place& tested = body.instructions[name].place;
  if (tested.kind != facts::PlaceKind::Global || !llvm::StringRef(tested.name).ends_with(".__name__"))
    return false;
  return llvm::any_of(entry.edges, [&](const facts::Edge& edge) {
    bool isElsewhere = edge.kind == facts::EdgeKind::When && edge.value == name &&
                       edge.relation == facts::Relation::NotEqual &&
                       edge.literal == facts::Literal(std::string("__main__"));
    return isElsewhere && llvm::all_of(body.blocks[edge.target].instructions, [&](facts::ValueId id) {
             return body.instructions[id].kind == facts::InstructionKind::Return;
           });
  });
}

template <typename Info>
const Info* lookUp(const llvm::StringMap<std::vector<const Info*>>& map, llvm::StringRef name,
                   const facts::UnitFacts& from, const BuildTargets& targets) {
  auto slot = map.find(name);
  return slot == map.end() ? nullptr : nearest(slot->second, from, targets);
}

/// The symbol of the function around a function of a function.
llvm::StringRef around(llvm::StringRef symbol) {
  size_t inner = symbol.rfind(".<locals>.");
  return inner == llvm::StringRef::npos ? llvm::StringRef() : symbol.take_front(inner);
}

/// A statement's functions come first, then those in them, and so on: as a front end reads them.
bool standsBefore(const FunctionInfo* left, const FunctionInfo* right) {
  const std::vector<uint32_t>&a = left->order, &b = right->order;
  if (left->unit != right->unit) return left->unit->unit < right->unit->unit;
  return std::make_tuple(a.front(), a.size(), std::cref(a)) <
         std::make_tuple(b.front(), b.size(), std::cref(b));
}

/// Gives functions of one chunk, in order, their place.
class Places {
public:
  explicit Places(uint32_t chunk) : chunk{chunk} {}

  void give(FunctionInfo& function) {
    auto outer = known.find(around(function.body->symbol));
    function.order = outer == known.end() ? chunk : outer->second->order;
    function.order.push_back(next);
    note(function);
  }
  void note(const FunctionInfo& function) {
    known[function.body->symbol] = &function;
    ++next;
  }

private:
  std::vector<uint32_t> chunk;
  uint32_t next = 0;
  llvm::StringMap<const FunctionInfo*> known;
};

/// Who overrides a method is called through it, and promises the same.
void inherit(llvm::StringMap<std::vector<Promise>>& promises, llvm::ArrayRef<facts::UnitFacts> units) {
  for (bool isNew = !promises.empty(); isNew;) {
    isNew = false;
    for (const facts::UnitFacts& unit : units)
      for (const facts::Chunk& chunk : unit.chunks)
        for (const facts::Entity& entity : chunk.entities)
          for (const Text& above : entity.overrides) {
            auto said = promises.find(above);
            if (said == promises.end() || promises.contains(entity.symbol)) continue;
            const Promise inherited = said->second.front();
            promises[entity.symbol].push_back(inherited);
            isNew = true;
          }
  }
}

} // namespace

Program::~Program() = default;

Program::Program(std::vector<facts::UnitFacts> units, Models models,
                 std::vector<std::unique_ptr<facts::UnreadBodies>> unread, std::vector<BuildTarget> built)
    : tables(std::make_unique<Tables>()), allModels(std::move(models)) {
  unread.resize(units.size());
  std::vector<size_t> order(units.size());
  std::iota(order.begin(), order.end(), 0);
  llvm::stable_sort(order, [&](size_t a, size_t b) { return units[a].unit < units[b].unit; });
  tables->units.reserve(units.size());
  for (size_t index : order) {
    tables->units.push_back(std::move(units[index]));
    if (!unread[index]) continue;
    tables->unreadOf[&tables->units.back()] = tables->unread.size();
    UnreadUnit& left = tables->unread.emplace_back();
    left.unit = &tables->units.back();
    left.bodies = std::move(unread[index]);
    left.functions.resize(left.bodies->bodies().size());
    left.first = tables->unitOfBody.size();
    tables->unitOfBody.resize(left.end(), tables->unread.size() - 1);
  }
  tables->targets.emplace(std::move(built), tables->units);
  indexWords();
  collect();
  cone = std::make_unique<Cone>(*this);
  cone->markThoseThatLeadToForks(tables->functions);
  inherit(tables->promises, tables->units);
  for (FunctionInfo& info : tables->functions)
    info.isPromised = info.body->kind == facts::FunctionKind::Plain && !info.leadsToFork &&
                      promiseOf(info.body->symbol, *info.unit);
  collectRoots();
}

FunctionInfo& Program::Tables::add(const facts::Function& body, const facts::UnitFacts& unit) {
  FunctionInfo& info = functions.emplace_back();
  info.body = &body;
  info.unit = &unit;
  info.onlyAsMain = isOnlyAsMain(body);
  byBody[&body] = &info;
  bySymbol[body.symbol].push_back(&info);
  llvm::StringRef bare = withoutParameters(body.symbol);
  if (bare != body.symbol) byBareSymbol[bare].push_back(&info);
  byUnit[&unit].push_back(&info);
  return info;
}

void Program::Tables::addEntities(const facts::Chunk& chunk, const facts::UnitFacts& unit) {
  for (const facts::Entity& entity : chunk.entities) {
    if (!entity.promise.empty()) promises[entity.symbol].push_back({&entity, &unit});
    if (entity.kind == facts::EntityKind::Class) {
      classes.push_back({&entity, &unit});
      classesBySymbol[entity.symbol].push_back(&classes.back());
    }
    if (entity.kind == facts::EntityKind::Global && !entity.type.empty()) {
      auto [holder, field] = llvm::StringRef(entity.symbol).rsplit('.');
      if (field.empty()) continue;
      std::vector<Field>& declared = fields[holder];
      if (llvm::none_of(declared, [&](const Field& each) { return each.name == field; }))
        declared.push_back({Text(field), entity.klass});
    }
  }
}

static llvm::StringSet<> internalIn(const facts::Chunk& chunk) {
  llvm::StringSet<> internal;
  for (const facts::Entity& entity : chunk.entities)
    if (entity.linkage != facts::Linkage::External) internal.insert(entity.symbol);
  return internal;
}

void Program::indexWords() {
  std::vector<facts::WordHashes> words, defined;
  for (const UnreadUnit& unit : tables->unread) {
    words.push_back(unit.bodies->takeWords());
    defined.push_back(unit.bodies->takeDefined());
  }
  tables->words.emplace(std::move(words));
  tables->defined.emplace(std::move(defined));
}

/// What a library does is said by its row, also where the body comes with its header: one that lies elsewhere
/// than the unit does, for else it is the library itself that is asked about. A name of C may be anybody's.
static bool isOfLibrary(const facts::Function& function, const facts::UnitFacts& unit, const Models& models) {
  llvm::StringRef header = unit.files[function.position.file];
  bool isElsewhere = header.starts_with("/") && nearness(header, unit.unit) <= 1;
  return isElsewhere && beforeParameters(function.symbol).contains("::") && models.find(function.symbol);
}

void Program::collect() {
  llvm::StringSet<> digests;
  for (facts::UnitFacts& unit : tables->units) {
    auto left = tables->unreadOf.find(&unit);
    llvm::DenseMap<const facts::Function*, uint32_t> unread;
    if (left != tables->unreadOf.end())
      for (const auto& [index, body] : llvm::enumerate(tables->unread[left->second].bodies->bodies()))
        unread[&unit.chunks[body.chunk].functions[body.function]] = index;
    // Swapping keeps the functions where they are.
    llvm::sort(unit.chunks, [](const auto& a, const auto& b) { return a.order < b.order; });
    ModuleInfo module{&unit, {}};
    for (const auto& [index, chunk] : llvm::enumerate(unit.chunks)) {
      if (!chunk.digest.empty() && !digests.insert(chunk.digest).second) continue;
      llvm::StringSet<> internal = internalIn(chunk);
      tables->addEntities(chunk, unit);
      Places places(index);
      for (const facts::Function& function : chunk.functions) {
        if (!chunk.digest.empty() && isOfLibrary(function, unit, allModels)) continue;
        FunctionInfo& info = tables->add(function, unit);
        info.internal = internal.contains(function.symbol);
        places.give(info);
        if (function.kind == facts::FunctionKind::Statement) module.statements.push_back(&info);
        auto body = unread.find(&function);
        if (body == unread.end()) {
          tables->read.push_back(&info);
        } else {
          info.unread = body->second;
          tables->unread[left->second].functions[body->second] = &info;
        }
      }
    }
    allModules.push_back(std::move(module));
  }
  // Addresses are stable from here on.
  for (const ModuleInfo& module : allModules)
    if (!module.unit->module.empty()) tables->modulesByName[module.unit->module].push_back(&module);
}

void Program::read(const FunctionInfo& function, Asked why) const {
  if (function.unread == FunctionInfo::none) return;
  UnreadUnit& left = tables->unread[tables->unreadOf.lookup(function.unit)];
  FunctionInfo& info = *left.functions[function.unread];
  facts::UnreadBodies::Read answer = left.bodies->read(function.unread);
  BodiesRead& count = tables->counts[size_t(why)];
  ++count.bodies;
  count.bytes += left.bodies->bodies()[function.unread].bytes;
  info.unread = FunctionInfo::none;
  tables->read.push_back(&info);
  facts::UnitFacts& unit = tables->units[&*info.unit - tables->units.data()];
  for (facts::Gap& gap : answer.gaps)
    if (!llvm::is_contained(unit.gaps, gap)) unit.gaps.push_back(std::move(gap));
  unit.hadErrors |= !unit.gaps.empty();
  facts::Chunk& chunk = tables->readLater.emplace_back(std::move(answer.chunk));
  llvm::StringSet<> internal = internalIn(chunk);
  tables->addEntities(chunk, unit);
  Places places(info.order.front());
  for (const facts::Function& each : chunk.functions) {
    if (&each == &chunk.functions.front()) {
      info.body = &each;
      tables->byBody[&each] = &info;
      places.note(info);
      continue;
    }
    FunctionInfo& inner = tables->add(each, unit);
    inner.internal = internal.contains(each.symbol);
    places.give(inner);
    tables->read.push_back(&inner);
  }
  // Modules of one name are told apart by their place, but what their text stores is counted by name.
  for (const FunctionInfo* other : std::vector(tables->bySymbol.lookup(info.body->symbol)))
    read(*other, why);
}

bool Program::isInCone(const FunctionInfo& function) const { return cone->contains(function); }
bool Program::mayConcern(const FunctionInfo& function) const { return cone->mayConcern(function); }

uint64_t Program::length() const {
  // Of Python not all is read: lines tell.
  constexpr uint64_t instructionsPerLine = 2;
  uint64_t length = 0;
  for (const facts::UnitFacts& unit : tables->units)
    for (const facts::Chunk& chunk : unit.chunks)
      for (const facts::Function& each : chunk.functions)
        if (unit.language != "python")
          length += each.instructions.size();
        else if (each.kind == facts::FunctionKind::Statement && each.position.endLine)
          length += instructionsPerLine * (each.position.endLine - each.position.line + 1);
  return length;
}

std::vector<const FunctionInfo*> Program::functions() const {
  std::vector<const FunctionInfo*> all;
  for (const FunctionInfo& info : tables->functions)
    all.push_back(&info);
  llvm::stable_sort(all, standsBefore);
  return all;
}

void Program::collectRoots() {
  for (const facts::UnitFacts& unit : tables->units) {
    for (const facts::Root& root : unit.roots) {
      const FunctionInfo* entry = function(root.symbol, unit);
      bool leads =
          entry ? entry->leadsToFork : llvm::any_of(functionsOf(unit), [&](const FunctionInfo* info) {
            bool runs = root.kind != facts::RootKind::Module || !info->onlyAsMain;
            return runs && info->leadsToFork && info->body->kind == facts::FunctionKind::Statement;
          });
      allRoots.push_back({root.kind, root.symbol, &unit, leads});
    }
    bool isModule = !unit.module.empty();
    allLibraries.push_back({isModule ? facts::RootKind::Module : facts::RootKind::StaticInitializer,
                            isModule ? unit.module : unit.unit, &unit, false});
  }
}

std::vector<const FunctionInfo*> Program::functionsOf(const facts::UnitFacts& unit) const {
  std::vector<const FunctionInfo*> all = tables->byUnit.lookup(&unit);
  llvm::stable_sort(all, standsBefore);
  return all;
}

llvm::ArrayRef<Field> Program::fieldsOf(llvm::StringRef klass) const {
  auto slot = tables->fields.find(klass);
  return slot == tables->fields.end() ? llvm::ArrayRef<Field>() : llvm::ArrayRef<Field>(slot->second);
}

const FunctionInfo* Program::function(llvm::StringRef symbol, const facts::UnitFacts& from) const {
  if (const FunctionInfo* exact = lookUp(tables->bySymbol, symbol, from, targets())) return exact;
  return symbol.contains('(') && !symbol.ends_with("operator()")
             ? nullptr
             : lookUp(tables->byBareSymbol, symbol, from, targets());
}

Promise Program::promiseOf(llvm::StringRef symbol, const facts::UnitFacts& from) const {
  if (from.language == "python") return {};
  if (auto said = tables->promises.find(symbol); said != tables->promises.end())
    for (const Promise& promise : said->second)
      if (promise.unit == &from || promise.entity->linkage == facts::Linkage::External) return promise;
  llvm::StringRef last = lastComponent(beforeParameters(symbol));
  for (const PromisingName& name : allModels.promisingNames())
    if (name.matches(last)) return {nullptr, nullptr, &name};
  return {};
}

std::vector<const FunctionInfo*> Program::promisedFunctions() const {
  std::vector<const FunctionInfo*> promised;
  for (const FunctionInfo& info : tables->functions)
    if (info.isPromised) promised.push_back(&info);
  llvm::stable_sort(promised, standsBefore);
  return promised;
}

/// A module that is named as one of the language's own library stands before it only for who finds it first:
/// what lies beside it, or begins at the same place of the import path.
const ModuleInfo* Program::module(llvm::StringRef name, const facts::UnitFacts& from) const {
  // An entry point names what is the project's own.
  if (from.module.empty() || !allModels.isStandard(name.split('.').first))
    return lookUp(tables->modulesByName, name, from, targets());
  auto slot = tables->modulesByName.find(name);
  if (slot == tables->modulesByName.end()) return nullptr;
  std::vector<const ModuleInfo*> found;
  for (const ModuleInfo* candidate : slot->second) {
    std::string root = importRootOf(*candidate->unit);
    if (root == importRootOf(from) || root == parentOf(from.unit)) found.push_back(candidate);
  }
  return nearest(found, from, targets());
}
const ClassInfo* Program::classNamed(llvm::StringRef symbol, const facts::UnitFacts& from) const {
  return lookUp(tables->classesBySymbol, symbol, from, targets());
}

void print(const Program& program, llvm::raw_ostream& out) {
  for (const ProgramRoot& root : program.roots())
    out << "root " << facts::spelling(root.kind) << ' ' << root.symbol << " in " << root.unit->unit << '\n';
  for (const FunctionInfo* info : program.functions())
    out << "function " << info->body->symbol << (info->internal ? " internal" : "")
        << (program.isInCone(*info) ? " in-cone" : "") << (info->leadsToFork ? " leads-to-fork" : "") << '\n';
}

} // namespace forklint::link
