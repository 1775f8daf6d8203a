#include "analyzers/link/projects.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Path.h"

namespace forklint::link {

using facts::InstructionKind;

static llvm::StringRef topOf(llvm::StringRef module) { return module.split('.').first; }

/// Where the top module of the unit's module lies.
static llvm::StringRef folderOf(const facts::UnitFacts& unit) {
  namespace path = llvm::sys::path;
  llvm::StringRef folder = path::parent_path(unit.unit);
  size_t depth = llvm::StringRef(unit.module).count('.');
  if (path::stem(unit.unit) == "__init__") ++depth;
  for (; depth > 0; --depth)
    folder = path::parent_path(folder);
  return folder;
}

Projects::Projects(const Program& program) : program(program) {
  llvm::StringMap<Project> ofFolders;
  for (const facts::UnitFacts& unit : program.units()) {
    Project project = ofFolders.try_emplace(folderOf(unit), ofFolders.size()).first->second;
    ofUnits.push_back(project);
    if (Some& those = ofPackages[topOf(unit.module)]; !llvm::is_contained(those, project))
      those.push_back(project);
  }
  importers.resize(ofFolders.size());
  users.resize(ofFolders.size());
  if (ofFolders.size() == 1) return;
  for (const FunctionInfo* function : program.readFunctions())
    noteImports(*function);
  for (const auto& package : ofPackages)
    readImports(package.getKey());
}

/// A project's own module comes before those of others.
Projects::Some Projects::importedBy(Project importer, llvm::StringRef module) const {
  auto slot = ofPackages.find(topOf(module));
  return slot == ofPackages.end() || llvm::is_contained(slot->second, importer) ? Some() : slot->second;
}

void Projects::noteImports(const FunctionInfo& function) {
  Project importer = projectOf(*function.unit);
  for (const facts::Instruction& instruction : function.body->instructions)
    if (instruction.kind == InstructionKind::Import || instruction.kind == InstructionKind::ImportStar)
      for (Project imported : importedBy(importer, instruction.name))
        importers[imported].insert(importer);
}

void Projects::readImports(llvm::StringRef package) {
  for (BodyId body : program.words().bodiesWith(facts::UnreadBodies::hashOf(package))) {
    const UnreadUnit& home = program.unitOf(body);
    const FunctionInfo& function = *home.functions[body - home.first];
    Project importer = projectOf(*home.unit);
    bool isNew = llvm::any_of(importedBy(importer, package),
                              [&](Project imported) { return !importers[imported].contains(importer); });
    auto has = [&](llvm::StringRef word) {
      return home.bodies->has(body - home.first, word, facts::WordUse::Any);
    };
    if (!isNew || function.unread == FunctionInfo::none || !has("import") || !has(package)) continue;
    size_t first = program.readFunctions().size();
    program.read(function, Asked::LeadsToFork);
    for (const FunctionInfo* each : program.readFunctions().drop_front(first))
      noteImports(*each);
  }
}

const llvm::DenseSet<Projects::Project>& Projects::usersOf(Project maker) {
  llvm::DenseSet<Project>& known = users[maker];
  llvm::SmallVector<Project> open;
  if (known.insert(maker).second) open.push_back(maker);
  while (!open.empty())
    for (Project importer : importers[open.pop_back_val()])
      if (known.insert(importer).second) open.push_back(importer);
  return known;
}

bool Projects::mayHave(const facts::UnitFacts& user, const facts::UnitFacts& maker) {
  if (user.module.empty() || maker.module.empty()) return true;
  Project from = projectOf(user), of = projectOf(maker);
  return from == of || usersOf(of).contains(from);
}

} // namespace forklint::link
