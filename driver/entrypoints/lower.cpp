#include "driver/entrypoints/lower.h"

#include "analyzers/facts/builder.h"
#include "driver/walk.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

namespace forklint::driver {
namespace {

using namespace facts;

/// The units by their names.
class Units {
public:
  explicit Units(std::vector<UnitFacts>& units) : units(units) {
    for (size_t index = 0; index < units.size(); ++index)
      indices[units[index].unit] = index;
  }
  /// Made where it is none yet.
  UnitFacts& operator[](const std::string& file) {
    std::string display = displayPath(file);
    auto [slot, fresh] = indices.try_emplace(display, units.size());
    if (fresh) {
      UnitFacts unit;
      unit.unit = display;
      unit.language = "python";
      unit.files.push_back(display);
      units.push_back(std::move(unit));
    }
    return units[slot->second];
  }

private:
  std::vector<UnitFacts>& units;
  llvm::StringMap<size_t> indices;
};

class Lowering {
public:
  Lowering(const EntryPoint& entry, UnitFacts& unit)
      : entry(entry), unit(unit), symbol(symbolFor(entry, unit)),
        builder(symbol, FunctionKind::Plain, positionOf(entry.said)) {}

  void run() {
    bool inChild = false;
    for (const EntryAction& action : entry.actions) {
      Position at = positionOf(action.said);
      switch (action.kind) {
      case EntryAction::Kind::Import: import(action.module, at); break;
      case EntryAction::Kind::Call: call(action, at); break;
      case EntryAction::Kind::Start:
        // No word of the line says it: an empty range, which is another place than that of the fork.
        at.endLine = at.line;
        at.endColumn = at.column;
        append(InstructionKind::Call, at, "", {{builder.functionRef(action.function, at), ""}});
        break;
      case EntryAction::Kind::Fork: fork(action, at), inChild = true; break;
      }
    }
    if (inChild) serve();
    Chunk chunk;
    chunk.order = UINT32_MAX; // behind the unit's own
    chunk.functions.push_back(builder.finish());
    unit.chunks.push_back(std::move(chunk));
    unit.roots.push_back({entry.kind == EntryKind::Server     ? RootKind::Server
                          : entry.kind == EntryKind::Notebook ? RootKind::Notebook
                                                              : RootKind::ConsoleScript,
                          symbol});
  }

private:
  /// A line may say several: each is a function of its own.
  static std::string symbolFor(const EntryPoint& entry, const UnitFacts& unit) {
    std::string name = entry.name + " at " + unit.unit + ":" + std::to_string(entry.said.line);
    auto isTaken = [&](const std::string& symbol) {
      return llvm::any_of(unit.roots, [&](const Root& root) { return root.symbol == symbol; });
    };
    std::string symbol = "<" + name + ">";
    for (unsigned number = 2; isTaken(symbol); ++number)
      symbol = "<" + name + " #" + std::to_string(number) + ">";
    return symbol;
  }

  Position positionOf(const Said& said) {
    std::string display = displayPath(said.file);
    auto known = llvm::find(unit.files, display);
    Position at;
    at.file = known - unit.files.begin();
    at.line = said.line;
    at.column = 1;
    if (known == unit.files.end()) unit.files.push_back(std::move(display));
    return at;
  }

  ValueId append(InstructionKind kind, Position at, const std::string& name = "",
                 std::vector<Operand> operands = {}) {
    Instruction instruction;
    instruction.kind = kind;
    instruction.position = at;
    instruction.name = name;
    instruction.operands = std::move(operands);
    return builder.append(std::move(instruction));
  }

  ValueId import(const std::string& module, Position at) {
    return append(InstructionKind::Import, at, module);
  }

  /// Of a module, with dots for attributes of attributes.
  void call(const EntryAction& action, Position at) {
    ValueId callee = import(action.module, at);
    for (llvm::StringRef part : llvm::split(action.function, '.'))
      callee = builder.load({PlaceKind::Attribute, callee, part.str(), noValue}, at);
    append(InstructionKind::Call, at, "", {{callee, ""}});
  }

  /// The parent serves for ever; from here on this is the child.
  void fork(const EntryAction& action, Position at) {
    ValueId pid = append(InstructionKind::Call, at, "", {{builder.functionRef(action.function, at), ""}});
    BlockId forked = builder.block(), child = builder.createBlock(), parent = builder.createBlock();
    for (auto [target, relation] :
         {std::pair(child, Relation::Equal), std::pair(parent, Relation::NotEqual)}) {
      Edge edge;
      edge.kind = EdgeKind::When;
      edge.target = target;
      edge.value = pid;
      edge.relation = relation;
      edge.literal = int64_t{0};
      builder.connect(forked, std::move(edge));
      builder.seal(target);
    }
    builder.setBlock(parent);
    append(InstructionKind::NoReturn, at);
    builder.setBlock(child);
  }

  /// What a worker does is the server's code, which nobody sees here. It ends with its process.
  void serve() {
    Position at = positionOf(entry.said);
    append(InstructionKind::Call, at, "", {{builder.unknown("the server's loop", at), ""}});
    append(InstructionKind::NoReturn, at);
  }

  const EntryPoint& entry;
  UnitFacts& unit;
  std::string symbol;
  FunctionBuilder builder;
};

} // namespace

void lowerEntryPoints(const std::vector<EntryPoint>& entries, std::vector<UnitFacts>& units) {
  Units byName(units);
  for (const EntryPoint& entry : entries) {
    if (entry.kind == EntryKind::TestModule) continue;
    if (entry.kind != EntryKind::Script) {
      Lowering(entry, byName[entry.said.file]).run();
      continue;
    }
    std::vector<Root>& roots = byName[entry.path].roots;
    if (Root root{RootKind::Script, entry.name}; !llvm::is_contained(roots, root)) roots.push_back(root);
  }
}

} // namespace forklint::driver
