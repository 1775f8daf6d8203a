// One function of the text form. Labels and leaves are numbered at the end, in the order that builders give
// (leaves.h), so that what was printed from a builder's function is read back as the same function.
#include "analyzers/facts/leaves.h"
#include "analyzers/facts/parser.h"
#include "analyzers/facts/spelling.h"

#include <algorithm>
#include <map>

namespace forklint::facts {
namespace {

/// Until the end of the function a value is the index of a Label: a %name or a leaf.
struct Label {
  enum { Undefined, Ordered, Leaf } kind = Undefined;
  ValueId ordered = noValue;
  Instruction leaf;
  size_t firstUse = 0;
  std::string name;
};

class FunctionParser {
public:
  FunctionParser(Cursor& cursor, Function& function) : cursor(cursor), function(function) {}
  bool run();

private:
  bool header();
  bool parameter();
  bool line();
  bool blockHead();
  bool blockName(BlockId& block);
  bool instruction();
  bool define(const Token& label, Instruction instruction);
  bool edge(bool isException);
  bool when(Edge& edge);
  bool value(ValueId& value);
  bool leaf(Instruction& leaf);
  bool place(Place& place);
  bool operand(Instruction& instruction);
  bool operands(Instruction& instruction, uint32_t mask);
  ValueId labelOf(const Token& token);
  BlockId blockOf(const Token& token);
  bool resolve();
  bool number(ValueId& value, std::vector<ValueId>& numbers, LeafTable& leaves);
  void fillPredecessors();

  Cursor& cursor;
  Function& function;
  std::vector<Label> labels;
  std::map<std::string, ValueId> labelNames;
  std::map<std::string, BlockId> blockNames;
  std::vector<size_t> blockUses;    // offset of the first mention, by mentioned block
  std::vector<BlockId> blockPlaces; // by mentioned block, its index once its head has been read
  BlockId current = UINT32_MAX;
  bool afterStar = false;
};

ValueId FunctionParser::labelOf(const Token& token) {
  auto [entry, isNew] = labelNames.try_emplace(token.text.str(), static_cast<ValueId>(labels.size()));
  if (isNew) {
    labels.emplace_back().firstUse = token.offset;
    labels.back().name = token.text.str();
  }
  return entry->second;
}

BlockId FunctionParser::blockOf(const Token& token) {
  auto [entry, isNew] = blockNames.try_emplace(token.text.str(), static_cast<BlockId>(blockUses.size()));
  if (isNew) {
    blockUses.push_back(token.offset);
    blockPlaces.push_back(UINT32_MAX);
  }
  return entry->second;
}

bool FunctionParser::parameter() {
  if (cursor.isMark("/") && cursor.following().kind == TokenKind::Mark) {
    cursor.advance();
    for (Parameter& before : function.parameters)
      if (before.kind == ParameterKind::Positional) before.kind = ParameterKind::PositionalOnly;
    return true;
  }
  if (cursor.isMark("*") && cursor.following().kind == TokenKind::Mark) {
    cursor.advance();
    return afterStar = true;
  }
  Parameter& parameter = function.parameters.emplace_back();
  parameter.kind = afterStar ? ParameterKind::KeywordOnly : ParameterKind::Positional;
  if (cursor.accept("/"))
    parameter.kind = ParameterKind::PositionalOnly;
  else if (cursor.accept("."))
    parameter.kind = ParameterKind::Positional;
  else if (cursor.accept("**"))
    parameter.kind = ParameterKind::VariadicKeywords;
  else if (cursor.accept("*"))
    parameter.kind = ParameterKind::VariadicPositional;
  afterStar |= parameter.kind == ParameterKind::VariadicPositional;
  if (!cursor.name(parameter.name, "a parameter's name")) return false;
  if (cursor.accept(":")) {
    if (!cursor.name(parameter.type, "a type")) return false;
    if (cursor.is(TokenKind::Symbol) && !cursor.name(parameter.klass, "a class")) return false;
  }
  parameter.hasDefault = cursor.accept("=");
  return true;
}

bool FunctionParser::header() {
  if (!cursor.is(TokenKind::Word) || !fromSpelling(cursor.token().text, function.kind))
    return cursor.fail("expected 'entity', a kind of function or '}'");
  cursor.advance();
  if (!cursor.name(function.symbol, "the function's symbol")) return false;
  if (cursor.accept("(") && !cursor.list(")", [&] { return parameter(); })) return false;
  auto capture = [&] { return cursor.name(function.captures.emplace_back(), "a captured variable"); };
  if (cursor.accept("[") && !cursor.list("]", capture)) return false;
  if (cursor.accept("->") && !cursor.name(function.returns, "a class")) return false;
  if (cursor.is(TokenKind::Position) && !cursor.position(function.position)) return false;
  return cursor.expect("{");
}

bool FunctionParser::blockName(BlockId& block) {
  if (!cursor.is(TokenKind::Word) || !cursor.token().text.starts_with("bb"))
    return cursor.fail("expected a block (bbN)");
  block = blockOf(cursor.token());
  cursor.advance();
  return true;
}

bool FunctionParser::blockHead() {
  size_t offset = cursor.token().offset;
  BlockId mentioned = 0;
  if (!blockName(mentioned) || !cursor.expect(":")) return false;
  if (blockPlaces[mentioned] != UINT32_MAX) return cursor.failAt(offset, "this block is defined twice");
  current = static_cast<BlockId>(function.blocks.size());
  blockPlaces[mentioned] = current;
  Block& block = function.blocks.emplace_back();
  if (cursor.token().startsLine || !cursor.acceptWord("from")) return true;
  do {
    if (!blockName(block.predecessors.emplace_back())) return false;
  } while (cursor.accept(","));
  return true;
}

bool FunctionParser::leaf(Instruction& leaf) {
  uint32_t mask = fields(leaf.kind);
  if ((mask & FieldLiteral) && !cursor.literal(leaf.literal)) return false;
  if ((mask & FieldIndex) && !cursor.number(leaf.index, "an index")) return false;
  if ((mask & FieldName) && !cursor.name(leaf.name, mask & FieldSymbol ? "a symbol" : "a reason"))
    return false;
  if (cursor.accept("~") && !cursor.quoted(leaf.variable, "a variable")) return false;
  return !cursor.accept("@") || cursor.position(leaf.position);
}

bool FunctionParser::value(ValueId& value) {
  if (cursor.is(TokenKind::Value)) {
    value = labelOf(cursor.token());
    cursor.advance();
    return true;
  }
  Label label;
  label.kind = Label::Leaf;
  label.leaf.kind = InstructionKind::Constant;
  if (!cursor.isLiteral()) {
    bool known = cursor.is(TokenKind::Word) && fromSpelling(cursor.token().text, label.leaf.kind);
    if (!known || !isLeaf(label.leaf))
      return cursor.fail(
          "expected a value: %N, a literal, or const, param, capture, function, class-ref, unknown");
    cursor.advance();
  }
  if (!leaf(label.leaf)) return false;
  value = static_cast<ValueId>(labels.size());
  labels.push_back(std::move(label));
  return true;
}

bool FunctionParser::place(Place& place) {
  if (cursor.acceptWord("heap")) {
    place.kind = PlaceKind::Deref;
    return true;
  }
  if (!cursor.is(TokenKind::Word) || !fromSpelling(cursor.token().text, place.kind))
    return cursor.fail("expected a place: local, global, attr, item, deref or heap");
  cursor.advance();
  PlaceFields parts = fields(place.kind);
  return (!parts.base || value(place.base)) && (!parts.name || cursor.name(place.name, "a name")) &&
         (!parts.index || value(place.index));
}

bool FunctionParser::operand(Instruction& instruction) {
  Operand& operand = instruction.operands.emplace_back();
  if (cursor.accept("**"))
    operand.spread = Spread::Keywords;
  else if (cursor.accept("*"))
    operand.spread = Spread::Positional;
  bool isName = cursor.is(TokenKind::Word) || cursor.is(TokenKind::String);
  auto isEquals = [&](size_t ahead) {
    const Token& token = cursor.following(ahead);
    return token.kind == TokenKind::Mark && token.text == "=" && !token.startsLine;
  };
  // NAME=, or NAME@POSITION=; a literal's own position has no = behind it.
  if (isName && (isEquals(1) || (cursor.following().text == "@" && isEquals(3)))) {
    Position position;
    if (!cursor.name(operand.keyword, "a keyword") || (cursor.accept("@") && !cursor.position(position)) ||
        !cursor.expect("="))
      return false;
    operand.position = position;
  }
  return value(operand.value);
}

bool FunctionParser::operands(Instruction& instruction, uint32_t mask) {
  if ((mask & FieldCallee) && !operand(instruction)) return false;
  if (cursor.token().startsLine) return true;
  if (cursor.accept("(")) return cursor.list(")", [&] { return operand(instruction); });
  if (!(mask & FieldBare) || cursor.is(TokenKind::Position) || cursor.isMark("->") || cursor.isMark("}"))
    return true;
  do {
    if (!operand(instruction)) return false;
  } while (cursor.accept(","));
  return true;
}

bool FunctionParser::define(const Token& token, Instruction instruction) {
  Label& label = labels[labelOf(token)];
  if (label.kind != Label::Undefined)
    return cursor.failAt(token.offset, "%" + label.name + " is defined twice");
  bool isLeafHere = isLeaf(instruction);
  label.kind = isLeafHere ? Label::Leaf : Label::Ordered;
  label.ordered = static_cast<ValueId>(function.instructions.size());
  if (isLeafHere)
    label.leaf = std::move(instruction);
  else
    function.instructions.push_back(std::move(instruction));
  return true;
}

bool FunctionParser::instruction() {
  Token label;
  bool hasLabel = cursor.is(TokenKind::Value);
  if (hasLabel) {
    label = cursor.token();
    cursor.advance();
    if (!cursor.expect("=")) return false;
  }
  Instruction instruction;
  if (!cursor.is(TokenKind::Word) || !fromSpelling(cursor.token().text, instruction.kind))
    return cursor.fail("expected an instruction, an edge, a block (bbN:) or '}'");
  if (isLeaf(instruction) && !hasLabel)
    return cursor.fail("a leaf is written where it is used, expected an instruction");
  cursor.advance();
  uint32_t mask = fields(instruction.kind);
  if (isLeaf(instruction)) {
    if (!leaf(instruction)) return false;
  } else if (((mask & FieldName) && !cursor.name(instruction.name, "a name")) ||
             ((mask & FieldPlace) && !place(instruction.place)) ||
             ((mask & FieldOperands) && !operands(instruction, mask))) {
    return false;
  }
  if (cursor.accept("->") && !cursor.quoted(instruction.variable, "a variable")) return false;
  if (!cursor.positionHere(instruction.position)) return false;
  if (!isLeaf(instruction))
    function.blocks[current].instructions.push_back(static_cast<ValueId>(function.instructions.size()));
  if (hasLabel) return define(label, std::move(instruction));
  function.instructions.push_back(std::move(instruction));
  return true;
}

bool FunctionParser::when(Edge& edge) {
  edge.kind = EdgeKind::When;
  bool isFirst = cursor.is(TokenKind::Word) && fromSpelling(cursor.token().text, edge.relation);
  if (isFirst) {
    cursor.advance();
    return value(edge.value);
  }
  if (!value(edge.value)) return false;
  bool isRelation = cursor.is(TokenKind::Mark) && fromSpelling(cursor.token().text, edge.relation);
  if (!isRelation) return cursor.fail("expected one of == != < <= > >=");
  cursor.advance();
  cursor.acceptWord(spelling(InstructionKind::Constant));
  return cursor.literal(edge.literal);
}

bool FunctionParser::edge(bool isException) {
  Edge edge;
  if (isException) {
    edge.kind = EdgeKind::Exception;
    if (cursor.accept("(") && !cursor.list(")", [&] { return value(edge.types.emplace_back()); }))
      return false;
    if (cursor.acceptWord("as") && !value(edge.value)) return false;
  } else if (cursor.acceptWord("when") ? !when(edge) : !cursor.acceptWord("always")) {
    return false;
  }
  if (!blockName(edge.target)) return false;
  function.blocks[current].edges.push_back(std::move(edge));
  return true;
}

bool FunctionParser::line() {
  const Token& first = cursor.token();
  const Token& second = cursor.following();
  if (first.kind == TokenKind::Word && first.text.starts_with("bb") && second.kind == TokenKind::Mark &&
      second.text == ":")
    return blockHead();
  if (current == UINT32_MAX) {
    current = 0;
    function.blocks.emplace_back();
  }
  if (cursor.acceptWord("exception")) return edge(true);
  if (cursor.isWord("when") || cursor.isWord("always")) return edge(false);
  return instruction();
}

bool FunctionParser::number(ValueId& value, std::vector<ValueId>& numbers, LeafTable& leaves) {
  const Label& label = labels[value];
  if (label.kind == Label::Undefined)
    return cursor.failAt(label.firstUse, "%" + label.name + " is not defined in this function");
  if (numbers[value] == noValue)
    numbers[value] = label.kind == Label::Ordered
                         ? label.ordered
                         : static_cast<ValueId>(function.instructions.size() + leaves.add(label.leaf));
  value = numbers[value];
  return true;
}

/// From labels and mentioned blocks to their numbers.
bool FunctionParser::resolve() {
  for (size_t i = 0; i < blockPlaces.size(); ++i)
    if (blockPlaces[i] == UINT32_MAX)
      return cursor.failAt(blockUses[i], "this block is not defined in this function");
  std::vector<ValueId> numbers(labels.size(), noValue);
  LeafTable leaves;
  bool good = true;
  auto renumber = [&](ValueId& value) { good = good && number(value, numbers, leaves); };
  for (Block& block : function.blocks) {
    for (BlockId& predecessor : block.predecessors)
      predecessor = blockPlaces[predecessor];
    for (ValueId value : block.instructions)
      forEachValue(function.instructions[value], renumber);
    for (Edge& edge : block.edges) {
      edge.target = blockPlaces[edge.target];
      forEachEdgeValue(edge, renumber);
    }
  }
  for (Instruction& leaf : leaves.take())
    function.instructions.push_back(std::move(leaf));
  return good;
}

void FunctionParser::fillPredecessors() {
  std::vector<bool> given;
  given.reserve(function.blocks.size());
  for (const Block& block : function.blocks)
    given.push_back(!block.predecessors.empty());
  for (BlockId from = 0; from < function.blocks.size(); ++from)
    for (const Edge& edge : function.blocks[from].edges) {
      List<BlockId>& predecessors = function.blocks[edge.target].predecessors;
      if (!given[edge.target] && (predecessors.empty() || predecessors.back() != from))
        predecessors.push_back(from);
    }
}

bool FunctionParser::run() {
  if (!header()) return false;
  while (!cursor.accept("}"))
    if (!line()) return false;
  if (!resolve()) return false;
  fillPredecessors();
  return true;
}

} // namespace

bool parseFunction(Cursor& cursor, Function& function) { return FunctionParser(cursor, function).run(); }

} // namespace forklint::facts
