// The text form, written. Leaves stand where they are used: kind, payload, then ~"variable" and @POSITION
// when they have them. Whatever can be left out is left out, and parse() gives the same facts back.
#include "analyzers/facts/leaves.h"
#include "analyzers/facts/quote.h"
#include "analyzers/facts/spelling.h"
#include "analyzers/facts/text.h"

namespace forklint::facts {
namespace {

class Printer {
public:
  explicit Printer(llvm::raw_ostream& out) : out(out) {}
  void unit(const UnitFacts& unit);
  void function(const Function& function);

private:
  void header(const UnitFacts& unit);
  void suppression(const Suppression& suppression);
  void entity(const Entity& entity);
  void chunk(const Chunk& chunk);
  void parameters(const List<Parameter>& parameters);
  void block(BlockId id, const Block& block);
  void instruction(ValueId id);
  void edge(const Edge& edge);
  void value(ValueId id);
  void leaf(const Instruction& leaf);
  void place(const Place& place);
  void operands(const Instruction& instruction, uint32_t mask);
  void operand(const Operand& operand);
  void symbol(llvm::StringRef name);
  void symbols(llvm::StringRef label, const List<Text>& names);
  void quoted(llvm::StringRef text) { printQuoted(text, out); }
  void position(const Position& position);

  llvm::raw_ostream& out;
  const Function* current = nullptr;
};

void Printer::symbol(llvm::StringRef name) {
  out << '@';
  quoted(name);
}

void Printer::symbols(llvm::StringRef label, const List<Text>& names) {
  if (names.empty()) return;
  out << ' ' << label << " [";
  for (size_t i = 0; i < names.size(); ++i) {
    out << (i ? ", " : "");
    symbol(names[i]);
  }
  out << ']';
}

void Printer::position(const Position& position) {
  if (position == Position()) return;
  out << ' ';
  printPosition(position, out);
}

void Printer::leaf(const Instruction& leaf) {
  uint32_t mask = fields(leaf.kind);
  out << spelling(leaf.kind) << ' ';
  if (mask & FieldLiteral) printLiteral(leaf.literal, out);
  if (mask & FieldIndex) out << leaf.index;
  if (mask & FieldName) mask& FieldSymbol ? symbol(leaf.name) : quoted(leaf.name);
  if (!leaf.variable.empty()) {
    out << '~';
    quoted(leaf.variable);
  }
  if (leaf.position != Position()) {
    out << '@';
    printPosition(leaf.position, out);
  }
}

void Printer::value(ValueId id) {
  if (id >= current->instructions.size())
    out << "%-"; // broken facts are printed too, for whoever mends them
  else if (isLeaf(current->instructions[id]))
    leaf(current->instructions[id]);
  else
    out << '%' << id;
}

void Printer::place(const Place& place) {
  if (place.kind == PlaceKind::Deref && place.base == noValue) {
    out << " heap";
    return;
  }
  PlaceFields parts = fields(place.kind);
  out << ' ' << spelling(place.kind);
  if (parts.base) {
    out << ' ';
    value(place.base);
  }
  if (parts.name) {
    out << ' ';
    place.kind == PlaceKind::Global ? symbol(place.name) : quoted(place.name);
  }
  if (parts.index) {
    out << ' ';
    value(place.index);
  }
}

void Printer::operand(const Operand& operand) {
  out << (operand.spread == Spread::Single ? "" : operand.spread == Spread::Positional ? "*" : "**");
  if (!operand.keyword.empty()) {
    printWord(operand.keyword, out);
    if (operand.position != Position()) {
      out << '@';
      printPosition(operand.position, out);
    }
    out << '=';
  }
  value(operand.value);
}

void Printer::operands(const Instruction& instruction, uint32_t mask) {
  size_t first = 0;
  if ((mask & FieldCallee) && !instruction.operands.empty()) {
    out << ' ';
    operand(instruction.operands[first++]);
  }
  bool isBare = mask & FieldBare;
  if (isBare && instruction.operands.empty()) return;
  out << (isBare ? " " : mask & FieldCallee ? "(" : " (");
  for (size_t i = first; i < instruction.operands.size(); ++i) {
    out << (i > first ? ", " : "");
    operand(instruction.operands[i]);
  }
  out << (isBare ? "" : ")");
}

void Printer::instruction(ValueId id) {
  const Instruction& instruction = current->instructions[id];
  uint32_t mask = fields(instruction.kind);
  out << "    ";
  if (!(mask & FieldVoid)) out << '%' << id << " = ";
  out << spelling(instruction.kind);
  if (mask & FieldName) {
    out << ' ';
    mask& FieldSymbol ? symbol(instruction.name) : quoted(instruction.name);
  }
  if (mask & FieldPlace) place(instruction.place);
  if (mask & FieldOperands) operands(instruction, mask);
  if (!instruction.variable.empty()) {
    out << " -> ";
    quoted(instruction.variable);
  }
  position(instruction.position);
  out << '\n';
}

void Printer::edge(const Edge& edge) {
  out << "    ";
  if (edge.kind == EdgeKind::Always) out << "always";
  if (edge.kind == EdgeKind::When) {
    out << "when ";
    if (hasLiteral(edge.relation)) {
      value(edge.value);
      out << ' ' << spelling(edge.relation) << ' ';
      printLiteral(edge.literal, out);
    } else {
      out << spelling(edge.relation) << ' ';
      value(edge.value);
    }
  }
  if (edge.kind == EdgeKind::Exception) {
    out << "exception (";
    for (size_t i = 0; i < edge.types.size(); ++i) {
      out << (i ? ", " : "");
      value(edge.types[i]);
    }
    out << ')';
    if (edge.value != noValue) {
      out << " as ";
      value(edge.value);
    }
  }
  out << " bb" << edge.target << '\n';
}

void Printer::block(BlockId id, const Block& block) {
  out << "  bb" << id << ':';
  for (size_t i = 0; i < block.predecessors.size(); ++i)
    out << (i ? ", bb" : " from bb") << block.predecessors[i];
  out << '\n';
  for (ValueId value : block.instructions)
    if (value < current->instructions.size()) instruction(value);
  for (const Edge& each : block.edges)
    edge(each);
}

/// After *name (or a lone *) names are keyword-only; '/' before a name means positional only and '.'
/// positional where it could be taken for keyword-only.
void Printer::parameters(const List<Parameter>& parameters) {
  if (parameters.empty()) return;
  out << " (";
  bool afterStar = false;
  for (size_t i = 0; i < parameters.size(); ++i) {
    const Parameter& parameter = parameters[i];
    out << (i ? ", " : "");
    if (parameter.kind == ParameterKind::KeywordOnly && !afterStar) out << "*, ";
    if (parameter.kind == ParameterKind::PositionalOnly) out << '/';
    if (parameter.kind == ParameterKind::Positional && afterStar) out << '.';
    if (parameter.kind == ParameterKind::VariadicPositional) out << '*';
    if (parameter.kind == ParameterKind::VariadicKeywords) out << "**";
    afterStar |=
        parameter.kind == ParameterKind::KeywordOnly || parameter.kind == ParameterKind::VariadicPositional;
    printWord(parameter.name, out);
    if (!parameter.type.empty() || !parameter.klass.empty()) {
      out << ": ";
      quoted(parameter.type);
    }
    if (!parameter.klass.empty()) {
      out << ' ';
      symbol(parameter.klass);
    }
    out << (parameter.hasDefault ? "=" : "");
  }
  out << ')';
}

void Printer::function(const Function& function) {
  current = &function;
  out << "  " << spelling(function.kind) << ' ';
  symbol(function.symbol);
  parameters(function.parameters);
  if (!function.captures.empty()) {
    out << " [";
    for (size_t i = 0; i < function.captures.size(); ++i) {
      out << (i ? ", " : "");
      printWord(function.captures[i], out);
    }
    out << ']';
  }
  if (!function.returns.empty()) {
    out << " -> ";
    symbol(function.returns);
  }
  position(function.position);
  out << " {\n";
  for (BlockId id = 0; id < function.blocks.size(); ++id)
    block(id, function.blocks[id]);
  out << "  }\n";
}

void Printer::entity(const Entity& entity) {
  out << "  entity " << spelling(entity.kind) << ' ' << spelling(entity.linkage) << ' ';
  symbol(entity.symbol);
  if (!entity.display.empty()) {
    out << " display ";
    quoted(entity.display);
  }
  if (!entity.type.empty()) {
    out << " type ";
    quoted(entity.type);
  }
  if (!entity.klass.empty()) {
    out << " class ";
    symbol(entity.klass);
  }
  symbols("bases", entity.bases);
  symbols("overrides", entity.overrides);
  if (!entity.promise.empty()) {
    out << " promise ";
    quoted(entity.promise);
    if (entity.promised != Position()) {
      out << '@';
      printPosition(entity.promised, out);
    }
  }
  position(entity.position);
  out << '\n';
}

void Printer::chunk(const Chunk& chunk) {
  out << "chunk " << chunk.order;
  if (!chunk.digest.empty()) {
    out << ' ';
    quoted(chunk.digest);
  }
  out << " {\n";
  for (const Entity& each : chunk.entities)
    entity(each);
  for (const Function& each : chunk.functions)
    function(each);
  out << "}\n";
}

void Printer::suppression(const Suppression& suppression) {
  out << "suppress ";
  printWord(suppression.directive, out);
  out << " [";
  for (size_t i = 0; i < suppression.rules.size(); ++i) {
    out << (i ? ", " : "");
    printWord(suppression.rules[i], out);
  }
  out << "] ";
  quoted(suppression.reason);
  out << ' ' << suppression.line;
  position(suppression.position);
  out << '\n';
}

void Printer::header(const UnitFacts& unit) {
  out << "ffacts " << unit.schema << "\nunit ";
  quoted(unit.unit);
  out << ' ';
  printWord(unit.language, out);
  if (!unit.module.empty()) {
    out << ' ';
    quoted(unit.module);
  }
  out << '\n';
  if (unit.hadErrors) out << "had-errors\n";
  if (unit.files != std::vector<std::string>{unit.unit})
    for (size_t i = 0; i < unit.files.size(); ++i) {
      out << "file " << i << ' ';
      quoted(unit.files[i]);
      out << '\n';
    }
  for (const Input& input : unit.inputs) {
    out << "input ";
    quoted(input.path);
    out << ' ';
    quoted(input.digest);
    out << '\n';
  }
}

void Printer::unit(const UnitFacts& unit) {
  header(unit);
  for (const Root& root : unit.roots) {
    out << "root " << spelling(root.kind) << ' ';
    quoted(root.symbol);
    out << '\n';
  }
  for (const Gap& gap : unit.gaps) {
    out << (gap.wholeUnit ? "gap-unit " : "gap ");
    quoted(gap.reason);
    position(gap.position);
    out << '\n';
  }
  for (const Suppression& each : unit.suppressions)
    suppression(each);
  for (const Chunk& each : unit.chunks)
    chunk(each);
}

} // namespace

void print(const UnitFacts& unit, llvm::raw_ostream& out) { Printer(out).unit(unit); }
void print(const Function& function, llvm::raw_ostream& out) { Printer(out).function(function); }

} // namespace forklint::facts
