// start-method-misuse: the start method of the whole program is set too late, or by somebody whom it is not
// for.
#include "analyzers/check/misuse.h"
#include "analyzers/check/offered.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Path.h"

using namespace forklint;
using namespace forklint::check;

namespace {

/// Does importing a module do this? What nobody imports may be a program.
bool isDoneByImport(const solve::Misuse& misuse) {
  const facts::UnitFacts& unit = *misuse.path.back().function->unit;
  bool isImported =
      misuse.path.front().function->unit != &unit || llvm::sys::path::filename(unit.unit) == "__init__.py";
  return isImported && llvm::all_of(misuse.path, [](const solve::Hop& hop) {
           return hop.function->body->kind == facts::FunctionKind::Statement;
         });
}

/// What holds for the newest version only is no news to who runs the others.
bool isOnlyNewest(Variants variants, Variants targets) {
  constexpr Variants newest = 1u << (lastMinor - firstMinor);
  return variants == newest && targets != newest;
}

} // namespace

FORKLINT_RULE("start-method-misuse") {
  const llvm::DenseSet<const facts::UnitFacts*> offered = offeredUnits(context.program);
  std::optional<llvm::DenseSet<const link::FunctionInfo*>> named; // asked for where something is told
  auto isCommands = [&](const solve::Misuse& misuse) {
    if (!named) named = namedByCommand(context.program);
    return llvm::any_of(misuse.path, [&](const solve::Hop& hop) { return named->contains(hop.function); });
  };
  auto judge = [&](const solve::Misuse& misuse, Variants variants, std::string what) {
    context.report(findingOf(misuse, variants,
                             {.rule = "start-method-misuse",
                              .level = isOnlyNewest(variants, context.targets) ? Level::Note : Level::Warning,
                              .message = std::move(what),
                              .earlierRole = "call",
                              .earlierMessage = "the start method is fixed here"}));
  };
  eachMisuse(context, "start-method-misuse", [&](const solve::Misuse& misuse, Variants variants) {
    judge(misuse, variants, "sets the start method after it was fixed: a RuntimeError");
  });
  eachMisuse(context, "start-method-set", [&](const solve::Misuse& misuse, Variants variants) {
    if (offered.contains(misuse.path.back().function->unit) && !isCommands(misuse))
      judge(misuse, variants, "a library sets the start method of the whole program");
  });
  eachMisuse(context, "start-method-of-another-context", [&](const solve::Misuse& misuse, Variants variants) {
    judge(misuse, variants,
          "gives " + misuse.why + " of processes that are forked to one that begins anew: a RuntimeError");
  });
  eachMisuse(context, "start-method-pinned", [&](const solve::Misuse& misuse, Variants variants) {
    if (isDoneByImport(misuse))
      judge(misuse, variants, "importing this module fixes the start method of the whole program");
  });
}
