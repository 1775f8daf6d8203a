#include "analyzers/check/offered.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Path.h"

namespace forklint::check {
namespace {

using facts::InstructionKind;

class Offered {
public:
  explicit Offered(const link::Program& program) : program(program) {
    for (const facts::UnitFacts& unit : program.units()) {
      bool isPackage = llvm::sys::path::filename(unit.unit) == "__init__.py";
      if (isPackage && !llvm::StringRef(unit.module).contains('.')) add(&unit);
    }
    while (!waiting.empty())
      enter(*waiting.pop_back_val());
  }
  llvm::DenseSet<const facts::UnitFacts*> units;

private:
  void add(const facts::UnitFacts* unit) {
    if (units.insert(unit).second) waiting.push_back(unit);
  }
  void addModule(llvm::StringRef name, const facts::UnitFacts& from) {
    for (; !name.empty(); name = name.contains('.') ? name.rsplit('.').first : llvm::StringRef())
      if (const link::ModuleInfo* module = program.module(name, from)) add(module->unit);
  }
  /// `from package import name` may name a module.
  void enter(const facts::UnitFacts& unit) {
    for (const link::FunctionInfo* info : program.functionsOf(unit)) {
      if (info->body->kind != facts::FunctionKind::Statement) continue;
      for (const facts::Instruction& each : info->body->instructions) {
        if (each.kind == InstructionKind::Import || each.kind == InstructionKind::ImportStar)
          addModule(each.name, unit);
        if (each.kind != InstructionKind::Load || each.place.kind != facts::PlaceKind::Attribute) continue;
        const facts::Instruction& base = info->body->instructions[each.place.base];
        if (base.kind == InstructionKind::Import) addModule(base.name + "." + each.place.name, unit);
      }
    }
  }

  const link::Program& program;
  llvm::SmallVector<const facts::UnitFacts*> waiting;
};

} // namespace

llvm::DenseSet<const facts::UnitFacts*> offeredUnits(const link::Program& program) {
  return std::move(Offered(program).units);
}

} // namespace forklint::check
