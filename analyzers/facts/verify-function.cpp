// The promises of one function: every index in range, each instruction uses the members of its kind and
// stands in one block, edges and predecessors agree, and each use is dominated by its definition.
#include "analyzers/facts/leaves.h"
#include "analyzers/facts/promises.h"
#include "analyzers/facts/spelling.h"

#include <algorithm>
#include <set>

namespace forklint::facts {
namespace {

constexpr BlockId nowhere = UINT32_MAX;

class FunctionVerifier {
public:
  FunctionVerifier(const Function& function, const UnitFacts& unit, BrokenPromises& broken)
      : function(function), unit(unit), broken(broken) {}
  void run();

private:
  void placeInstructions();
  void instruction(ValueId id);
  void members(const Instruction& instruction);
  void leaf(const Instruction& leaf);
  void place(const Instruction& instruction);
  void operands(const Instruction& instruction);
  void roles(const Instruction& instruction);
  void order(const Block& block);
  void edges(const Block& block);
  void when(const Edge& edge, const Block& block);
  void value(ValueId value);
  void predecessors();
  void uses(const Dominance& dominance);
  void use(ValueId value, size_t index, const Dominance& dominance);
  void report(const llvm::Twine& what) {
    if (current == nowhere)
      broken.add(function.symbol, what);
    else
      broken.add(function.symbol, "bb" + llvm::Twine(current) + ": " + what);
  }
  /// What makes dominance meaningless to ask for.
  void reportBadIndex(const llvm::Twine& what) {
    indicesAreGood = false;
    report(what);
  }
  bool isKind(ValueId value, InstructionKind kind) const {
    return value < function.instructions.size() && function.instructions[value].kind == kind;
  }

  const Function& function;
  const UnitFacts& unit;
  BrokenPromises& broken;
  BlockId current = nowhere;
  bool indicesAreGood = true;
  std::vector<BlockId> blockOf;
  std::vector<size_t> indexOf;
};

void FunctionVerifier::placeInstructions() {
  blockOf.assign(function.instructions.size(), nowhere);
  indexOf.assign(function.instructions.size(), 0);
  for (current = 0; current < function.blocks.size(); ++current) {
    const List<ValueId>& instructions = function.blocks[current].instructions;
    for (size_t i = 0; i < instructions.size(); ++i) {
      ValueId value = instructions[i];
      if (value >= function.instructions.size()) {
        reportBadIndex("instruction %" + llvm::Twine(value) + " does not exist");
        continue;
      }
      if (isLeaf(function.instructions[value])) report("leaf %" + llvm::Twine(value) + " stands in a block");
      if (blockOf[value] != nowhere) report("instruction %" + llvm::Twine(value) + " stands in two places");
      blockOf[value] = current;
      indexOf[value] = i;
    }
  }
  current = nowhere;
  for (ValueId value = 0; value < function.instructions.size(); ++value)
    if (blockOf[value] == nowhere && !isLeaf(function.instructions[value]))
      report("instruction %" + llvm::Twine(value) + " stands in no block");
}

void FunctionVerifier::value(ValueId value) {
  if (value >= function.instructions.size())
    reportBadIndex("value %" + llvm::Twine(value) + " does not exist");
  else if (fields(function.instructions[value].kind) & FieldVoid)
    report("%" + llvm::Twine(value) + " is used, but " + spelling(function.instructions[value].kind) +
           " gives no value");
}

/// A kind leaves the members that it does not use as they are made.
void FunctionVerifier::members(const Instruction& instruction) {
  uint32_t mask = fields(instruction.kind);
  Instruction plain;
  const char* kind = spelling(instruction.kind);
  if (!(mask & FieldName) && !instruction.name.empty()) report(llvm::Twine(kind) + " has a name");
  if ((mask & FieldName) && instruction.name.empty()) report(llvm::Twine(kind) + " has no name");
  if (!(mask & FieldIndex) && instruction.index != plain.index) report(llvm::Twine(kind) + " has an index");
  if (!(mask & FieldLiteral) && instruction.literal != plain.literal)
    report(llvm::Twine(kind) + " has a literal");
  if (!(mask & FieldPlace) && instruction.place != plain.place) report(llvm::Twine(kind) + " has a place");
  if (!(mask & FieldOperands) && !instruction.operands.empty()) report(llvm::Twine(kind) + " has operands");
  if (!isPosition(instruction.position, unit))
    report(llvm::Twine(kind) + " has a position in no file, or one that ends before it begins");
}

void FunctionVerifier::leaf(const Instruction& leaf) {
  if (leaf.kind == InstructionKind::Parameter && leaf.index >= function.parameters.size())
    report("param " + llvm::Twine(leaf.index) + " does not exist");
  if (leaf.kind == InstructionKind::Capture && leaf.index >= function.captures.size())
    report("capture " + llvm::Twine(leaf.index) + " does not exist");
}

void FunctionVerifier::place(const Instruction& instruction) {
  const Place& place = instruction.place;
  PlaceFields parts = fields(place.kind);
  bool isHeap = instruction.kind == InstructionKind::Construct && place.kind == PlaceKind::Deref;
  if (place.base != noValue ? !parts.base : parts.base && !isHeap)
    report(llvm::Twine("place ") + spelling(place.kind) + (parts.base ? " has no base" : " has a base"));
  if (place.name.empty() == parts.name)
    report(llvm::Twine("place ") + spelling(place.kind) + (parts.name ? " has no name" : " has a name"));
  if ((place.index != noValue) != parts.index)
    report(llvm::Twine("place ") + spelling(place.kind) + (parts.index ? " has no index" : " has an index"));
}

void FunctionVerifier::operands(const Instruction& instruction) {
  uint32_t mask = fields(instruction.kind);
  size_t count = instruction.operands.size();
  const char* kind = spelling(instruction.kind);
  if ((mask & FieldNeedsOperand) && count == 0) report(llvm::Twine(kind) + " has no operand");
  if ((mask & FieldOneOperand) && count > 1)
    report(llvm::Twine(kind) + " has " + llvm::Twine(count) + " operands, expected one");
  for (const Operand& operand : instruction.operands) {
    if (operand.value == noValue) reportBadIndex(llvm::Twine(kind) + " has an operand without a value");
    if (operand.spread != Spread::Single && !operand.keyword.empty())
      report(llvm::Twine(kind) + " has an operand both spread and named");
    if (operand.keyword.empty() && operand.position != Position())
      report(llvm::Twine(kind) + " has an operand with a position and without a keyword");
    if (!isPosition(operand.position, unit))
      report(llvm::Twine(kind) + " has an operand in no file, or one that ends before it begins");
  }
}

/// What single operands must be (docs/ir.md).
void FunctionVerifier::roles(const Instruction& instruction) {
  const List<Operand>& operands = instruction.operands;
  auto isPlain = [](const Operand& operand) {
    return operand.keyword.empty() && operand.spread == Spread::Single;
  };
  bool hasCallee =
      instruction.kind == InstructionKind::Call || instruction.kind == InstructionKind::Construct;
  if (hasCallee && !operands.empty() && !isPlain(operands[0])) report("the callee is named or spread");
  if (instruction.kind == InstructionKind::Construct && !operands.empty() &&
      !isKind(operands[0].value, InstructionKind::FunctionRef) &&
      !isKind(operands[0].value, InstructionKind::Unknown))
    report("the constructor is neither a function nor unknown");
  if (instruction.kind == InstructionKind::VirtualCall && !operands.empty() && operands[0].keyword != "this")
    report("the first operand of a virtual call is not 'this'");
  if (instruction.kind == InstructionKind::Merge) {
    size_t ways = current == nowhere ? 0 : function.blocks[current].predecessors.size();
    if (operands.size() != ways)
      report("merge of " + llvm::Twine(operands.size()) + " values where " + llvm::Twine(ways) +
             " ways meet");
    if (!std::ranges::all_of(operands, isPlain)) report("merge has a named or spread operand");
  }
  bool isDict = instruction.kind == InstructionKind::Container && instruction.name == "dict";
  if (isDict && std::ranges::count(operands, Spread::Single, &Operand::spread) % 2 != 0)
    report("a dict has a key without a value");
}

void FunctionVerifier::instruction(ValueId id) {
  const Instruction& instruction = function.instructions[id];
  current = blockOf[id];
  members(instruction);
  leaf(instruction);
  if (fields(instruction.kind) & FieldPlace) place(instruction);
  operands(instruction);
  roles(instruction);
  forEachValue(instruction, [&](ValueId used) {
    if (used != noValue) value(used);
  });
}

void FunctionVerifier::order(const Block& block) {
  bool atHead = true;
  for (size_t i = 0; i < block.instructions.size(); ++i) {
    ValueId value = block.instructions[i];
    if (value >= function.instructions.size()) continue;
    bool isMerge = isKind(value, InstructionKind::Merge);
    if (isMerge && !atHead) report("merge %" + llvm::Twine(value) + " stands below other instructions");
    atHead &= isMerge;
    if (!(fields(function.instructions[value].kind) & FieldEnd)) continue;
    if (i + 1 != block.instructions.size())
      report(llvm::Twine(spelling(function.instructions[value].kind)) + " is not the last instruction");
    if (!std::ranges::all_of(block.edges, [](const Edge& edge) { return edge.kind == EdgeKind::Exception; }))
      report(llvm::Twine("an edge leaves a block that ends with ") +
             spelling(function.instructions[value].kind));
  }
}

void FunctionVerifier::when(const Edge& edge, const Block& block) {
  if (edge.value == noValue) return report("a when edge has no value");
  Relation opposite = edge.relation == Relation::More ? Relation::Done : Relation::More;
  if (edge.relation != Relation::More && edge.relation != Relation::Done) return;
  if (!isKind(edge.value, InstructionKind::Iterate))
    report(llvm::Twine("edge ") + spelling(edge.relation) + " on a value that is no iterate");
  bool hasOpposite = std::ranges::any_of(block.edges, [&](const Edge& other) {
    return other.kind == EdgeKind::When && other.relation == opposite && other.value == edge.value;
  });
  if (!hasOpposite)
    report(llvm::Twine("edge ") + spelling(edge.relation) + " without its " + spelling(opposite));
}

void FunctionVerifier::edges(const Block& block) {
  size_t always = std::ranges::count(block.edges, EdgeKind::Always, &Edge::kind);
  size_t whens = std::ranges::count(block.edges, EdgeKind::When, &Edge::kind);
  if (always > 1 || (always == 1 && whens > 0)) report("an always edge is not alone");
  if (whens == 1) report("a single when edge: the when edges of a block are exhaustive");
  for (const Edge& edge : block.edges) {
    if (edge.target >= function.blocks.size())
      reportBadIndex("an edge goes to bb" + llvm::Twine(edge.target) + ", which does not exist");
    if (edge.target == 0) report("an edge goes to the entry");
    if (edge.kind == EdgeKind::Always && edge.value != noValue) report("an always edge has a value");
    if (edge.kind != EdgeKind::Exception && !edge.types.empty())
      report("an edge that is no exception edge has types");
    bool mayHaveLiteral = edge.kind == EdgeKind::When && hasLiteral(edge.relation);
    if (!mayHaveLiteral && edge.literal != Literal())
      report("an edge has a literal that its relation does not use");
    if (edge.kind != EdgeKind::When && edge.relation != Edge().relation)
      report("an edge that is no when edge has a relation");
    if (edge.kind == EdgeKind::When) when(edge, block);
    forEachEdgeValue(edge, [&](ValueId used) { value(used); });
  }
}

void FunctionVerifier::predecessors() {
  std::vector<std::set<BlockId>> expected(function.blocks.size());
  for (BlockId from = 0; from < function.blocks.size(); ++from)
    for (const Edge& edge : function.blocks[from].edges)
      if (edge.target < function.blocks.size()) expected[edge.target].insert(from);
  for (current = 0; current < function.blocks.size(); ++current) {
    const List<BlockId>& listed = function.blocks[current].predecessors;
    std::set<BlockId> given(listed.begin(), listed.end());
    if (given.size() != listed.size()) report("a predecessor is listed twice");
    if (given != expected[current])
      reportBadIndex("the predecessors are not the blocks with an edge to here");
  }
}

/// `index` is the use's place in the current block.
void FunctionVerifier::use(ValueId value, size_t index, const Dominance& dominance) {
  BlockId defined = value < blockOf.size() ? blockOf[value] : nowhere;
  if (defined == nowhere || !dominance.reachable(defined)) return;
  bool isBefore = defined == current ? indexOf[value] < index : dominance.dominates(defined, current);
  if (!isBefore) report("%" + llvm::Twine(value) + " is used where its definition may not have run");
}

void FunctionVerifier::uses(const Dominance& dominance) {
  for (BlockId block = 0; block < function.blocks.size(); ++block) {
    const Block& body = function.blocks[block];
    current = block;
    if (!dominance.reachable(block)) {
      report("nothing reaches this block");
      continue;
    }
    for (size_t i = 0; i < body.instructions.size(); ++i) {
      const Instruction& instruction = function.instructions[body.instructions[i]];
      if (instruction.kind != InstructionKind::Merge) {
        forEachValue(instruction, [&](ValueId value) { use(value, i, dominance); });
        continue;
      }
      for (size_t way = 0; way < std::min(instruction.operands.size(), body.predecessors.size()); ++way) {
        current = body.predecessors[way];
        if (dominance.reachable(current)) use(instruction.operands[way].value, SIZE_MAX, dominance);
      }
      current = block;
    }
    for (const Edge& edge : body.edges)
      forEachEdgeValue(edge, [&](ValueId value) { use(value, SIZE_MAX, dominance); });
  }
}

void FunctionVerifier::run() {
  if (function.symbol.empty()) broken.add("function", "has no symbol");
  if (function.blocks.empty()) return report("has no block");
  placeInstructions();
  for (ValueId id = 0; id < function.instructions.size(); ++id)
    instruction(id);
  for (current = 0; current < function.blocks.size(); ++current) {
    order(function.blocks[current]);
    edges(function.blocks[current]);
  }
  predecessors();
  if (indicesAreGood) uses(Dominance(function));
}

} // namespace

void verifyFunction(const Function& function, const UnitFacts& unit, BrokenPromises& broken) {
  FunctionVerifier(function, unit, broken).run();
}

} // namespace forklint::facts
