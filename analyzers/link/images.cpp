#include "analyzers/link/images.h"

#include "analyzers/support/paths.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"

namespace forklint::link {

using facts::Instruction;
using facts::InstructionKind;

static bool isCompiled(const facts::UnitFacts& unit) { return unit.language != "python"; }

Images::Images(const Program& program) {
  collect(program);
  std::vector<const facts::UnitFacts*> all;
  for (const ProgramRoot& root : program.roots()) {
    if (root.kind != facts::RootKind::Main || isTestCode(root.unit->unit)) continue;
    std::vector<unsigned> programs = program.targets().programsOf(*root.unit);
    for (unsigned target : programs) {
      for (const facts::UnitFacts* unit : program.targets().unitsOf(target))
        mains[unit].push_back(static_cast<unsigned>(all.size()));
      all.push_back(root.unit);
    }
    if (!programs.empty()) continue;
    link(*root.unit, static_cast<unsigned>(all.size()));
    all.push_back(root.unit);
  }
  if (!all.empty()) addStrays(program, all);
}

/// What each unit names of others, functions and globals, and which functions are called by their names.
void Images::collect(const Program& program) {
  llvm::StringMap<const facts::UnitFacts*>
      globals; // that others may name: the first unit that initialises it
  llvm::DenseMap<const facts::UnitFacts*, llvm::StringSet<>> internal;
  for (const facts::UnitFacts& unit : program.units())
    if (isCompiled(unit)) {
      for (const facts::Chunk& chunk : unit.chunks)
        for (const facts::Entity& entity : chunk.entities)
          if (entity.kind == facts::EntityKind::Global && entity.linkage != facts::Linkage::External)
            internal[&unit].insert(entity.symbol);
      for (const facts::Chunk& chunk : unit.chunks)
        for (const facts::Function& body : chunk.functions)
          if (llvm::StringRef name(body.symbol);
              name.consume_back("::<initializer>") && !internal[&unit].contains(name))
            globals.try_emplace(name, &unit);
    }
  for (const facts::UnitFacts& unit : program.units())
    if (isCompiled(unit))
      for (const facts::Chunk& chunk : unit.chunks)
        for (const facts::Entity& entity : chunk.entities) // an override is called through its base
          if (!entity.overrides.empty())
            if (const FunctionInfo* method = program.function(entity.symbol, unit)) given.insert(method);
  for (const FunctionInfo* info : program.readFunctions())
    if (isCompiled(*info->unit)) collectThreads(program, *info);
  for (const ThreadStart& start : starts)
    naming.try_emplace(start.function);
  for (const FunctionInfo* info : program.readFunctions()) {
    if (!isCompiled(*info->unit)) continue;
    llvm::DenseSet<facts::ValueId> callees;
    for (const Instruction& each : info->body->instructions)
      if ((each.kind == InstructionKind::Call || each.kind == InstructionKind::Construct) &&
          !each.operands.empty())
        callees.insert(each.operands[0].value);
    for (facts::ValueId id = 0; id < info->body->instructions.size(); ++id) {
      const Instruction& each = info->body->instructions[id];
      if (each.place.kind == facts::PlaceKind::Global)
        if (const facts::UnitFacts* home = globals.lookup(each.place.name);
            home && home != info->unit && !internal[info->unit].contains(each.place.name))
          named[info->unit].insert(home);
      if (each.kind != InstructionKind::FunctionRef) continue;
      const FunctionInfo* target = program.function(each.name, *info->unit);
      if (!target) continue;
      if (auto start = naming.find(target); start != naming.end()) start->second.insert(info->unit);
      if (target->unit != info->unit) named[info->unit].insert(target->unit);
      (callees.contains(id) ? called : given).insert(target);
    }
  }
}

void Images::collectThreads(const Program& program, const FunctionInfo& function) {
  if (isTestCode(function.unit->unit)) return;
  auto hasEffect = [](const Model& row, EffectKind kind) {
    return llvm::any_of(
        row.effects, [&](const Effect& effect) { return effect.kind == kind && effect.life != "harmless"; });
  };
  std::vector<ThreadStart> own;
  bool mayEnd = false;
  for (const Instruction& each : function.body->instructions) {
    bool calls = each.kind == InstructionKind::Call || each.kind == InstructionKind::Construct;
    if (!calls || each.operands.empty()) continue;
    const Instruction& callee = function.body->instructions[each.operands[0].value];
    const Model* row =
        callee.kind == InstructionKind::FunctionRef ? program.models().find(callee.name) : nullptr;
    if (!row) continue;
    mayEnd |= hasEffect(*row, EffectKind::Ends);
    if (hasEffect(*row, EffectKind::StartsThread)) own.push_back({&function, &each, row->name});
  }
  for (ThreadStart& start : own)
    start.mayEnd = mayEnd;
  llvm::append_range(starts, own);
}

void Images::link(const facts::UnitFacts& main, unsigned number) {
  Units taken;
  auto isOtherMain = [&](const facts::UnitFacts* unit) {
    return unit != &main && llvm::any_of(unit->roots, [](const facts::Root& root) {
             return root.kind == facts::RootKind::Main;
           });
  };
  std::vector<const facts::UnitFacts*> waiting{&main};
  while (!waiting.empty()) {
    const facts::UnitFacts* unit = waiting.back();
    waiting.pop_back();
    if (isOtherMain(unit) || !taken.insert(unit).second) continue;
    mains[unit].push_back(number);
    llvm::append_range(waiting, named[unit]);
  }
}

void Images::addStrays(const Program& program, const std::vector<const facts::UnitFacts*>& all) {
  for (const facts::UnitFacts& unit : program.units()) {
    if (!isCompiled(unit) || !mains[&unit].empty() || !program.targets().of(unit).empty()) continue;
    size_t nearest = 0;
    for (const facts::UnitFacts* main : all)
      nearest = std::max(nearest, nearness(main->unit, unit.unit));
    for (unsigned number = 0; number < all.size(); ++number)
      if (nearness(all[number]->unit, unit.unit) == nearest) mains[&unit].push_back(number);
  }
}

bool Images::areLinked(const facts::UnitFacts& one, const facts::UnitFacts& other) const {
  auto first = mains.find(&one), second = mains.find(&other);
  return first != mains.end() && second != mains.end() &&
         llvm::any_of(first->second, [&](unsigned main) { return llvm::is_contained(second->second, main); });
}

bool Images::startsThreadsOf(const FunctionInfo& function, const facts::UnitFacts& unit) const {
  if (!areLinked(unit, *function.unit)) return false;
  auto found = naming.find(&function);
  // Whom nobody names is an entry, or called by a library.
  return found == naming.end() || found->second.empty() ||
         llvm::any_of(found->second, [&](const facts::UnitFacts* by) { return areLinked(unit, *by); });
}

} // namespace forklint::link
