#include "analyzers/check/offered.h"

#include "analyzers/support/paths.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Path.h"

namespace forklint::check {
namespace {

using facts::InstructionKind;
using Units = llvm::DenseSet<const facts::UnitFacts*>;

bool isProgram(const facts::UnitFacts& unit) {
  return isTestCode(unit.unit) || llvm::sys::path::filename(unit.unit) == "__main__.py" ||
         llvm::any_of(unit.roots,
                      [](const facts::Root& root) { return root.kind != facts::RootKind::Module; });
}

/// `from package import name` may name a module.
void addImported(const link::Program& program, const link::FunctionInfo& importer, Units& imported) {
  auto add = [&](const std::string& name) {
    const link::ModuleInfo* module = program.module(name, *importer.unit);
    if (module && module->unit != importer.unit) imported.insert(module->unit);
  };
  for (const facts::Instruction& each : importer.body->instructions) {
    if (each.kind == InstructionKind::Import || each.kind == InstructionKind::ImportStar) add(each.name);
    if (each.kind != InstructionKind::Load || each.place.kind != facts::PlaceKind::Attribute) continue;
    const facts::Instruction& base = importer.body->instructions[each.place.base];
    if (base.kind == InstructionKind::Import) add(base.name + "." + each.place.name);
  }
}

/// Bodies with a text that is the name of a function.
void readWhatNamesFunctions(const link::Program& program) {
  for (const link::UnreadUnit& unit : program.unreadUnits())
    for (const link::FunctionInfo* info : unit.functions) {
      bool namesOne = false;
      if (info->unread != link::FunctionInfo::none)
        unit.bodies->namesInTexts(info->unread, [&](llvm::StringRef name) {
          namesOne |= program.function(name, *unit.unit) != nullptr;
        });
      if (namesOne) program.read(*info, link::Asked::Entered);
    }
}

/// Is the unit, or an entry point that the driver made, how a command begins?
bool isCommand(const facts::UnitFacts& unit) {
  return llvm::sys::path::filename(unit.unit) == "__main__.py" ||
         llvm::any_of(unit.roots,
                      [](const facts::Root& root) { return root.kind == facts::RootKind::ConsoleScript; });
}

} // namespace

llvm::DenseSet<const link::FunctionInfo*> namedByCommand(const link::Program& program) {
  llvm::DenseSet<const link::FunctionInfo*> named;
  if (llvm::none_of(program.units(), isCommand)) return named;
  readWhatNamesFunctions(program);
  for (const link::FunctionInfo* info : program.readFunctions())
    for (const facts::Instruction& each : info->body->instructions)
      if (const auto* text = std::get_if<Text>(&each.literal);
          text && each.kind == InstructionKind::Constant && llvm::StringRef(*text).contains('.'))
        if (const link::FunctionInfo* function = program.function(*text, *info->unit)) named.insert(function);
  return named;
}

Units offeredUnits(const link::Program& program) {
  Units offered;
  for (const facts::UnitFacts& unit : program.units()) {
    if (llvm::sys::path::filename(unit.unit) == "__init__.py") offered.insert(&unit);
    if (isProgram(unit)) continue;
    for (const link::FunctionInfo* info : program.functionsOf(unit))
      addImported(program, *info, offered);
  }
  return offered;
}

} // namespace forklint::check
